"""The bus of the log is the standard library's `logging`.

What is logged here becomes a record of the logger ``sennit``, which goes wherever the
program has configured records to go; and what anybody logs by way of the standard
library is told to our observers. Three rules keep the two from harming each other:

* **Nobody listens, nothing is made.** The logger's own level is not set: what it lets
  pass is what the program has told `logging`. An event that neither the logger nor an
  observer wants costs a look-up. So the observers cannot hang on the logger (they want
  messages that the program's handlers do not), and are told directly; only the records
  of others reach them through a handler at the root, which is there while they are.
* **What is logged while logging does not come back.** A handler may print, an observer
  may use a library that logs: while a thread is delivering, what it prints goes to the
  real streams (`StdioOnnaStick`), and the records of others are no events.
* **To observe is not to take over.** `logging` shows on stderr what no handler takes;
  our handler at the root must not end that by being there. It passes on what
  it alone was given, until `startLogging` has said where the log goes.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeAlias

from sennit.core.log import context
from sennit.core.log._event import (
    EventDict,
    Observer,
    eventOf,
    eventOfRecord,
    levelOf,
)
from sennit.core.log._observers import PythonLoggingObserver
from sennit.core.log._publisher import LogPublisher
from sennit.core.log._text import safeText, textFromEventDict

__all__ = ["Bus", "delivering"]

_ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None]

_ROOM = __name__.rpartition(".")[0]

# What a record calls its own, and what it says in its own way: never fields of ours.
_RESERVED = frozenset(
    [*vars(logging.makeLogRecord({})), "asctime", "failure", "message", "time"]
)


class _Delivering(threading.local):
    """Whether this thread is telling somebody of an event right now."""

    now = False


delivering = _Delivering()


class _RootHandler(logging.NullHandler):
    """Tells the observers of the records that others make.

    Like its base it takes no lock: an observer may wait for a thread that logs.
    """

    def __init__(self, bus: Bus) -> None:
        super().__init__()
        self._bus = bus

    def handle(self, record: logging.LogRecord) -> bool:
        if not delivering.now:
            self._bus.tell(eventOfRecord(record))
        if not self._bus.started and self.hasAlone(record):
            _last_resort(record)
        return True

    def hasAlone(self, record: logging.LogRecord) -> bool:
        """Whether no handler but this one is given the record."""
        place: logging.Logger | None = logging.getLogger(record.name)
        while place is not None:
            if any(handler is not self for handler in place.handlers):
                return False
            place = place.parent
        return True


class Bus(LogPublisher):
    """The publisher that the whole program shares.

    Attributes:
        started: The observers that the log was given to: while there are any, the
            program has said where its log goes.
    """

    def __init__(self, logger: logging.Logger) -> None:
        super().__init__()
        self.started: tuple[Observer, ...] = ()
        self._ended: Callable[[], None] = lambda: None
        self._logger = logger
        self._handler = _RootHandler(self)
        # Whether an observer gives the events to a logger in the place of ours.
        self._relayed = False
        self._ticket = 0

    def start(self, observer: Observer, ended: Callable[[], None]) -> None:
        """Give the log to an observer.

        Args:
            observer: Told of every event.
            ended: Called when the last one that was given the log is removed.
        """
        self.addObserver(observer)
        self.started = (*self.started, observer)
        self._ended = ended

    def addObserver(self, other: Observer) -> None:
        """Tell ``other`` of every event from now on, and of others' records."""
        if not self._observers:
            self._ticket = context.showSystem()
            logging.getLogger().addHandler(self._handler)
        super().addObserver(other)
        self._relayed = any(map(_relays, self._observers))

    def removeObserver(self, other: Observer) -> None:
        """Tell ``other`` no more; nothing happens if it never was told."""
        super().removeObserver(other)
        self._relayed = any(map(_relays, self._observers))
        if self.started:
            self.started = tuple(o for o in self.started if o in self._observers)
            if not self.started:
                self._ended()
        if not self._observers:
            context.hideSystem(self._ticket)
            logging.getLogger().removeHandler(self._handler)

    def msg(self, *message: Any, **kw: Any) -> None:
        """Log a message; see `LogPublisher.msg`."""
        around = context.fields.get()
        given = {**around, **kw} if around else kw
        recorded = self._logger.isEnabledFor(levelOf(given)) and not self._relayed
        if recorded or self._observers:
            self._publish(eventOf(message, given), recorded)

    def tell(self, event: EventDict) -> None:
        """Tell the observers, and nobody else."""
        self._publish(event, False)

    def _publish(self, event: EventDict, recorded: bool) -> None:
        outermost = not delivering.now
        delivering.now = True
        try:
            if recorded:
                self._record(event)
            self._deliver(event, self._observers)
        finally:
            if outermost:
                delivering.now = False

    def _record(self, event: EventDict) -> logging.LogRecord | None:
        """Give the event to the program's handlers, if it says anything."""
        exc_info = _exc_info(event)
        if exc_info is None:
            text = textFromEventDict(event)
        else:
            text = safeText(event.get("why") or "Unhandled Error")
        if text is None:
            return None
        path, line, function = _caller()
        record = self._logger.makeRecord(
            self._logger.name,
            levelOf(event),
            path,
            line,
            text,
            (),
            exc_info,
            func=function,
        )
        about = vars(record)
        for key in event.keys() - _RESERVED:
            about.setdefault(key, event[key])
        self._logger.handle(record)
        return record

    def _complain(self, event: EventDict, others: tuple[Observer, ...]) -> None:
        record = self._record(event)
        if others:
            self._deliver(event, others)
        elif self.started and record is not None and self._handler.hasAlone(record):
            # The log itself is broken, and nobody is left to say so.
            _last_resort(record)


def _last_resort(record: logging.LogRecord) -> None:
    """Show on stderr what nobody else shows."""
    handler = logging.lastResort
    if handler is not None and record.levelno >= handler.level:
        handler.handle(record)


def _relays(observer: Observer) -> bool:
    return isinstance(getattr(observer, "__self__", None), PythonLoggingObserver)


def _exc_info(event: EventDict) -> _ExcInfo | None:
    failure = event.get("failure")
    error = getattr(failure, "value", None)
    if not event.get("isError") or failure is None:
        return None
    if not isinstance(error, BaseException):
        return None
    return type(error), error, failure.getTracebackObject()


def _caller() -> tuple[str, int, str]:
    """File, line and function of the first frame outside of this room."""
    frame = sys._getframe(1)
    while frame.f_back is not None:
        if not str(frame.f_globals.get("__name__")).startswith(_ROOM):
            break
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name
