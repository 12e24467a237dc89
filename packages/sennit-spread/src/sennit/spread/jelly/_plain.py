"""Bytes straight to objects, where these are plain: most arguments and results are.

Plain are text, bytes, numbers, truth values, None, and lists, tuples and dictionaries of
such. The bytes of a whole message that is plain, in the dialect ``pb``, are read by index
without an expression in between. Anything else, be it an instance, a reference, a
mistake, or the end of a chunk within the message, is given up at once: the caller then
goes the long way, which knows all that, and nothing has happened that would count twice.
"""

from __future__ import annotations

import struct
from typing import Any, Final

from sennit.spread.banana import DEFAULT_LIMITS, Limits
from sennit.spread.banana.wire import INCOMING
from sennit.spread.jelly._keys import FEW_KEYS
from sennit.spread.jelly._policy import SecurityOptions

__all__ = ["plainFromBytes"]

_unpack_float: Final = struct.Struct("!d").unpack_from

# As they are written: a list of two, the word for text; and a pair that begins with text.
_TEXT: Final = b"\x02\x80\x07\x82unicode"
_TEXT_PAIR: Final = b"\x02\x80" + _TEXT
_PAIR: Final = b"\x02\x80"
_TRUE: Final = b"\x02\x80\x07\x82boolean\x04\x82true"
_FALSE: Final = b"\x02\x80\x07\x82boolean\x05\x82false"

# Two digits: so long are strings and lists that nobody has to measure.
_SHORT: Final = 2**14

# Lists and strings, whose number is a size.
_SIZED: Final = (0x80, 0x82)

# The numbers of words.
_NONE, _DICTIONARY, _LIST, _TUPLE = 1, 5, 8, 11

# Python's stack has a thousand frames, and each list takes one here.
_FEW_LEVELS: Final = 64

_ATOMS: Final = (b"None", b"boolean", b"dictionary", b"list", b"tuple", b"unicode")


def _allows_plain(taster: Any) -> bool:
    """Whether security options allow all that is plain."""
    if type(taster).isTypeAllowed is SecurityOptions.isTypeAllowed:
        allowed = taster.allowedTypes
        return (
            b"dictionary" in allowed
            and b"list" in allowed
            and b"tuple" in allowed
            and b"unicode" in allowed
            and b"boolean" in allowed
            and b"None" in allowed
        )
    return all(taster.isTypeAllowed(atom) for atom in _ATOMS)


def plainFromBytes(
    data: bytes, at: int, taster: Any, limits: Limits = DEFAULT_LIMITS
) -> tuple[Any, int] | None:
    """Make an object of bytes in the dialect ``pb``, if it is plain.

    Args:
        data: A chunk; not longer than a message may be.
        at: Where the object begins.
        taster: The `SecurityOptions`.
        limits: What a message may cost.

    Returns:
        The object and the index behind it; None if it is not plain, not complete, not
        allowed, no Jelly, or exceeds a limit.
    """
    if limits.maxItem < _SHORT or not _allows_plain(taster):
        return None
    try:
        return _read(data, at, min(_FEW_LEVELS, limits.maxDepth // 2), limits)
    except _GIVE_UP:
        return None


def _read(data: bytes, at: int, few: int, limits: Limits) -> tuple[Any, int]:
    """Read an object; ``few`` is how many levels may yet follow."""
    number = data[at]
    at += 1
    if number > 127:
        number, kind = 0, number
    else:
        kind, shift = data[at], 7
        at += 1
        while kind < 128:
            number |= kind << shift
            shift += 7
            kind = data[at]
            at += 1
        if shift > 14:
            _check_long(number, shift, kind, limits)
    if kind == 0x80:
        if number == 2 and data[at + 1] == 0x82:
            return _read_named(data, at - 2, limits)
        if not number or data[at + 1] != 0x87:
            raise _NotPlain
        word = data[at]
        if word == _NONE and number == 1:
            return None, at + 2
        if few:
            if word == _DICTIONARY:
                return _read_dictionary(data, at + 2, number - 1, few - 1, limits)
            if word == _TUPLE:
                items, at = _read_items(data, at + 2, number - 1, few - 1, limits)
                return tuple(items), at
            if word == _LIST:
                return _read_items(data, at + 2, number - 1, few - 1, limits)
        raise _NotPlain
    if kind == 0x81 or kind == 0x85:
        return number, at
    if kind == 0x82:
        end = at + number
        if end > len(data):
            raise _NotPlain
        return data[at:end], end
    if kind == 0x83 or kind == 0x86:
        return -number, at
    if kind == 0x84:
        return _unpack_float(data, at)[0], at + 8
    if kind == 0x87:
        return INCOMING[number], at
    raise _NotPlain


def _read_named(data: bytes, at: int, limits: Limits) -> tuple[str | bool, int]:
    """Read text or a truth value, whose names are no words of the dialect."""
    if data[at : at + 11] == _TEXT:
        text, at = _read(data, at + 11, 0, limits)
        if type(text) is bytes:
            return text.decode(), at
    elif data[at : at + 17] == _TRUE:
        return True, at + 17
    elif data[at : at + 18] == _FALSE:
        return False, at + 18
    raise _NotPlain


def _read_items(
    data: bytes, at: int, count: int, few: int, limits: Limits
) -> tuple[list[Any], int]:
    made: list[Any] = []
    size = len(data)
    for _ in range(count):
        if data[at + 1] == 0x81 and data[at] < 128:
            made.append(data[at])
            at += 2
        elif data[at : at + 11] == _TEXT and data[at + 12] == 0x82:
            begin = at + 13
            at = begin + data[at + 11]
            if at > size:
                raise _NotPlain
            made.append(data[begin:at].decode())
        elif data[at + 1] < 128 and data[at] < 128 and data[at + 2] == 0x81:
            made.append(data[at] | data[at + 1] << 7)
            at += 3
        else:
            item, at = _read(data, at, few, limits)
            made.append(item)
    return made, at


def _read_dictionary(
    data: bytes, at: int, count: int, few: int, limits: Limits
) -> tuple[dict[Any, Any], int]:
    made: dict[Any, Any] = {}
    size = len(data)
    for _ in range(count):
        if data[at : at + 13] == _TEXT_PAIR and data[at + 14] == 0x82:
            begin = at + 15
            at = begin + data[at + 13]
            if at > size:
                raise _NotPlain
            key: Any = data[begin:at].decode()
        elif data[at : at + 2] == _PAIR and count <= FEW_KEYS:
            key, at = _read(data, at + 2, few, limits)
        else:
            raise _NotPlain
        if data[at + 1] == 0x81 and data[at] < 128:
            made[key] = data[at]
            at += 2
        elif data[at : at + 11] == _TEXT and data[at + 12] == 0x82:
            begin = at + 13
            at = begin + data[at + 11]
            if at > size:
                raise _NotPlain
            made[key] = data[begin:at].decode()
        else:
            made[key], at = _read(data, at, few, limits)
    return made, at


def _check_long(number: int, shift: int, kind: int, limits: Limits) -> None:
    """Give up what has more digits, or is longer, than allowed."""
    if shift > 7 * limits.maxPrefix or (kind in _SIZED and number > limits.maxItem):
        raise _NotPlain


class _NotPlain(Exception):
    """What is to be read is not plain, or not all there."""


_GIVE_UP: Final = (
    _NotPlain,
    # The bytes end, or there is no such word.
    LookupError,
    # No key of a dictionary, no text in UTF-8, no eight bytes of a float.
    TypeError,
    UnicodeDecodeError,
    struct.error,
    # Called from deep in Python's stack.
    RecursionError,
)
