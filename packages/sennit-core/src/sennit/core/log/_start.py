"""Saying where the log goes, and taking in what is printed meanwhile."""

from __future__ import annotations

import logging
import sys
import warnings

from sennit.core.log._event import Observer
from sennit.core.log._global import msg, showwarning, theLogPublisher
from sennit.core.log._observers import FileLogObserver, LogFile
from sennit.core.log._stdio import StdioOnnaStick

__all__ = ["discardLogs", "startLogging", "startLoggingWithObserver"]

# What stood where we have put ours: (module, name, theirs, ours). Changed by _replace
# and _give_back only.
_replaced: list[tuple[object, str, object, object]] = []


def _replace(module: object, name: str, ours: object) -> None:
    _replaced.append((module, name, getattr(module, name), ours))
    setattr(module, name, ours)


def _give_back() -> None:
    while _replaced:
        module, name, theirs, ours = _replaced.pop()
        if getattr(module, name) is ours:
            setattr(module, name, theirs)


def startLogging(file: LogFile, setStdout: bool | int = True) -> FileLogObserver | None:
    """Write the log to a file in the classic form, until the observer is stopped.

    It includes what others log by way of `logging`, at the levels configured there.
    Call `logging.basicConfig` before this: it does nothing once anybody listens.

    Args:
        file: A text file, ``sys.stdout`` for instance.
        setStdout: Log what is printed, too.

    Returns:
        The observer; None if ``file`` is a stream that logs what is written to it.
    """
    if isinstance(file, StdioOnnaStick):
        return None
    observer = FileLogObserver(file)
    startLoggingWithObserver(observer.emit, setStdout)
    return observer


def startLoggingWithObserver(observer: Observer, setStdout: bool | int = True) -> None:
    """Give the log to an observer, until it is removed.

    Errors appear on stderr no more. Warnings are logged.

    Args:
        observer: Told of every event.
        setStdout: Log what is printed, too.
    """
    theLogPublisher.start(observer, _give_back)
    if setStdout:
        for name, isError in (("stdout", 0), ("stderr", 1)):
            stream = getattr(sys, name)
            if not isinstance(stream, StdioOnnaStick):
                encoding = getattr(stream, "encoding", None)
                _replace(sys, name, StdioOnnaStick(isError, encoding))
    if warnings.showwarning is not showwarning:
        _replace(warnings, "showwarning", showwarning)
    msg("Log opened.")


def discardLogs() -> None:
    """Let errors that nobody listens to vanish, which would appear on stderr."""
    logger = logging.getLogger("sennit")
    if not any(isinstance(each, logging.NullHandler) for each in logger.handlers):
        logger.addHandler(logging.NullHandler())
