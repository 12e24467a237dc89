"""The contracts of the structured log: who is told of events, and who filters them."""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias

from sennit.core.failure import Failure

__all__ = ["ILogFilterPredicate", "ILogObserver", "LogEvent", "Operation"]

LogEvent: TypeAlias = dict[str, Any]
"""What is known of one thing that was logged.

The keys that begin with ``log_`` are the log's own: ``log_format``, a text with fields
in braces; ``log_level``; ``log_namespace``, whose event it is; ``log_time``, seconds
since the epoch; ``log_logger`` and ``log_source``, what has emitted it; ``log_failure``,
a `Failure`; ``log_system``, the connection that was served meanwhile. All others are
the fields that were given. None of them is there for certain."""


class ILogObserver(Protocol):
    """What is told of events: any function of one argument will do.

    It may be called in any thread. It must return soon, and leave the event as it is.
    """

    def __call__(self, event: LogEvent, /) -> object:
        """Be told of an event.

        Args:
            event: What is known of it; the keys that begin with ``log_`` are the log's.
        """


class ILogFilterPredicate(Protocol):
    """What decides about events, for a `FilteringLogObserver`."""

    def __call__(self, event: LogEvent, /) -> Any:
        """Decide about an event.

        Args:
            event: What is known of it.

        Returns:
            A `PredicateResult`.
        """


class Operation(Protocol):
    """How the code in a ``with log.failuresHandled(…) as operation:`` went."""

    @property
    def succeeded(self) -> bool:
        """Whether it came to its end."""

    @property
    def failed(self) -> bool:
        """Whether it raised."""

    @property
    def failure(self) -> Failure | None:
        """What it raised, if it did."""
