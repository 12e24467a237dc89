"""Waiting for connections to end, and keeping log events, in tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, overload

from sennit.core.defer import Deferred
from sennit.core.task import LoopingCall

if TYPE_CHECKING:
    from sennit.core.contracts import IReactorTime

__all__ = ["EventLoggingObserver", "waitUntilAllDisconnected"]

# Seconds between two looks: short for a person, and idle for a processor.
_LOOK_EVERY = 0.01


def waitUntilAllDisconnected(
    reactor: IReactorTime, protocols: Iterable[Any]
) -> Deferred[None]:
    """Wait until the transports of all given protocols have ended.

    Args:
        reactor: What waits.
        protocols: Those whose ``transport.connected`` is looked at.

    Returns:
        Fires with None.
    """
    waiting = list(protocols)

    def look() -> None:
        if not any(protocol.transport.connected for protocol in waiting):
            looking.stop()

    looking = LoopingCall(look)
    looking.clock = reactor
    return looking.start(_LOOK_EVERY).addCallback(lambda _: None)


class _Publisher(Protocol):
    def addObserver(self, observer: Any) -> Any: ...

    def removeObserver(self, observer: Any) -> Any: ...


class _Test(Protocol):
    def addCleanup(self, function: Any, /, *args: Any) -> Any: ...


class EventLoggingObserver(Sequence[dict[str, Any]]):
    """An observer of the log that keeps its events, and is the sequence of them."""

    def __init__(self) -> None:
        self._events: list[dict[str, Any]] = []

    def __call__(self, event: dict[str, Any]) -> None:
        """Keep an event."""
        self._events.append(event)

    def __len__(self) -> int:
        """Count the events."""
        return len(self._events)

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...

    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        """Give one event, or some."""
        return self._events[index]

    @classmethod
    def createWithCleanup(
        cls, testInstance: _Test, publisher: _Publisher
    ) -> EventLoggingObserver:
        """Make an observer that watches until the test is over.

        Args:
            testInstance: The test case, which has ``addCleanup``.
            publisher: What is watched, which has ``addObserver``.
        """
        observer = cls()
        publisher.addObserver(observer)
        testInstance.addCleanup(publisher.removeObserver, observer)
        return observer
