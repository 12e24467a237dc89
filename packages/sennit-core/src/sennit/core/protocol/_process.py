"""The protocol of a child process: told what comes out of each of its descriptors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sennit.core.protocol._protocol import BaseProtocol

if TYPE_CHECKING:
    from sennit.core.contracts import IProcessTransport
    from sennit.core.failure import Failure

__all__ = ["ProcessProtocol"]

_STDIN, _STDOUT, _STDERR = 0, 1, 2


class ProcessProtocol(BaseProtocol):
    """A child process, by its standard streams; others through ``childDataReceived``.

    `processExited` comes when the process has ended; `processEnded` when, moreover, all
    its descriptors are closed, so that nothing more will be received.
    """

    transport: IProcessTransport = None  # type: ignore[assignment]

    def childDataReceived(self, childFD: int, data: bytes) -> None:
        """Take what the child wrote, and hand it to the method of its stream.

        Args:
            childFD: The child's number of the descriptor.
            data: What it wrote, in pieces of any length.
        """
        if childFD == _STDOUT:
            self.outReceived(data)
        elif childFD == _STDERR:
            self.errReceived(data)

    def outReceived(self, data: bytes) -> None:
        """Take what the child wrote to its standard output."""

    def errReceived(self, data: bytes) -> None:
        """Take what the child wrote to its standard error."""

    def childConnectionLost(self, childFD: int) -> None:
        """Take note that a descriptor was closed, and tell the method of its stream.

        Args:
            childFD: The child's number of the descriptor.
        """
        if childFD == _STDIN:
            self.inConnectionLost()
        elif childFD == _STDOUT:
            self.outConnectionLost()
        elif childFD == _STDERR:
            self.errConnectionLost()

    def inConnectionLost(self) -> None:
        """Take note that the child's standard input was closed, by us or by it."""

    def outConnectionLost(self) -> None:
        """Take note that the child has closed its standard output."""

    def errConnectionLost(self) -> None:
        """Take note that the child has closed its standard error."""

    def processExited(self, reason: Failure) -> None:
        """Take note that the child has ended; its output may still be arriving.

        Args:
            reason: ``ProcessDone`` for exit code 0, else ``ProcessTerminated``.
        """

    def processEnded(self, reason: Failure) -> None:
        """Take note that all is over: the child has ended, every stream is closed.

        Args:
            reason: ``ProcessDone`` for exit code 0, else ``ProcessTerminated``.
        """
