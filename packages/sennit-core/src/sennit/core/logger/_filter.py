"""Observers that tell others of some events only."""

from __future__ import annotations

from collections.abc import Iterable

from sennit.core.log._bus import relays
from sennit.core.logger._contracts import (
    ILogFilterPredicate,
    ILogObserver,
    LogEvent,
)
from sennit.core.logger._levels import InvalidLogLevelError, LogLevel, Names

__all__ = ["FilteringLogObserver", "LogLevelFilterPredicate", "PredicateResult"]


class PredicateResult(Names):
    """What a predicate says of an event."""

    yes = "yes"
    """Tell of it, whatever other predicates say."""

    no = "no"
    """Do not tell of it, whatever other predicates say."""

    maybe = "maybe"
    """The next predicate decides; where there is none, tell of it."""


def _nobody(event: LogEvent) -> None:
    """Be told, and do nothing."""


class FilteringLogObserver:
    """Tells an observer of the events that predicates let through.

    Args:
        observer: Told of them.
        predicates: Asked in order, until one says yes or no.
        negativeObserver: Told of the others.
    """

    def __init__(
        self,
        observer: ILogObserver,
        predicates: Iterable[ILogFilterPredicate],
        negativeObserver: ILogObserver = _nobody,
    ) -> None:
        self._observer = observer
        self._predicates = tuple(predicates)
        self._negative = negativeObserver

    @property
    def _relays_to_logging(self) -> bool:
        return relays(self._observer) or relays(self._negative)

    def __call__(self, event: LogEvent) -> None:
        """Tell one of the two observers.

        Raises:
            TypeError: A predicate's answer is no `PredicateResult`.
        """
        observer = self._observer if self._passes(event) else self._negative
        if "log_trace" in event:
            event["log_trace"].append((self, observer))
        observer(event)

    def _passes(self, event: LogEvent) -> bool:
        for predicate in self._predicates:
            result = predicate(event)
            if result is PredicateResult.yes:
                return True
            if result is PredicateResult.no:
                return False
            if result is not PredicateResult.maybe:
                raise TypeError(f"a predicate must not answer {result!r}")
        return True


class LogLevelFilterPredicate:
    """Lets events pass from a level on, which each namespace may have of its own.

    A namespace without a level has that of the one around it: what is set for ``web``
    counts for ``web.client``. Events without a level or a namespace do not pass.

    Attributes:
        defaultLogLevel: The level of namespaces for which none is set.
    """

    def __init__(self, defaultLogLevel: LogLevel = LogLevel.info) -> None:
        self.defaultLogLevel = defaultLogLevel
        self._levels: dict[str, LogLevel] = {}

    def logLevelForNamespace(self, namespace: str | None) -> LogLevel:
        """The level from which events of a namespace pass.

        Args:
            namespace: Names with dots between them; "" or None for the default.
        """
        levels = self._levels
        name = namespace or ""
        while name:
            if name in levels:
                return levels[name]
            name = name.rpartition(".")[0]
        return levels.get("", self.defaultLogLevel)

    def setLogLevelForNamespace(self, namespace: str | None, level: LogLevel) -> None:
        """Let events of a namespace pass from a level on.

        Args:
            namespace: Names with dots between them; "" or None for the default.
            level: The least that passes.

        Raises:
            InvalidLogLevelError: It is no level.
        """
        if not isinstance(level, LogLevel):
            raise InvalidLogLevelError(level)
        self._levels[namespace or ""] = level

    def clearLogLevels(self) -> None:
        """Forget what was set: all namespaces have the default."""
        self._levels.clear()

    def __call__(self, event: LogEvent) -> PredicateResult:
        """``no`` for what does not pass, ``maybe`` for what does."""
        level = event.get("log_level")
        namespace = event.get("log_namespace")
        if not isinstance(level, LogLevel) or not namespace:
            return PredicateResult.no
        if level < self.logLevelForNamespace(namespace):
            return PredicateResult.no
        return PredicateResult.maybe
