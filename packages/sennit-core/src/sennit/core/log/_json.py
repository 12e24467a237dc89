"""JSON lines for handlers of the standard library."""

from __future__ import annotations

import logging
import math
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sennit.core.log import context
from sennit.core.log._records import STANDARD
from sennit.core.log._text import safeText

__all__ = ["JSONFormatter", "dumped"]

# How deep what is logged is shown; a text stands for what is below. Nobody reads on
# there, and what is written must be read again without a RecursionError.
_DEPTH = 32

# What a line says in its own way.
_SAID = STANDARD.union(
    [
        "isError",
        "logLevel",
        "log_level",
        "log_namespace",
        "log_system",
        "log_time",
        "system",
    ]
)


def dumped(fields: Mapping[str, Any], default: Callable[[Any], Any]) -> str:
    """JSON of some fields, on one line, whatever they are.

    Args:
        fields: The fields.
        default: Makes something that JSON has of what it has not.
    """
    # Not at the top: the reactor imports this room, and few programs write JSON.
    from json import dumps

    try:
        return dumps(fields, default=default, skipkeys=True, allow_nan=False)
    except (RecursionError, TypeError, ValueError):
        return dumps(_plain(fields, default, _DEPTH), allow_nan=False)


def _plain(value: Any, default: Callable[[Any], Any], depth: int) -> Any:
    """What can be written of a value that has no JSON: no NaN, no circle, no abyss."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(value)
    if isinstance(value, int):
        # Python refuses to write or read more than 4300 digits.
        return value if value.bit_length() < 14000 else hex(value)
    if not depth:
        return "…"
    if isinstance(value, dict):
        return {
            safeText(key): _plain(each, default, depth - 1)
            for key, each in value.items()
            if key is None or isinstance(key, bool | float | int | str)
        }
    if isinstance(value, list | tuple):
        return [_plain(each, default, depth - 1) for each in value]
    return _plain(default(value), default, depth - 1)


class JSONFormatter(logging.Formatter):
    """Formats records as JSON, a line each.

    ``time`` (UTC), ``level``, ``logger``, ``system`` (the connection that was served, if
    any) and ``message``; then the fields of the event, or what the record was given as
    ``extra``; then ``exception`` and ``stack``, if there are such. A field that has the
    name of one of these is written with ``_`` behind it.

    While a span of OpenTelemetry is current, its ``trace_id`` and ``span_id`` are there.
    """

    def __init__(self, datefmt: str | None = None) -> None:
        """Show systems from now on.

        Args:
            datefmt: How the time is written, for `datetime.strftime`; None is the form
                of ISO 8601 with milliseconds.
        """
        super().__init__(datefmt=datefmt)
        context.showSystem()

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """When the record was made."""
        when = datetime.fromtimestamp(record.created, UTC)
        if datefmt is None:
            return when.isoformat(timespec="milliseconds")
        return when.strftime(datefmt)

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line."""
        about = vars(record)
        line: dict[str, Any] = {
            "time": self.formatTime(record, self.datefmt),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_span(),
        }
        system = about.get("log_system", about.get("system", context.system.get()))
        if system != "-":
            line["system"] = system
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            line["exception"] = record.exc_text
        if record.stack_info:
            line["stack"] = self.formatStack(record.stack_info)
        for key, value in about.items():
            if key not in _SAID:
                line[f"{key}_" if key in line else key] = value
        if line.get("why") == line["message"]:
            del line["why"]
        return dumped(line, safeText)


def _span() -> dict[str, str]:
    """The identity of the current span of OpenTelemetry, if the program has any."""
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:
        return {}
    span = trace.get_current_span().get_span_context()
    if not span.is_valid:
        return {}
    return {
        "trace_id": format(span.trace_id, "032x"),
        "span_id": format(span.span_id, "016x"),
    }
