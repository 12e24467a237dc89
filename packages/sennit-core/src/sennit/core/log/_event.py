"""One thing that was logged: an event is a dictionary of what is known about it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sennit.core.failure import Failure
from sennit.core.log import context
from sennit.core.log._records import STANDARD
from sennit.core.log._text import safeText

__all__ = [
    "EventDict",
    "Observer",
    "eventOf",
    "eventOfRecord",
    "levelOf",
    "recordIn",
]

EventDict: TypeAlias = dict[str, Any]
"""``message``, a tuple of pieces; ``time``, seconds since the epoch; ``system``;
``isError``; for an error ``failure`` and ``why``; ``format``; ``logLevel``, a number of
`logging`; ``record`` if it came by way of `logging`; and whatever else was given."""

Observer: TypeAlias = Callable[[EventDict], object]
"""What is told of events. It must return soon, and leave the dictionary as it is."""


def eventOf(message: tuple[Any, ...], given: Mapping[str, Any]) -> EventDict:
    """The event of a call of ``msg``."""
    return {
        "isError": 0,
        "system": context.system.get(),
        **given,
        "message": message,
        "time": time.time(),
    }


def levelOf(given: Mapping[str, Any]) -> int:
    """The level of `logging` that an event has."""
    level = given.get("logLevel")
    if isinstance(level, int):
        return level
    return logging.ERROR if given.get("isError") else logging.INFO


def eventOfRecord(record: logging.LogRecord) -> EventDict:
    """The event of what somebody has logged by way of the standard library.

    What the record was given as ``extra`` is in the event.
    """
    try:
        text = record.getMessage()
    except Exception:
        text = f"{safeText(record.msg)} (with arguments that do not fit)"
    system = context.system.get()
    about = vars(record)
    event: EventDict = {
        **{key: about[key] for key in about.keys() - STANDARD},
        "isError": int(record.levelno >= logging.ERROR),
        "logLevel": record.levelno,
        "message": (text,),
        "record": record,
        "system": record.name if system == "-" else system,
        "time": record.created,
    }
    if record.exc_info and record.exc_info[1] is not None:
        kind, value, traceback = record.exc_info
        failure = Failure(value, kind, traceback)
        if event["isError"]:
            event.update(message=(), failure=failure, why=text)
        else:
            event["message"] = (f"{text}\n{failure.getTraceback()}",)
    return event


def recordIn(event: Mapping[str, Any]) -> logging.LogRecord | None:
    """The record by which an event came, if it came by way of the standard library."""
    record = event.get("record")
    return record if isinstance(record, logging.LogRecord) else None
