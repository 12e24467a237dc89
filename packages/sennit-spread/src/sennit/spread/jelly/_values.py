"""Dates, times and decimals: what is behind their atoms."""

from __future__ import annotations

import datetime
import decimal
from typing import Any

from sennit.spread.banana import Unsendable
from sennit.spread.jelly._atoms import (
    date_atom,
    datetime_atom,
    decimal_atom,
    time_atom,
    timedelta_atom,
)
from sennit.spread.jelly._errors import MalformedJelly

__all__ = ["VALUES", "VALUE_ATOMS", "value_of"]


def _date(value: datetime.date) -> list[Any]:
    return [date_atom, f"{value.year} {value.month} {value.day}".encode()]


def _datetime(value: datetime.datetime) -> list[Any]:
    if value.tzinfo is not None:
        raise Unsendable(
            f"Jelly has no time zones: send {value!r} in UTC and without one"
        )
    text = (
        f"{value.year} {value.month} {value.day} "
        f"{value.hour} {value.minute} {value.second} {value.microsecond}"
    )
    return [datetime_atom, text.encode()]


def _time(value: datetime.time) -> list[Any]:
    if value.tzinfo is not None:
        raise Unsendable(
            f"Jelly has no time zones: send {value!r} in UTC and without one"
        )
    text = f"{value.hour} {value.minute} {value.second} {value.microsecond}"
    return [time_atom, text.encode()]


def _timedelta(value: datetime.timedelta) -> list[Any]:
    text = f"{value.days} {value.seconds} {value.microseconds}"
    return [timedelta_atom, text.encode()]


def _decimal(value: decimal.Decimal) -> list[Any]:
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise Unsendable(f"Jelly has no {value}: decimals are finite")
    # By hand: int(str) of many digits is refused by Python.
    number = 0
    for digit in digits:
        number = number * 10 + digit
    return [decimal_atom, -number if sign else number, exponent]


VALUES: dict[type, Any] = {
    datetime.date: _date,
    datetime.datetime: _datetime,
    datetime.time: _time,
    datetime.timedelta: _timedelta,
    decimal.Decimal: _decimal,
}
"""What makes expressions of them, by type."""

_NUMBERS: dict[bytes, tuple[int, Any]] = {
    date_atom: (3, datetime.date),
    datetime_atom: (7, datetime.datetime),
    time_atom: (4, datetime.time),
    timedelta_atom: (3, datetime.timedelta),
}

VALUE_ATOMS = (*_NUMBERS, decimal_atom)
"""What begins their expressions."""

# Python's decimals go so far; and to multiply by a power of ten beyond is never meant.
_GREATEST_EXPONENT = decimal.MAX_EMAX


def value_of(atom: bytes, rest: list[Any]) -> Any:
    """Make a date, a time or a decimal of what is behind its atom.

    Raises:
        MalformedJelly: It is none.
    """
    try:
        if atom == decimal_atom:
            number, exponent = rest
            are_numbers = type(number) is int and type(exponent) is int
            if are_numbers and abs(exponent) <= _GREATEST_EXPONENT:
                digits = decimal.Decimal(number).as_tuple().digits
                return decimal.Decimal((int(number < 0), digits, exponent))
        else:
            (text,) = rest
            count, make = _NUMBERS[atom]
            numbers = [int(each) for each in text.split(b" ")]
            if len(numbers) == count:
                return make(*numbers)
    except (ArithmeticError, AttributeError, TypeError, ValueError):
        pass
    raise MalformedJelly(f"no {atom.decode()} is {rest!r:.100}")
