"""Bytes to expressions, however the bytes come.

One loop reads token by token over the chunk, by index. Lists that are not full are on a
stack, so that it neither recurses nor minds where the bytes end: it then keeps the stack
and the bytes of the token that is cut in two, and does not look again before there are
as many as that needs. (Rejected: a recursive reader for whole messages. It would begin
again with each chunk of a long one.)

Budgets are checked where something is announced, before it comes.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from sennit.spread.banana._budgets import DEFAULT_LIMITS, Limits
from sennit.spread.banana._encode import too_deep
from sennit.spread.banana._errors import (
    ItemTooLong,
    MalformedBanana,
    MessageTooLong,
    NumberTooLong,
    TooManyItems,
    UnknownWord,
)
from sennit.spread.banana._vocabulary import NO_WORDS

__all__ = ["Decoder", "Quick"]

Quick: TypeAlias = Callable[[bytes, int], "tuple[int, Any] | None"]
"""Reads a whole message at an index of a chunk: the index behind it, and the message."""

_unpack_float = struct.Struct("!d").unpack_from


class Decoder:
    """Finds the expressions in bytes that come in any pieces.

    Attributes:
        words: The vocabulary; may be changed between two expressions.
        limits: What a message may cost; may be changed likewise.
    """

    __slots__ = (
        "_at",
        "_chunks",
        "_data",
        "_items",
        "_left",
        "_list",
        "_needed",
        "_size",
        "_stack",
        "_taken",
        "limits",
        "words",
    )

    def __init__(
        self, words: Mapping[int, bytes] = NO_WORDS, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self.words: Mapping[int, bytes] = words
        self.limits: Limits = limits
        self._data = b""
        self._at = 0
        self._chunks: list[bytes] = []
        # Of the message that is not complete: the list that is being filled and how many
        # elements it lacks, the same of those around it, how many bytes and items it had
        # so far; how many bytes there are that were not read, and how many it needs.
        self._list: list[Any] = []
        self._left = 1
        self._stack: list[tuple[list[Any], int]] = []
        self._taken = 0
        self._items = 0
        self._size = 0
        self._needed = 0

    @property
    def waiting(self) -> bool:
        """Whether there are bytes that were not read yet."""
        return bool(self._size or self._at < len(self._data))

    @property
    def rest(self) -> bytes:
        """The bytes that were not read yet."""
        return b"".join([self._data[self._at :], *self._chunks])

    def feed(self, data: bytes) -> None:
        """Take bytes; `expressions` gives what is complete with them."""
        self._chunks.append(data)
        self._size += len(data)

    def expressions(
        self, fresh: bytes = b"", quick: Quick | None = None
    ) -> Iterator[Any]:
        """Give the expressions that are complete.

        Args:
            fresh: Bytes to take before.
            quick: Asked first for each message that begins in a chunk, and what it gives
                is given; None from it leaves the message to this decoder.

        Whoever takes one may stop there, feed more, or take the rest.

        Raises:
            BananaError: It is no Banana, or exceeds a limit. What follows is not read.
        """
        if fresh:
            self.feed(fresh)
        while self._size >= self._needed and self.waiting:
            data = self._data = b"".join([self._data[self._at :], *self._chunks])
            self._chunks.clear()
            self._at = self._size = self._needed = 0
            limits = self.limits
            # A message in so few bytes can break no limit but that of depth.
            innocent = len(data) <= min(limits.maxItems, limits.maxBytes)
            while self._at < len(data):
                if quick is not None and innocent and not self._stack:
                    found = quick(data, self._at)
                    if found is not None:
                        self._at = found[0]
                        yield found[1]
                        continue
                if not self._fill(data):
                    break
                self._items = self._taken = 0
                yield self._list.pop()
            else:
                # A connection that rests does not keep what it has read.
                self._data, self._at = b"", 0

    def _fill(self, data: bytes) -> bool:
        """Read until an expression is complete; False if the bytes end before."""
        at = begin = self._at
        size = len(data)
        words, limits, stack = self.words, self.limits, self._stack
        target, left = self._list, self._left
        max_item = limits.maxItem
        needed = 0
        try:
            while True:
                self._at = at
                number = data[at]
                if number < 128:
                    kind = data[at + 1]
                    at += 2
                    if kind < 128:
                        number, kind, at = _long_number(data, at, number, kind, limits)
                else:
                    kind = number
                    number = 0
                    at += 1
                if kind == 0x82:
                    if number > max_item:
                        raise _too_long("string of", number, "bytes", limits)
                    end = at + number
                    if end > size:
                        needed = end - self._at
                        break
                    target.append(data[at:end])
                    at = end
                elif kind == 0x81 or kind == 0x85:
                    target.append(number)
                elif kind == 0x87:
                    try:
                        target.append(words[number])
                    except KeyError:
                        raise UnknownWord(
                            f"the dialect has no word of the number {number}"
                        ) from None
                elif kind == 0x80:
                    fresh: list[Any] = []
                    target.append(fresh)
                    if number:
                        self._announce(number)
                        stack.append((target, left))
                        target, left = fresh, number
                        continue
                elif kind == 0x83 or kind == 0x86:
                    target.append(-number)
                elif kind == 0x84:
                    if at + 8 > size:
                        needed = at + 8 - self._at
                        break
                    target.append(_unpack_float(data, at)[0])
                    at += 8
                else:
                    raise MalformedBanana(f"there is no type byte {kind:#x}")
                left -= 1
                while not left:
                    if not stack:
                        self._at, self._list, self._left = at, target, 1
                        self._check_bytes(self._taken + at - begin)
                        return True
                    target, left = stack.pop()
                    left -= 1
        except IndexError:
            needed = size - self._at + 1
        self._list, self._left, self._needed = target, left, needed
        self._taken += self._at - begin
        self._check_bytes(self._taken + needed)
        self._size += size - self._at
        return False

    def _announce(self, number: int) -> None:
        """A list of so many elements is to come."""
        limits = self.limits
        if number > limits.maxItem:
            raise _too_long("list of", number, "elements", limits)
        self._items += number
        if self._items > limits.maxItems:
            raise TooManyItems(f"a message of more than {limits.maxItems} items")
        if len(self._stack) >= limits.maxDepth:
            raise too_deep(limits.maxDepth)

    def _check_bytes(self, size: int) -> None:
        if size > self.limits.maxBytes:
            raise MessageTooLong(f"a message of more than {self.limits.maxBytes} bytes")


def _long_number(
    data: bytes, at: int, number: int, digit: int, limits: Limits
) -> tuple[int, int, int]:
    """Read on in a number of several digits: it, the type byte, and the index behind."""
    shift, end = 7, 7 * limits.maxPrefix
    while digit < 128:
        if shift >= end:
            raise NumberTooLong(
                f"Security precaution: more than {limits.maxPrefix} bytes of prefix"
            )
        number |= digit << shift
        shift += 7
        digit = data[at]
        at += 1
    return number, digit, at


def _too_long(what: str, number: int, unit: str, limits: Limits) -> ItemTooLong:
    return ItemTooLong(f"a {what} {number} {unit}: {limits.maxItem} are the limit")
