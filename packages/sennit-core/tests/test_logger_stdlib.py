"""An observer that gives events to a logger of the standard library."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sennit.core.failure import Failure
from sennit.core.logger import (
    LogEvent,
    Logger,
    LogLevel,
    LogPublisher,
    STDLibLogObserver,
    eventAsJSON,
    eventFromJSON,
)


class Records(logging.Handler):
    """Keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(record)


@contextmanager
def recording() -> Iterator[list[logging.LogRecord]]:
    """What the logger ``mine`` is given; it shows it to nobody else."""
    handler = Records()
    logger = logging.getLogger("mine")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(logger, "handlers", [handler])
        patch.setattr(logger, "propagate", False)
        logger.setLevel(logging.DEBUG)
        yield handler.kept
        logger.setLevel(logging.NOTSET)


def test_an_event_is_a_record() -> None:
    """With its level and its text; where no level is told, it is INFO."""
    with recording() as records:
        observer = STDLibLogObserver("mine")
        for level in LogLevel:
            observer({"log_format": "{n}", "n": 1, "log_level": level})
        observer({"log_format": "x"})
        observer({})
        assert [record.levelno for record in records] == [10, 20, 30, 40, 50, 20, 20]
        texts = [record.getMessage() for record in records]
        assert texts == ["1"] * 5 + ["x", ""]
        assert records[0].name == "mine"
        assert STDLibLogObserver().logger.name == "twisted"


def test_a_text_that_nobody_reads_is_not_made() -> None:
    """Neither below the level of the logger, nor where a handler does not ask."""
    with recording() as records:

        def never() -> str:
            pytest.fail("nobody has asked")

        logging.getLogger("mine").setLevel(logging.INFO)
        observer = STDLibLogObserver("mine")
        observer({"log_format": "{f()}", "f": never, "log_level": LogLevel.debug})
        observer({"log_format": "{f()}", "f": never, "log_level": LogLevel.info})
        assert len(records) == 1


def test_a_failure_is_the_exception_of_the_record() -> None:
    """Also one whose traceback is gone; one that was read from a file is text."""
    with recording() as records:
        try:
            _ = 1 // 0
        except ZeroDivisionError:
            failure = Failure()
        observer = STDLibLogObserver("mine")
        event: LogEvent = {"log_format": "x", "log_failure": failure}
        observer(event)
        assert records[0].exc_info is not None
        assert records[0].exc_info[:2] == (ZeroDivisionError, failure.value)
        assert records[0].exc_info[2] is failure.tb
        observer(eventFromJSON(eventAsJSON(event)))
        assert records[1].exc_info is None
        assert records[1].getMessage() == f"x\n{failure.getTraceback()}"
        failure.cleanFailure()
        observer(event)
        assert "ZeroDivisionError" in logging.Formatter().format(records[2])


def here() -> int:
    """The line of the caller."""
    return sys._getframe(1).f_lineno


def test_a_record_names_who_has_emitted() -> None:
    """Whoever stands between: the caller of a Logger, or a frame as far up as told."""
    with recording() as records:
        log = Logger("n", observer=LogPublisher(STDLibLogObserver("mine")))
        log.info("x")
        first = here() - 1
        depth = STDLibLogObserver.defaultStackDepth + 1

        def helper() -> None:
            STDLibLogObserver("mine", stackDepth=depth)({})

        helper()
        second = here() - 1
        places = [(record.filename, record.lineno) for record in records]
        assert places == [
            ("test_logger_stdlib.py", first),
            ("test_logger_stdlib.py", second),
        ]
        assert records[1].funcName == "test_a_record_names_who_has_emitted"


def test_an_event_that_came_from_logging_is_not_sent_back() -> None:
    """A field that is called record does not make it one."""
    with recording() as records:
        observer = STDLibLogObserver("mine")
        observer({"log_format": "x", "record": logging.makeLogRecord({})})
        observer({"log_format": "y", "record": "of a race"})
        assert [record.getMessage() for record in records] == ["y"]
