"""What one message may cost, at most."""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["BEGINNING", "DEFAULT_LIMITS", "SIZE_LIMIT", "Limits"]

SIZE_LIMIT: Final = 640 * 1024
"""How many bytes a string, and how many elements a list may have; all peers know it."""


class Limits(NamedTuple):
    """What one message may cost; each of them has a named error.

    Attributes:
        maxItem: Bytes of a string, elements of a list: 640 Ki, as every peer expects
            (`ItemTooLong`).
        maxPrefix: Digits of an integer or a length, of seven bits each: 64, as every
            peer expects; that is an integer of 448 bits (`NumberTooLong`).
        maxDepth: How deep lists may be nested: 1,024; a dictionary is two of them, an
            instance three. Classic peers read and write by recursion and get to 660 at
            the most. Nothing here recurses, but programs that walk through what has come
            do, and Python's stack has a thousand frames (`NestedTooDeep`).
        maxItems: Elements of all lists together: 1 Mi, so that there is room for a list
            of the greatest length. An empty list is one byte, and takes 64 of memory:
            64 MiB (`TooManyItems`).
        maxBytes: Bytes in all: 16 MiB, some two dozen of the longest strings. Whatever
            is longer goes in pages (`MessageTooLong`).
    """

    maxItem: int = SIZE_LIMIT
    maxPrefix: int = 64
    maxDepth: int = 1024
    maxItems: int = 2**20
    maxBytes: int = 2**24


DEFAULT_LIMITS: Final = Limits()

BEGINNING: Final = Limits(
    maxItem=64, maxPrefix=2, maxDepth=1, maxItems=64, maxBytes=1024
)
"""What a message may cost before the dialect is chosen: names of a few letters, a handful
of them in one list. Whoever can connect can say that much; text of another protocol is
soon known by its first three characters, which are no length."""
