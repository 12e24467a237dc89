"""What can go wrong in AMP, and what each error does to the connection.

An error that a command declares is an answer like any other. Any other error of a
responder, and whatever breaks the wire's rules, is logged and ends the connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sennit.core.failure import Failure

__all__ = [
    "AmpError",
    "BadLocalReturn",
    "BoxTooLong",
    "BudgetExceeded",
    "IncompatibleVersions",
    "InvalidSignature",
    "MalformedAmpBox",
    "NestedTooDeep",
    "NoBigValues",
    "NoEmptyBoxes",
    "OnlyOneTLS",
    "PROTOCOL_ERRORS",
    "ProtocolSwitched",
    "RemoteAmpError",
    "TOO_LONG_ERROR_CODE",
    "TooLong",
    "TooManyCalls",
    "TooManyKeys",
    "UNHANDLED_ERROR_CODE",
    "UNKNOWN_ERROR_CODE",
    "UnhandledCommand",
    "UnknownRemoteError",
]

UNKNOWN_ERROR_CODE: Final = b"UNKNOWN"
UNHANDLED_ERROR_CODE: Final = b"UNHANDLED"
TOO_LONG_ERROR_CODE: Final = b"TOO_LONG"


class AmpError(Exception):
    """Something is wrong with AMP: the base of all its errors."""


class ProtocolSwitched(Exception):
    """A box was to be sent on a connection that speaks another protocol by now."""


class OnlyOneTLS(AmpError):
    """A connection was to go over to TLS that does so already."""


class NoEmptyBoxes(AmpError):
    """A box came that is neither a question nor an answer, or nothing at all."""


class MalformedAmpBox(AmpError, ValueError):
    """What came is no AMP."""


class InvalidSignature(AmpError, TypeError):
    """The arguments given are not those that the command declares."""


class IncompatibleVersions(AmpError):
    """The two sides could not agree on a version of what they speak."""


class UnhandledCommand(AmpError, LookupError):
    """There is no responder for the command, here or on the other side."""


class TooLong(AmpError, ValueError):
    """A key or a value is longer than the wire can carry.

    Attributes:
        isKey: Whether it is a key (255 bytes at most); otherwise a value (65,535).
        isLocal: Whether it was to be sent; otherwise it was received.
        value: The key or the value; None of one that was announced only.
        size: Its length in bytes.
        keyName: The key, where the value is too long.
    """

    def __init__(
        self,
        isKey: bool,
        isLocal: bool,
        value: bytes | None,
        keyName: bytes | None = None,
        size: int | None = None,
    ) -> None:
        super().__init__()
        self.isKey: bool = isKey
        self.isLocal: bool = isLocal
        self.value: bytes | None = value
        self.keyName: bytes | None = keyName
        self.size: int = len(value or b"") if size is None else size

    def __str__(self) -> str:
        where = "local" if self.isLocal else "remote"
        if self.isKey:
            return f"{where} key too long: {self.size} bytes"
        return f"{where} value of {self.keyName!r} too long: {self.size} bytes"

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"


class NoBigValues(TooLong):
    """A value is longer than the other side takes.

    A peer that speaks classic AMP takes 65,535 bytes; a peer of ours also longer ones,
    up to its own budget.

    Attributes:
        limit: How many bytes it takes.
    """

    def __init__(self, value: bytes, keyName: bytes, limit: int) -> None:
        super().__init__(False, True, value, keyName)
        self.limit: int = limit

    def __str__(self) -> str:
        return f"{super().__str__()}, and the other side takes {self.limit} a value"


class BadLocalReturn(AmpError):
    """A responder has returned what its command's response cannot be made of.

    Attributes:
        message: What it was, and of whom.
        enclosed: The failure that came of it.
    """

    def __init__(self, message: str, enclosed: Failure) -> None:
        super().__init__(message, enclosed)
        self.message: str = message
        self.enclosed: Failure = enclosed

    def __str__(self) -> str:
        return f"{self.message}: {self.enclosed.getErrorMessage()}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"


class RemoteAmpError(AmpError):
    """The other side has answered with an error.

    Attributes:
        errorCode: Its name on the wire.
        description: Its text, for people.
        fatal: Whether the connection ends with it.
        local: The failure it stands for, if it happened here; never sent.
    """

    def __init__(
        self,
        errorCode: bytes,
        description: str | bytes,
        fatal: bool = False,
        local: Failure | None = None,
    ) -> None:
        code = errorCode.decode("utf-8", "backslashreplace")
        text = f"Code<{code}>: {description!s}"
        if local is not None:
            brief = local.getBriefTraceback()
            text = f"Code<{code}> (local): {description!s}\n{brief}"
        super().__init__(text)
        self.errorCode: bytes = errorCode
        self.description: str | bytes = description
        self.fatal: bool = fatal
        self.local: Failure | None = local


class UnknownRemoteError(RemoteAmpError):
    """The other side has failed by an error that its command does not declare."""

    def __init__(self, description: str | bytes) -> None:
        super().__init__(UNKNOWN_ERROR_CODE, description)


class BudgetExceeded(AmpError):
    """The other side asks for more than one connection may cost us."""


class TooManyKeys(BudgetExceeded):
    """A box has more keys than a box may have."""


class BoxTooLong(BudgetExceeded):
    """A box has more bytes than a box may have, with its big values."""


class TooManyCalls(BudgetExceeded):
    """There are more calls to answer than there may be at a time."""


class NestedTooDeep(BudgetExceeded, ValueError):
    """Lists or records are nested deeper than they may be."""


PROTOCOL_ERRORS: dict[bytes, type[AmpError]] = {UNHANDLED_ERROR_CODE: UnhandledCommand}
"""The errors that are AMP's own, whatever a command declares, by their codes."""
