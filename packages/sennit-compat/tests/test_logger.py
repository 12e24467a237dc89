"""The logs of old programs: they are ours, and each other's."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from zope.interface.verify import verifyObject

from sennit.compat.aliases import ALIASES
from sennit.compat.faces.python import context, log as face
from sennit.core import log, logfile, logger
from sennit.core.failure import Failure

Events = list[dict[str, Any]]

# What the documentation of ``twisted.logger`` and ``twisted.python.logfile`` lists.
LOGGER = [
    "FileLogObserver",
    "FilteringLogObserver",
    "ILogFilterPredicate",
    "ILogObserver",
    "InvalidLogLevelError",
    "LegacyLogObserverWrapper",
    "LimitedHistoryLogObserver",
    "LogBeginner",
    "LogEvent",
    "LogLevel",
    "LogLevelFilterPredicate",
    "LogPublisher",
    "Logger",
    "LoggingFile",
    "Operation",
    "PredicateResult",
    "STDLibLogObserver",
    "capturedLogs",
    "eventAsJSON",
    "eventAsText",
    "eventFromJSON",
    "eventsFromJSONLogFile",
    "extractField",
    "formatEvent",
    "formatEventAsClassicLogText",
    "formatTime",
    "globalLogBeginner",
    "globalLogPublisher",
    "jsonFileLogObserver",
    "textFileLogObserver",
    "timeFormatRFC3339",
]
LOGFILE = ["BaseLogFile", "DailyLogFile", "LogFile", "LogReader"]

OLD = """
import sys
from zope.interface import implementer
from twisted.logger import (
    ILogObserver, Logger, LogLevel, formatEvent, globalLogBeginner, textFileLogObserver
)
from twisted.python import log, logfile

@implementer(ILogObserver)
class Counter:
    count = 0
    def __call__(self, event):
        self.count += 1

counter = Counter()
file = logfile.LogFile.fromFullPath(sys.argv[1], rotateLength=None)
globalLogBeginner.beginLoggingTo([textFileLogObserver(file, None), counter])
Logger("new").info("{a[0]} {b()}", a=[1], b=lambda: 2)
log.msg("old")
print("printed")
try:
    1 / 0
except ZeroDivisionError:
    log.err(None, "why")
sys.__stdout__.write(str(counter.count))
"""


@pytest.fixture
def classic() -> Iterator[Events]:
    """What the log tells its observers."""
    events: Events = []
    log.addObserver(events.append)
    yield events
    log.removeObserver(events.append)


def test_the_names_of_old_programs_are_our_own_modules() -> None:
    """With every name that is documented."""
    for alias, ours, names in (
        ("twisted.logger", logger, LOGGER),
        ("twisted.python.logfile", logfile, LOGFILE),
    ):
        assert importlib.import_module(ALIASES[alias]) is ours
        assert [name for name in names if not hasattr(ours, name)] == []


def test_both_interfaces_of_observers_are_there() -> None:
    """An observer is told by them in which form it wants its events."""
    old: Any = face.ILogObserver
    new: Any = logger.ILogObserver
    assert old is not new
    assert old["__call__"].getSignatureString() == "(eventDict)"
    assert verifyObject(new, logger.globalLogPublisher)
    assert not old.providedBy(logger.globalLogPublisher)


def test_a_program_with_both_logs_has_one(tmp_path: Path) -> None:
    """Each event is written once, whoever has logged it."""
    program = tmp_path / "old.py"
    program.write_text(OLD)
    written = tmp_path / "program.log"
    done = subprocess.run(
        [sys.executable, "-m", "sennit.compat", program, written],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "4")
    lines = written.read_text().splitlines()
    assert lines[:4] == [
        "- [new#info] 1 2",
        "- [-] old",
        "- [stdout#info] printed",
        "- [-] why",
    ]
    assert lines[-2:] == ["\tbuiltins.ZeroDivisionError: division by zero", "\t"]


def test_the_context_of_the_log_can_be_asked_for() -> None:
    """By its key, as all context can."""

    def ask() -> Any:
        return context.get(face.ILogContext)

    assert ask() == {"isError": 0, "system": "-"}
    found = log.callWithContext({"system": "Here", "x": 1}, ask)
    assert found == {"isError": 0, "system": "Here", "x": 1}


def test_a_line_written_to_the_log_file_is_logged(classic: Events) -> None:
    """And what is given to deferr is an error."""
    face.logfile.write("a line\n")
    face.deferr(Failure(KeyError()))
    assert log.textFromEventDict(classic[0]) == "a line"
    assert classic[1]["isError"] == 1


def test_a_null_file_keeps_nothing() -> None:
    """And the Logger of old is a base class."""
    file = face.NullFile()
    file.write("x")
    file.flush()
    file.close()
    assert file.read() is None  # type: ignore[func-returns-value]
    assert face.Logger().logPrefix() == "-"
