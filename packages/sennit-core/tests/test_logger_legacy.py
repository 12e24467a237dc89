"""Structured events for observers of the classic log."""

from __future__ import annotations

import logging
import time

import pytest

from sennit.core import log
from sennit.core.failure import Failure
from sennit.core.logger import LegacyLogObserverWrapper, LogEvent, LogLevel


def told(event: LogEvent) -> log.EventDict:
    """What a classic observer is told of a structured event, which stays as it is."""
    before = dict(event)
    events: list[log.EventDict] = []
    LegacyLogObserverWrapper(events.append)(event)
    assert event == before
    [found] = events
    return found


def test_an_event_has_what_classic_observers_expect() -> None:
    """Beside all that it had; its text is found as theirs is."""
    event = {
        "log_format": "{n} of {log_system}",
        "log_level": LogLevel.warn,
        "log_system": "Echo,0",
        "log_time": 5.0,
        "n": 1,
    }
    found = told(event)
    assert event.items() <= found.items()
    assert found["message"] == ()
    assert found["time"] == 5.0
    assert found["system"] == "Echo,0"
    assert found["isError"] == 0
    assert found["logLevel"] == logging.WARNING
    assert log.textFromEventDict(found) == "1 of Echo,0"


def test_an_event_of_which_nothing_is_known_is_told_as_well() -> None:
    """Without system, as of now, and without a text."""
    before = time.time()
    found = told({})
    assert before <= found["time"] <= time.time()
    assert (found["system"], found["isError"]) == ("-", 0)
    assert log.textFromEventDict(found) is None


@pytest.mark.parametrize("level", LogLevel)
def test_errors_are_events_from_that_level_on(level: LogLevel) -> None:
    """Also without any failure."""
    assert told({"log_level": level})["isError"] == int(level >= LogLevel.error)


def test_a_failure_is_an_error() -> None:
    """With the event's text as the why."""
    failure = Failure(KeyError("k"))
    event = {"log_failure": failure, "log_format": "{n}", "n": 1}
    found = told({**event, "log_level": LogLevel.debug})
    assert found["failure"] is failure
    assert (found["isError"], found["why"]) == (1, "1")
    text = log.textFromEventDict(found)
    assert text is not None
    assert text.startswith("1\nTraceback")
    silent = log.textFromEventDict(told({"log_failure": failure}))
    assert silent is not None
    assert silent.startswith("Unhandled Error\n")


def test_what_is_in_the_classic_form_already_stays() -> None:
    """Whoever has put it there knows better."""
    event = {
        "log_failure": Failure(KeyError("k")),
        "log_format": "x",
        "failure": "theirs",
        "format": "%(n)d",
        "isError": 0,
        "logLevel": 7,
        "message": ("m",),
        "n": 1,
        "system": "s",
        "time": 1,
        "why": "w",
    }
    assert event.items() <= told(event).items()


def test_the_wrapper_shows_whom_it_wraps() -> None:
    """In its repr."""
    assert repr(LegacyLogObserverWrapper(len)) == (
        "LegacyLogObserverWrapper(<built-in function len>)"
    )
