"""What emits events: a `Logger` of a module, of a class, or of an object of one."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType

from sennit.core.failure import Failure
from sennit.core.log import theLogPublisher
from sennit.core.logger._contracts import ILogObserver, LogEvent, Operation
from sennit.core.logger._global import globalLogPublisher, loggers
from sennit.core.logger._levels import InvalidLogLevelError, LogLevel

__all__ = ["Logger"]

# A member is looked up in its class by a function of Python's: not on each event.
_DEBUG = LogLevel.debug
_INFO = LogLevel.info
_WARN = LogLevel.warn
_ERROR = LogLevel.error
_CRITICAL = LogLevel.critical


class Logger:
    """Emits events, in a namespace.

    As an attribute of a class it emits in the namespace ``module.Class``, and is known
    with the object that uses it::

        class Account:
            log = Logger()

            def close(self):
                self.log.info("{log_source} is closed with {sum}", sum=self.sum)

    Attributes:
        namespace: Whose events they are. The record that becomes of an event has the
            logger of this name in `logging`.
        source: The object they come from.
        observer: Who is told.
    """

    def __init__(
        self,
        namespace: str | None = None,
        source: object = None,
        observer: ILogObserver | None = None,
    ) -> None:
        """Emit in a namespace.

        Args:
            namespace: The name of the caller's module if it is not told.
            source: The object that the events come from.
            observer: Who is told: everybody, by `globalLogPublisher`, if nobody is named.
        """
        if namespace is None:
            namespace = sys._getframe(1).f_globals.get("__name__", "<unknown>")
        self.namespace: str = namespace
        self.source = source
        self.observer: ILogObserver = (
            globalLogPublisher if observer is None else observer
        )

    def __get__(self, instance: object, owner: type[object] | None = None) -> Logger:
        """The logger of a class, or of an object of it."""
        if owner is None:
            owner = type(instance)
        kind = type(self)
        bound = kind.__new__(kind)
        if kind is Logger:
            bound.observer = self.observer
        else:
            # A class of somebody else, who may keep more than we know of.
            vars(bound).update(vars(self))
        bound.namespace = f"{owner.__module__}.{owner.__qualname__}"
        bound.source = owner if instance is None else instance
        return bound

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.namespace!r}>"

    def emit(
        self, level: LogLevel, format: str | None = None, **kwargs: object
    ) -> None:
        """Emit an event.

        Args:
            level: How much it matters. What is none is itself logged, as critical.
            format: Its text. The fields in braces are filled from the event, if and
                when somebody reads it.
            kwargs: The fields of the event.
        """
        if not isinstance(level, LogLevel):
            self.failure(  # type: ignore[unreachable]
                "{invalidLevel!r} is not a log level, in {logger}.emit()",
                Failure(InvalidLogLevelError(level)),
                invalidLevel=level,
                logger=self,
            )
            return
        if self._unheard(level, kwargs):
            return
        observer = self.observer
        event: LogEvent = {
            **kwargs,
            "log_logger": self,
            "log_level": level,
            "log_namespace": self.namespace,
            "log_source": self.source,
            "log_format": format,
            "log_time": time.time(),
        }
        if "log_trace" in event:
            event["log_trace"].append((self, observer))
        observer(event)

    def _unheard(self, level: LogLevel, fields: dict[str, object]) -> bool:
        """Whether nobody listens to an event of this logger.

        A subclass does: it may look at all that it is asked to emit.
        """
        return (
            type(self) is Logger
            and self.observer is globalLogPublisher
            and not theLogPublisher.observed
            and not loggers[self.namespace].isEnabledFor(level.number)
            and "log_trace" not in fields
        )

    def failure(
        self,
        format: str,
        failure: Failure | None = None,
        level: LogLevel = LogLevel.critical,
        **kwargs: object,
    ) -> None:
        """Emit an event about an error, with its traceback.

        It is for errors that nobody expected; what was expected and handled is told of
        with `error` or `warn`.

        Args:
            format: Its text.
            failure: The error; the exception being handled if it is not told.
            level: How much it matters.
            kwargs: The fields of the event.

        Raises:
            NoCurrentExceptionError: There is no ``failure``, and no exception is being
                handled.
        """
        if failure is None:
            failure = Failure()
        self.emit(level, format, log_failure=failure, **kwargs)

    def failuresHandled(
        self, format: str, level: LogLevel = LogLevel.critical, **kwargs: object
    ) -> AbstractContextManager[Operation, bool]:
        """Run a block; an exception that it raises is logged, and goes no further.

        ::

            with log.failuresHandled("While frobbing {knob}", knob=knob) as operation:
                frob(knob)
            if operation.succeeded:
                log.info("Frobbed {knob}", knob=knob)

        What is no `Exception` (KeyboardInterrupt, a task's cancellation) is no fault of
        the block: it goes on, and is not logged.

        Args:
            format: The text of the event.
            level: How much it matters.
            kwargs: The fields of the event.
        """

        def failed(failure: Failure) -> None:
            self.failure(format, failure, level, **kwargs)

        return _Handled(failed)

    def failureHandler(
        self, staticMessage: str, level: LogLevel = LogLevel.critical
    ) -> AbstractContextManager[None, bool]:
        """`failuresHandled` for code that runs often: made once, and used again and again.

        Args:
            staticMessage: The text of the event, which has no fields of its own.
            level: How much it matters.
        """

        def failed(failure: Failure) -> None:
            self.failure(staticMessage, failure, level)

        return _Handler(failed)

    def debug(self, format: str | None = None, **kwargs: object) -> None:
        """Emit an event for who looks for a fault; see `emit`."""
        if not self._unheard(_DEBUG, kwargs):
            self.emit(_DEBUG, format, **kwargs)

    def info(self, format: str | None = None, **kwargs: object) -> None:
        """Emit an event of the usual course; see `emit`."""
        if not self._unheard(_INFO, kwargs):
            self.emit(_INFO, format, **kwargs)

    def warn(self, format: str | None = None, **kwargs: object) -> None:
        """Emit an event that an operator may have to look at; see `emit`."""
        if not self._unheard(_WARN, kwargs):
            self.emit(_WARN, format, **kwargs)

    def error(self, format: str | None = None, **kwargs: object) -> None:
        """Emit an event about a fault; see `emit`."""
        if not self._unheard(_ERROR, kwargs):
            self.emit(_ERROR, format, **kwargs)

    def critical(self, format: str | None = None, **kwargs: object) -> None:
        """Emit an event about a fault of unknown consequences; see `emit`."""
        if not self._unheard(_CRITICAL, kwargs):
            self.emit(_CRITICAL, format, **kwargs)


class _Handler(AbstractContextManager[None, bool]):
    """Logs what a block raises; it has no state, so that blocks may share it."""

    def __init__(self, failed: Callable[[Failure], None]) -> None:
        self._failed = failed

    def __enter__(self) -> None:
        """Give nothing: how a block went is not kept."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if error is None:
            return False
        failure = Failure(error)
        if not isinstance(failure.value, Exception):
            return False
        self._failed(failure)
        return True


class _Handled(AbstractContextManager[Operation, bool]):
    """Logs what a block raises, and tells how it went."""

    def __init__(self, failed: Callable[[Failure], None]) -> None:
        self._failed = failed
        self.succeeded = False
        self.failure: Failure | None = None

    @property
    def failed(self) -> bool:
        """Whether the block raised."""
        return self.failure is not None

    def __enter__(self) -> Operation:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if error is None:
            self.succeeded = True
            return False
        self.failure = Failure(error)
        if not isinstance(self.failure.value, Exception):
            return False
        self._failed(self.failure)
        return True
