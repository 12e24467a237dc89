"""What is kept of an event when its objects are gone."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sennit.core.logger import LogEvent, extractField, flattenEvent, formatEvent


class Thing:
    """Has an attribute and a method."""

    number = 7

    def method(self) -> str:
        return "called"


def flat(form: str, **fields: Any) -> LogEvent:
    """The event, flattened, and with its objects gone."""
    event = {"log_format": form, **fields}
    flattenEvent(event)
    return {key: event[key] for key in ("log_format", "log_flattened") if key in event}


def test_text_and_value_of_each_field_are_kept() -> None:
    """By name, conversion and specification, numbered where they repeat."""
    event = flat("{t.number} {n!r:>4} {t.number} {t.number!s}", t=Thing(), n=5)
    assert event["log_flattened"] == {
        "t.number!s:": "7",
        "t.number!:": 7,
        "n!r:>4": "   5",
        "n!:>4": 5,
        "t.number!s:/2": "7",
        "t.number!:/2": 7,
        "t.number!s:/3": "7",
        "t.number!:/3": 7,
    }
    assert formatEvent(event) == "7    5 7 7"


def test_what_is_called_is_called_once_for_each_field() -> None:
    """And not again when the text is made, nor when it is flattened again."""
    numbers = iter(range(9))
    event: LogEvent = {"log_format": "{f()} {f()}", "f": lambda: next(numbers)}
    flattenEvent(event)
    kept = dict(event["log_flattened"])
    assert formatEvent(event) == "0 1"
    event["f"] = lambda: pytest.fail("it is flat already")
    flattenEvent(event)
    assert event["log_flattened"] == kept


@pytest.mark.parametrize("form", [None, b"{n}", "no fields"])
def test_an_event_without_fields_stays_as_it_is(form: object) -> None:
    """There is nothing to keep."""
    event = {"log_format": form, "n": 1}
    flattenEvent(event)
    assert "log_flattened" not in event


@pytest.mark.parametrize("form", ["{missing}", "{}", "{n!x}", "{n.nosuch}"])
def test_an_event_without_a_text_cannot_be_flattened(form: str) -> None:
    """It raises what is wrong, and leaves the event as it was."""
    event = {"log_format": form, "n": 1}
    with pytest.raises((AttributeError, LookupError, ValueError)):
        flattenEvent(event)
    assert "log_flattened" not in event


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("t.number", 7),
        ("t.number!r", "7"),
        ("t.method()", "called"),
        ("items[1]", "b"),
        ("n", 5),
        ("n!s", "5"),
    ],
)
def test_a_field_can_be_asked_for(field: str, value: object) -> None:
    """Of an event as it was emitted, and of one that has lost its objects."""
    fields = {"t": Thing(), "items": ["a", "b"], "n": 5}
    assert extractField(field, fields) == value
    assert extractField(field, flat(f"{{{field}}}", **fields)) == value


@pytest.mark.parametrize(
    "field", ["missing", "t.nosuch", "t[0]", "n()", "", "a}{b", "{", "n.."]
)
def test_a_field_that_is_not_there_is_a_key_error(field: str) -> None:
    """Whatever is wrong with it."""
    with pytest.raises(KeyError):
        extractField(field, {"t": Thing(), "n": 5})


def test_what_was_not_flattened_is_taken_from_the_event() -> None:
    """Keys that the format does not show."""
    event = {"log_format": "{n}", "n": 1, "log_namespace": "x"}
    flattenEvent(event)
    assert extractField("log_namespace", event) == "x"


NAMES = st.text(string.ascii_lowercase, min_size=1, max_size=3)
VALUES = st.one_of(st.integers(), st.floats(), st.text(), st.none(), st.booleans())
SHOWN = st.tuples(st.text(), NAMES, st.sampled_from(["", "!r", "!s", "!a"]))


@given(st.lists(SHOWN), st.data())
def test_a_flat_event_has_the_same_text(
    parts: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    """Whatever text there is between fields, and however often one is shown."""
    fields = {name: data.draw(VALUES) for _, name, _ in parts}
    escaped = [
        text.replace("{", "{{").replace("}", "}}") + f"{{{name}{conversion}}}"
        for text, name, conversion in parts
    ]
    form = "".join(escaped)
    event = {"log_format": form, **fields}
    assert formatEvent(flat(form, **fields)) == formatEvent(event)
