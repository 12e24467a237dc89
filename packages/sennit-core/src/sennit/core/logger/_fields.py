"""Formats with fields in braces, filled from an event.

    {name}  {name.attribute}  {name[key]}  {name()}  {name.method()}  {name!r:>20}

It is `str.format`, and a name that ends in ``()`` is called. Formats without calls, which
are nearly all, are left to the language itself: it is ten times as fast.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["formatWithCall", "formatter"]

_CALL = "()"

# The steps after the first name: an attribute, or what is between brackets.
_STEP = re.compile(r"\.(?P<attribute>[^.\[\]]+)|\[(?P<key>[^\]]+)\]")


class _Formatter(string.Formatter):
    """Fills a format, calling what is to be called."""

    def get_field(
        self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[Any, str]:
        """The value of a field.

        Raises:
            KeyError: There is no value of its first name.
            ValueError: What follows the first name is neither ``.name`` nor ``[key]``.
        """
        first = re.split(r"[.\[]", field_name, maxsplit=1)[0]
        name = first.removesuffix(_CALL)
        value = kwargs[name]() if name != first else kwargs[name]
        place = len(first)
        while place < len(field_name):
            step = _STEP.match(field_name, place)
            if step is None:
                raise ValueError(f"{field_name!r} is not the name of a field")
            value = _taken(value, step["attribute"], step["key"])
            place = step.end()
        return value, first


def _taken(value: Any, attribute: str | None, key: str | None) -> Any:
    if attribute is not None:
        name = attribute.removesuffix(_CALL)
        found = getattr(value, name)
        return found() if name != attribute else found
    assert key is not None
    return value[int(key) if key.isdecimal() else key]


formatter = _Formatter()
"""The one formatter; it has no state."""


def formatWithCall(formatString: str, mapping: Mapping[str, Any]) -> str:
    """Fill a format; a field whose name ends in ``()`` is called without arguments.

    Args:
        formatString: The format.
        mapping: The values.

    Raises:
        Exception: What the values raise; KeyError for a value that is not there.
    """
    if _CALL not in formatString:
        return formatString.format_map(mapping)
    return formatter.vformat(formatString, (), mapping)
