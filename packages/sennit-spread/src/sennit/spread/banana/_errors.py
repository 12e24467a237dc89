"""What can go wrong in Banana: with what came, and with what was to be sent."""

from __future__ import annotations

__all__ = [
    "BananaError",
    "Incomplete",
    "ItemTooLong",
    "MalformedBanana",
    "MessageTooLong",
    "NestedTooDeep",
    "NumberTooLong",
    "TooManyItems",
    "UnknownWord",
    "Unsendable",
]


class BananaError(Exception):
    """Something is wrong with Banana: the base of all its errors."""


class MalformedBanana(BananaError, NotImplementedError):
    """What came is no Banana.

    It is a NotImplementedError as well, which programs for other implementations catch
    where a type byte is unknown.
    """


class UnknownWord(MalformedBanana, KeyError):
    """What came has a number that the dialect's vocabulary does not have."""

    def __str__(self) -> str:
        return Exception.__str__(self)


class Incomplete(BananaError, IndexError):
    """The bytes end before the expression does."""


class Unsendable(BananaError, TypeError):
    """An object is of a type that Banana has no bytes for."""


class ItemTooLong(BananaError, ValueError):
    """A string has more bytes, or a list more elements, than one may have."""


class NumberTooLong(BananaError, ValueError):
    """An integer, or the length before an item, has more digits than it may have."""


class NestedTooDeep(BananaError, ValueError):
    """Lists, or the objects to make lists of, are nested deeper than they may be."""


class TooManyItems(BananaError, ValueError):
    """A message has more items than one may have, those in nested lists included."""


class MessageTooLong(BananaError, ValueError):
    """A message has more bytes than one may have."""
