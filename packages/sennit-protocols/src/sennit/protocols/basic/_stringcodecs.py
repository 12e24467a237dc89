"""Bytes in, strings out: the codecs of length-prefixed strings."""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod

__all__ = [
    "IntNCodec",
    "LengthError",
    "NetstringCodec",
    "NetstringParseError",
    "Unread",
]


class LengthError(ValueError):
    """A string is announced that is longer than it may be.

    Attributes:
        length: What was announced, in bytes.
    """

    def __init__(self, length: int) -> None:
        super().__init__(f"a string of {length} bytes")
        self.length: int = length


class NetstringParseError(ValueError):
    """What was received is no netstring, or a longer one than it may be."""


class Unread(ABC):
    """What has come and is not read yet.

    Chunks are joined only when there are as many bytes as the next string needs: a long
    string that comes in small pieces is copied once.
    """

    __slots__ = ("_chunks", "_data", "_needed", "_offset", "_size")

    def __init__(self) -> None:
        self._data = b""
        self._offset = 0
        # What came after _data.
        self._chunks: list[bytes] = []
        # How many bytes are unread, and how many the next string needs at least.
        self._size = 0
        self._needed = 0

    def feed(self, data: bytes) -> bool:
        """Take data; whether it is worth asking for a string."""
        self._chunks.append(data)
        self._size += len(data)
        return self._size >= self._needed

    @property
    def rest(self) -> bytes:
        """What is unread."""
        return b"".join([self._data[self._offset :], *self._chunks])

    def replace(self, rest: bytes) -> None:
        """Go on with this, in the place of what is unread."""
        self._data, self._offset, self._chunks = rest, 0, []
        self._size = len(rest)
        self._needed = 0

    def clear(self) -> bytes:
        """Forget what is unread, and give it."""
        rest = self.rest
        self.replace(b"")
        return rest

    def _gathered(self) -> bytes:
        if self._chunks:
            self.replace(self.rest)
        return self._data

    def _read_to(self, end: int) -> None:
        self._size -= end - self._offset
        self._offset = end
        self._needed = 0

    @abstractmethod
    def next(self, limit: int) -> bytes | None:
        """The next string; None if it is not complete.

        Args:
            limit: How long it may be, in bytes.
        """


class IntNCodec(Unread):
    """Strings after their length, a number of fixed size.

    Attributes:
        structFormat: How the number is packed.
        prefixLength: How many bytes that takes.
    """

    __slots__ = ("prefixLength", "structFormat")

    def __init__(self, structFormat: str, prefixLength: int) -> None:
        super().__init__()
        self.structFormat = structFormat
        self.prefixLength = prefixLength

    def next(self, limit: int) -> bytes | None:
        """The next string; None if it is not complete.

        Raises:
            LengthError: It is longer than the limit; it stays unread.
        """
        if self._size < self.prefixLength:
            self._needed = self.prefixLength
            return None
        data = self._gathered()
        start = self._offset + self.prefixLength
        length: int = struct.unpack_from(self.structFormat, data, self._offset)[0]
        if length > limit:
            raise LengthError(length)
        end = start + length
        if len(data) < end:
            self._needed = self.prefixLength + length
            return None
        self._read_to(end)
        return data[start:end]


class NetstringCodec(Unread):
    """Netstrings: ``5:hello,`` (https://cr.yp.to/proto/netstrings.txt)."""

    __slots__ = ()

    def next(self, limit: int) -> bytes | None:
        """The next string; None if it is not complete.

        Raises:
            NetstringParseError: It is none, or longer than the limit.
        """
        data = self._gathered()
        begin = self._offset
        # A longer number than that of the limit is too large: it is not even read.
        digits = len(str(limit))
        colon = data.find(b":", begin, begin + digits + 1)
        number = data[begin : colon if colon >= 0 else begin + digits + 1]
        if not number and colon < 0:
            self._needed = 1
            return None
        if not number.isdigit() or (number[:1] == b"0" and len(number) > 1):
            raise NetstringParseError(f"{number!r} is not the length of a netstring")
        if len(number) > digits or (length := int(number)) > limit:
            raise NetstringParseError(f"a netstring of more than {limit} bytes")
        if colon < 0:
            self._needed = self._size + 1
            return None
        end = colon + 1 + length
        if len(data) <= end:
            self._needed = end + 1 - begin
            return None
        if data[end : end + 1] != b",":
            raise NetstringParseError("a netstring that does not end with a comma")
        self._read_to(end + 1)
        return data[colon + 1 : end]
