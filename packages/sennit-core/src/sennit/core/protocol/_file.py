"""A file as a transport: what is written to it goes into the file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from sennit.core.contracts import IPullProducer, IPushProducer

__all__ = ["FileWrapper"]


class FileWrapper:
    """A transport that writes into a file, to see what a protocol sends.

    It receives nothing and paces nothing: a pull producer is asked until it has
    unregistered itself.

    Attributes:
        file: The file, open for writing bytes.
        closed: Whether the file was closed.
        disconnecting: Whether it is closing; a file closes at once.
        producer: The producer that writes to it now.
        streamingProducer: Whether that is a push producer.
    """

    closed: bool = False
    _written: bool = False
    disconnecting: bool = False
    producer: IPushProducer | IPullProducer | None = None
    streamingProducer: bool = False

    def __init__(self, file: BinaryIO) -> None:
        """Wrap a file.

        Args:
            file: A file, open for writing bytes.
        """
        self.file: BinaryIO = file

    def write(self, data: bytes) -> None:
        """Write bytes; an error goes to `handleException`."""
        try:
            self.file.write(data)
            self._written = True
        except Exception:
            self.handleException()

    def writeSequence(self, iovec: Iterable[bytes]) -> None:
        """Write several pieces as one.

        Raises:
            TypeError: When one of them is not bytes.
        """
        self.write(b"".join(iovec))

    def loseConnection(self) -> None:
        """Close the file; an error goes to `handleException`."""
        self.closed = True
        try:
            self.file.close()
        except Exception:
            self.handleException()

    def getPeer(self) -> tuple[str, str]:
        """Tell that the other side is a file."""
        return ("file", "file")

    def getHost(self) -> str:
        """Tell that this side is a file."""
        return "file"

    def handleException(self) -> None:
        """Let the error pass that writing or closing raises; override to see it."""

    def registerProducer(
        self, producer: IPushProducer | IPullProducer, streaming: bool
    ) -> None:
        """Let a producer write to the file.

        Args:
            producer: What writes; a pull producer is asked at once, and again for as
                long as it writes something.
            streaming: Whether it is a push producer.
        """
        self.producer = producer
        self.streamingProducer = streaming
        self._written = not streaming
        while self._written and self.producer is producer:
            self._written = False
            producer.resumeProducing()

    def unregisterProducer(self) -> None:
        """Forget the producer: it is done."""
        self.producer = None

    def stopConsuming(self) -> None:
        """Stop the producer and close the file."""
        producer, self.producer = self.producer, None
        if producer is not None:
            producer.stopProducing()
        self.loseConnection()

    def pauseProducing(self) -> None:
        """Do nothing: a file that is written to receives nothing to pause."""

    def resumeProducing(self) -> None:
        """Do nothing: a file that is written to receives nothing to resume."""

    def stopProducing(self) -> None:
        """Close the file."""
        self.loseConnection()
