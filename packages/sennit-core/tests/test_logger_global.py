"""The structured log, the classic log and the standard library's are one log."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sennit.core import log
from sennit.core.failure import Failure
from sennit.core.logger import (
    FilteringLogObserver,
    LegacyLogObserverWrapper,
    LogEvent,
    Logger,
    LogLevel,
    LogPublisher,
    STDLibLogObserver,
    capturedLogs,
    formatEvent,
    globalLogPublisher,
)


class Records(logging.Handler):
    """Keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(record)


@contextmanager
def configured(*handlers: logging.Handler) -> Iterator[io.StringIO]:
    """A program with these handlers and no others; what it shows on stderr."""
    shown = io.StringIO()
    root = logging.getLogger()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(root, "handlers", list(handlers))
        patch.setattr("sys.stderr", shown)
        level = root.level
        root.setLevel(logging.DEBUG if handlers else logging.WARNING)
        yield shown
        assert root.handlers == list(handlers)
        root.setLevel(level)


@contextmanager
def recording() -> Iterator[list[logging.LogRecord]]:
    """What a handler is given in a program that has configured logging."""
    handler = Records()
    with configured(handler):
        yield handler.kept


@contextmanager
def told(form: str) -> Iterator[list[dict[str, Any]]]:
    """What observers of one form are told: ``classic`` or ``structured``."""
    events: list[dict[str, Any]] = []
    publisher: Any = {"classic": log, "structured": globalLogPublisher}[form]
    publisher.addObserver(events.append)
    try:
        yield events
    finally:
        publisher.removeObserver(events.append)


def test_an_event_is_a_record_of_its_namespace() -> None:
    """With level, place and text, and its fields as attributes."""
    with recording() as records:
        Logger("some.where").warn("{n} of {what!r}", n=1, what="x", name="mine")
        [record] = records
        assert record.name == "some.where"
        assert record.levelno == logging.WARNING
        assert record.getMessage() == "1 of 'x'"
        assert record.filename == "test_logger_global.py"
        assert record.funcName == "test_an_event_is_a_record_of_its_namespace"
        assert vars(record)["n"] == 1
        assert vars(record)["log_format"] == "{n} of {what!r}"
        assert vars(record)["log_namespace"] == "some.where"
        assert vars(record)["log_level"] is LogLevel.warn
        assert vars(record)["name_"] == "mine"
        assert not {"log_logger", "log_source", "log_failure"} & vars(record).keys()


def test_a_failure_is_the_exception_of_the_record() -> None:
    """As handlers expect it."""
    with recording() as records:
        error = KeyError("k")
        Logger("n").failure("reading {what}", Failure(error), what="x")
        [record] = records
        assert record.levelno == logging.CRITICAL
        assert record.getMessage() == "reading x"
        assert record.exc_info is not None
        assert record.exc_info[1] is error


def test_an_event_without_a_text_is_a_record_all_the_same() -> None:
    """It has its fields."""
    with recording() as records:
        Logger("n").info(n=1)
        assert [record.getMessage() for record in records] == [""]
        assert vars(records[0])["n"] == 1


def test_the_level_is_that_of_the_configuration() -> None:
    """Of the logger of the namespace, or those around it; observers are told of all."""
    with recording() as records, told("structured") as events:
        logging.getLogger("quiet").setLevel(logging.ERROR)
        Logger("quiet.inner").warn("one")
        Logger("quiet.inner").error("two")
        Logger("other").debug("three")
        logging.getLogger("quiet").setLevel(logging.NOTSET)
        assert [record.getMessage() for record in records] == ["two", "three"]
        assert [formatEvent(event) for event in events] == ["one", "two", "three"]


def test_a_field_may_have_any_name() -> None:
    """Also that of something which a record, or a classic event, has of its own."""
    fields: dict[str, Any] = {"name": "n", "message": "m", "time": 1.0, "system": "s"}
    with recording() as records, told("classic") as events:
        Logger("here").info("{name}{message}{time}{system}", **fields)
        log.msg("x", name="n", args=1)
        assert log.textFromEventDict(events[0]) == records[0].getMessage() == "nm1.0s"
        assert events[0]["time"] > 1.0
        about = vars(records[0])
        assert (about["name"], about["name_"]) == ("here", "n")
        assert (about["message_"], about["time"]) == ("m", 1.0)
        assert vars(records[1])["args_"] == 1


