"""What a format shows of an event, kept apart: for when the objects are gone.

An event that is written down loses its objects, and with them the attributes that its
format shows. So what each field shows is noted before, under ``log_flattened``, by the
field as the format has it: ``name!conversion:specification``, with ``/2`` behind where
the same field comes a second time. The value itself is noted beside its text, under the
field without a conversion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sennit.core.logger._contracts import LogEvent
from sennit.core.logger._fields import formatter

__all__ = ["extractField", "flatFormat", "flattenEvent"]

_FLAT = "log_flattened"


class _Keys:
    """Gives each field of a format a key of its own."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def key(self, name: str, conversion: str, spec: str) -> str:
        key = f"{name}!{conversion}:{spec}"
        self._seen[key] += 1
        times = self._seen[key]
        return key if times == 1 else f"{key}/{times}"


def _fields(form: str) -> Iterator[tuple[str, str | None, str, str]]:
    """The text before each field; its name, conversion and specification.

    The text at the end has no field behind it: the name is None.
    """
    for literal, name, spec, conversion in formatter.parse(form):
        yield literal, name, conversion or "", spec or ""


def flattenEvent(event: LogEvent) -> None:
    """Note in an event what its format shows of it, under ``log_flattened``.

    What was noted before stays: the objects may be gone since.

    Raises:
        Exception: What the values raise: an event that has no text cannot be flattened.
    """
    form = event.get("log_format")
    if not isinstance(form, str):
        return
    flat: dict[str, Any] = dict(event.get(_FLAT) or {})
    keys = _Keys()
    for _, name, conversion, spec in _fields(form):
        if name is None:
            continue
        text_key = keys.key(name, conversion or "s", spec)
        value_key = keys.key(name, "", spec)
        if text_key not in flat:
            value, _first = formatter.get_field(name, (), event)
            shown = formatter.convert_field(value, conversion or None)
            filled = formatter.vformat(spec, (), event)
            flat[text_key] = formatter.format_field(shown, filled)
            flat[value_key] = value
    if flat:
        event[_FLAT] = flat


def flatFormat(event: LogEvent) -> str:
    """The text of an event that was flattened.

    Raises:
        KeyError: The format has a field that was not noted.
    """
    flat = event[_FLAT]
    keys = _Keys()
    parts = []
    for literal, name, conversion, spec in _fields(event["log_format"]):
        parts.append(literal)
        if name is not None:
            parts.append(str(flat[keys.key(name, conversion or "s", spec)]))
    return "".join(parts)


def extractField(field: str, event: LogEvent) -> Any:
    """What a field of a format stands for in an event, flattened or not.

    Args:
        field: What is between the braces: ``request.path``, ``key[2].name!r``.
        event: The event.

    Returns:
        The value; its text if the field has a conversion (``!r``, ``!s``).

    Raises:
        KeyError: The event has no such field.
    """
    flat = event.get(_FLAT) or {}
    try:
        [(_, name, conversion, spec)] = _fields(f"{{{field}}}")
        key = _Keys().key(str(name), conversion, spec)
        if key in flat:
            return flat[key]
        value, _first = formatter.get_field(str(name), (), event)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise KeyError(field) from error
    return formatter.convert_field(value, conversion or None)
