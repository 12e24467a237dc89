"""Observers to be had: a file, the standard library's loggers, a stream for errors."""

from __future__ import annotations

import logging
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

# By its public name, whose addObserver a program may have replaced by its own.
import sennit.core.log as log
from sennit.core.log._event import EventDict, levelOf, recordIn
from sennit.core.log._text import classicLine, classicTime, textFromEventDict

__all__ = ["DefaultObserver", "FileLogObserver", "PythonLoggingObserver", "TextFile"]


class TextFile(Protocol):
    """What a log can be written to: a text file, or what behaves like one."""

    def write(self, text: str, /) -> object:
        """Write the text, a whole line or more."""

    def flush(self) -> object:
        """Make it readable to others."""


class _Startable(ABC):
    """An observer that can enter itself into the log."""

    @abstractmethod
    def emit(self, eventDict: EventDict) -> None:
        """Be told of an event.

        Args:
            eventDict: See `EventDict`.
        """

    def start(self) -> None:
        """Be told of what is logged from now on."""
        log.addObserver(self.emit)

    def stop(self) -> None:
        """Be told no more."""
        log.removeObserver(self.emit)


class FileLogObserver(_Startable):
    """Writes events to a file in the classic form.

    ``2013-03-27 11:05:22-0500 [Counter,0,127.0.0.1] received: 1``

    Attributes:
        timeFormat: How the time is written, for `datetime.strftime`; None is the
            classic form.
    """

    timeFormat: str | None = None

    def __init__(self, f: TextFile) -> None:
        self.write: Callable[[str], object] = f.write
        self.flush: Callable[[], object] = f.flush
        self._lock = threading.RLock()

    def getTimezoneOffset(self, when: float) -> int:
        """How far the machine's time zone was from UTC.

        Args:
            when: Seconds since the epoch.

        Returns:
            Seconds; positive is west.
        """
        offset = datetime.fromtimestamp(when).astimezone().utcoffset()
        return 0 if offset is None else -round(offset.total_seconds())

    def formatTime(self, when: float) -> str:
        """The time as it is written.

        Args:
            when: Seconds since the epoch.
        """
        if self.timeFormat is not None:
            return datetime.fromtimestamp(when).strftime(self.timeFormat)
        return classicTime(when, self.getTimezoneOffset(when))

    def emit(self, eventDict: EventDict) -> None:
        """Write the event, unless it says nothing."""
        text = textFromEventDict(eventDict)
        if text is None:
            return
        when = self.formatTime(eventDict["time"])
        line = classicLine(when, eventDict["system"], text)
        with self._lock:
            self.write(f"{line}\n")
            self.flush()


class PythonLoggingObserver(_Startable):
    """Logs events with a logger of the standard library.

    The log goes by way of the logger ``sennit`` without it. Once this is started, it
    goes by way of this logger instead; what was logged by others stays where it was.
    """

    # Read by the bus, which gives no event to `logging` twice.
    _relays_to_logging = True

    def __init__(self, loggerName: str = "twisted") -> None:
        self.logger: logging.Logger = logging.getLogger(loggerName)

    def emit(self, eventDict: EventDict) -> None:
        """Log the event: an error as critical, unless it has a ``logLevel``."""
        text = textFromEventDict(eventDict)
        if text is None or recordIn(eventDict) is not None:
            return
        level = levelOf(eventDict)
        if eventDict.get("isError") and "logLevel" not in eventDict:
            level = logging.CRITICAL
        self.logger.log(level, "%s", text)


class DefaultObserver(_Startable):
    """Writes the text of errors to a stream.

    Attributes:
        stderr: The stream.
    """

    def __init__(self) -> None:
        self.stderr: TextFile = sys.stderr

    def emit(self, eventDict: EventDict) -> None:
        """Write the event if it is an error."""
        text = textFromEventDict(eventDict)
        if eventDict.get("isError") and text is not None:
            self.stderr.write(f"{text}\n")
            self.stderr.flush()
