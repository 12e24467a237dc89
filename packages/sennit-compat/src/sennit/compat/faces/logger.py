"""``twisted.logger``: events with a format and a level, over the log there is.

What a `Logger` emits becomes an event of `sennit.core.log`, with its fields beside it;
what is logged there is told to the observers of `globalLogPublisher`.
"""

from __future__ import annotations

import enum
import io
import logging
import string
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, Protocol

from zope.interface import Interface, implementer

from sennit.core import log
from sennit.core.failure import Failure

__all__ = [
    "ILogObserver",
    "InvalidLogLevelError",
    "LogBeginner",
    "LogEvent",
    "LogLevel",
    "LogPublisher",
    "Logger",
    "LoggingFile",
    "formatEvent",
    "globalLogBeginner",
    "globalLogPublisher",
]

LogEvent = dict[str, Any]
Observer = Callable[[LogEvent], object]


if TYPE_CHECKING:

    class ILogObserver(Protocol):
        """Something that is told of events."""

        def __call__(self, event: LogEvent) -> object:
            """Be told of an event."""

else:

    class ILogObserver(Interface):
        """Something that is told of events."""

        def __call__(event):  # noqa: N805
            """Be told of an event."""


class InvalidLogLevelError(Exception):
    """There is no level of that name."""

    def __init__(self, level: object) -> None:
        super().__init__(str(level))
        self.level = level


class LogLevel(enum.Enum):
    """How much an event matters; the value is the level of `logging`."""

    debug = logging.DEBUG
    info = logging.INFO
    warn = logging.WARNING
    error = logging.ERROR
    critical = logging.CRITICAL

    @classmethod
    def levelWithName(cls, name: str) -> LogLevel:
        """The level of a name.

        Raises:
            InvalidLogLevelError: There is none.
        """
        try:
            return cls[name]
        except KeyError:
            raise InvalidLogLevelError(name) from None

    @classmethod
    def iterconstants(cls) -> Iterable[LogLevel]:
        """The levels, from the least."""
        return iter(cls)

    def __lt__(self, other: LogLevel) -> bool:
        return self.value < other.value


