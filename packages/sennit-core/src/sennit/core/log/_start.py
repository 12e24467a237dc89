"""Saying where the log goes, and taking in what is printed meanwhile."""

from __future__ import annotations

import sys
import warnings

from sennit.core.log._event import Observer
from sennit.core.log._global import msg, showwarning, theLogPublisher
from sennit.core.log._observers import FileLogObserver, TextFile
from sennit.core.log._stdio import StdioOnnaStick

__all__ = [
    "discardLogs",
    "giveBack",
    "replace",
    "startLogging",
    "startLoggingWithObserver",
]

# What stood where we have put ours: (module, name, theirs, ours). Changed by replace
# and giveBack only.
_replaced: list[tuple[object, str, object, object]] = []


def replace(module: object, name: str, ours: object) -> None:
    """Put something of ours in the place of a module's attribute, for a while."""
    _replaced.append((module, name, getattr(module, name), ours))
    setattr(module, name, ours)


def giveBack() -> None:
    """Put back what was replaced, where nobody else has replaced it since."""
    while _replaced:
        module, name, theirs, ours = _replaced.pop()
        if getattr(module, name) is ours:
            setattr(module, name, theirs)


def startLogging(
    file: TextFile, setStdout: bool | int = True
) -> FileLogObserver | None:
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
    theLogPublisher.start(observer, giveBack)
    if setStdout:
        for name, isError in (("stdout", 0), ("stderr", 1)):
            stream = getattr(sys, name)
            if not isinstance(stream, StdioOnnaStick):
                encoding = getattr(stream, "encoding", None)
                replace(sys, name, StdioOnnaStick(isError, encoding))
    if warnings.showwarning is not showwarning:
        replace(warnings, "showwarning", showwarning)
    msg("Log opened.")


def discardLogs() -> None:
    """Let errors that nobody listens to vanish, which would appear on stderr."""
    theLogPublisher.discarding = True