def test_nobody_listens_nothing_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody wants costs a look-up: not even the event is made."""
    monkeypatch.delattr("sennit.core.logger._logger.time")

    class Thing:
        log = Logger()

    with configured():
        Logger("n").info("{x}", x=1)
        Thing().log.emit(LogLevel.debug, "{x}")
        with pytest.raises(NameError):
            Logger("n").error("wanted")


def test_a_text_that_nobody_reads_is_not_made() -> None:
    """A handler that keeps records has not read them, nor has an observer."""
    with recording() as records, told("structured"), told("classic"):
        Logger("n").info("{f()}", f=lambda: pytest.fail("nobody has asked"))
        assert len(records) == 1


def test_faults_with_nobody_listening_are_shown() -> None:
    """On stderr, as those of everybody else are; unless they are discarded."""
    with configured() as shown, pytest.MonkeyPatch.context() as patch:
        Logger("n").info("unseen")
        Logger("n").error("seen")
        Logger("n").failure("broken", Failure(KeyError("k")))
        assert shown.getvalue() == "seen\nbroken\nKeyError: 'k'\n"
        patch.setattr(log.theLogPublisher, "discarding", True)
        Logger("n").error("vanished")
        assert "vanished" not in shown.getvalue()


@pytest.mark.parametrize("form", ["classic", "structured"])
def test_each_event_is_told_and_recorded_once(form: str) -> None:
    """In whatever way it was logged, to observers of either form, and to handlers."""
    with recording() as records, told(form) as events, told("structured") as others:
        Logger("n").info("{x}", x="one")
        log.msg("two")
        logging.getLogger("theirs").info("three")
        texts = [record.getMessage() for record in records]
        assert texts == ["one", "two", "three"]
        assert [record.name for record in records] == ["n", "sennit", "theirs"]
        assert len(events) == len(others) == 3
        assert [formatEvent(event) for event in others] == texts
        if form == "classic":
            assert [log.textFromEventDict(event) for event in events] == texts


def test_a_structured_event_in_the_classic_log() -> None:
    """With the namespace as its system, and its fields; a failure as an error."""
    failure = Failure(KeyError("k"))
    with configured(Records()), told("classic") as events:
        Logger("n").warn("{x}", x=1)
        Logger("n").failure("why", failure, LogLevel.warn)
        first, second = events
        assert (first["system"], first["isError"]) == ("n", 0)
        assert (first["logLevel"], first["x"]) == (logging.WARNING, 1)
        assert second["failure"] is failure
        assert (second["isError"], second["why"]) == (1, "why")


def test_a_classic_event_in_the_structured_log() -> None:
    """With a format that shows its text, its level, and a failure as one."""
    with configured(Records()), told("structured") as events:
        log.msg("a", 1, x=2)
        log.msg(format="%(x)d", x=3, logLevel=logging.DEBUG)
        log.err(KeyError("k"), "why")
        log.err("no exception")
        log.msg()
        assert [formatEvent(event) for event in events] == [
            "a 1",
            "3",
            "why",
            "'no exception'",
            "",
        ]
        levels = [event["log_level"].name for event in events]
        assert levels == ["info", "debug", "critical", "critical", "info"]
        assert {event["log_namespace"] for event in events} == {"log_legacy"}
        assert events[0]["log_time"] == events[0]["time"]
        assert (events[0]["log_system"], events[0]["x"]) == ("-", 2)
        assert events[2]["log_failure"].check(KeyError)
        assert "log_failure" not in events[3]
        assert "log_format" not in events[4]


def test_a_classic_event_with_structured_fields_keeps_them() -> None:
    """Whoever gives them knows better."""
    with configured(Records()), told("structured") as events:
        log.msg("x", log_format="{n}", n=5, log_level=LogLevel.debug, log_namespace="y")
        assert formatEvent(events[0]) == "5"
        assert events[0]["log_level"] is LogLevel.debug
        assert events[0]["log_namespace"] == "y"


def test_a_record_of_others_in_the_structured_log() -> None:
    """With its logger as the namespace, and what it was given as extra."""
    with recording() as records, told("structured") as events:
        theirs = logging.getLogger("their.library")
        theirs.warning("a %s", "b", extra={"rows": 5})
        try:
            _ = 1 // 0
        except ZeroDivisionError:
            theirs.exception("dividing")
        first, second = events
        assert formatEvent(first) == "a b"
        assert first["log_namespace"] == "their.library"
        assert first["log_level"] is LogLevel.warn
        assert first["rows"] == 5
        assert first["record"] is records[0]
        assert formatEvent(second) == "dividing"
        assert second["log_failure"].check(ZeroDivisionError)


def test_what_is_around_is_in_the_event() -> None:
    """The connection that is served, and what callWithContext has said."""
    given: LogEvent = {"log_format": "direct"}
    with recording() as records, told("structured") as events:
        mine = Logger("n")
        around = {"system": "Echo,0", "request": 7, "x": 1}
        log.callWithContext(around, mine.info, "{request} {x}", x=2)
        log.callWithContext(around, globalLogPublisher, given)
        mine.info("outside")
        assert formatEvent(events[0]) == "7 2"
        assert events[0]["log_system"] == "Echo,0"
        assert vars(records[0])["request"] == 7
        assert events[1]["request"] == 7
        assert given == {"log_format": "direct"}
        assert not {"request", "log_system"} & events[2].keys()
        line = log.ClassicFormatter().format(records[0])
        assert "[Echo,0] 7 2" in line


@pytest.mark.parametrize("wrapped", ["bare", "filter", "publisher", "legacy"])
def test_an_observer_that_relays_to_logging_does_so_instead_of_us(wrapped: str) -> None:
    """Each event is one record, of that observer's logger; wrapped or not."""
    observer: Any = STDLibLogObserver("application")
    if wrapped == "filter":
        observer = FilteringLogObserver(observer, [])
    elif wrapped == "publisher":
        observer = LogPublisher(observer)
    elif wrapped == "legacy":
        relaying = log.PythonLoggingObserver("application")
        observer = LegacyLogObserverWrapper(relaying.emit)
    with recording() as records:
        globalLogPublisher.addObserver(observer)
        try:
            Logger("n").info("{x}", x="one")
            log.msg("two")
            logging.getLogger("theirs").info("three")
        finally:
            globalLogPublisher.removeObserver(observer)
        Logger("n").info("four")
        assert [(record.name, record.getMessage()) for record in records] == [
            ("application", "one"),
            ("application", "two"),
            ("theirs", "three"),
            ("n", "four"),
        ]


