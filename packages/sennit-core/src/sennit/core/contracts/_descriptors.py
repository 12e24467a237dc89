"""Descriptors for the reactor to watch: what ``addReader`` and ``addWriter`` take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sennit.core.contracts._protocols import ILoggingContext

if TYPE_CHECKING:
    from sennit.core.failure import Failure

__all__ = [
    "IFileDescriptor",
    "IReadDescriptor",
    "IReadWriteDescriptor",
    "IWriteDescriptor",
]


class IFileDescriptor(ILoggingContext, Protocol):
    """An open descriptor of the operating system."""

    def fileno(self) -> int:
        """Give its number; -1 when it is closed."""
        ...

    def connectionLost(self, reason: Failure) -> None:
        """Take note that it is no longer watched, and close it.

        Called when `IReadDescriptor.doRead` or `IWriteDescriptor.doWrite` returned or
        raised an error, and when the reactor shuts down.
        """


class IReadDescriptor(IFileDescriptor, Protocol):
    """A descriptor that is read from."""

    def doRead(self) -> Exception | None:
        """Read what is there, without blocking.

        Returns:
            Why it is over, if it is: ``CONNECTION_DONE``, ``CONNECTION_LOST`` or
            another error; None to go on.
        """


class IWriteDescriptor(IFileDescriptor, Protocol):
    """A descriptor that is written to."""

    def doWrite(self) -> Exception | None:
        """Write what there is to write, without blocking.

        Returns:
            Why it is over, if it is; None to go on.
        """


class IReadWriteDescriptor(IReadDescriptor, IWriteDescriptor, Protocol):
    """A descriptor that is read from and written to."""
