from __future__ import annotations

import logging
import types
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from sennit.compat.faces import logger
from sennit.compat.faces.logger import Logger, LoggingFile, LogLevel, LogPublisher
from sennit.compat.faces.python import context, log as face
from sennit.core import log
from sennit.core.failure import Failure

Events = list[dict[str, Any]]


@pytest.fixture
def classic() -> Iterator[Events]:
    """What the log tells its observers."""
    events: Events = []
    log.addObserver(events.append)
    yield events
    log.removeObserver(events.append)


@pytest.fixture
def modern() -> Iterator[Events]:
    """What the global publisher tells its observers."""
    events: Events = []
    logger.globalLogPublisher.addObserver(events.append)
    yield events
    logger.globalLogPublisher.removeObserver(events.append)


def test_an_event_reaches_the_log_as_text_with_its_fields(classic: Events) -> None:
    Logger("here").warn("{n} of {what!r}, {f()}", n=1, what="x", f=lambda: "called")
    (event,) = classic
    assert log.textFromEventDict(event) == "1 of 'x', called"
    assert event["n"] == 1
    assert event["logLevel"] == logging.WARNING


def test_an_event_reaches_the_observers_of_the_global_publisher(modern: Events) -> None:
    Logger("here").info("{n}", n=1)
    (event,) = modern
    assert event["log_level"] is LogLevel.info
    assert event["log_namespace"] == "here"
    assert logger.formatEvent(event) == "1"


def test_what_is_logged_the_old_way_reaches_them_too(modern: Events) -> None:
    log.msg("old", "words")
    log.err(KeyError("x"), "why")
    assert logger.formatEvent(modern[0]) == "old words"
    assert modern[0]["log_level"] is LogLevel.info
    assert modern[1]["log_level"] is LogLevel.critical
    assert modern[1]["log_failure"].check(KeyError)


def test_a_failure_is_logged_as_one(classic: Events, modern: Events) -> None:
    try:
        raise KeyError("x")
    except KeyError:
        Logger("here").failure("it is {what}", what="broken")
    assert modern[0]["log_failure"].check(KeyError)
    assert classic[0]["isError"]
    assert classic[0]["why"] == "it is broken"
    assert classic[0]["failure"].check(KeyError)


def test_each_method_has_its_level() -> None:
    events: Events = []
    mine = Logger("here", observer=events.append)
    for level in LogLevel.iterconstants():
        getattr(mine, level.name)("text")
    assert [event["log_level"] for event in events] == list(LogLevel)
    assert sorted(LogLevel, reverse=True)[0] is LogLevel.critical
    assert LogLevel.levelWithName("warn") is LogLevel.warn
    with pytest.raises(logger.InvalidLogLevelError):
        LogLevel.levelWithName("loud")


def test_a_level_that_is_none_is_itself_logged() -> None:
    events: Events = []
    Logger("here", observer=events.append).emit("loud", "text")
    assert events[0]["log_failure"].check(logger.InvalidLogLevelError)


def test_a_logger_of_a_class_knows_who_uses_it() -> None:
    events: Events = []

    class User:
        log = Logger(observer=events.append)

    user = User()
    user.log.info("x")
    User.log.info("x")
    assert [event["log_source"] for event in events] == [user, User]
    assert events[0]["log_namespace"].endswith("User")
    assert Logger().namespace == __name__


def test_a_format_that_cannot_be_filled_is_a_text_that_says_so() -> None:
    assert "Unable to format" in logger.formatEvent({"log_format": "{nosuch}"})
    assert logger.formatEvent({}) == ""
    assert logger.formatEvent({"log_format": b"bytes"}) == "bytes"


def test_the_fault_of_one_observer_harms_no_other(classic: Events) -> None:
    events: Events = []

    def broken(event: dict[str, Any]) -> None:
        raise ValueError("broken")

    publisher = LogPublisher(broken, events.append)
    publisher({"log_format": "x"})
    publisher.removeObserver(broken)
    publisher({"log_format": "y"})
    assert len(events) == 2
    assert classic[0]["failure"].check(ValueError)


def test_each_line_that_is_written_is_an_event() -> None:
    events: Events = []
    file = LoggingFile(Logger("here", observer=events.append), LogLevel.error, "utf-8")
    file.write("one\ntw")
    file.write(b"o\nrest")
    file.writelines(["\n", "x"])
    assert [event["log_io"] for event in events] == ["one", "two", "rest"]
    assert {event["log_level"] for event in events} == {LogLevel.error}
    assert file.encoding == "utf-8"
    assert file.writable()


def test_beginning_sends_prints_and_warnings_to_the_observers() -> None:
    events: Events = []
    stdio = types.SimpleNamespace(stdout=None, stderr=None)
    module = types.SimpleNamespace(showwarning=warnings.showwarning)
    beginner = logger.LogBeginner(LogPublisher(), stdio.stderr, stdio, module)
    beginner.beginLoggingTo([events.append])
    print("printed", file=stdio.stdout)
    module.showwarning(UserWarning("careful"), UserWarning, "file.py", 7)
    assert logger.formatEvent(events[0]) == "printed"
    assert logger.formatEvent(events[1]) == "file.py:7: builtins.UserWarning: careful"


class TestOldLog:
    def test_the_context_of_the_log_can_be_asked_for(self) -> None:
        def ask() -> Any:
            return context.get(face.ILogContext)

        assert ask() == {"isError": 0, "system": "-"}
        found = log.callWithContext({"system": "Here", "x": 1}, ask)
        assert found == {"isError": 0, "system": "Here", "x": 1}

    def test_a_line_written_to_the_log_file_is_logged(self, classic: Events) -> None:
        face.logfile.write("a line\n")
        face.deferr(Failure(KeyError()))
        assert [log.textFromEventDict(classic[0]), classic[1]["isError"]] == [
            "a line",
            1,
        ]

    def test_a_null_file_keeps_nothing(self) -> None:
        file = face.NullFile()
        file.write("x")
        file.flush()
        file.close()
        assert file.read() is None  # type: ignore[func-returns-value]
        assert face.Logger().logPrefix() == "-"
