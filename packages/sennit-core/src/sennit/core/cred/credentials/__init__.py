"""Credentials: what somebody shows to tell who they are.

A protocol makes them of what it receives, and gives them to its portal.
"""

from __future__ import annotations

from sennit.core.cred.credentials._cram import CramMD5Credentials as CramMD5Credentials
from sennit.core.cred.credentials._digest import (
    calcHA1 as calcHA1,
    calcHA2 as calcHA2,
    calcResponse as calcResponse,
)
from sennit.core.cred.credentials._digested import (
    DigestedCredentials as DigestedCredentials,
)
from sennit.core.cred.credentials._factory import (
    DigestCredentialFactory as DigestCredentialFactory,
)
from sennit.core.cred.credentials._simple import (
    Anonymous as Anonymous,
    UsernameHashedPassword as UsernameHashedPassword,
    UsernamePassword as UsernamePassword,
)
from sennit.core.cred.interfaces import (
    IAnonymous as IAnonymous,
    ICredentials as ICredentials,
    IUsernameDigestHash as IUsernameDigestHash,
    IUsernameHashedPassword as IUsernameHashedPassword,
    IUsernamePassword as IUsernamePassword,
)

__all__ = [
    "Anonymous",
    "CramMD5Credentials",
    "DigestCredentialFactory",
    "DigestedCredentials",
    "IAnonymous",
    "ICredentials",
    "IUsernameDigestHash",
    "IUsernameHashedPassword",
    "IUsernamePassword",
    "UsernameHashedPassword",
    "UsernamePassword",
    "calcHA1",
    "calcHA2",
    "calcResponse",
]
