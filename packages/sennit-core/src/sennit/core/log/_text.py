"""Events and objects as text, whatever they are: the log must not fail in saying so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

__all__ = ["classicLine", "classicTime", "formatted", "safeText", "textFromEventDict"]


def safeText(thing: object) -> str:
    """``str(thing)``, or what can be told of something that has no text."""
    try:
        if isinstance(thing, bytes):
            return thing.decode("utf-8", "backslashreplace")
        return str(thing)
    except Exception as error:
        kind = type(thing).__name__
        return (
            f"<{kind} instance at {id(thing):#x} without text: {type(error).__name__}>"
        )


def formatted(form: Any, values: Mapping[str, Any]) -> str:
    """``form % values``, or a text that says why not."""
    try:
        # A format that is no str (42 % values) fails here as it should.
        return str(form % values)
    except Exception:
        try:
            return (
                "Invalid format string or unformattable object in log message: "
                f"{form!r}, {dict(values)!r}"
            )
        except Exception:
            try:
                return f"UNFORMATTABLE OBJECT in log message, lost; format: {form!r}"
            except Exception:
                return "PATHOLOGICAL ERROR: neither values nor format have a text"


def textFromEventDict(eventDict: dict[str, Any]) -> str | None:
    """The text of an event.

    Args:
        eventDict: An error's text is its ``why`` and its ``failure``'s traceback, that
            of others the pieces of ``message`` or ``format`` filled with the event.

    Returns:
        None for an event that says nothing.
    """
    failure = eventDict.get("failure")
    if eventDict.get("isError") and failure is not None:
        why = eventDict.get("why")
        headline = safeText(why) if why else "Unhandled Error"
        try:
            return f"{headline}\n{failure.getTraceback()}"
        except Exception as error:
            return f"{headline}\n(unable to obtain traceback): {safeText(error)}"
    pieces = eventDict.get("message")
    if pieces:
        return " ".join(map(safeText, pieces))
    if "format" in eventDict:
        return formatted(eventDict["format"], eventDict)
    return None


def classicTime(when: float, secondsWest: int | None = None) -> str:
    """``2013-03-27 11:05:22-0500``.

    Args:
        when: Seconds since the epoch.
        secondsWest: The time zone, seconds west of UTC; None is that of the machine.
    """
    if secondsWest is None:
        then = datetime.fromtimestamp(when).astimezone()
    else:
        then = datetime.fromtimestamp(when, UTC).astimezone(
            timezone(timedelta(seconds=-secondsWest))
        )
    return then.strftime("%Y-%m-%d %H:%M:%S%z")


def classicLine(when: str, system: object, text: str) -> str:
    """``when [system] text``; the lines after the first are indented by a tab."""
    return formatted(
        "%(time)s [%(system)s] %(text)s",
        {"time": when, "system": system, "text": text.replace("\n", "\n\t")},
    )
