"""``twisted.protocols.ident``, whose lines may be text, as Twisted's have to be."""

from __future__ import annotations

from typing import Any

from sennit.protocols import ident
from sennit.protocols.ident import (
    HiddenUser,
    IdentError,
    InvalidPort,
    NoUser,
    ProcServerMixin,
)

__all__ = [
    "HiddenUser",
    "IdentClient",
    "IdentError",
    "IdentServer",
    "InvalidPort",
    "NoUser",
    "ProcServerMixin",
]


class IdentServer(ident.IdentServer):
    """Answers questions about connections between this host and who asks."""

    def lineReceived(self, line: Any) -> None:
        """Read a question."""
        super().lineReceived(_bytes(line))


class IdentClient(ident.IdentClient):
    """Asks a host about its connections to this one."""

    def lineReceived(self, line: Any) -> None:
        """Read an answer."""
        super().lineReceived(_bytes(line))


def _bytes(line: str | bytes) -> bytes:
    return line.encode() if isinstance(line, str) else line
