"""Large files go from the disk to the network inside the system: ``os.sendfile``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, TYPE_CHECKING, Any, Final

from sennit.core.defer import CancelledError, Deferred
from sennit.core.engine import canSendFile, sendFile
from sennit.core.failure import Failure
from sennit.web.server import Request
from sennit.web.static._answer import Piece
from sennit.web.static._producers import cutShort

if TYPE_CHECKING:
    from sennit.core.contracts import IDelayedCall

__all__ = ["SENDFILE_FROM", "FileSender"]

SENDFILE_FROM: Final = 1024 * 1024
"""From how many bytes on a body is not read into memory. Below it, to read and write at
once is faster than to wait for the socket, and takes no more memory than it says."""


class FileSender:
    """Sends parts of a file by ``sendfile``.

    It is a push producer: it is there for as long as the response goes on, and told when
    its client is gone. Of the transport's buffer only the head, and what responses before
    have left there, is of interest to it: it begins when that is not full.

    Attributes:
        request: The request that is answered; None when that is done.
        fileObject: The file, open for reading; it is closed at the end.
    """

    def __init__(
        self, request: Request, fileObject: IO[bytes], pieces: Sequence[Piece]
    ) -> None:
        """Make ready; `start` begins.

        Args:
            request: The request, whose response has its head.
            fileObject: The file, open for reading.
            pieces: What to send.
        """
        self.request: Request | None = request
        self.fileObject: IO[bytes] = fileObject
        self._channel: Any = request.channel
        self._left: Iterator[Piece] = iter(pieces)
        self._begun = self._paused = False
        self._sending: Deferred[int] | None = None
        # The next look at a client that may stall.
        self._call: IDelayedCall | None = None
        self._moved = False

    @staticmethod
    def can(request: Request) -> bool:
        """Whether a body can be sent past a request: nothing changes or counts it there."""
        return (
            isinstance(request, Request)
            and type(request).write is Request.write
            and request.encoder is None
            and canSendFile(getattr(request.channel, "transport", None))
        )

    def start(self) -> None:
        """Begin to send."""
        request = self.request
        assert request is not None
        request.registerProducer(self, True)
        request.write(b"")
        self._channel.handOver()
        self._begun = True
        self._watch()
        if not self._paused:
            self._go_on()

    def pauseProducing(self) -> None:
        """Wait, if nothing was sent yet; later there is nothing to wait for."""
        self._paused = True

    def resumeProducing(self) -> None:
        """Begin, if that was waited for."""
        self._paused = False
        if self._begun and self._sending is None:
            self._go_on()

    def stopProducing(self) -> None:
        """Close the file: all is sent, or nobody wants it any more."""
        self.request = None
        call, self._call = self._call, None
        if call is not None and call.active():
            call.cancel()
        sending, self._sending = self._sending, None
        if sending is not None:
            sending.cancel()
        self.fileObject.close()

    def _go_on(self, sent: int = 0) -> None:
        """Send the next piece; after the last of them, finish the response."""
        request = self.request
        if request is None:
            return
        for head, offset, size in self._left:
            if head:
                request.write(head)
                self._channel.handOver()
            if size:
                self._sending = sendFile(
                    self._channel.transport,
                    self.fileObject.fileno(),
                    offset,
                    size,
                    self._count,
                )
                self._sending.addCallbacks(self._go_on, self._failed)
                return
        self._sending = None
        request.unregisterProducer()
        request.finish()
        self.stopProducing()

    def _count(self, sent: int) -> None:
        assert self.request is not None
        self.request.sentLength += sent
        self._moved = True

    def _failed(self, reason: Failure) -> None:
        """The file has become shorter, or the connection is gone, which we are told."""
        if self.request is not None and not reason.check(CancelledError):
            self._sending = None
            self._cut(reason.getErrorMessage())

    def _watch(self) -> None:
        """Look after a while whether the client takes anything.

        The connection does it while its transport is full; what goes past that, it does
        not see.
        """
        patience = self._channel.limits.stallTimeout
        if patience is not None:
            self._call = self._channel.callLater(patience, self._look)

    def _look(self) -> None:
        if self._moved or self._paused:
            self._moved = False
            self._watch()
        else:
            self._cut("its client takes nothing")

    def _cut(self, why: str) -> None:
        assert self.request is not None
        cutShort(self.request, why)
        self.stopProducing()
