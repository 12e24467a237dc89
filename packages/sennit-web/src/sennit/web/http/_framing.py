"""Where a body ends: after so many bytes, or after its last chunk (RFC 9112 §6, §7).

A frame takes bytes and gives pieces of the body; what comes after its end it gives back.
The states of a chunked body:

    SIZE --size line--> DATA --size bytes--> AFTER --CRLF--> SIZE
    SIZE --size 0-----> TRAILERS --empty line--> ended
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from sennit.web.http._errors import (
    BodyTooLarge,
    HeadTooLarge,
    InvalidHead,
    MalformedBody,
    TooManyHeaders,
    UnsupportedCoding,
)
from sennit.web.http._fields import read_fields

__all__ = ["ChunkedBody", "CountedBody", "fromChunk", "toChunk"]

# RFC 9112 §7.1, §7.1.1. 16 digits hold any length of 64 bits.
_SIZE_LINE: Final = re.compile(
    rb"([0-9A-Fa-f]{1,16})"
    rb"((?:[ \t]*;[ \t]*[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
    rb"(?:[ \t]*=[ \t]*(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
    rb'|"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"))?)*)'
)

# RFC 9110 §6.5.1: what frames, routes or authenticates a message, or says how it is to be
# read, has to be known before its body, and is dropped where it comes after it.
_NEVER_TRAILERS: Final = frozenset(
    (
        *(b"authorization", b"cache-control", b"connection", b"content-encoding"),
        *(b"content-length", b"content-range", b"content-type", b"cookie", b"expect"),
        *(b"host", b"if-match", b"if-modified-since", b"if-none-match", b"if-range"),
        *(b"if-unmodified-since", b"keep-alive", b"max-forwards", b"pragma"),
        *(b"proxy-authorization", b"proxy-connection", b"range", b"set-cookie", b"te"),
        *(b"trailer", b"transfer-encoding", b"upgrade"),
    )
)


def toChunk(data: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Make a chunk of bytes: its parts, to be written one after another.

    No bytes make the last chunk, after which nothing may follow but trailers.
    """
    return b"%x" % len(data), b"\r\n", data, b"\r\n"


def fromChunk(data: bytes) -> tuple[bytes, bytes]:
    """Take a chunk from the beginning of bytes.

    Returns:
        What it carries, and what comes after it.

    Raises:
        ValueError: It is no complete chunk.
    """
    line, _, rest = data.partition(b"\r\n")
    found = _SIZE_LINE.fullmatch(line)
    if found is None:
        raise MalformedBody(f"no size of a chunk: {line[:64]!r}")
    size = int(found[1], 16)
    if rest[size : size + 2] != b"\r\n":
        raise MalformedBody("a chunk does not end where it should")
    return rest[:size], rest[size + 2 :]


class CountedBody:
    """A body of so many bytes.

    Attributes:
        ended: Whether all of it is there.
        trailers: None: there are none.
    """

    __slots__ = ("_left", "ended")

    trailers: Final = None

    def __init__(self, length: int) -> None:
        self._left = length
        self.ended = False

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        """Take bytes.

        Returns:
            What is the body's, and what comes after it.
        """
        left = self._left - len(data)
        if left > 0:
            self._left = left
            return data, b""
        self.ended = True
        return (data[:left], data[left:]) if left else (data, b"")


class _At(Enum):
    SIZE = "the line with a chunk's size"
    DATA = "the bytes of a chunk"
    AFTER = "the end of a chunk"
    TRAILERS = "the trailers"


