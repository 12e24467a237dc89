"""The structured log: events with a format, fields and a level.

    from sennit.core.logger import Logger

    log = Logger()
    log.info("{user} has {count} letters", user=user, count=count)

An event is a dictionary that is made text only by who wants to read it. It becomes a
record of the standard library's logger of its namespace, with the fields as attributes;
observers are told of the event itself, and of what others log by `logging`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core.logger._begin import (
    LogBeginner as LogBeginner,
    globalLogBeginner as globalLogBeginner,
)
from sennit.core.logger._buffer import (
    LimitedHistoryLogObserver as LimitedHistoryLogObserver,
)
from sennit.core.logger._capture import capturedLogs as capturedLogs
from sennit.core.logger._contracts import LogEvent as LogEvent, Operation as Operation
from sennit.core.logger._fields import formatWithCall as formatWithCall
from sennit.core.logger._file import (
    FileLogObserver as FileLogObserver,
    textFileLogObserver as textFileLogObserver,
)
from sennit.core.logger._filter import (
    FilteringLogObserver as FilteringLogObserver,
    LogLevelFilterPredicate as LogLevelFilterPredicate,
    PredicateResult as PredicateResult,
)
from sennit.core.logger._flatten import (
    extractField as extractField,
    flattenEvent as flattenEvent,
)
from sennit.core.logger._format import (
    eventAsText as eventAsText,
    formatEvent as formatEvent,
    formatEventAsClassicLogText as formatEventAsClassicLogText,
    formatTime as formatTime,
    formatUnformattableEvent as formatUnformattableEvent,
    timeFormatRFC3339 as timeFormatRFC3339,
)
from sennit.core.logger._global import globalLogPublisher as globalLogPublisher
from sennit.core.logger._io import LoggingFile as LoggingFile
from sennit.core.logger._json import (
    eventAsJSON as eventAsJSON,
    eventFromJSON as eventFromJSON,
    jsonFileLogObserver as jsonFileLogObserver,
)
from sennit.core.logger._legacy import (
    LegacyLogObserverWrapper as LegacyLogObserverWrapper,
)
from sennit.core.logger._levels import (
    InvalidLogLevelError as InvalidLogLevelError,
    LogLevel as LogLevel,
)
from sennit.core.logger._logger import Logger as Logger
from sennit.core.logger._observer import LogPublisher as LogPublisher
from sennit.core.logger._read import eventsFromJSONLogFile as eventsFromJSONLogFile
from sennit.core.logger._stdlib import STDLibLogObserver as STDLibLogObserver
from sennit.core.logger._trace import formatTrace as formatTrace

if TYPE_CHECKING:
    from sennit.core.logger._contracts import (
        ILogFilterPredicate as ILogFilterPredicate,
        ILogObserver as ILogObserver,
    )

__all__ = [
    "FileLogObserver",
    "FilteringLogObserver",
    "ILogFilterPredicate",
    "ILogObserver",
    "InvalidLogLevelError",
    "LegacyLogObserverWrapper",
    "LimitedHistoryLogObserver",
    "LogBeginner",
    "LogEvent",
    "LogLevel",
    "LogLevelFilterPredicate",
    "LogPublisher",
    "Logger",
    "LoggingFile",
    "Operation",
    "PredicateResult",
    "STDLibLogObserver",
    "capturedLogs",
    "eventAsJSON",
    "eventAsText",
    "eventFromJSON",
    "eventsFromJSONLogFile",
    "extractField",
    "flattenEvent",
    "formatEvent",
    "formatEventAsClassicLogText",
    "formatTime",
    "formatTrace",
    "formatUnformattableEvent",
    "formatWithCall",
    "globalLogBeginner",
    "globalLogPublisher",
    "jsonFileLogObserver",
    "textFileLogObserver",
    "timeFormatRFC3339",
]

InvalidLogLevelError.__module__ = __name__


def __getattr__(name: str) -> Any:
    # The contracts as zope Interfaces: made when first asked for, since they cost 9 ms.
    if name in ("ILogFilterPredicate", "ILogObserver"):
        from sennit.core.logger import _interfaces

        return getattr(_interfaces, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
