"""Observers and what they are told."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from sennit.core import log
from sennit.core.failure import Failure, NoCurrentExceptionError


@pytest.fixture
def events() -> Iterator[list[log.EventDict]]:
    """What the program's log tells an observer."""
    told: list[log.EventDict] = []
    log.addObserver(told.append)
    yield told
    log.removeObserver(told.append)


def test_a_message_is_an_event(events: list[log.EventDict]) -> None:
    """The pieces, the keywords, the time and the system of the moment are told."""
    log.msg("a", 1, colour="red")
    [event] = events
    assert event["message"] == ("a", 1)
    assert event["colour"] == "red"
    assert event["system"] == "-"
    assert not event["isError"]
    assert event["time"] > 0


def test_context_is_part_of_events(events: list[log.EventDict]) -> None:
    """Inner contexts win over outer ones, and the message's keywords over both."""
    log.callWithContext(
        {"system": "outer", "a": 1, "b": 1, "c": 1},
        log.callWithContext,
        {"b": 2, "c": 2},
        log.msg,
        "x",
        c=3,
    )
    log.msg("y")
    first, second = events
    assert [first[key] for key in ("system", "a", "b", "c")] == ["outer", 1, 2, 3]
    assert second["system"] == "-"
    assert "a" not in second


@pytest.mark.parametrize("error", [KeyError("k"), Failure(KeyError("k"))])
def test_an_error_is_told_as_failure(
    error: object, events: list[log.EventDict]
) -> None:
    """Exceptions and Failures are told as a Failure, with why."""
    log.err(error, "reading")
    [event] = events
    assert event["isError"]
    assert event["why"] == "reading"
    assert event["failure"].check(KeyError)


def test_the_error_being_handled_is_the_default(events: list[log.EventDict]) -> None:
    """Without an argument the current exception is logged."""
    try:
        _ = 1 // 0
    except ZeroDivisionError:
        log.err()
    assert events[0]["failure"].check(ZeroDivisionError)
    with pytest.raises(NoCurrentExceptionError):
        log.err()


def test_an_error_may_be_anything(events: list[log.EventDict]) -> None:
    """What is no exception is an error's message by its repr."""
    log.err("out of cheese")
    assert events[0]["isError"]
    assert events[0]["message"] == ("'out of cheese'",)


def test_a_broken_observer_harms_nobody() -> None:
    """All others are told the event, then the error; the broken one stays."""

    def broken(event: log.EventDict) -> None:
        raise ZeroDivisionError

    publisher = log.LogPublisher()
    before: list[log.EventDict] = []
    after: list[log.EventDict] = []
    for observer in (before.append, broken, after.append):
        publisher.addObserver(observer)
    for _ in range(2):
        publisher.msg("x")
    for told in (before, after):
        assert [bool(event["isError"]) for event in told] == [False, True, False, True]
        assert told[1]["failure"].check(ZeroDivisionError)
    assert publisher.observers == [before.append, broken, after.append]


def test_two_broken_observers_do_not_complain_for_ever() -> None:
    """Each complaint leaves out who has failed, so that it comes to an end."""
    calls: list[str] = []

    def broken(event: log.EventDict) -> None:
        calls.append("broken")
        raise ZeroDivisionError

    def also(event: log.EventDict) -> None:
        calls.append("also")
        raise KeyError

    publisher = log.LogPublisher()
    publisher.addObserver(broken)
    publisher.addObserver(also)
    publisher.msg("x")
    assert calls == ["broken", "also", "also", "broken"]


def test_removing_who_never_was_there_is_nothing() -> None:
    """removeObserver does not mind."""
    publisher = log.LogPublisher()
    publisher.removeObserver(repr)
    log.removeObserver(repr)
    assert publisher.observers == []


def test_warnings_are_messages() -> None:
    """showwarning logs a warning at that level, or writes it to the file given."""
    told: list[log.EventDict] = []
    publisher = log.LogPublisher()
    publisher.addObserver(told.append)
    publisher.showwarning(UserWarning("careful"), UserWarning, "file.py", 27)
    [event] = told
    text = log.textFromEventDict(event)
    assert text == "file.py:27: builtins.UserWarning: careful"
    assert event["logLevel"] == logging.WARNING
    file = io.StringIO()
    publisher.showwarning("careful", UserWarning, "file.py", 27, file, "some code")
    assert file.getvalue() == "file.py:27: UserWarning: careful\n  some code\n"
    assert len(told) == 1


def test_call_with_logger_names_and_catches(events: list[log.EventDict]) -> None:
    """logPrefix is the system, and what the function raises is logged under it."""

    class Prefixed:
        def logPrefix(self) -> str:
            return "Counter,0"

    def work(fail: bool) -> str:
        log.msg("working")
        if fail:
            raise KeyError
        return "done"

    assert log.callWithLogger(Prefixed(), work, False) == "done"
    assert log.callWithLogger(Prefixed(), work, fail=True) is None
    assert {event["system"] for event in events} == {"Counter,0"}
    assert events[-1]["failure"].check(KeyError)


def test_call_with_a_logger_that_cannot_tell_its_prefix(
    events: list[log.EventDict],
) -> None:
    """The function is called all the same, and the fault is logged."""
    assert log.callWithLogger(object(), int, "7") == 7
    assert events[0]["failure"].check(AttributeError)


def test_default_observer_shows_errors() -> None:
    """DefaultObserver writes errors, and nothing else, to its stream."""
    observer = log.DefaultObserver()
    observer.stderr = stream = io.StringIO()
    observer.start()
    log.msg("all is well")
    log.err(KeyError(), "The reason")
    observer.stop()
    log.err(KeyError(), "Unseen")
    assert stream.getvalue().startswith("The reason\n")
    assert "KeyError" in stream.getvalue()
    assert "well" not in stream.getvalue()
    assert "Unseen" not in stream.getvalue()
