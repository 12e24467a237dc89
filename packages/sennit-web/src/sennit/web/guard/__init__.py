"""Log in over HTTP: basic and digest authentication, by a portal.

    factories = [BasicCredentialFactory(b"The office")]
    site = Site(HTTPAuthSessionWrapper(portal, factories))

The portal's realm is asked for an avatar that provides
`sennit.web.interfaces.IResource`: it answers the request, and what is below it.
"""

from __future__ import annotations

from sennit.web.guard._basic import BasicCredentialFactory as BasicCredentialFactory
from sennit.web.guard._digest import DigestCredentialFactory as DigestCredentialFactory
from sennit.web.guard._unauthorized import UnauthorizedResource as UnauthorizedResource
from sennit.web.guard._wrapper import HTTPAuthSessionWrapper as HTTPAuthSessionWrapper

__all__ = [
    "BasicCredentialFactory",
    "DigestCredentialFactory",
    "HTTPAuthSessionWrapper",
    "UnauthorizedResource",
]
