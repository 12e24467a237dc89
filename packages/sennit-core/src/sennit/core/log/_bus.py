"""The bus of the log is the standard library's `logging`.

What is logged here becomes a record of the logger ``sennit``, or of that of its namespace
(`sennit.core.logger`), which goes wherever the program has configured records to go; and
what anybody logs by way of the standard library is told to our observers. Three rules keep the two from harming each other:

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
  it alone was given, until the program has said where the log goes (`Bus.start`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from sennit.core.log import context
from sennit.core.log._event import (
    EventDict,
    Observer,
    eventOf,
    eventOfRecord,
    levelOf,
)
from sennit.core.log._publisher import LogPublisher
from sennit.core.log._records import describe, recordOf
from sennit.core.log._text import safeText, textFromEventDict

__all__ = ["Bus", "delivering", "relays"]


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
        observed: Whether there are observers.
        discarding: Whether errors that nobody listens to vanish.
    """

    def __init__(self, logger: logging.Logger) -> None:
        super().__init__()
        self.started: tuple[Observer, ...] = ()
        self.observed: bool = False
        self.discarding: bool = False
        # What start was given, until none of those started is left.
        self._ended: list[Callable[[], None]] = []
        self._logger = logger
        self._handler = _RootHandler(self)
        self._ticket = 0

    def start(self, observer: Observer, ended: Callable[[], None]) -> None:
        """Give the log to an observer.

        Args:
            observer: Told of every event.
            ended: Called when the last one that was given the log is removed.
        """
        self.addObserver(observer)
        self.started = (*self.started, observer)
        self._ended.append(ended)

    def addObserver(self, other: Observer) -> None:
        """Tell ``other`` of every event from now on, and of others' records."""
        if not self._observers:
            self._ticket = context.showSystem()
            logging.getLogger().addHandler(self._handler)
        super().addObserver(other)
        self.observed = True

    def removeObserver(self, other: Observer) -> None:
        """Tell ``other`` no more; nothing happens if it never was told."""
        super().removeObserver(other)
        if self.started:
            self.started = tuple(o for o in self.started if o in self._observers)
            while not self.started and self._ended:
                self._ended.pop()()
        self.observed = bool(self._observers)
        if not self.observed:
            context.hideSystem(self._ticket)
            logging.getLogger().removeHandler(self._handler)

    def msg(self, *message: Any, **kw: Any) -> None:
        """Log a message; see `LogPublisher.msg`."""
        around = context.fields.get()
        given = {**around, **kw} if around else kw
        if self.observed or self._logger.isEnabledFor(levelOf(given)):
            self.publish(eventOf(message, given), self._logger)

    def publish(self, event: EventDict, logger: logging.Logger) -> None:
        """Publish an event: as a record, and to the observers.

        Args:
            event: All that is known of it.
            logger: Whose record it becomes, if the program's handlers want it.
        """
        recorded = logger.isEnabledFor(levelOf(event))
        if recorded and any(map(relays, self._observers)):
            recorded = False
        self._publish(event, logger if recorded else None)

    def tell(self, event: EventDict) -> None:
        """Tell the observers, and nobody else."""
        self._publish(event, None)

    def complain(
        self,
        event: EventDict,
        logger: logging.Logger,
        others: tuple[Observer, ...],
        elsewhere: tuple[Observer, ...] = (),
    ) -> None:
        """Publish the failure of an observer.

        Args:
            event: What is known of it.
            logger: Whose record it becomes.
            others: The observers that are left.
            elsewhere: Those who are told by the caller.
        """
        record = None
        if not any(map(relays, (*others, *elsewhere))):
            record = self._record(event, logger)
        if others:
            self._deliver(event, others)
        elif record and not elsewhere and self.started and self._alone(record):
            # The log itself is broken, and nobody is left to say so.
            _last_resort(record)

    def _publish(self, event: EventDict, logger: logging.Logger | None) -> None:
        outermost = not delivering.now
        delivering.now = True
        try:
            if logger is not None:
                self._record(event, logger)
            self._deliver(event, self._observers)
        finally:
            if outermost:
                delivering.now = False

    def _record(
        self, event: EventDict, logger: logging.Logger
    ) -> logging.LogRecord | None:
        """Give the event to the program's handlers, if it says anything."""
        failure = event.get("failure") if event.get("isError") else None
        text: object
        if failure is None:
            # The text of an event with a format of fields is made by who reads it.
            text = event.get("log_legacy") or textFromEventDict(event)
        elif isinstance(getattr(failure, "value", None), BaseException):
            text = safeText(event.get("why") or "Unhandled Error")
        else:
            text = textFromEventDict(event)
        if text is None:
            return None
        record = recordOf(logger, levelOf(event), text, failure)
        describe(record, event)
        if not (self.discarding and self._alone(record)):
            logger.handle(record)
        return record

    def _complain(self, event: EventDict, others: tuple[Observer, ...]) -> None:
        self.complain(event, self._logger, others)

    def _alone(self, record: logging.LogRecord) -> bool:
        return self._handler.hasAlone(record)


def _last_resort(record: logging.LogRecord) -> None:
    """Show on stderr what nobody else shows."""
    handler = logging.lastResort
    if handler is not None and record.levelno >= handler.level:
        handler.handle(record)


def relays(observer: Observer) -> bool:
    """Whether an observer gives what it is told to a logger, in the place of ours."""
    whose = getattr(observer, "__self__", observer)
    return bool(getattr(whose, "_relays_to_logging", False))
