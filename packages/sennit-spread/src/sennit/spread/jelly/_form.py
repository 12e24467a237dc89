"""How single objects, and the beginnings of others, are written in a dialect.

What can be is made beforehand: a message is mostly looked up and joined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from sennit.spread.banana import DEFAULT_LIMITS, ItemTooLong, Limits, Unsendable
from sennit.spread.banana.wire import (
    NO_TOKENS,
    PB_TOKENS,
    SMALL_INTS,
    encode_expression,
    float_token,
    int_token,
    list_token,
    string_token,
)

__all__ = ["PAIR", "Write", "Writing", "writing"]

# Keys of dictionaries are names, mostly, the same in each message: they are kept, so many
# of so many characters, as they are written.
_MOST_NAMES: Final = 1024
_SHORT_NAME: Final = 32

# Collections of fewer elements have their beginnings prepared.
_USUAL: Final = 64

Write: TypeAlias = Callable[[Any], bytes]
"""Makes the bytes of an object of one type."""

_NAMES: Final[dict[Any, bytes]] = {
    dict: b"dictionary",
    list: b"list",
    tuple: b"tuple",
    set: b"set",
    frozenset: b"frozenset",
}
PAIR: Final = list_token(2)
"""What is before a key and its value."""


class Writing:
    """How things are written in one dialect and under certain limits.

    Attributes:
        tokens: The dialect's words.
        limits: What a message may cost.
        single: What writes objects that contain no others, by their types.
        names: Keys of dictionaries, with what is before a pair.
        heads: What is before the contents of collections, by types, for usual sizes.
        usual: How many sizes are usual.
        reference: What is before the number of an object that is referred to.
        dereference: What is before the number of one that was there before.
    """

    __slots__ = (
        "dereference",
        "heads",
        "limits",
        "names",
        "reference",
        "single",
        "tokens",
        "usual",
    )

    def __init__(self, tokens: Mapping[bytes, bytes], limits: Limits) -> None:
        self.tokens: Mapping[bytes, bytes] = tokens
        self.limits: Limits = limits
        self.reference: bytes = list_token(3) + self.word(b"reference")
        self.dereference: bytes = list_token(2) + self.word(b"dereference")
        nothing = list_token(1) + self.word(b"None")
        true = encode_expression([b"boolean", b"true"], tokens)
        false = encode_expression([b"boolean", b"false"], tokens)
        self.single: dict[type, Write] = {
            str: self._text_writer(),
            int: self._integer_writer(),
            float: float_token,
            bytes: self._bytes_writer(),
            bool: lambda value: true if value else false,
            type(None): lambda value: nothing,
        }
        self.names: dict[str, bytes] = {}
        self.usual: int = min(_USUAL, limits.maxItem)
        self.heads: dict[Any, list[bytes]] = {
            kind: [list_token(n + 1) + self.word(name) for n in range(self.usual)]
            for kind, name in _NAMES.items()
        }

    def word(self, name: bytes) -> bytes:
        """Write a name."""
        return encode_expression(name, self.tokens)

    def head(self, kind: type, size: int) -> bytes:
        """Write what is before the contents of a collection."""
        if size < self.usual:
            return self.heads[kind][size]
        if size >= self.limits.maxItem:
            raise _too_long(kind.__name__, size, self.limits)
        return list_token(size + 1) + self.word(_NAMES[kind])

    def name(self, key: str) -> bytes:
        """Write what is before a pair, and its first half."""
        written = PAIR + self.single[str](key)
        if len(key) <= _SHORT_NAME and len(self.names) < _MOST_NAMES:
            self.names[key] = written
        return written

    def _text_writer(self) -> Write:
        before = list_token(2) + self.word(b"unicode")
        tokens, limits = self.tokens, self.limits
        short = [before + string_token(n) for n in range(min(128, limits.maxItem + 1))]
        usual = len(short)

        def write(value: str) -> bytes:
            try:
                data = value.encode()
            except UnicodeEncodeError as error:
                raise Unsendable(f"no text in UTF-8: {error}") from None
            if data in tokens:
                return before + tokens[data]
            size = len(data)
            if size < usual:
                return short[size] + data
            if size > limits.maxItem:
                raise _too_long("text", size, limits)
            return before + string_token(size) + data

        return write

    def _bytes_writer(self) -> Write:
        tokens, limits = self.tokens, self.limits

        def write(value: bytes) -> bytes:
            if value in tokens:
                return tokens[value]
            if len(value) > limits.maxItem:
                raise _too_long("byte string", len(value), limits)
            return string_token(len(value)) + value

        return write

    def _integer_writer(self) -> Write:
        small, longest = SMALL_INTS, self.limits.maxPrefix

        def write(value: int) -> bytes:
            if 0 <= value < 2**14:
                if value < 1024:
                    return small[value]
                return bytes((value & 127, value >> 7, 0x81))
            if 0 <= value < 2**21:
                return bytes((value & 127, value >> 7 & 127, value >> 14, 0x81))
            return int_token(value, longest)

        return write


def _too_long(what: str, size: int, limits: Limits) -> ItemTooLong:
    return ItemTooLong(
        f"{what} is too long to send ({size}): {limits.maxItem} is the limit"
    )


def writing(dialect: bytes, limits: Limits = DEFAULT_LIMITS) -> Writing:
    """Prepare to write in a dialect, under limits: once for many messages.

    Args:
        dialect: ``b"pb"`` or ``b"none"``.
        limits: What a message may cost.
    """
    made = _writings.get((dialect, limits))
    if made is None:
        made = Writing(PB_TOKENS if dialect == b"pb" else NO_TOKENS, limits)
        if limits == DEFAULT_LIMITS:
            _writings[dialect, limits] = made
    return made


_writings: dict[tuple[bytes, Limits], Writing] = {}
