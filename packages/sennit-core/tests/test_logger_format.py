"""Events as text."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sennit.core.failure import Failure
from sennit.core.logger import (
    LogEvent,
    LogLevel,
    eventAsText,
    formatEvent,
    formatEventAsClassicLogText,
    formatTime,
    formatUnformattableEvent,
    formatWithCall,
)


class Mute:
    """Has neither str nor repr."""

    def __repr__(self) -> str:
        raise ZeroDivisionError("mute")


class Thing:
    """Has attributes, items and methods."""

    number = 7

    def __init__(self) -> None:
        self.items: dict[str, object] = {"key": [1, 2, {"deep": 3}]}

    def method(self) -> str:
        return "called"

    def itself(self) -> Thing:
        return self

    def __repr__(self) -> str:
        return "a thing"


@pytest.fixture
def west() -> Iterator[None]:
    """A machine in a zone five hours west of Greenwich."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "XXX+05")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("no fields", "no fields"),
        ("{n}", "42"),
        ("{n!r:>5}|{n:05d}|{n:{width}}", "   42|00042|   42"),
        ("{thing} {thing!r} {thing.number}", "a thing a thing 7"),
        ("{thing.items[key][2][deep]}", "3"),
        ("{f()} {f()!r:>10}", "called   'called'"),
        ("{thing.method()}", "called"),
        ("{thing.itself().itself().number} {g().items[key][0]}", "7 1"),
        ("{{f()}} {f()}", "{f()} called"),
        (b"bytes: {n}", "bytes: 42"),
        (None, ""),
    ],
)
def test_a_format_is_filled(form: object, text: str) -> None:
    """By name, attribute, item and call, with conversion and specification."""
    event = {
        "log_format": form,
        "n": 42,
        "width": 5,
        "thing": Thing(),
        "f": lambda: "called",
        "g": Thing,
    }
    assert formatEvent(event) == text


@pytest.mark.parametrize(
    "form",
    [
        "{missing}",
        "{missing()}",
        "{}",
        "{0} {f()}",
        "{",
        "}",
        "{n!x}",
        "{n.nosuch}",
        "{n[1]}",
        "{n()}",
        "{f()()}",
        "{thing.items[key]()}",
        "{n:nonsense}",
        b"\xff",
        12,
    ],
)
def test_a_format_that_cannot_be_filled_is_a_text_that_says_so(form: object) -> None:
    """With the event, so that nothing of it is lost."""
    event = {"log_format": form, "n": 42, "f": len, "thing": Thing()}
    text = formatEvent(event)
    assert text.startswith("Unable to format event {'log_format': ")
    assert "'n': 42" in text


def test_an_object_without_text_leaves_the_rest_of_the_event() -> None:
    """All of the event that has a text is told, and what was wrong."""
    text = formatEvent({"log_format": "{it}", "it": Mute(), "n": 42})
    assert text.startswith("MESSAGE LOST: unformattable object logged: ")
    assert "Recoverable data: 'log_format' = '{it}', 'it' = <Mute instance at" in text
    assert "'n' = 42" in text
    assert "ZeroDivisionError: mute" in text
    error = ValueError("why")
    assert formatUnformattableEvent({"n": 1}, error) == (
        "Unable to format event {'n': 1}: why"
    )


def test_a_format_alone_can_be_filled() -> None:
    """formatWithCall raises what is wrong."""
    assert formatWithCall("{f()} {n}", {"f": lambda: 1, "n": 2}) == "1 2"
    with pytest.raises(KeyError):
        formatWithCall("{f()}", {})


@given(st.text(), st.dictionaries(st.text(), st.integers()))
def test_no_format_whatever_makes_the_log_fail(form: str, fields: LogEvent) -> None:
    """There is always a text."""
    assert isinstance(formatEvent({**fields, "log_format": form}), str)


@given(st.text().filter(lambda text: "{" not in text and "}" not in text))
def test_a_text_without_fields_is_itself(text: str) -> None:
    """Also with calls in it that are none."""
    assert formatEvent({"log_format": f"{text}()"}) == f"{text}()"


@pytest.mark.usefixtures("west")
def test_a_time_is_written_with_its_zone() -> None:
    """In a form of one's own if wanted, and as a dash where there is none."""
    assert formatTime(1.25) == "1969-12-31T19:00:01-0500"
    assert formatTime(1.25, "%H %f") == "19 250000"
    assert formatTime(None) == formatTime(1.25, None) == "-"
    assert formatTime(None, default="never") == "never"


@pytest.mark.parametrize(
    ("about", "text"),
    [
        ({}, "- [-#-] Hi"),
        ({"log_time": 0.0}, "1969-12-31T19:00:00-0500 [-#-] Hi"),
        ({"log_namespace": "n", "log_level": LogLevel.warn}, "- [n#warn] Hi"),
        ({"log_namespace": "n", "log_level": "odd"}, "- [n#odd] Hi"),
        ({"log_namespace": None, "log_level": None}, "- [-#-] Hi"),
        ({"log_system": "Echo,0", "log_namespace": "n"}, "- [Echo,0] Hi"),
        ({"log_system": Mute()}, "- [UNFORMATTABLE] Hi"),
    ],
)
@pytest.mark.usefixtures("west")
def test_an_event_is_a_line(about: dict[str, Any], text: str) -> None:
    """Time, system (or namespace and level), text."""
    event = {"log_format": "Hi", **about}
    assert eventAsText(event) == text
    assert formatEventAsClassicLogText(event) == f"{text}\n"
    assert eventAsText(event, includeTimestamp=False, includeSystem=False) == "Hi"


def test_an_event_that_says_nothing_is_no_line() -> None:
    """Whatever else is known of it."""
    for event in ({}, {"log_format": "", "log_time": 1.0, "log_system": "x"}):
        assert eventAsText(event) == ""
        assert formatEventAsClassicLogText(event) is None


def test_a_failure_is_shown_with_its_traceback() -> None:
    """Behind the text; in a log's line the lines after the first begin with a tab."""
    event = {"log_format": "oh", "log_failure": Failure(KeyError("k"))}
    assert eventAsText(event).startswith("- [-#-] oh\nTraceback (most recent")
    assert eventAsText(event, includeTraceback=False) == "- [-#-] oh"
    line = formatEventAsClassicLogText(event)
    assert line is not None
    assert "oh\n\tTraceback" in line
    assert "KeyError: 'k'" in line
    assert eventAsText({"log_failure": Failure(KeyError())}).startswith("- [-#-] \n")
    odd = eventAsText({"log_format": "x", "log_failure": object()})
    assert "x\n(UNABLE TO OBTAIN TRACEBACK FROM EVENT):" in odd


def test_the_time_may_be_written_in_a_way_of_ones_own() -> None:
    """The function is given the event's time."""
    event = {"log_format": "x", "log_time": 5.0}
    line = formatEventAsClassicLogText(event, formatTime=lambda when: f"T{when}")
    assert line == "T5.0 [-#-] x\n"
