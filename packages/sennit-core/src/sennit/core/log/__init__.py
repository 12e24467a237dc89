"""The log: a thin face on the standard library's `logging`.

`msg` and `err` log to the logger ``sennit``: a program that configures `logging` sees
their records beside those of others. `startLogging` writes the classic log, and
`addObserver` tells your own function of all that is logged, by whomever.
"""

from __future__ import annotations

from sennit.core.log import context as context
from sennit.core.log._event import EventDict as EventDict, Observer as Observer
from sennit.core.log._formatter import ClassicFormatter as ClassicFormatter
from sennit.core.log._global import (
    addObserver as addObserver,
    callWithContext as callWithContext,
    callWithLogger as callWithLogger,
    err as err,
    msg as msg,
    removeObserver as removeObserver,
    showwarning as showwarning,
    theLogPublisher as theLogPublisher,
)
from sennit.core.log._json import JSONFormatter as JSONFormatter
from sennit.core.log._observers import (
    DefaultObserver as DefaultObserver,
    FileLogObserver as FileLogObserver,
    PythonLoggingObserver as PythonLoggingObserver,
    TextFile as TextFile,
)
from sennit.core.log._publisher import LogPublisher as LogPublisher
from sennit.core.log._start import (
    discardLogs as discardLogs,
    startLogging as startLogging,
    startLoggingWithObserver as startLoggingWithObserver,
)
from sennit.core.log._stdio import StdioOnnaStick as StdioOnnaStick
from sennit.core.log._text import textFromEventDict as textFromEventDict

__all__ = [
    "ClassicFormatter",
    "DefaultObserver",
    "EventDict",
    "FileLogObserver",
    "JSONFormatter",
    "LogPublisher",
    "Observer",
    "PythonLoggingObserver",
    "StdioOnnaStick",
    "TextFile",
    "addObserver",
    "callWithContext",
    "callWithLogger",
    "context",
    "discardLogs",
    "err",
    "msg",
    "removeObserver",
    "showwarning",
    "startLogging",
    "startLoggingWithObserver",
    "textFromEventDict",
    "theLogPublisher",
]
