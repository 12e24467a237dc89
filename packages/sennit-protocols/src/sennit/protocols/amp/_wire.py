"""Boxes on the wire: bytes in, mappings out, and back. No transport, no commands.

    box   = *(key value) end
    key   = length (2 bytes, 1 to 255)   that many bytes
    value = length (2 bytes, 0 to 65535) that many bytes
    end   = 00 00

Mostly a chunk holds whole boxes. So they are read by index right over the chunk, without
a look at its size: who reads past the end gets an `IndexError`, which says that the box
is not complete. Only then the rest goes to the careful way, which keeps what it has read
and does not look again before there are as many bytes as the next pair needs: a box that
comes byte by byte is copied once. (Rejected: a state for each of key and value, as a
receiver of strings would have it; three calls a pair, where this has none.)

A reader keeps no more than `maxBytes` for a box, whatever comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, Generic, TypeVar

from sennit.protocols.amp._errors import (
    BoxTooLong,
    MalformedAmpBox,
    TooLong,
    TooManyKeys,
)

__all__ = [
    "MAX_KEY_LENGTH",
    "MAX_VALUE_LENGTH",
    "SHORT",
    "BoxReader",
    "length",
    "serialized",
]

MAX_KEY_LENGTH: Final = 0xFF
MAX_VALUE_LENGTH: Final = 0xFFFF

_Box = TypeVar("_Box", bound="dict[bytes, bytes]")

_new: Any = dict.__new__

SHORT: Final = tuple(n.to_bytes(2, "big") for n in range(256))
"""Lengths as they are written: mostly they are short, and looked up in half the time."""


def length(n: int) -> bytes:
    """A length as it is written before a key or a value."""
    return SHORT[n] if n < 256 else n.to_bytes(2, "big")


def serialized(items: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Make the bytes of a box.

    Args:
        items: Its keys and values, in the order in which they are to be sent.

    Raises:
        TooLong: One of them is longer than the wire can carry.
        TypeError: One of them is no bytes.
    """
    pieces: list[bytes] = []
    add = pieces.append
    for key, value in items:
        if not isinstance(value, bytes):
            raise TypeError(
                f"a value in a box is bytes: {key!r} is {type(value).__name__}"
            )
        if not 0 < len(key) <= MAX_KEY_LENGTH:
            if not key:
                raise MalformedAmpBox("an empty key would end the box")
            raise TooLong(True, True, key)
        if len(value) > MAX_VALUE_LENGTH:
            raise TooLong(False, True, value, key)
        add(length(len(key)))
        add(key)
        add(length(len(value)))
        add(value)
    add(b"\0\0")
    return b"".join(pieces)


