"""The log of a run, by the names of ``twisted.application.app``."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Mapping
from typing import Any

from sennit.compat.faces import copyright
from sennit.compat.faces.internet.main import theReactor
from sennit.compat.faces.python import log as classic
from sennit.compat.faces.python.reflect import qual
from sennit.core.logfile import LogFile
from sennit.core.logger import (
    ILogObserver,
    LegacyLogObserverWrapper,
    Logger,
    globalLogBeginner,
    globalLogPublisher,
    textFileLogObserver,
)

__all__ = ["AppLogger"]

_log = Logger("twisted.application.app")


class AppLogger:
    """Begins the log as options say, and ends it.

    Args:
        options: ``logfile``, ``logger``.
    """

    _observer: Any = None

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._logfilename: str = options.get("logfile", "")
        self._observerFactory: Callable[[], Any] | None = options.get("logger") or None

    def start(self, application: Any) -> None:
        """Begin: with the observer of options, that of the application, or a file."""
        structured: Any = ILogObserver
        legacy: Any = classic.ILogObserver
        if self._observerFactory is not None:
            observer = self._observerFactory()
        else:
            observer = application.getComponent(structured, None)
            if observer is None:
                observer = application.getComponent(legacy, None)
                if observer is not None:
                    observer = LegacyLogObserverWrapper(observer)
            if observer is None:
                observer = self._getLogObserver()
        if not structured.providedBy(observer):
            observer = LegacyLogObserverWrapper(observer)
        self._observer = observer
        globalLogBeginner.beginLoggingTo([observer])
        self._initialLog()

    def _initialLog(self) -> None:
        _log.info(
            "twistd {version} ({exe} {pyVersion}) starting up.",
            version=copyright.version,
            exe=sys.executable,
            pyVersion=platform.python_version(),
        )
        _log.info("reactor class: {reactor}.", reactor=qual(type(theReactor())))

    def _getLogObserver(self) -> Any:
        if self._logfilename in ("-", "", None):
            return textFileLogObserver(sys.stdout)
        return textFileLogObserver(LogFile.fromFullPath(self._logfilename))

    def stop(self) -> None:
        """End."""
        _log.info("Server Shut Down.")
        if self._observer is not None:
            globalLogPublisher.removeObserver(self._observer)
            self._observer = None
