"""Producers that read a file piece by piece, as fast as the client takes it.

They are *pull* producers: asked for more, they read `StaticProducer.bufferSize` bytes and
write them. What was announced in the response's head is kept to the byte: of a file that
grows no more is sent, and if one has become shorter the connection ends, by which the
client knows that it has not got all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, TYPE_CHECKING, Final, TypeAlias

from sennit.core import log

if TYPE_CHECKING:
    from sennit.web.server import Request

__all__ = [
    "MultipleRangeStaticProducer",
    "NoRangeStaticProducer",
    "SingleRangeStaticProducer",
    "StaticProducer",
    "cutShort",
]

_Part: TypeAlias = "tuple[bytes, int | None, int | None]"

# As much as a transport keeps before it is full.
_BUFFER: Final = 64 * 1024


def cutShort(request: Request, why: object) -> None:
    """End a response of which the rest is not to be had, and the connection with it."""
    log.msg(f"the response to {request.uri!r} is cut short: {why}")
    request.channel.abortConnection()


class StaticProducer:
    """Sends a file, or parts of it.

    Attributes:
        bufferSize: How many bytes are read and written at a time.
        request: The request that is answered; None when that is done.
        fileObject: The file, open for reading; it is closed at the end.
    """

    bufferSize: int = _BUFFER

    def __init__(self, request: Request, fileObject: IO[bytes]) -> None:
        """Make ready; `start` begins.

        Args:
            request: The request, whose response has its head.
            fileObject: The file, open for reading.
        """
        self.request: Request | None = request
        self.fileObject: IO[bytes] = fileObject
        self._room = 0
        self._left = self._read()

    def parts(self) -> Iterable[_Part]:
        """What is sent: some bytes, and then a part of the file; any number of times.

        The part has an offset and a size; without an offset it begins where the file
        is, without a size it ends where the file ends.
        """
        return [(b"", None, None)]

    def start(self) -> None:
        """Begin to send."""
        assert self.request is not None
        self.request.registerProducer(self, False)

    def resumeProducing(self) -> None:
        """Send some more; after the last of it, the response is finished."""
        request = self.request
        if request is None:
            return
        data: list[bytes] = []
        self._room = self.bufferSize
        try:
            while self._room > 0:
                data.append(next(self._left))
                self._room -= len(data[-1])
        except (EOFError, OSError) as error:
            cutShort(request, error)
            self.stopProducing()
            return
        except StopIteration:
            pass
        if data:
            request.write(b"".join(data))
        if self._room > 0:
            request.unregisterProducer()
            request.finish()
            self.stopProducing()

    def stopProducing(self) -> None:
        """Close the file: all is sent, or nobody wants it any more."""
        self.fileObject.close()
        self.request = None

    def _read(self) -> Iterator[bytes]:
        """What is sent, in pieces for which there is room."""
        for head, offset, size in self.parts():
            if head:
                yield head
            if offset is not None:
                self.fileObject.seek(offset)
            left = size
            while left is None or left > 0:
                want = self._room if left is None else min(self._room, left)
                data = self.fileObject.read(want)
                if data:
                    yield data
                elif left is None:
                    break
                else:
                    raise EOFError(f"the file has ended, {left} bytes too early")
                if left is not None:
                    left -= len(data)


class NoRangeStaticProducer(StaticProducer):
    """Sends a whole file.

    Attributes:
        size: How many bytes were announced; None to send what there is.
    """

    size: int | None = None

    def parts(self) -> Iterable[_Part]:
        """The file."""
        return [(b"", None, self.size)]


class SingleRangeStaticProducer(StaticProducer):
    """Sends a part of a file."""

    def __init__(
        self, request: Request, fileObject: IO[bytes], offset: int, size: int
    ) -> None:
        """Make ready; `start` begins.

        Args:
            request: The request, whose response has its head.
            fileObject: The file, open for reading.
            offset: Where the part begins.
            size: How many bytes it has.
        """
        super().__init__(request, fileObject)
        self.offset: int = offset
        self.size: int = size

    def parts(self) -> Iterable[_Part]:
        """The part."""
        return [(b"", self.offset, self.size)]


class MultipleRangeStaticProducer(StaticProducer):
    """Sends several parts of a file, each after bytes that tell which it is."""

    def __init__(
        self,
        request: Request,
        fileObject: IO[bytes],
        rangeInfo: Sequence[tuple[bytes, int, int]],
    ) -> None:
        """Make ready; `start` begins.

        Args:
            request: The request, whose response has its head.
            fileObject: The file, open for reading.
            rangeInfo: The parts: the bytes before it, its offset, its size.
        """
        super().__init__(request, fileObject)
        self.rangeInfo: Sequence[tuple[bytes, int, int]] = rangeInfo

    def parts(self) -> Iterable[_Part]:
        """The parts."""
        return self.rangeInfo
