"""Events as text. It never raises: a text that says why is better than none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sennit.core.failure import Failure
from sennit.core.failure._text import safeRepr
from sennit.core.logger._contracts import LogEvent
from sennit.core.logger._fields import formatWithCall
from sennit.core.logger._flatten import flatFormat

__all__ = [
    "EventText",
    "eventAsText",
    "formatEvent",
    "formatEventAsClassicLogText",
    "formatTime",
    "formatUnformattableEvent",
    "timeFormatRFC3339",
]

timeFormatRFC3339: str = "%Y-%m-%dT%H:%M:%S%z"
"""``2013-10-22T14:19:11-0700``, for `datetime.strftime`."""


def formatEvent(event: LogEvent) -> str:
    """The text of an event: its ``log_format`` filled with its fields.

    Args:
        event: One that was flattened is shown as it was then.

    Returns:
        "" for an event without a format; for one whose format cannot be filled, a
        text that says why.
    """
    try:
        form = event.get("log_format")
        if form is None:
            return ""
        if "log_flattened" in event:
            return flatFormat(event)
        if isinstance(form, bytes):
            form = form.decode("utf-8")
        elif not isinstance(form, str):
            raise TypeError(f"a format must be a str, not {form!r}")
        return formatWithCall(form, event)
    except Exception as error:
        return formatUnformattableEvent(event, error)


def formatUnformattableEvent(event: LogEvent, error: BaseException) -> str:
    """A text for an event that has none, with all that can be told of it.

    Args:
        event: The event.
        error: Why it has no text.
    """
    try:
        return f"Unable to format event {event!r}: {error}"
    except Exception:
        failure = Failure()
        pairs = (f"{safeRepr(key)} = {safeRepr(event[key])}" for key in event)
        return (
            f"MESSAGE LOST: unformattable object logged: {safeRepr(error)}\n"
            f"Recoverable data: {', '.join(pairs)}\n"
            f"Exception during formatting:\n{failure.getTraceback()}"
        )


class EventText:
    """The text of an event, made when it is looked at.

    Attributes:
        event: The event, which is not changed any more.
    """

    __slots__ = ("event",)

    def __init__(self, event: LogEvent) -> None:
        self.event = event

    def __str__(self) -> str:
        return formatEvent(self.event)


def formatTime(
    when: float | None,
    timeFormat: str | None = timeFormatRFC3339,
    default: str = "-",
) -> str:
    """A time as text, in the zone of the machine.

    Args:
        when: Seconds since the epoch.
        timeFormat: How, for `datetime.strftime`; it knows ``%f``, microseconds.
        default: The text where ``when`` or ``timeFormat`` is None.
    """
    if when is None or timeFormat is None:
        return default
    return datetime.fromtimestamp(when).astimezone().strftime(timeFormat)


def eventAsText(
    event: LogEvent,
    includeTraceback: bool = True,
    includeTimestamp: bool = True,
    includeSystem: bool = True,
    formatTime: Callable[[float | None], str] = formatTime,
) -> str:
    """An event as ``time [system] text`` and its traceback.

    Args:
        event: The event.
        includeTraceback: Show the traceback of ``log_failure``.
        includeTimestamp: Begin with the time.
        includeSystem: Show ``log_system`` or else ``log_namespace#log_level``.
        formatTime: Makes text of ``log_time``, which may be None.

    Returns:
        "" for an event that has neither a text nor a traceback.
    """
    text = formatEvent(event)
    if includeTraceback and "log_failure" in event:
        text = f"{text}\n{_traceback(event['log_failure'])}"
    if not text:
        return text
    stamp = f"{formatTime(event.get('log_time'))} " if includeTimestamp else ""
    system = f"[{_system(event)}] " if includeSystem else ""
    return f"{stamp}{system}{text}"


def formatEventAsClassicLogText(
    event: LogEvent, formatTime: Callable[[float | None], str] = formatTime
) -> str | None:
    """An event as a line of a log, or several: those after the first begin with a tab.

    Args:
        event: The event.
        formatTime: Makes text of ``log_time``, which may be None.

    Returns:
        None for an event that has neither a text nor a traceback.
    """
    text = eventAsText(event, formatTime=formatTime)
    if not text:
        return None
    indented = text.replace("\n", "\n\t")
    return f"{indented}\n"


def _traceback(failure: Any) -> str:
    try:
        return str(failure.getTraceback())
    except Exception as error:
        return f"(UNABLE TO OBTAIN TRACEBACK FROM EVENT):{error}"


def _system(event: LogEvent) -> str:
    system = event.get("log_system")
    if system is None:
        level = event.get("log_level")
        named = "-" if level is None else getattr(level, "name", level)
        whose = event.get("log_namespace")
        system = f"{'-' if whose is None else whose}#{named}"
    try:
        return str(system)
    except Exception:
        return "UNFORMATTABLE"