class ChunkedBody:
    """A body in chunks.

    Attributes:
        ended: Whether all of it is there.
        trailers: The fields that came after it.
    """

    __slots__ = (
        "_at",
        "_extensions",
        "_kept",
        "_left",
        "_maxBody",
        "_maxExtensions",
        "_maxFields",
        "_maxLine",
        "_maxTrailers",
        "_total",
        "ended",
        "trailers",
    )

    def __init__(
        self,
        maxBody: int | None,
        maxLine: int,
        maxExtensions: int,
        maxTrailers: int,
        maxFields: int,
    ) -> None:
        """Begin.

        Args:
            maxBody: Bytes in all; None for any number.
            maxLine: Bytes of the line before a chunk.
            maxExtensions: Bytes of the extensions in all such lines.
            maxTrailers: Bytes of the trailers.
            maxFields: Fields of the trailers.
        """
        self._maxBody = maxBody
        self._maxLine = maxLine
        self._maxExtensions = maxExtensions
        self._maxTrailers = maxTrailers
        self._maxFields = maxFields
        self._at = _At.SIZE
        # Bytes that were not enough to go on; bytes of the chunk that are to come; all
        # bytes announced so far, and bytes of extensions.
        self._kept = b""
        self._left = self._total = self._extensions = 0
        self.ended = False
        self.trailers: list[tuple[bytes, bytes]] | None = None

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        """Take bytes.

        Returns:
            What is the body's, and what comes after it.

        Raises:
            MalformedBody: They are no such body.
            BodyTooLarge: They announce more than there may be.
            HeadTooLarge: Its trailers are longer than they may be.
        """
        if self._kept:
            data, self._kept = self._kept + data, b""
        pieces: list[bytes] = []
        at = 0
        while not self.ended and at < len(data):
            if self._at is _At.DATA:
                piece = data[at : at + self._left]
                pieces.append(piece)
                at += len(piece)
                self._left -= len(piece)
                if not self._left:
                    self._at = _At.AFTER
                continue
            step = _STEPS[self._at](self, data, at)
            if step is None:
                self._kept = data[at:]
                return b"".join(pieces), b""
            at = step
        return b"".join(pieces), data[at:]

    def _size(self, data: bytes, at: int) -> int | None:
        end = data.find(b"\r\n", at, at + self._maxLine + 2)
        line = data[at:end] if end >= 0 else data[at:]
        if end < 0:
            if b"\n" in line or b"\r" in line[:-1] or not line[:1].isalnum():
                raise MalformedBody(f"no size of a chunk: {line[:64]!r}")
            if len(line) > self._maxLine + 1:
                raise MalformedBody(
                    f"a chunk's line of more than {self._maxLine} bytes"
                )
            return None
        found = _SIZE_LINE.fullmatch(line)
        if found is None:
            raise MalformedBody(f"no size of a chunk: {line[:64]!r}")
        self._extensions += len(found[2])
        if self._extensions > self._maxExtensions:
            raise MalformedBody(f"extensions of more than {self._maxExtensions} bytes")
        self._left = int(found[1], 16)
        self._total += self._left
        if self._maxBody is not None and self._total > self._maxBody:
            raise BodyTooLarge(f"a body of more than {self._maxBody} bytes")
        self._at = _At.DATA if self._left else _At.TRAILERS
        return end + 2

    def _after(self, data: bytes, at: int) -> int | None:
        end = data[at : at + 2]
        if end == b"\r\n":
            self._at = _At.SIZE
            return at + 2
        if end == b"\r":
            return None
        raise MalformedBody("a chunk does not end where it should")

    def _trailers(self, data: bytes, at: int) -> int | None:
        # With the line break before them they end as a head does.
        if data.startswith(b"\r\n", at):
            self.ended = True
            self.trailers = []
            return at + 2
        end = data.find(b"\r\n\r\n", at)
        if (end if end >= 0 else len(data)) - at > self._maxTrailers:
            raise HeadTooLarge(f"trailers of more than {self._maxTrailers} bytes")
        if end < 0:
            if data.count(b"\n", at) != data.count(b"\r\n", at):
                raise MalformedBody("a trailer ends with a bare LF")
            return None
        try:
            fields = read_fields(data[at : end + 2])
        except (InvalidHead, UnsupportedCoding) as error:
            raise MalformedBody(str(error)) from None
        if len(fields) > self._maxFields:
            raise TooManyHeaders(f"more than {self._maxFields} trailers")
        self.trailers = [
            field for field in fields if field[0].lower() not in _NEVER_TRAILERS
        ]
        self.ended = True
        return end + 4


_STEPS: Final = {
    _At.SIZE: ChunkedBody._size,
    _At.AFTER: ChunkedBody._after,
    _At.TRAILERS: ChunkedBody._trailers,
}