class BoxReader(Generic[_Box]):
    """Finds the boxes in bytes that come in any pieces."""

    __slots__ = (
        "_at",
        "_box",
        "_chunks",
        "_data",
        "_innocent",
        "_kind",
        "_needed",
        "_plain",
        "_size",
        "_taken",
        "maxBytes",
        "maxKeys",
    )

    def __init__(self, kind: type[_Box], maxKeys: int, maxBytes: int) -> None:
        """Begin with nothing.

        Args:
            kind: The class of the boxes; its ``__init__`` is not called.
            maxKeys: How many keys a box may have.
            maxBytes: How many bytes a box may have, lengths included.
        """
        self._kind = kind
        self._plain = kind is dict
        # A box of so many bytes can break no limit: a key takes five at least.
        self._innocent = min(maxBytes, 5 * maxKeys)
        self.maxKeys = maxKeys
        self.maxBytes = maxBytes
        self._data = b""
        self._at = 0
        # The box that is not complete, what was read of it in bytes, what came after
        # _data, and how many bytes in all the next pair of it needs.
        self._box: _Box | None = None
        self._taken = 0
        self._chunks: list[bytes] = []
        self._size = 0
        self._needed = 0

    def feed(self, data: bytes) -> None:
        """Take bytes; `boxes` gives those that are complete with them."""
        if self._box is not None:
            self._chunks.append(data)
            self._size += len(data)
        elif self._at < len(self._data):
            self._data = self._data[self._at :] + data
            self._at = 0
        else:
            self._data = data
            self._at = 0

    def boxes(self, fresh: bytes = b"") -> Iterator[_Box]:
        """Give the boxes that are complete.

        Args:
            fresh: Bytes to take before.

        Whoever takes one may stop there, feed more, or take the rest.

        Raises:
            TooLong: A key has more than 255 bytes: it is no AMP.
            TooManyKeys: A box has more keys than a box may have.
            BoxTooLong: A box has more bytes than a box may have.
        """
        if fresh:
            if self._box is None and not self._data:
                self._data = fresh
            else:
                self.feed(fresh)
        while True:
            if self._box is not None:
                kept = self._go_on(self._box) if self._size >= self._needed else None
                if kept is None:
                    return
                yield kept
            data, at = self._data, self._at
            plain, innocent = self._plain, self._innocent
            size = len(data)
            try:
                while at < size:
                    begin = at
                    box: Any = {} if plain else _new(self._kind)
                    while key_size := data[at + 1]:
                        if data[at]:
                            raise _too_long_key(data[at : at + 2])
                        at += 2
                        end = at + key_size
                        key = data[at:end]
                        at = end + 2
                        value_size = data[end + 1]
                        if data[end]:
                            value_size += data[end] << 8
                        end = at + value_size
                        box[key] = data[at:end]
                        at = end
                    if data[at]:
                        raise _too_long_key(data[at : at + 2])
                    at += 2
                    if at - begin > innocent:
                        self._check(box, at - begin)
                    self._at = at
                    yield box
                    if self._data is not data:
                        break
                else:
                    # A connection that rests does not keep what it has read.
                    self._data, self._at = b"", 0
                    return
            except IndexError:
                self._keep()

    def rest(self) -> bytes:
        """Give all that was not read, and forget it."""
        read = b""
        if self._box is not None:
            read = serialized(self._box.items())[:-2]
        rest = b"".join([read, self._data[self._at :], *self._chunks])
        self.clear()
        return rest

    def clear(self) -> None:
        """Forget all."""
        self.__init__(self._kind, self.maxKeys, self.maxBytes)  # type: ignore[misc]

    def _keep(self) -> None:
        """Keep the beginning of a box, to go on with it by and by."""
        self._box = _new(self._kind)
        self._data = self._data[self._at :]
        self._at = self._taken = self._needed = 0
        self._size = len(self._data)

    def _go_on(self, box: _Box) -> _Box | None:
        """Read further in the box that was kept; give it if it is complete now."""
        if self._chunks:
            self._data = b"".join([self._data[self._at :], *self._chunks])
            self._chunks.clear()
            self._at = 0
        data, at, size = self._data, self._at, len(self._data)
        while True:
            needed = at + 2
            if needed <= size:
                key_size = data[at + 1]
                if data[at]:
                    raise _too_long_key(data[at : at + 2])
                if not key_size:
                    break
                needed += key_size + 2
            end = needed - 2
            if needed <= size:
                needed += data[end] << 8 | data[end + 1]
            if needed > size:
                self._check(box, self._taken + needed - at)
                self._data, self._at = data[at:], 0
                self._size, self._needed = size - at, needed - at
                return None
            box[data[at + 2 : end]] = data[end + 2 : needed]
            self._taken += needed - at
            at = needed
            self._check(box, self._taken)
        self._at = at + 2
        self._box = None
        return box

    def _check(self, box: _Box, size: int) -> None:
        if len(box) > self.maxKeys:
            raise TooManyKeys(f"a box of more than {self.maxKeys} keys")
        if size > self.maxBytes:
            raise BoxTooLong(f"a box of more than {self.maxBytes} bytes")


def _too_long_key(announced: bytes) -> TooLong:
    return TooLong(True, False, None, None, int.from_bytes(announced, "big"))
