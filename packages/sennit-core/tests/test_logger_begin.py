"""Saying where the structured log goes."""
# ruff: noqa: T201 - printing is what is tested

from __future__ import annotations

import io
import logging
import sys
import types
import warnings
from typing import Any

import pytest

from sennit.core import log
from sennit.core.failure import Failure
from sennit.core.logger import (
    LogBeginner,
    LogEvent,
    Logger,
    LoggingFile,
    LogLevel,
    LogPublisher,
    formatEvent,
    globalLogBeginner,
    globalLogPublisher,
    textFileLogObserver,
)


class Program:
    """A program with a publisher, streams and warnings of its own."""

    def __init__(self, **how: Any) -> None:
        self.publisher = LogPublisher()
        self.errors = io.StringIO()
        self.streams = types.SimpleNamespace(stdout=io.StringIO(), stderr=io.StringIO())
        self.shown: list[tuple[object, ...]] = []
        show = lambda *args: self.shown.append(args)  # noqa: E731
        self.warnings = types.SimpleNamespace(showwarning=show)
        self.beginner = LogBeginner(
            self.publisher, self.errors, self.streams, self.warnings, **how
        )
        self.log = Logger("program", observer=self.publisher)


def texts(events: list[LogEvent]) -> list[str]:
    """What the events say."""
    return [formatEvent(event) for event in events]


def test_what_was_logged_before_is_told_when_the_log_begins() -> None:
    """To all observers, once, and then what comes."""
    program = Program()
    program.log.info("{x}", x="early")
    told: tuple[list[LogEvent], list[LogEvent]] = [], []
    program.beginner.beginLoggingTo(each.append for each in told)
    program.log.info("late")
    for events in told:
        assert texts(events) == ["early", "late"]


@pytest.mark.parametrize(("how", "kept"), [({}, 200), ({"initialBufferSize": 3}, 3)])
def test_so_many_events_are_remembered(how: dict[str, int], kept: int) -> None:
    """The last ones."""
    program = Program(**how)
    for n in range(300):
        program.log.info("{n}", n=n)
    told: list[LogEvent] = []
    program.beginner.beginLoggingTo([told.append])
    assert texts(told) == [str(n) for n in range(300 - kept, 300)]


def test_what_is_remembered_may_be_discarded() -> None:
    """Then only what comes is told."""
    program = Program()
    program.log.info("early")
    told: list[LogEvent] = []
    program.beginner.beginLoggingTo([told.append], discardBuffer=True)
    program.log.info("late")
    assert texts(told) == ["late"]


def test_critical_events_are_shown_until_the_log_begins() -> None:
    """With their tracebacks, on the stream for errors; and not after it."""
    program = Program()
    program.log.error("not shown")
    program.log.critical("shown")
    program.log.failure("broken", Failure(KeyError("k")))
    program.beginner.beginLoggingTo([])
    program.log.critical("not shown any more")
    text = program.errors.getvalue()
    assert text.startswith("shown\nbroken\nTraceback")
    assert text.endswith("KeyError: 'k'\n\n")
    assert "not shown" not in text


def test_a_broken_observer_does_not_spoil_the_beginning() -> None:
    """The others are told of its failure."""
    program = Program()
    program.log.info("early")
    told: list[LogEvent] = []

    def broken(event: LogEvent) -> None:
        raise KeyError

    program.beginner.beginLoggingTo([broken, told.append])
    assert texts(told)[0] == "early"
    assert told[1]["observer"] is broken
    assert len(told) == 2


def test_beginning_twice_is_told() -> None:
    """With both places; the observers are told from then on."""
    program = Program()
    first: list[LogEvent] = []
    second: list[LogEvent] = []
    program.beginner.beginLoggingTo([first.append])
    streams = vars(program.streams).copy()
    program.log.info("between")
    program.beginner.beginLoggingTo([second.append])
    [warning] = second
    assert first[-1] is warning
    assert warning["log_level"] is LogLevel.warn
    assert __file__ in warning["then"]
    assert __file__ in warning["now"]
    assert warning["now"] != warning["then"]
    assert vars(program.streams) == streams


