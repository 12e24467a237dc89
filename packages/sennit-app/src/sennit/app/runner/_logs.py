"""Where a run's log goes.

The first of these that there is: the observer that ``--logger`` names, the one that the
application brings as ``ILogObserver``, the system's log, a file.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping
from typing import Any

from sennit.app.runner._errors import CannotLog, UsageError
from sennit.app.runner._names import named
from sennit.app.runner._plan import Plan
from sennit.app.runner._syslog import SystemLog
from sennit.core import log
from sennit.core.logfile import LogFile

__all__ = ["OpenLog", "openLog"]


class OpenLog:
    """The log of a run, from its first line to its last.

    Attributes:
        visible: Whether it is what the terminal shows.
    """

    def __init__(
        self,
        close: Callable[[], object],
        file: LogFile | None = None,
        *,
        visible: bool = False,
        stream: Any = None,
    ) -> None:
        self.visible = visible
        self._close = close
        self._file = file
        self._stream = file if stream is None else stream

    def write(self, lines: bytes) -> None:
        """Write lines of another process, which are in the form of the log already."""
        text = lines.decode(errors="backslashreplace")
        if self._stream is None:
            log.msg(text.rstrip("\n"))
        else:
            self._stream.write(text)
            self._stream.flush()

    @property
    def renewable(self) -> bool:
        """Whether it is in a file, which can be another."""
        return self._file is not None

    def reopen(self) -> None:
        """Go on in a file of the same path: somebody has moved this one."""
        self._renew(LogFile.reopen)

    def rotate(self) -> None:
        """Begin a new file; the old one is moved away, unless somebody has done so."""
        self._renew(LogFile.rotate)

    def _renew(self, renew: Callable[[LogFile], object]) -> None:
        if self._file is None:
            return
        try:
            renew(self._file)
        except OSError as error:
            log.msg(f"the log goes on in the old file: {error}", isError=1)

    def close(self) -> None:
        """Log no more."""
        self._close()
        if self._file is not None:
            self._file.close()


def openLog(plan: Plan, components: Mapping[str, Any]) -> OpenLog:
    """Begin to log.

    Args:
        plan: Says where to, and how.
        components: What the application brings, by the full names of Interfaces.

    Raises:
        CannotLog: The file cannot be written.
        UsageError: There is no such logger.
    """
    given = _given(plan, components)
    if given is not None:
        return OpenLog(_start(*given))
    if plan.syslog:
        return OpenLog(_start(SystemLog(plan.prefix).emit, structured=False))
    if plan.logfile == "-":
        if plan.daemon:
            raise UsageError("a daemon has no terminal to log to: name a --logfile")
        terminal = sys.stdout
        return OpenLog(_write(plan, terminal), visible=True, stream=terminal)
    file = _file(plan)
    return OpenLog(_write(plan, file), file)


def _given(plan: Plan, components: Mapping[str, Any]) -> tuple[Any, bool] | None:
    """The observer that somebody names or brings, and whether events are structured."""
    if plan.logger is not None:
        observer = named(plan.logger, UsageError)()
        return observer, _wants_structured(observer)
    for key, observer in components.items():
        if key.endswith(".ILogObserver"):
            return observer, key.startswith("sennit.core.logger.")
    return None


def _wants_structured(observer: Any) -> bool:
    # zope is slow to import, and few name an observer.
    from sennit.core.logger import ILogObserver

    asks: Any = ILogObserver
    return bool(asks.providedBy(observer))


def _start(observer: Any, structured: bool) -> Callable[[], object]:
    if structured:
        from sennit.core.logger import globalLogBeginner, globalLogPublisher

        globalLogBeginner.beginLoggingTo([observer])
        log.msg("Log opened.")
        return lambda: globalLogPublisher.removeObserver(observer)
    log.startLoggingWithObserver(observer)
    return lambda: log.removeObserver(observer)


def _file(plan: Plan) -> LogFile:
    try:
        return LogFile.fromFullPath(
            plan.logfile,
            rotateLength=plan.logSize or None,
            maxRotatedFiles=plan.logKeep,
        )
    except OSError as error:
        raise CannotLog(
            f"the log {plan.logfile} cannot be written: {error.strerror}"
        ) from error


def _write(plan: Plan, file: Any) -> Callable[[], object]:
    """Write to a file in the form that is wanted."""
    if plan.logFormat == "text":
        observer = log.startLogging(file)
        return (lambda: None) if observer is None else observer.stop
    handler = logging.StreamHandler(file)
    handler.setFormatter(log.JSONFormatter())
    root = logging.getLogger()
    if root.level in (logging.NOTSET, logging.WARNING):
        root.setLevel(logging.INFO)
    root.addHandler(handler)
    # What is printed becomes records by way of this; they have gone to the handler.
    log.startLoggingWithObserver(_nothing)

    def close() -> None:
        log.removeObserver(_nothing)
        root.removeHandler(handler)

    return close


def _nothing(event: log.EventDict) -> None:
    """Observe without doing anything."""
