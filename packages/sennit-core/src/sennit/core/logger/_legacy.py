"""Between the two forms of an event: that of `sennit.core.log`, and the structured one.

Each form has the keys of the other beside its own, in a dictionary of its own: an observer
sees what its kind of observer expects, and nobody else's events change.
"""

from __future__ import annotations

import logging
import time

from sennit.core.log import EventDict, Observer, textFromEventDict
from sennit.core.log._bus import relays
from sennit.core.log._event import recordIn
from sennit.core.log._text import safeText
from sennit.core.logger._contracts import LogEvent
from sennit.core.logger._format import EventText, formatEvent
from sennit.core.logger._levels import LogLevel

__all__ = ["LegacyLogObserverWrapper", "classicOf", "originalOf", "structuredOf"]


class LegacyLogObserverWrapper:
    """Tells an observer of `sennit.core.log` of structured events.

    Args:
        legacyObserver: Told of each event with ``message``, ``time``, ``system`` and
            ``isError``, with ``format`` for its text, and ``failure`` and ``why`` if
            it has a ``log_failure``.
    """

    def __init__(self, legacyObserver: Observer) -> None:
        self.legacyObserver = legacyObserver

    @property
    def _relays_to_logging(self) -> bool:
        return relays(self.legacyObserver)

    def __call__(self, event: LogEvent) -> None:
        """Tell the observer of the event."""
        self.legacyObserver(classicOf(event))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.legacyObserver!r})"


def classicOf(event: LogEvent, elsewhere: str = "-") -> EventDict:
    """The form of `sennit.core.log` of a structured event.

    Args:
        event: The event; what it has in that form already is left as it is.
        elsewhere: The system of an event that has none.
    """
    level = event.get("log_level")
    given: EventDict = {
        "message": (),
        "time": event.get("log_time") or time.time(),
        "system": event.get("log_system") or elsewhere,
        "isError": int(level in (LogLevel.error, LogLevel.critical)),
        "log_legacy": EventText(event),
    }
    if isinstance(level, LogLevel):
        given["logLevel"] = level.number
    if event.get("log_format") is not None:
        given["format"] = "%(log_legacy)s"
    if "log_failure" in event:
        given["failure"] = event["log_failure"]
        given["isError"] = 1
        given["why"] = formatEvent(event)
    return {**given, **event}


def originalOf(event: EventDict) -> LogEvent:
    """The structured form of an event that was told in the form of `sennit.core.log`."""
    text = event.get("log_legacy")
    return text.event if isinstance(text, EventText) else structuredOf(event)


def structuredOf(event: EventDict) -> LogEvent:
    """The structured form of an event that was logged by `sennit.core.log`, or `logging`.

    Args:
        event: The event; what it has in that form already is left as it is.
    """
    record = recordIn(event)
    given: LogEvent = {
        "log_level": LogLevel.ofNumber(_number(event)),
        "log_namespace": "log_legacy" if record is None else record.name,
        "log_time": event.get("time"),
    }
    if "system" in event:
        given["log_system"] = event["system"]
    if event.get("isError") and "failure" in event:
        given["log_failure"] = event["failure"]
        given["log_text"] = safeText(event.get("why") or "Unhandled Error")
    else:
        given["log_text"] = textFromEventDict(event)
    if given["log_text"] is not None:
        given["log_format"] = "{log_text}"
    return {**given, **event}


def _number(event: EventDict) -> int:
    number = event.get("logLevel")
    if isinstance(number, int):
        return number
    return logging.CRITICAL if event.get("isError") else logging.INFO
