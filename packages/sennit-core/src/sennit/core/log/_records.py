"""Events as records of the standard library, and what a record has of its own."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Any, TypeAlias

__all__ = ["STANDARD", "caller", "describe", "recordOf"]

_ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None]

# The rooms of the log (`sennit.core.logger` begins so, too): no caller is in them.
_ROOMS = __name__.rpartition(".")[0]

STANDARD = frozenset([*vars(logging.makeLogRecord({})), "asctime", "message"])
"""The attributes that every record has, whoever made it."""

# What a record says in its own way.
_CLASSIC = frozenset(["failure", "message", "time"])

# The same; and objects that would live as long as the record does, and could not be sent
# to another process with it.
_STRUCTURED = frozenset(["log_failure", "log_logger", "log_source", "log_trace"])


def recordOf(
    logger: logging.Logger, level: int, text: object, failure: Any, depth: int = 1
) -> logging.LogRecord:
    """Make a record that tells of an event.

    Args:
        logger: Whose record it is.
        level: A number of `logging`.
        text: What the record says; turned into a `str` only by who wants to read it.
        failure: A `Failure`, shown as the record's exception; None if there is none.
        depth: How many frames to leave out, in looking for the caller.
    """
    path, line, function = caller(depth + 1)
    return logger.makeRecord(
        logger.name, level, path, line, text, (), _exc_info(failure), func=function
    )


def describe(record: logging.LogRecord, event: Mapping[str, Any]) -> None:
    """Give a record the fields of an event as attributes, but for what it says already.

    A field that has the name of what every record has gets ``_`` behind it.
    """
    about = vars(record)
    unsaid = _CLASSIC
    if "log_legacy" in event:
        # This is but the classic form: the fields are those that were emitted.
        unsaid = _STRUCTURED
        event = event["log_legacy"].event
    for key, value in event.items():
        if isinstance(key, str) and key not in unsaid:
            about.setdefault(f"{key}_" if key in STANDARD else key, value)


def caller(depth: int = 1) -> tuple[str, int, str]:
    """File, line and function of the first frame outside of the log's rooms.

    Args:
        depth: How many frames are left out before.
    """
    frame = sys._getframe(depth)
    while frame.f_back is not None:
        if not str(frame.f_globals.get("__name__")).startswith(_ROOMS):
            break
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name


def _exc_info(failure: Any) -> _ExcInfo | None:
    error = getattr(failure, "value", None)
    if not isinstance(error, BaseException):
        return None
    return type(error), error, failure.getTracebackObject()
