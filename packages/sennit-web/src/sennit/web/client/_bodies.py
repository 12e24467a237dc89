"""Producers of bodies: from bytes, from files, and from whatever can be iterated over.

A producer whose ``rewind()`` gives another one for the same body may be sent again: to
another place after a redirect, or over another connection when the first was stale.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, Final

from sennit.core import task
from sennit.core.defer import CancelledError, Deferred, ensureDeferred, fail, succeed
from sennit.core.failure import Failure
from sennit.web.client.contracts import UNKNOWN_LENGTH, Length

if TYPE_CHECKING:
    from sennit.core.contracts import IConsumer
    from sennit.web.client.contracts import IBodyProducer

__all__ = [
    "BytesProducer",
    "FileBodyProducer",
    "IterableProducer",
    "measured",
    "rewound",
]

# As much as transports hold before they pause a producer.
_READ_SIZE: Final = 64 * 1024


def rewound(producer: IBodyProducer | None) -> IBodyProducer | None:
    """Give a producer of the same body.

    Raises:
        ValueError: There is no way back to the beginning of it.
    """
    if producer is None:
        return None
    rewind = getattr(producer, "rewind", None)
    if rewind is None:
        raise ValueError(f"{producer!r} cannot begin anew")
    again: IBodyProducer = rewind()
    return again


class BytesProducer:
    """Writes bytes that are there.

    Attributes:
        length: How many.
    """

    def __init__(self, data: bytes) -> None:
        """Take the bytes."""
        self._data = data
        self.length: Length = len(data)

    def startProducing(self, consumer: IConsumer) -> Deferred[None]:
        """Write them, at once."""
        if self._data:
            consumer.write(self._data)
        return succeed(None)

    def rewind(self) -> BytesProducer:
        """Give one that writes them again."""
        return self

    def pauseProducing(self) -> None:
        """All was written."""

    def resumeProducing(self) -> None:
        """All was written."""

    def stopProducing(self) -> None:
        """All was written."""


class FileBodyProducer:
    """Writes what is in a file, from where it is now to its end, and closes it.

    Attributes:
        length: How many bytes that are; `UNKNOWN_LENGTH` if the file cannot tell.
    """

    def __init__(
        self,
        inputFile: IO[bytes],
        cooperator: Any = task,
        readSize: int = _READ_SIZE,
    ) -> None:
        """Take the file.

        Args:
            inputFile: An open file; it is read by turns with everything else.
            cooperator: What gives it its turns.
            readSize: How many bytes to read in each.
        """
        self._file = inputFile
        self._cooperate = cooperator.cooperate
        self._read_size = readSize
        self._task: Any = None
        self.length: Length = measured(inputFile)

    def startProducing(self, consumer: IConsumer) -> Deferred[None]:
        """Begin to write.

        Returns:
            It fires when all is written, or fails as reading does.
        """
        self._task = self._cooperate(self._pieces(consumer))
        produced: Deferred[None] = self._task.whenDone()
        return produced.addBoth(self._ended)

    def stopProducing(self) -> None:
        """Write no more, and close the file."""
        working, self._task = self._task, None
        self._file.close()
        if working is not None:
            working.stop()

    def pauseProducing(self) -> None:
        """Read nothing until `resumeProducing`."""
        if self._task is not None:
            self._task.pause()

    def resumeProducing(self) -> None:
        """Read on."""
        if self._task is not None:
            self._task.resume()

    def _pieces(self, consumer: IConsumer) -> Iterator[None]:
        while piece := self._file.read(self._read_size):
            consumer.write(piece)
            yield None

    def _ended(self, outcome: Any) -> Any:
        stopped = False
        if isinstance(outcome, Failure):
            stopped = outcome.check(task.TaskStopped, CancelledError) is not None
        if stopped:
            self.stopProducing()
            # It is to fire when all is written, and only then.
            outcome = Deferred()
        else:
            # What is wrong in closing does not matter beside what was in reading.
            with suppress(Exception):
                self._file.close()
            outcome = outcome if isinstance(outcome, Failure) else None
        self._task = None
        return outcome


def measured(file: IO[bytes]) -> Length:
    """Tell how many bytes are left in a file."""
    try:
        at = file.tell()
        file.seek(0, os.SEEK_END)
        end = file.tell()
        file.seek(at, os.SEEK_SET)
    except (AttributeError, OSError, ValueError):
        return UNKNOWN_LENGTH
    return end - at


class IterableProducer:
    """Writes the pieces of bytes that an iterable gives, async or not.

    Attributes:
        length: How many bytes they are in all.
    """

    def __init__(
        self,
        pieces: Iterable[bytes] | AsyncIterable[bytes],
        length: Length = UNKNOWN_LENGTH,
    ) -> None:
        """Take the pieces.

        Args:
            pieces: What gives them: a list, a generator, an async generator.
            length: How many bytes they are in all, if that is known.
        """
        self._pieces = pieces
        self.length: Length = length
        # What to wait for before the next piece: None while there is room.
        self._room: Deferred[None] | None = None
        self._writing: Deferred[None] | None = None
        self._stopped = False

    def startProducing(self, consumer: IConsumer) -> Deferred[None]:
        """Begin to write.

        Returns:
            It fires when all is written, or fails as the iterable does.
        """
        if self._writing is not None:
            return fail(ValueError("the pieces were taken already"))
        self._writing = ensureDeferred(self._write(consumer))
        return self._writing

    def pauseProducing(self) -> None:
        """Ask for no more pieces until `resumeProducing`."""
        if self._room is None:
            self._room = Deferred()

    def resumeProducing(self) -> None:
        """Ask for more."""
        room, self._room = self._room, None
        if room is not None:
            room.callback(None)

    def stopProducing(self) -> None:
        """Ask for no more; what gives the pieces is closed."""
        self._stopped = True
        if self._writing is not None:
            self._writing.cancel()

    async def _write(self, consumer: IConsumer) -> None:
        pieces = self._pieces
        if isinstance(pieces, AsyncIterable):
            iterator = aiter(pieces)
            try:
                async for piece in iterator:
                    await self._put(consumer, piece)
            finally:
                await _close(iterator)
        else:
            for piece in pieces:
                await self._put(consumer, piece)

    async def _put(self, consumer: IConsumer, piece: bytes) -> None:
        if self._room is not None:
            await self._room
        if self._stopped:
            raise CancelledError
        consumer.write(piece)


async def _close(iterator: AsyncIterator[bytes]) -> None:
    """Close an async generator that was not taken to its end."""
    close = getattr(iterator, "aclose", None)
    if close is not None:
        await close()
