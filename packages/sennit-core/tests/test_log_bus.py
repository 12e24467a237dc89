"""The log as a part of the standard library's logging."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sennit.core import log
from sennit.core.failure import Failure
from sennit.core.log import context


@contextmanager
def configured(*handlers: logging.Handler) -> Iterator[io.StringIO]:
    """A program with these handlers and no others; what it shows on stderr.

    (pytest has handlers of its own at the root, which it sets for each phase of a test.)
    """
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


class Records(logging.Handler):
    """Keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(record)


@contextmanager
def recording() -> Iterator[list[logging.LogRecord]]:
    """What a handler is given in a program that has configured logging."""
    handler = Records()
    with configured(handler):
        yield handler.kept


def test_errors_with_nobody_listening_are_shown() -> None:
    """Without any configuration errors go to stderr with traceback, messages not."""
    with configured() as bare:
        log.msg("unseen")
        try:
            _ = 1 // 0
        except ZeroDivisionError:
            log.err(None, "dividing")
        text = bare.getvalue()
        assert text.startswith("dividing\nTraceback")
        assert "ZeroDivisionError: integer division" in text
        assert "unseen" not in text


def test_a_mere_observer_does_not_hide_errors() -> None:
    """Errors, ours and others', are still shown while somebody looks on."""
    with configured() as bare:
        told: list[log.EventDict] = []
        log.addObserver(told.append)
        log.err(KeyError("k"), "ours")
        logging.getLogger("theirs").warning("theirs")
        log.msg("unseen")
        log.removeObserver(told.append)
        assert len(told) == 3
        assert "ours\nKeyError: 'k'\n" in bare.getvalue()
        assert bare.getvalue().endswith("theirs\n")


def test_discarded_errors_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """After discardLogs what nobody listens to vanishes."""
    with configured() as bare:
        monkeypatch.setattr(log.theLogPublisher, "discarding", False)
        log.discardLogs()
        log.err(KeyError("k"))
        assert bare.getvalue() == ""


def test_errors_are_not_discarded_where_a_handler_takes_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """discardLogs is about what would appear on stderr, and nothing else."""
    with recording() as records:
        monkeypatch.setattr(log.theLogPublisher, "discarding", True)
        log.err(KeyError("k"))
        assert len(records) == 1


def test_messages_are_records() -> None:
    """A configured program sees a record with level, place and fields."""
    with recording() as records:
        log.msg(format="%(count)d bytes", count=5, system="Echo,0")
        [record] = records
        assert record.name == "sennit"
        assert record.levelno == logging.INFO
        assert record.getMessage() == "5 bytes"
        assert record.filename == "test_log_bus.py"
        assert record.funcName == "test_messages_are_records"
        assert vars(record)["count"] == 5
        assert vars(record)["system"] == "Echo,0"


def test_errors_are_records_with_exc_info() -> None:
    """A failure is a record's exc_info, so that handlers show it as they do others."""
    with recording() as records:
        error = KeyError("k")
        log.err(Failure(error), "reading")
        log.err("no exception", logLevel=logging.CRITICAL)
        first, second = records
        assert first.levelno == logging.ERROR
        assert first.getMessage() == "reading"
        assert first.exc_info is not None
        assert first.exc_info[1] is error
        assert second.levelno == logging.CRITICAL
        assert second.getMessage() == "'no exception'"


def test_fields_do_not_overwrite_what_a_record_is() -> None:
    """A keyword with the name of a record's own attribute is left to observers."""
    with recording() as records:
        log.msg("x", name="mine", args=1, module="mine")
        assert records[0].name == "sennit"
        assert records[0].getMessage() == "x"


def test_the_level_is_that_of_the_configuration() -> None:
    """Handlers do not get what is below the level, observers do, and once each."""
    with recording() as records:
        told: list[log.EventDict] = []
        logging.getLogger().setLevel(logging.WARNING)
        log.addObserver(told.append)
        log.msg("quiet")
        log.msg("loud", logLevel=logging.WARNING)
        log.removeObserver(told.append)
        assert [record.getMessage() for record in records] == ["loud"]
        assert [event["message"] for event in told] == [("quiet",), ("loud",)]


def test_observers_are_told_of_the_records_of_others() -> None:
    """Anybody's record is an event, with logger or system, level and failure."""
    with recording() as records:
        told: list[log.EventDict] = []
        log.addObserver(told.append)
        other = logging.getLogger("some.library")
        other.info("a %s", "b")
        try:
            _ = 1 // 0
        except ZeroDivisionError:
            log.callWithContext({"system": "S"}, other.exception, "dividing")
            other.warning("odd", exc_info=True)
        other.info("%d", "no number")
        log.removeObserver(told.append)
        first, second, third, fourth = told
        assert (first["message"], first["system"]) == (("a b",), "some.library")
        assert not first["isError"]
        assert first["record"] is records[0]
        assert second["failure"].check(ZeroDivisionError)
        assert (second["why"], second["system"]) == ("dividing", "S")
        assert third["message"][0].startswith("odd\nTraceback")
        assert fourth["message"] == ("%d (with arguments that do not fit)",)


def test_what_an_observer_logs_by_logging_does_not_come_back() -> None:
    """An observer that uses a library which logs is not told of that."""
    told: list[log.EventDict] = []

    def observer(event: log.EventDict) -> None:
        told.append(event)
        logging.getLogger("library.of.the.observer").error("noise")

    log.addObserver(observer)
    log.msg("x")
    log.removeObserver(observer)
    assert [event["message"] for event in told] == [("x",)]


def test_a_program_relayed_by_python_logging_observer_logs_once() -> None:
    """Once it is started records bear its logger's name, instead of ours."""
    with recording() as records:
        observer = log.PythonLoggingObserver("application")
        observer.start()
        log.msg("hello")
        log.err(KeyError("k"), "reading")
        logging.getLogger("other").info("theirs")
        observer.stop()
        log.msg("over")
        assert [(each.name, each.levelname) for each in records] == [
            ("application", "INFO"),
            ("application", "CRITICAL"),
            ("other", "INFO"),
            ("sennit", "INFO"),
        ]
        assert "KeyError" in records[1].getMessage()


def test_a_log_that_is_broken_says_so() -> None:
    """When the only one given the log fails, its error appears on stderr."""
    with configured() as bare:

        class Full(io.StringIO):
            def write(self, text: str) -> int:
                raise OSError(28, "No space left on device")

        observer = log.startLogging(Full(), setStdout=False)
        assert observer is not None
        observer.stop()
        assert "No space left on device" in bare.getvalue()


def test_system_is_shown_while_somebody_looks() -> None:
    """Connections need their system only while an observer or handler shows it."""
    before = context.showsSystem()
    ticket = context.showSystem()
    log.addObserver(repr)
    context.hideSystem(ticket)
    assert context.showsSystem()
    log.removeObserver(repr)
    assert context.showsSystem() == before


def test_nobody_listens_nothing_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that nobody wants costs a look-up: not even the event is made."""
    monkeypatch.delattr("sennit.core.log._bus.eventOf")
    with configured():
        log.msg("x", format="%(y)s")
        with pytest.raises(NameError):
            log.err(KeyError("wanted"))
