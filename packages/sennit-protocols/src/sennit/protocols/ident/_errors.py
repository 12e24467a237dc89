"""Why there is no answer, in the words of RFC 1413, section 6.2."""

from __future__ import annotations

__all__ = ["HiddenUser", "IdentError", "InvalidPort", "NoUser"]


class IdentError(Exception):
    """The server cannot tell, and does not say why.

    Attributes:
        identDescription: What says so on the wire.
    """

    identDescription: str = "UNKNOWN-ERROR"

    def __str__(self) -> str:
        told = " ".join(map(str, self.args))
        return f"{self.identDescription}: {told}" if told else self.identDescription


class NoUser(IdentError):
    """There is no such connection, or it is nobody's."""

    identDescription: str = "NO-USER"


class InvalidPort(IdentError):
    """A port in the question is none."""

    identDescription: str = "INVALID-PORT"


class HiddenUser(IdentError):
    """The server may not tell."""

    identDescription: str = "HIDDEN-USER"
