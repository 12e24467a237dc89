"""Values of one piece: what their texts mean, by the tag around them."""

from __future__ import annotations

from binascii import a2b_base64
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias

# It costs 20 ms. Its types are those that programs know and compare with, and it is
# imported by nobody but those who speak XML-RPC.
from xmlrpc.client import Binary, DateTime

__all__ = ["Scalars", "scalars"]

Scalars: TypeAlias = dict[str, Callable[[str], Any]]
"""What reads a text, by tag; it raises ValueError for what is no such value."""


def _integer(text: str) -> int:
    # Python's int takes 1_000, and digits of all scripts.
    if "_" in text or not text.isascii():
        raise ValueError
    return int(text)


def _double(text: str) -> float:
    if "_" in text or not text.isascii():
        raise ValueError
    return float(text)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        raise ValueError from None


def _boolean(text: str) -> bool:
    if text == "1":
        return True
    if text == "0":
        return False
    raise ValueError


def _binary(text: str) -> Binary:
    return Binary(a2b_base64(text))


def _date(text: str) -> DateTime:
    return DateTime(text.strip())


def _datetime(text: str) -> datetime:
    return datetime.fromisoformat(text.strip())


def _nil(text: str) -> None:
    if text.strip():
        raise ValueError


_EXTENSIONS: Final = "{http://ws.apache.org/xmlrpc/namespaces/extensions}"
_INTEGERS: Final = ("int", "i4", "i1", "i2", "i8", "biginteger")
_DATE: Final = "dateTime.iso8601"
_COMMON: Final[Scalars] = {
    **dict.fromkeys(_INTEGERS, _integer),
    "base64": _binary,
    "bigdecimal": _decimal,
    "boolean": _boolean,
    "double": _double,
    "float": _double,
    "nil": _nil,
    "string": str,
}
# The types that Apache's library adds have their full names, too.
_COMMON.update([(_EXTENSIONS + name, read) for name, read in _COMMON.items()])
_WITH_DATES: Final[Scalars] = {**_COMMON, _DATE: _date}
_WITH_DATE_TIMES: Final[Scalars] = {**_COMMON, _DATE: _datetime}


def scalars(useDateTime: bool) -> Scalars:
    """What reads the values of one piece.

    Args:
        useDateTime: Whether dates become `datetime.datetime` rather than
            `xmlrpc.client.DateTime`.
    """
    return _WITH_DATE_TIMES if useDateTime else _WITH_DATES