def test_what_is_printed_is_logged() -> None:
    """Each line an event, those of stderr errors; or nothing, if it is not wanted."""
    program = Program()
    told: list[LogEvent] = []
    program.beginner.beginLoggingTo([told.append])
    print("out", file=program.streams.stdout)
    print("err", file=program.streams.stderr)
    levels = [(event["log_namespace"], event["log_level"].name) for event in told]
    assert levels == [("stdout", "info"), ("stderr", "error")]
    assert texts(told) == ["out", "err"]
    other = Program()
    before = vars(other.streams).copy()
    other.beginner.beginLoggingTo([told.append], redirectStandardIO=False)
    assert vars(other.streams) == before


def test_warnings_are_logged() -> None:
    """Unless they are to be written to a file."""
    program = Program()
    told: list[LogEvent] = []
    program.beginner.beginLoggingTo([told.append])
    show = program.warnings.showwarning
    show(UserWarning("careful"), UserWarning, "file.py", 3)
    show("careful", UserWarning, "file.py", 3, sys.stdout, "line")
    assert texts(told) == ["file.py:3: builtins.UserWarning: careful"]
    assert told[0]["log_level"] is LogLevel.warn
    assert program.shown == [("careful", UserWarning, "file.py", 3, sys.stdout, "line")]


class Run:
    """The program's own log, begun, with nothing else at the root of `logging`."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(logging.getLogger(), "handlers", [])
        self.out: Any = io.StringIO()
        self.err: Any = io.StringIO()
        patch.setattr(sys, "stdout", self.out)
        patch.setattr(sys, "stderr", self.err)
        self.beginner = LogBeginner(
            globalLogPublisher, self.err, sys, warnings, initialBufferSize=10
        )
        self.told: list[LogEvent] = []

    def begin(self) -> None:
        self.beginner.beginLoggingTo([self.told.append])

    def end(self) -> None:
        globalLogPublisher.removeObserver(self.told.append)


def test_the_program_log_is_one_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remembered and told are all three kinds; faults are shown until it begins."""
    run = Run(monkeypatch)
    Logger("n").error("one")
    log.msg("two")
    logging.getLogger("theirs").warning("three")
    assert run.err.getvalue() == "one\nthree\n"
    run.begin()
    Logger("n").critical("four")
    log.err("five")
    logging.getLogger("theirs").error("six")
    print("seven")
    run.end()
    assert texts(run.told) == ["one", "two", "three", "four", "'five'", "six", "seven"]
    assert run.err.getvalue() == "one\nthree\n"


def test_all_is_given_back_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the last observer is removed; also if the classic log was begun as well."""
    show = warnings.showwarning
    run = Run(monkeypatch)
    run.begin()
    assert isinstance(sys.stdout, LoggingFile)
    assert warnings.showwarning == run.beginner.showwarning
    classic = io.StringIO()
    observer = log.startLogging(classic)
    assert observer is not None
    print("printed")
    run.end()
    assert log.theLogPublisher.started
    observer.stop()
    assert (sys.stdout, sys.stderr) == (run.out, run.err)
    assert warnings.showwarning is show
    assert classic.getvalue().count("printed") == 1
    assert log.theLogPublisher.observers == []
    assert logging.getLogger().handlers == []
    Logger("n").error("shown again")
    assert run.err.getvalue() == "shown again\n"


def test_an_observer_may_print(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it prints goes to the real stream, not round and round."""
    run = Run(monkeypatch)

    def observer(event: LogEvent) -> None:
        print("seen", formatEvent(event))

    run.beginner.beginLoggingTo([observer])
    print("x")
    Logger("n").info("y")
    globalLogPublisher.removeObserver(observer)
    assert run.out.getvalue() == "seen x\nseen y\n"


def test_a_log_that_is_broken_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the only one given the log fails, its error appears on stderr."""
    run = Run(monkeypatch)

    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    observer = textFileLogObserver(Full())
    run.beginner.beginLoggingTo([observer], redirectStandardIO=False)
    Logger("n").info("x")
    globalLogPublisher.removeObserver(observer)
    assert "No space left on device" in run.err.getvalue()


def test_the_program_pays_nothing_for_a_beginner_it_does_not_use() -> None:
    """The one there is remembers nothing, and observes nothing."""
    assert isinstance(globalLogBeginner, LogBeginner)
    assert not log.theLogPublisher.observed
