"""The tokens of Banana: a length or a number in digits of seven bits, then a type byte.

    list    = length 80, then that many expressions
    integer = digits 81 | 83 (negative)    from 2**31 on: digits 85 | 86 (negative)
    string  = length 82, then that many bytes
    float   = 84, then eight bytes, IEEE 754 in network order
    word    = number 87 (of a vocabulary, where the dialect has one)

Digits are below 80 (hexadecimal), the least significant first.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Final

from sennit.spread.banana._errors import NumberTooLong

__all__ = [
    "FLOAT",
    "INT",
    "LIST",
    "LONGINT",
    "LONGNEG",
    "NEG",
    "SMALL_INTS",
    "SMALL_LISTS",
    "SMALL_STRINGS",
    "STRING",
    "VOCAB",
    "b1282int",
    "digits",
    "float_token",
    "int2b128",
    "int_token",
    "list_token",
    "string_token",
]

LIST: Final = b"\x80"
INT: Final = b"\x81"
STRING: Final = b"\x82"
NEG: Final = b"\x83"
FLOAT: Final = b"\x84"
LONGINT: Final = b"\x85"
LONGNEG: Final = b"\x86"
VOCAB: Final = b"\x87"

_pack_float = struct.Struct("!d").pack


def digits(number: int) -> bytes:
    """Write a number in digits of seven bits; at least one."""
    if number < 128:
        return bytes((number,))
    if number < 16384:
        return bytes((number & 127, number >> 7))
    if number < 2097152:
        return bytes((number & 127, number >> 7 & 127, number >> 14))
    written = bytearray()
    while number:
        written.append(number & 127)
        number >>= 7
    return bytes(written)


def int2b128(integer: int, stream: Callable[[bytes], object]) -> None:
    """Write a number in digits of seven bits, and give each of them to a function.

    Raises:
        ValueError: It is negative: the sign is in the type byte.
    """
    if integer < 0:
        raise ValueError(f"the digits have no sign: {integer}")
    for digit in digits(integer):
        stream(bytes((digit,)))


def b1282int(st: bytes) -> int:
    """Read a number in digits of seven bits; 0 without any."""
    number = 0
    for digit in reversed(st):
        number = number << 7 | digit
    return number


# Looked up rather than made: nearly all of a message's numbers and lengths.
SMALL_INTS: Final = tuple(digits(n) + INT for n in range(1024))
SMALL_STRINGS: Final = tuple(digits(n) + STRING for n in range(1024))
SMALL_LISTS: Final = tuple(digits(n) + LIST for n in range(1024))


def int_token(number: int, maxPrefix: int) -> bytes:
    """Write an integer.

    Raises:
        NumberTooLong: It has more than so many digits.
    """
    if 0 <= number < 1024:
        return SMALL_INTS[number]
    if number.bit_length() > 7 * maxPrefix:
        raise NumberTooLong(
            f"an integer of {number.bit_length()} bits is too long to send: "
            f"{7 * maxPrefix} bits are the limit"
        )
    if number >= 0:
        return digits(number) + (INT if number < 2**31 else LONGINT)
    return digits(-number) + (NEG if number >= -(2**31) else LONGNEG)


def string_token(length: int) -> bytes:
    """Write what goes before a string of so many bytes."""
    return SMALL_STRINGS[length] if length < 1024 else digits(length) + STRING


def list_token(length: int) -> bytes:
    """Write what goes before a list of so many elements."""
    return SMALL_LISTS[length] if length < 1024 else digits(length) + LIST


def float_token(number: float) -> bytes:
    """Write a float."""
    return FLOAT + _pack_float(number)
