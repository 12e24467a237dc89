"""Sending files."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from sennit.core.contracts import IConsumer
from sennit.core.defer import Deferred
from sennit.core.failure import Failure

__all__ = ["FileSender"]


class FileSender:
    """A pull producer that sends a file: a piece each time the consumer asks.

    Attributes:
        CHUNK_SIZE: How much is read at once, in bytes; 16 KiB are written without a
            second system call.
        lastSent: The last byte that was written; empty before the first.
    """

    CHUNK_SIZE: int = 2**14

    def __init__(self) -> None:
        self.lastSent: bytes = b""
        # All three until the end of the transfer, none of them after it.
        self._file: BinaryIO | None = None
        self._consumer: IConsumer | None = None
        self._done: Deferred[bytes] | None = None
        self._transform: Callable[[bytes], bytes] | None = None

    def beginFileTransfer(
        self,
        file: BinaryIO,
        consumer: IConsumer,
        transform: Callable[[bytes], bytes] | None = None,
    ) -> Deferred[bytes]:
        """Send a file, from where it stands to its end.

        Args:
            file: Open for reading; it is not closed.
            consumer: A transport, for instance.
            transform: Given each piece, returns what is sent in its place.

        Returns:
            Fires with the last byte that was written (of an empty file none) when all
            is; fails with what reading or transforming raises, or if the consumer
            stops us. Cancelling it ends the transfer.
        """
        done: Deferred[bytes] = Deferred(lambda _: self._end())
        self._file, self._consumer, self._done = file, consumer, done
        self._transform = transform
        consumer.registerProducer(self, False)
        return done

    def resumeProducing(self) -> None:
        """Write a piece; the consumer calls this."""
        if self._file is None or self._consumer is None:
            return
        try:
            chunk = self._read(self._file)
        except Exception:
            failure = Failure()
            if (done := self._end()) is not None:
                done.errback(failure)
            return
        if chunk:
            self.lastSent = chunk[-1:]
            self._consumer.write(chunk)
        elif (done := self._end()) is not None:
            done.callback(self.lastSent)

    def pauseProducing(self) -> None:
        """Nothing: it writes only when it is asked."""

    def stopProducing(self) -> None:
        """Give up; the consumer calls this when it can take no more."""
        self._consumer = None
        if (done := self._end()) is not None:
            done.errback(Exception("Consumer asked us to stop producing"))

    def _read(self, file: BinaryIO) -> bytes:
        while chunk := file.read(self.CHUNK_SIZE):
            sent = chunk if self._transform is None else self._transform(chunk)
            # To write nothing would be taken for a piece that is still to come.
            if sent:
                return sent
        return b""

    def _end(self) -> Deferred[bytes] | None:
        done, self._done, self._file = self._done, None, None
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            consumer.unregisterProducer()
        return done
