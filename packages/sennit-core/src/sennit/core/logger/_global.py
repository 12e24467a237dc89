"""The program's structured log: another face of the one bus, which is `logging`.

What is emitted here becomes a record of the logger of its namespace, and an event for
the observers here and those of `sennit.core.log`; what they are told of, logged in
whatever way, is told here too.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from sennit.core.log import EventDict, context, theLogPublisher
from sennit.core.logger._contracts import ILogObserver, LogEvent
from sennit.core.logger._legacy import classicOf, originalOf
from sennit.core.logger._observer import LogPublisher

__all__ = ["GlobalPublisher", "globalLogPublisher", "loggers"]


class _Loggers(dict[str, logging.Logger]):
    """The standard library's logger of each namespace, which takes a lock to find.

    They are never let go, neither there nor here.
    """

    def __missing__(self, namespace: str) -> logging.Logger:
        return self.setdefault(namespace, logging.getLogger(str(namespace)))


loggers = _Loggers()


class GlobalPublisher(LogPublisher):
    """The publisher that the whole program shares."""

    def addObserver(self, observer: ILogObserver) -> None:
        """Tell another from now on, once."""
        super().addObserver(observer)
        if self._told not in theLogPublisher.observers:
            theLogPublisher.addObserver(self._told)

    def removeObserver(self, observer: ILogObserver) -> None:
        """Tell another no more; nothing happens if it never was told."""
        super().removeObserver(observer)
        if not self._observers:
            theLogPublisher.removeObserver(self._told)

    def begin(self, ended: Callable[[], None]) -> None:
        """Give the log to the observers there are.

        Args:
            ended: Called when the last observer is removed.
        """
        theLogPublisher.removeObserver(self._told)
        theLogPublisher.start(self._told, ended)

    def __call__(self, event: LogEvent) -> None:
        """Publish an event: as a record, and to all observers."""
        around = context.fields.get()
        if around:
            event = {**around, **event}
        system = context.system.get()
        if system != "-" and "log_system" not in event:
            event = {**event, "log_system": system}
        namespace = event.get("log_namespace") or "sennit"
        classic = classicOf(event, namespace)
        # Fields of the same names mean something else.
        classic["time"] = event.get("log_time") or classic["time"]
        if not isinstance(classic["message"], tuple):
            classic["message"] = ()
        theLogPublisher.publish(classic, loggers[namespace])

    def _told(self, event: EventDict) -> None:
        self._tell(originalOf(event), self._observers)

    def _complain(self, event: LogEvent, others: tuple[ILogObserver, ...]) -> None:
        namespace = event["log_namespace"]
        theLogPublisher.complain(
            classicOf(event, namespace),
            loggers[namespace],
            tuple(each for each in theLogPublisher.observers if each != self._told),
            others,
        )
        self._tell(event, others)


globalLogPublisher: LogPublisher = GlobalPublisher()
"""Told of all that is logged: by a `Logger`, by `sennit.core.log` and by `logging`."""
