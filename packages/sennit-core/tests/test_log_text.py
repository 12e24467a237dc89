"""Events as text, and the classic line."""

from __future__ import annotations

import io
import logging
from typing import Any

import pytest

from sennit.core import log
from sennit.core.failure import Failure


class Mute:
    """Has neither str nor repr."""

    def __repr__(self) -> str:
        raise ZeroDivisionError


def written(event: dict[str, Any]) -> str:
    file = io.StringIO()
    observer = log.FileLogObserver(file)
    observer.emit({"time": 0, "system": "-", "isError": 0, "message": (), **event})
    return file.getvalue()


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ({"message": ("a", 1, b"c")}, "a 1 c"),
        ({"message": (), "format": "%(n)d bytes", "n": 5}, "5 bytes"),
        ({"message": ("said",), "format": "not %(n)d"}, "said"),
        ({"message": ("alone",), "isError": 1}, "alone"),
        ({"message": (), "isError": 0}, None),
    ],
)
def test_the_text_of_an_event(event: dict[str, Any], text: str | None) -> None:
    """The pieces come before the format; an event may say nothing."""
    assert log.textFromEventDict(event) == text


def test_an_error_is_why_and_traceback() -> None:
    """The text of an error begins with why, and has the failure's traceback."""
    try:
        _ = 1 // 0
    except ZeroDivisionError:
        failure = Failure()
    text = log.textFromEventDict({"isError": 1, "failure": failure, "why": "dividing"})
    assert text is not None
    assert text.startswith("dividing\nTraceback")
    assert "ZeroDivisionError" in text
    anonymous = log.textFromEventDict({"isError": 1, "failure": failure})
    assert anonymous is not None
    assert anonymous.startswith("Unhandled Error\n")


def test_a_failure_without_traceback_is_said_to_be_so() -> None:
    """What stands for a failure but has no traceback does not break the log."""
    text = log.textFromEventDict({"isError": 1, "failure": object()})
    assert text is not None
    assert "(unable to obtain traceback)" in text


@pytest.mark.parametrize(
    ("event", "part"),
    [
        ({"message": (Mute(),)}, "<Mute instance at 0x"),
        ({"format": "%(a)s", "a": Mute()}, "UNFORMATTABLE OBJECT"),
        ({"format": "%(absent)s"}, "Invalid format string"),
        ({"format": 42}, "Invalid format string"),
        ({"format": Mute()}, "PATHOLOGICAL ERROR"),
        ({"message": ("a",), "system": Mute()}, "UNFORMATTABLE OBJECT"),
    ],
)
def test_what_has_no_text_makes_a_line_all_the_same(
    event: dict[str, Any], part: str
) -> None:
    """An object or format that fails is one line that says so."""
    line = written(event)
    assert part in line
    assert line.count("\n") == 1


def test_the_lines_after_the_first_are_indented() -> None:
    """A message of several lines is one entry, its continuation marked by tabs."""
    assert written({"message": ("one\ntwo",), "system": "S"}).endswith(
        " [S] one\n\ttwo\n"
    )


def test_an_event_that_says_nothing_is_not_written() -> None:
    """No text, no line."""
    assert written({}) == ""


@pytest.mark.parametrize(
    ("west", "text"),
    [
        (18000, "2001-02-02 23:05:06-0500"),
        (-3600, "2001-02-03 05:05:06+0100"),
        (5400, "2001-02-03 02:35:06-0130"),
        (1800, "2001-02-03 03:35:06-0030"),
        (-1800, "2001-02-03 04:35:06+0030"),
    ],
)
def test_times_show_their_zone(
    west: int, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time is local, with its offset from UTC in hours and minutes."""
    observer = log.FileLogObserver(io.StringIO())
    monkeypatch.setattr(observer, "getTimezoneOffset", lambda when: west)
    assert observer.formatTime(981173106) == text


def test_a_time_format_of_ones_own() -> None:
    """timeFormat is given to strftime, microseconds included."""
    observer = log.FileLogObserver(io.StringIO())
    observer.timeFormat = "%Y %f"
    assert observer.formatTime(112345.6) == "1970 600000"


def test_the_formatter_writes_what_the_observer_writes() -> None:
    """ClassicFormatter gives any handler of the standard library the classic line."""
    record = logging.makeLogRecord(
        {"msg": "a %s", "args": ("b",), "created": 981173106}
    )
    record.system = "Counter,0,127.0.0.1"
    line = log.ClassicFormatter().format(record)
    event = {"time": 981173106, "system": "Counter,0,127.0.0.1", "message": ("a b",)}
    assert f"{line}\n" == written(event)


def test_the_formatter_shows_tracebacks_and_the_names_of_other_loggers() -> None:
    """A record of another logger bears its name; its traceback is indented."""
    try:
        _ = 1 // 0
    except ZeroDivisionError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.makeLogRecord({"name": "db", "msg": "broken", "exc_info": info})
    line = log.ClassicFormatter("%H").format(record)
    assert "[db] broken\n\tTraceback" in line
    assert line.endswith("\tZeroDivisionError: integer division or modulo by zero")
