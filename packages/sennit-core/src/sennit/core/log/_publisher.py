"""Who is told of events: a list of observers, each safe from the others' faults."""

from __future__ import annotations

import logging
import warnings
from typing import IO, Any

from sennit.core.failure import Failure
from sennit.core.log._event import EventDict, Observer, eventOf

__all__ = ["LogPublisher"]


class LogPublisher:
    """Tells its observers what is logged."""

    def __init__(self) -> None:
        # Replaced as a whole, so that events may be told in any thread meanwhile.
        self._observers: tuple[Observer, ...] = ()

    @property
    def observers(self) -> list[Observer]:
        """Those who are told, in order."""
        return list(self._observers)

    def addObserver(self, other: Observer) -> None:
        """Tell ``other`` of every event from now on."""
        self._observers = (*self._observers, other)

    def removeObserver(self, other: Observer) -> None:
        """Tell ``other`` no more; nothing happens if it never was told."""
        observers = self.observers
        if other in observers:
            observers.remove(other)
            self._observers = tuple(observers)

    def msg(self, *message: Any, **kw: Any) -> None:
        """Log a message.

        Args:
            message: Its pieces, shown with a space between them.
            kw: More about the event: ``system``, ``isError``, ``logLevel``, ``format``
                (filled with the event by ``%`` in place of the pieces), or your own.
        """
        self._deliver(eventOf(message, kw), self._observers)

    def showwarning(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: IO[str] | None = None,
        line: str | None = None,
    ) -> None:
        """Log a warning; in the place of `warnings.showwarning`.

        Args:
            message: The warning.
            category: Its class.
            filename: Where it comes from.
            lineno: The line there.
            file: Write it there instead of logging it.
            line: The text of the line, for the file.
        """
        if file is not None:
            file.write(
                warnings.formatwarning(message, category, filename, lineno, line)
            )
            return
        self.msg(
            format="%(filename)s:%(lineno)s: %(category)s: %(warning)s",
            warning=message,
            category=f"{category.__module__}.{category.__qualname__}",
            filename=filename,
            lineno=lineno,
            logLevel=logging.WARNING,
        )

    def _deliver(self, event: EventDict, observers: tuple[Observer, ...]) -> None:
        broken: list[tuple[Observer, Failure]] = []
        for observer in observers:
            try:
                observer(event)
            except Exception:
                broken.append((observer, Failure()))
        for culprit, failure in broken:
            others = tuple(each for each in observers if each != culprit)
            why = f"The log observer {culprit!r} has failed"
            about = {"failure": failure, "why": why, "isError": 1}
            self._complain(eventOf((), about), others)

    def _complain(self, event: EventDict, others: tuple[Observer, ...]) -> None:
        """Tell those who are left of an observer's failure."""
        self._deliver(event, others)