def test_the_fault_of_an_observer_is_told_to_all_others() -> None:
    """Of either form, and recorded, once each; in which form ever it observes."""

    def broken(event: dict[str, Any]) -> None:
        raise KeyError("k")

    for publisher in (log, globalLogPublisher):
        with recording() as records, told("classic") as old, told("structured") as new:
            publisher.addObserver(broken)
            Logger("n").info("x")
            publisher.removeObserver(broken)
            assert len(old) == len(new) == 2
            assert "has failed" in str(log.textFromEventDict(old[1]))
            assert "has failed" in formatEvent(new[1])
            assert old[1]["failure"].check(KeyError)
            assert new[1]["log_failure"].check(KeyError)
            assert len(records) == 2
            assert records[1].exc_info is not None


def test_a_fault_is_recorded_by_who_relays() -> None:
    """Once, by that observer's logger, whether it observes in one form or the other."""

    def broken(event: dict[str, Any]) -> None:
        raise KeyError("k")

    relaying = log.PythonLoggingObserver("application").emit
    structured = STDLibLogObserver("application")
    for publisher, other in ((log, relaying), (globalLogPublisher, structured)):
        with recording() as records:
            publisher.addObserver(other)
            globalLogPublisher.addObserver(broken)
            Logger("n").info("x")
            globalLogPublisher.removeObserver(broken)
            publisher.removeObserver(other)
            assert [record.name for record in records] == ["application"] * 2


def test_what_an_observer_logs_by_logging_does_not_come_back() -> None:
    """An observer that uses a library which logs is not told of that."""
    events: list[LogEvent] = []

    def observer(event: LogEvent) -> None:
        events.append(event)
        logging.getLogger("library").error("noise")

    with configured(Records()):
        globalLogPublisher.addObserver(observer)
        Logger("n").info("x")
        globalLogPublisher.removeObserver(observer)
        assert len(events) == 1


def test_an_event_may_be_traced_through_the_whole() -> None:
    """Even if nobody listens."""
    trace: list[Any] = []
    mine = Logger("n")
    with configured():
        mine.debug("x", log_trace=trace)
        assert trace == [(mine, globalLogPublisher)]
        with told("structured") as events:
            mine.debug("x", log_trace=trace)
            assert trace[1:] == [
                (mine, globalLogPublisher),
                (globalLogPublisher, events.append),
            ]


def test_the_log_is_as_before_when_the_last_observer_is_gone() -> None:
    """Nothing is left at the root, and nothing more is told."""
    with configured():
        before = log.theLogPublisher.observers
        with capturedLogs() as outer, capturedLogs() as inner:
            Logger("n").info("x")
        Logger("n").info("y")
        assert len(outer) == len(inner) == 1
        assert log.theLogPublisher.observers == before


def test_events_without_a_namespace_can_be_published() -> None:
    """As records of the log's own logger."""
    with recording() as records:
        globalLogPublisher({"log_format": "x"})
        assert [(each.name, each.getMessage()) for each in records] == [("sennit", "x")]
