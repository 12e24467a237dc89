"""``twisted.python.log``: the log, and the names that only old programs use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from zope.interface import Interface

from sennit.compat.faces.python.context import ILogContext as ILogContext
from sennit.core.log import (
    DefaultObserver as DefaultObserver,
    EventDict as EventDict,
    FileLogObserver as FileLogObserver,
    LogPublisher as LogPublisher,
    PythonLoggingObserver as PythonLoggingObserver,
    StdioOnnaStick as StdioOnnaStick,
    addObserver as addObserver,
    callWithContext as callWithContext,
    callWithLogger as callWithLogger,
    discardLogs as discardLogs,
    err as err,
    msg as msg,
    removeObserver as removeObserver,
    showwarning as showwarning,
    startLogging as startLogging,
    startLoggingWithObserver as startLoggingWithObserver,
    textFromEventDict as textFromEventDict,
    theLogPublisher as theLogPublisher,
)

__all__ = [
    "DefaultObserver",
    "EventDict",
    "FileLogObserver",
    "ILogContext",
    "ILogObserver",
    "LogPublisher",
    "Logger",
    "NullFile",
    "PythonLoggingObserver",
    "StdioOnnaStick",
    "addObserver",
    "callWithContext",
    "callWithLogger",
    "deferr",
    "discardLogs",
    "err",
    "logerr",
    "logfile",
    "msg",
    "removeObserver",
    "showwarning",
    "startLogging",
    "startLoggingWithObserver",
    "textFromEventDict",
    "theLogPublisher",
]

if TYPE_CHECKING:

    class ILogObserver(Protocol):
        """What is told of events in the form of this module."""

        def __call__(self, eventDict: EventDict) -> object:
            """Be told of an event."""

else:

    class ILogObserver(Interface):
        """What is told of events in the form of this module."""

        def __call__(eventDict):  # noqa: N805
            """Be told of an event."""


deferr = err

#: Files whose lines are logged, the second's as errors.
logfile: StdioOnnaStick = StdioOnnaStick(0)
logerr: StdioOnnaStick = StdioOnnaStick(1)


class Logger:
    """Something that has a place in the log: for classes to inherit from."""

    def logPrefix(self) -> str:
        """What stands for this object in the log."""
        return "-"


class NullFile:
    """A file that keeps nothing."""

    def read(self) -> None:
        """Give nothing."""

    def write(self, bytes: str | bytes) -> None:
        """Drop it."""

    def flush(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""
