"""Events as JSON, and back."""

from __future__ import annotations

import io
import json
import math
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sennit.core.failure import Failure
from sennit.core.logger import (
    FileLogObserver,
    LogEvent,
    Logger,
    LogLevel,
    PredicateResult,
    eventAsJSON,
    eventAsText,
    eventFromJSON,
    extractField,
    formatEvent,
    jsonFileLogObserver,
)


def through(event: LogEvent) -> LogEvent:
    """The event after it was written and read."""
    return eventFromJSON(eventAsJSON(event))


def test_text_and_fields_survive() -> None:
    """Also where the format shows attributes of objects that do not."""

    class Thing:
        number = 7

        def __repr__(self) -> str:
            return "a thing"

    event = {"log_format": "{it} {it.number} {n:03d}", "it": Thing(), "n": 5}
    read = through(event)
    assert formatEvent(read) == formatEvent(event) == "a thing 7 005"
    assert extractField("it.number", read) == 7
    assert read["it"] == {"unpersistable": True}
    assert read["n"] == 5
    assert "log_flattened" not in event


def test_an_event_that_is_read_can_be_written_again() -> None:
    """Nothing more is lost the second time."""
    event = through({"log_format": "{f()} {f()!r}", "f": lambda: "x"})
    assert through(event) == event
    assert formatEvent(through(event)) == "x 'x'"


def test_levels_survive() -> None:
    """A level of another program that we do not have is None."""
    assert through({"log_level": LogLevel.warn, "deep": [LogLevel.info]}) == {
        "log_level": LogLevel.warn,
        "deep": [LogLevel.info],
    }
    text = eventAsJSON({"log_level": LogLevel.warn})
    assert eventFromJSON(text.replace("warn", "loud")) == {"log_level": None}
    assert through({"x": PredicateResult.no}) == {"x": "no"}


def test_failures_survive() -> None:
    """With error, traceback and classes, though not with the exception itself."""

    def divide() -> None:
        _ = 1 // 0

    events: list[LogEvent] = []
    log = Logger("here", observer=events.append)
    with log.failuresHandled("dividing"):
        divide()
    read = through(events[0])
    failure = read["log_failure"]
    assert isinstance(failure, Failure)
    assert failure.check(ArithmeticError)
    assert failure.type is ZeroDivisionError
    assert not failure.check(KeyError)
    assert failure.getErrorMessage() == "integer division or modulo by zero"
    assert failure.getTraceback() == events[0]["log_failure"].getTraceback()
    assert eventAsText(read) == eventAsText(events[0])
    assert through(read)["log_failure"].getTraceback() == failure.getTraceback()


def test_failures_of_classes_that_are_not_here_survive() -> None:
    """They are known by their names."""

    class Local(KeyError):
        pass

    failure = through({"f": Failure(Local("k"))})["f"]
    assert failure.check(KeyError)
    assert failure.check(Local)
    assert failure.type.endswith("Local")
    assert "Local: 'k'" in failure.getTraceback()


@pytest.mark.parametrize(
    "change",
    [
        {"frames": 5},
        {"frames": [["too", "short"]]},
        {"parents": None},
        {"type": "KeyError"},
        {"count": "many"},
    ],
)
def test_what_only_looks_like_a_failure_is_left_as_it_is(
    change: dict[str, Any],
) -> None:
    """A file may hold anything."""
    written = json.loads(eventAsJSON({"f": Failure(KeyError("k"))}))
    written["f"].update(change)
    assert eventFromJSON(json.dumps(written)) == written
    for mark in (5, "unknown", ["e76887e2"], None):
        odd = {"x": {"__class_uuid__": mark, "name": ["info"]}}
        assert eventFromJSON(json.dumps(odd)) == odd


def test_what_json_has_not_is_written_all_the_same() -> None:
    """Bytes as text, other things as the fact that there was one; all on one line."""
    circle: list[Any] = []
    circle.append(circle)
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    event = {
        "bytes": b"\xff\x00",
        "keys": {1: 2, None: 3, (4,): 5},
        "nan": [math.nan, -math.inf, 1.5],
        "big": 10**5000,
        "circle": circle,
        "deep": deep,
        "set": {1},
        "text": "\n\u2028\ud800",
    }
    text = eventAsJSON(event)
    assert "\n" not in text
    read = eventFromJSON(text)
    assert read["bytes"] == "\xff\x00"
    assert read["keys"] == {"1": 2, "None": 3}
    assert read["nan"] == ["nan", "-inf", 1.5]
    assert read["big"] == hex(10**5000)
    assert json.dumps(read["circle"]).count("[") < 40
    assert json.dumps(read["deep"]).count("[") < 40
    assert read["set"] == {"unpersistable": True}
    assert read["text"] == "\n\u2028\ud800"


def test_an_event_without_a_text_is_written_without_one() -> None:
    """The fault shows where it is read."""
    read = through({"log_format": "{missing}", "n": 1})
    assert read == {"log_format": "{missing}", "n": 1}
    assert formatEvent(read).startswith("Unable to format")


@pytest.mark.parametrize("text", ["", "{", "[1]", "5", "nothing", '{"x": 1} more'])
def test_what_is_no_event_is_a_value_error(text: str) -> None:
    """Also JSON that is no object."""
    with pytest.raises(
        ValueError, match=r"JSON|Expecting|Extra data|must be an object"
    ):
        eventFromJSON(text)


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(),
    ),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), JSON))
def test_what_json_has_survives_as_it_is(event: LogEvent) -> None:
    """Whatever its keys are, if they are not the log's own."""
    event.pop("log_format", None)
    assert through(event) == event


ODD = st.one_of(st.binary(), st.floats(), st.complex_numbers(), st.just(object()))


@given(st.dictionaries(st.text() | st.integers() | st.binary(), st.lists(ODD | JSON)))
def test_every_event_can_be_written_and_read(event: LogEvent) -> None:
    """In standard JSON, which has no NaN."""

    def none(name: str) -> None:
        pytest.fail(f"{name} is no JSON")

    text = eventAsJSON(event)
    assert isinstance(json.loads(text, parse_constant=none), dict)


@pytest.mark.parametrize(("separator", "start"), [(None, "\x1e"), ("", ""), ("#", "#")])
def test_an_observer_writes_records(separator: str | None, start: str) -> None:
    """A separator, the JSON, a new line; to files of text and of bytes."""
    text, data = io.StringIO(), io.BytesIO()
    for file in (text, data):
        more = () if separator is None else (separator,)
        observer = jsonFileLogObserver(file, *more)
        assert isinstance(observer, FileLogObserver)
        observer({"n": 1})
        observer({})
    assert text.getvalue() == f'{start}{{"n": 1}}\n{start}{{}}\n'
    assert data.getvalue() == text.getvalue().encode()
