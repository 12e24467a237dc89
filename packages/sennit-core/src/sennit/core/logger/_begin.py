"""Saying where the structured log goes, and what becomes of what was logged before."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable
from typing import IO, Any

from sennit.core.log._bus import delivering
from sennit.core.log._records import caller
from sennit.core.log._start import giveBack, replace
from sennit.core.log._stdio import StdioOnnaStick
from sennit.core.logger._buffer import LimitedHistoryLogObserver
from sennit.core.logger._contracts import ILogObserver, LogEvent
from sennit.core.logger._file import FileLogObserver
from sennit.core.logger._filter import FilteringLogObserver, LogLevelFilterPredicate
from sennit.core.logger._format import eventAsText
from sennit.core.logger._global import GlobalPublisher, globalLogPublisher
from sennit.core.logger._io import LoggingFile
from sennit.core.logger._levels import LogLevel
from sennit.core.logger._logger import Logger
from sennit.core.logger._observer import LogPublisher

__all__ = ["LogBeginner", "globalLogBeginner"]

# Events: what a program says before it has read its configuration.
_SIZE = 200


class _Printed(LoggingFile):
    """Standard output or error while the program logs.

    What observers and handlers print while they are told of an event goes to the real
    stream.
    """

    def __init__(self, logger: Logger, level: LogLevel, real: Any) -> None:
        super().__init__(logger, level, getattr(real, "encoding", None))
        self._real = real

    def write(self, text: str | bytes) -> int:
        """Emit every line that is ended; keep the rest."""
        if not delivering.now:
            return super().write(text)
        if self._real is not None:
            self._real.write(text)
        return len(text)


class LogBeginner:
    """Begins the log of a publisher: says to whom it goes, and what else is logged.

    Until then it remembers the last events, for those that will be told; and it writes
    the critical ones to a stream, where the publisher is not the program's (`logging`
    shows those of the program).
    """

    def __init__(
        self,
        publisher: LogPublisher,
        errorStream: IO[Any],
        stdio: Any,
        warningsModule: Any,
        initialBufferSize: int | None = None,
    ) -> None:
        """Remember what is logged from now on.

        Args:
            publisher: Whose log it is.
            errorStream: Where critical events are written until the log begins.
            stdio: The module whose ``stdout`` and ``stderr`` will be replaced.
            warningsModule: The module whose ``showwarning`` will be replaced.
            initialBufferSize: How many events are remembered; None for 200.
        """
        self._publisher = publisher
        self._stdio = stdio
        self._warnings = warningsModule
        self._show: Callable[..., object] = warningsModule.showwarning
        self._log = Logger(__name__.rpartition(".")[0], observer=publisher)
        # Where beginLoggingTo was called first; None until then.
        self._begun: str | None = None
        size = _SIZE if initialBufferSize is None else initialBufferSize
        self._history = LimitedHistoryLogObserver(size)
        early: list[ILogObserver] = [self._history] if size else []
        if not isinstance(publisher, GlobalPublisher):
            early.append(_critical_to(errorStream))
        self._early = LogPublisher(*early)
        if early:
            publisher.addObserver(self._early)

    def beginLoggingTo(
        self,
        observers: Iterable[ILogObserver],
        discardBuffer: bool = False,
        redirectStandardIO: bool = True,
    ) -> None:
        """Let the log go to observers, and log warnings.

        It is called once: a second call adds observers, and is itself logged. When the
        observers of the program's log are all removed, the streams are as before.

        Args:
            observers: They are told from now on, and of what is remembered.
            discardBuffer: Do not tell them of what is remembered.
            redirectStandardIO: Log what is printed, too.
        """
        observers = tuple(observers)
        path, line, _ = caller()
        place, first = f"{path}:{line}", self._begun
        self._publisher.removeObserver(self._early)
        for observer in observers:
            self._publisher.addObserver(observer)
        if first is not None:
            self._log.warn(
                "The log begins a second time, at {now}; it has begun at {then}. "
                "Remove one of the calls of beginLoggingTo",
                now=place,
                then=first,
            )
            return
        self._begun = place
        put: Callable[[Any, str, Any], None] = setattr
        if isinstance(self._publisher, GlobalPublisher):
            self._publisher.begin(giveBack)
            put = replace
        if not discardBuffer:
            self._history.replayTo(LogPublisher(*observers))
        put(self._warnings, "showwarning", self.showwarning)
        if redirectStandardIO:
            self._redirect(put)

    def _redirect(self, put: Callable[[Any, str, Any], None]) -> None:
        for name, level in (("stdout", LogLevel.info), ("stderr", LogLevel.error)):
            stream = getattr(self._stdio, name)
            if not isinstance(stream, LoggingFile | StdioOnnaStick):
                printing = Logger(name, observer=self._publisher)
                put(self._stdio, name, _Printed(printing, level, stream))

    def showwarning(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: IO[Any] | None = None,
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
            self._show(message, category, filename, lineno, file, line)
            return
        self._log.warn(
            "{filename}:{lineno}: {category}: {warning}",
            warning=message,
            category=f"{category.__module__}.{category.__qualname__}",
            filename=filename,
            lineno=lineno,
        )


def _critical_to(stream: IO[Any]) -> ILogObserver:
    """An observer that writes critical events to a stream."""

    def text(event: LogEvent) -> str:
        shown = eventAsText(event, includeTimestamp=False, includeSystem=False)
        return f"{shown}\n"

    grave = LogLevelFilterPredicate(LogLevel.critical)
    return FilteringLogObserver(FileLogObserver(stream, text), [grave])


globalLogBeginner: LogBeginner = LogBeginner(
    globalLogPublisher, sys.stderr, sys, warnings, initialBufferSize=0
)
"""Begins the program's log.

It remembers nothing, so that what nobody listens to costs nothing. A program that wants
to have logged what it does before it knows where to makes a `LogBeginner` for
`globalLogPublisher` itself."""
