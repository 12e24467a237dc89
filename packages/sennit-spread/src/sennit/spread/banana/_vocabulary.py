"""The words that the dialect ``pb`` has numbers for, and the dialects by their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sennit.spread.banana._tokens import VOCAB, digits

__all__ = ["INCOMING", "NO_WORDS", "OUTGOING", "PB", "PLAIN", "word_tokens"]

PB: Final = b"pb"
"""The dialect whose vocabulary has the words of Jelly and of Perspective Broker."""

PLAIN: Final = b"none"
"""The dialect without a vocabulary."""

OUTGOING: Final[Mapping[bytes, int]] = {
    b"None": 1,
    b"class": 2,
    b"dereference": 3,
    b"reference": 4,
    b"dictionary": 5,
    b"function": 6,
    b"instance": 7,
    b"list": 8,
    b"module": 9,
    b"persistent": 10,
    b"tuple": 11,
    b"unpersistable": 12,
    b"copy": 13,
    b"cache": 14,
    b"cached": 15,
    b"remote": 16,
    b"local": 17,
    b"lcache": 18,
    b"version": 19,
    b"login": 20,
    b"password": 21,
    b"challenge": 22,
    b"logged_in": 23,
    b"not_logged_in": 24,
    b"cachemessage": 25,
    b"message": 26,
    b"answer": 27,
    b"error": 28,
    b"decref": 29,
    b"decache": 30,
    b"uncache": 31,
}
"""The words, and their numbers on the wire."""

INCOMING: Final[Mapping[int, bytes]] = {n: word for word, n in OUTGOING.items()}
"""The numbers, and their words."""

NO_WORDS: Final[Mapping[int, bytes]] = {}
"""The vocabulary of the dialect ``none``."""


def word_tokens(words: Mapping[bytes, int]) -> dict[bytes, bytes]:
    """Write a vocabulary's tokens beforehand."""
    return {word: digits(number) + VOCAB for word, number in words.items()}
