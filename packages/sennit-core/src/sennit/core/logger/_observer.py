"""Who is told of structured events: a list of observers, each safe from the others' faults."""

from __future__ import annotations

import time

from sennit.core.failure import Failure
from sennit.core.log._bus import relays
from sennit.core.logger._contracts import ILogObserver, LogEvent
from sennit.core.logger._levels import LogLevel

__all__ = ["LogPublisher"]

_NAMESPACE = __name__.rpartition(".")[0]


class LogPublisher:
    """An observer that tells others.

    An event with a list as ``log_trace`` has a pair put there of the publisher and the
    observer, each time an observer is told.

    Args:
        observers: The others.
    """

    def __init__(self, *observers: ILogObserver) -> None:
        # Replaced as a whole, so that events may be told in any thread meanwhile.
        self._observers: tuple[ILogObserver, ...] = observers

    @property
    def _relays_to_logging(self) -> bool:
        return any(map(relays, self._observers))

    def addObserver(self, observer: ILogObserver) -> None:
        """Tell another from now on, once.

        Raises:
            TypeError: It cannot be called.
        """
        if not callable(observer):
            raise TypeError(f"an observer must be callable, not {observer!r}")
        if observer not in self._observers:
            self._observers = (*self._observers, observer)

    def removeObserver(self, observer: ILogObserver) -> None:
        """Tell another no more; nothing happens if it never was told."""
        self._observers = tuple(each for each in self._observers if each != observer)

    def __call__(self, event: LogEvent) -> None:
        """Tell the others; the fault of one is told to the rest, and harms nobody."""
        self._tell(event, self._observers)

    def _tell(self, event: LogEvent, observers: tuple[ILogObserver, ...]) -> None:
        trace = event.get("log_trace")
        broken: list[tuple[ILogObserver, Failure]] = []
        for observer in observers:
            if trace is not None:
                trace.append((self, observer))
            try:
                observer(event)
            except Exception:
                broken.append((observer, Failure()))
        for culprit, failure in broken:
            others = tuple(each for each in observers if each != culprit)
            self._complain(_complaint(culprit, failure), others)

    def _complain(self, event: LogEvent, others: tuple[ILogObserver, ...]) -> None:
        """Tell those who are left of an observer's failure."""
        self._tell(event, others)


def _complaint(culprit: ILogObserver, failure: Failure) -> LogEvent:
    return {
        "log_failure": failure,
        "log_format": "The log observer {observer} has failed: {log_failure}",
        "log_level": LogLevel.critical,
        "log_namespace": _NAMESPACE,
        "log_time": time.time(),
        "observer": culprit,
    }
