"""The contracts of the web as zope Interfaces, for whoever asks at run time.

Type checkers see the Protocols of `sennit.web.contracts`, from which these are made.
That resources provide them is declared here; the rooms above that of resources say
it themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sennit.web.contracts import (
        ICredentialFactory as ICredentialFactory,
        IResource as IResource,
    )
else:
    from typing import Protocol

    from zope.interface import Interface

    from sennit.core._interfaces import declare, derive
    from sennit.web import contracts
    from sennit.web.http.interfaces import IRequest

    _made = {Protocol: Interface}
    ICredentialFactory = derive(contracts.ICredentialFactory, __name__, _made)
    IResource = derive(contracts.IResource, __name__, _made)

    declare(
        (
            ("sennit.web.resource.EncodingResourceWrapper", (IResource,)),
            ("sennit.web.resource.Resource", (IResource,)),
            ("sennit.web.server.Request", (IRequest,)),
            ("sennit.web.server.Site", (IResource,)),
        )
    )

__all__ = ["ICredentialFactory", "IResource"]