class _Fields(string.Formatter):
    """Fills a format; a field that ends in ``()`` is called."""

    def get_field(
        self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        called = field_name.endswith("()")
        value, first = super().get_field(field_name.removesuffix("()"), args, kwargs)
        return (value() if called else value), first


def formatEvent(event: LogEvent) -> str:
    """The text of an event: its ``log_format`` filled with its fields.

    A format that cannot be filled gives a text that says why.
    """
    form = event.get("log_format")
    if form is None:
        return ""
    if isinstance(form, bytes):
        form = form.decode()
    try:
        return _Fields().vformat(form, (), event)
    except Exception as error:
        return f"Unable to format event {event!r}: {error}"


@implementer(ILogObserver)
class LogPublisher:
    """An observer that tells others.

    Args:
        observers: The others.
    """

    def __init__(self, *observers: Observer) -> None:
        self._observers: list[Observer] = list(observers)

    def addObserver(self, observer: Observer) -> None:
        """Tell another, once."""
        if observer not in self._observers:
            self._observers.append(observer)

    def removeObserver(self, observer: Observer) -> None:
        """Tell another no more."""
        if observer in self._observers:
            self._observers.remove(observer)

    def __call__(self, event: LogEvent) -> None:
        """Tell the others; the fault of one is logged, and harms no other."""
        for observer in list(self._observers):
            try:
                observer(event)
            except Exception:
                log.err(None, f"The log observer {observer!r} has failed")


class _GlobalPublisher(LogPublisher):
    """The way into the log, and out of it."""

    def addObserver(self, observer: Observer) -> None:
        if not self._observers:
            log.addObserver(self._told)
        super().addObserver(observer)

    def removeObserver(self, observer: Observer) -> None:
        super().removeObserver(observer)
        if not self._observers:
            log.removeObserver(self._told)

    def __call__(self, event: LogEvent) -> None:
        fields: LogEvent = {"logLevel": event["log_level"].value, **event}
        text = formatEvent(event)
        if "log_failure" in event:
            failure = event["log_failure"]
            log.msg(**{**fields, "failure": failure, "why": text, "isError": 1})
        else:
            log.msg(text, **fields)

    def _told(self, event: LogEvent) -> None:
        super().__call__(event if "log_level" in event else _modern(event))


def _modern(event: LogEvent) -> LogEvent:
    """An event of the log, with the fields that observers here look for."""
    error = bool(event.get("isError"))
    number = event.get("logLevel", logging.CRITICAL if error else logging.INFO)
    levels = [level for level in LogLevel if level.value <= number]
    fields = {
        "log_format": "{log_text}",
        "log_level": max(levels, default=LogLevel.debug),
        "log_namespace": event.get("namespace", "log_legacy"),
        "log_system": event["system"],
        "log_text": log.textFromEventDict(event) or "",
        "log_time": event["time"],
    }
    if "failure" in event:
        fields["log_failure"] = event["failure"]
    return {**event, **fields}


globalLogPublisher: LogPublisher = _GlobalPublisher()


class Logger:
    """Emits events; as an attribute of a class it knows the object it is used by.

    Args:
        namespace: Whose events they are; the caller's module if it is not told.
        source: The object they come from.
        observer: Who is told; `globalLogPublisher` if nobody is named.
    """

    def __init__(
        self,
        namespace: str | None = None,
        source: object = None,
        observer: Observer | None = None,
    ) -> None:
        if namespace is None:
            namespace = sys._getframe(1).f_globals.get("__name__", "<unknown>")
        self.namespace: str = namespace
        self.source = source
        self.observer: Observer = globalLogPublisher if observer is None else observer

    def __get__(self, instance: object, owner: type[object]) -> Logger:
        source = owner if instance is None else instance
        name = f"{owner.__module__}.{owner.__qualname__}"
        return Logger(name, source, self.observer)

    def emit(self, level: object, format: str | None = None, **kwargs: object) -> None:
        """Emit an event.

        Args:
            level: How much it matters.
            format: Its text, filled with the fields by ``{}``.
            kwargs: The fields.
        """
        if not isinstance(level, LogLevel):
            self.failure("Got invalid log level", Failure(InvalidLogLevelError(level)))
            return
        event: LogEvent = {
            **kwargs,
            "log_format": format,
            "log_level": level,
            "log_logger": self,
            "log_namespace": self.namespace,
            "log_source": self.source,
            "log_time": time.time(),
        }
        self.observer(event)

    def failure(
        self,
        format: str,
        failure: Failure | None = None,
        level: LogLevel = LogLevel.critical,
        **kwargs: object,
    ) -> None:
        """Emit an event about a failure.

        Args:
            format: Its text.
            failure: The failure; the exception being handled if it is not told.
            level: How much it matters.
            kwargs: The fields.
        """
        if failure is None:
            failure = Failure()
        self.emit(level, format, log_failure=failure, **kwargs)

    def debug(self, format: str | None = None, **kwargs: object) -> None:
        """Emit an event for those who look for a fault."""
        self.emit(LogLevel.debug, format, **kwargs)

    def info(self, format: str | None = None, **kwargs: object) -> None:
        """Emit an event of the usual kind."""
        self.emit(LogLevel.info, format, **kwargs)

    def warn(self, format: str | None = None, **kwargs: object) -> None:
        """Emit an event that may be a fault."""
        self.emit(LogLevel.warn, format, **kwargs)

    def error(self, format: str | None = None, **kwargs: object) -> None:
        """Emit an event that is a fault."""
        self.emit(LogLevel.error, format, **kwargs)

    def critical(self, format: str | None = None, **kwargs: object) -> None:
        """Emit an event that is a grave fault."""
        self.emit(LogLevel.critical, format, **kwargs)


class LoggingFile(io.TextIOBase):
    """A text stream each of whose lines is an event.

    Args:
        logger: Who emits them.
        level: How much they matter.
        encoding: That of bytes written here.
    """

    def __init__(
        self,
        logger: Logger,
        level: LogLevel = LogLevel.info,
        encoding: str | None = None,
    ) -> None:
        self.log = logger
        self.level = level
        self._encoding = encoding or sys.getdefaultencoding()
        self._rest = ""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of bytes written here."""
        return self._encoding

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, text: str | bytes) -> int:
        """Emit every line that is ended; keep the rest."""
        if isinstance(text, bytes):
            text = text.decode(self._encoding)
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self.log.emit(self.level, "{log_io}", log_io=line)
        return len(text)

    def writelines(self, lines: Iterable[str | bytes]) -> None:  # type: ignore[override]
        """Write each of the lines, ended or not."""
        for line in lines:
            self.write(line)


class LogBeginner:
    """Says where the log of a publisher goes.

    Args:
        publisher: The publisher.
        errorStream: Unused: nothing is kept back until the log begins.
        stdio: The module whose ``stdout`` and ``stderr`` are replaced.
        warningsModule: The module whose ``showwarning`` is replaced.
    """

    def __init__(
        self,
        publisher: LogPublisher,
        errorStream: IO[Any],
        stdio: Any,
        warningsModule: Any,
    ) -> None:
        self._publisher = publisher
        self._stdio = stdio
        self._warnings = warningsModule
        self._log = Logger("twisted.logger", observer=publisher)

    def beginLoggingTo(
        self,
        observers: Iterable[Observer],
        discardBuffer: bool = False,
        redirectStandardIO: bool = True,
    ) -> None:
        """Let the log go to observers.

        Args:
            observers: They.
            discardBuffer: Ignored: there is no buffer.
            redirectStandardIO: Whether what is printed is logged from now on.
        """
        for observer in observers:
            self._publisher.addObserver(observer)
        self._warnings.showwarning = self._show_warning
        if redirectStandardIO:
            for name, level in (("stdout", LogLevel.info), ("stderr", LogLevel.error)):
                stream = getattr(self._stdio, name)
                file = LoggingFile(self._log, level, getattr(stream, "encoding", None))
                setattr(self._stdio, name, file)

    def _show_warning(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: IO[str] | None = None,
        line: str | None = None,
    ) -> None:
        if file is not None:
            file.write(
                warnings.formatwarning(message, category, filename, lineno, line)
            )
            return
        self._log.warn(
            "{filename}:{lineno}: {category}: {warning}",
            warning=message,
            category=f"{category.__module__}.{category.__qualname__}",
            filename=filename,
            lineno=lineno,
        )


globalLogBeginner: LogBeginner = LogBeginner(
    globalLogPublisher, sys.stderr, sys, warnings
)
