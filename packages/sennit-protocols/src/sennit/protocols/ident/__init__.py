"""The Identification protocol (RFC 1413): whose is a connection?

What a host tells is what it wants to tell: it is no proof of anything.
"""

from __future__ import annotations

from sennit.protocols.ident._client import IdentClient as IdentClient
from sennit.protocols.ident._errors import (
    HiddenUser as HiddenUser,
    IdentError as IdentError,
    InvalidPort as InvalidPort,
    NoUser as NoUser,
)
from sennit.protocols.ident._proc import (
    ProcIdentServer as ProcIdentServer,
    ProcServerMixin as ProcServerMixin,
)
from sennit.protocols.ident._server import IdentServer as IdentServer

__all__ = [
    "HiddenUser",
    "IdentClient",
    "IdentError",
    "IdentServer",
    "InvalidPort",
    "NoUser",
    "ProcIdentServer",
    "ProcServerMixin",
]
