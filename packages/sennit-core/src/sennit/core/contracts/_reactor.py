"""The reactor's life, its time, its threads and its descriptors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol

if TYPE_CHECKING:
    from sennit.core.contracts._descriptors import IReadDescriptor, IWriteDescriptor
    from sennit.core.defer import Deferred
    from sennit.core.threadpool import ThreadPool

__all__ = [
    "IDelayedCall",
    "IReactorCore",
    "IReactorDaemonize",
    "IReactorFDSet",
    "IReactorFromThreads",
    "IReactorInThreads",
    "IReactorThreads",
    "IReactorTime",
]

_A = ParamSpec("_A")


class IReactorCore(Protocol):
    """Running, stopping, and what is called around them."""

    @property
    def running(self) -> bool:
        """True from the "during startup" events to the "during shutdown" events."""
        ...

    def run(self, installSignalHandlers: bool = True) -> None:
        """Run until `stop` is called.

        Args:
            installSignalHandlers: Whether SIGINT and SIGTERM stop it.

        Raises:
            sennit.core.errors.ReactorAlreadyRunning: When it runs.
        """

    def resolve(
        self, name: str, timeout: Sequence[int] = (1, 3, 11, 45)
    ) -> Deferred[str]:
        """Look for a name's IPv4 address.

        Args:
            name: The name; an address is its own.
            timeout: How long each attempt may take, in seconds.

        Returns:
            The address in text; fails with ``DNSLookupError``.
        """
        ...

    def stop(self) -> None:
        """Shut down in order: fire the "shutdown" events, then let `run` return.

        Raises:
            sennit.core.errors.ReactorNotRunning: When it does not run.
        """

    def crash(self) -> None:
        """Let `run` return at once, without the "shutdown" events."""

    def iterate(self, delay: float = 0) -> None:
        """Run one turn by hand, for programs that have a loop of their own.

        Args:
            delay: How long to wait at most for something to happen, in seconds.
        """

    def fireSystemEvent(self, eventType: str) -> None:
        """Call the triggers of an event, phase by phase.

        Args:
            eventType: ``"startup"``, ``"shutdown"`` or ``"persist"``.
        """

    def addSystemEventTrigger(
        self,
        phase: str,
        eventType: str,
        callable: Callable[_A, object],
        *args: _A.args,
        **kwargs: _A.kwargs,
    ) -> Any:
        """Have something called when an event is fired.

        Args:
            phase: ``"before"``, ``"during"`` or ``"after"``. A Deferred that is
                returned in "before" holds the next phase up until it has fired.
            eventType: ``"startup"``, ``"shutdown"`` or ``"persist"``.
            callable: What is called.
            *args: For the call.
            **kwargs: For the call.

        Returns:
            What `removeSystemEventTrigger` takes.
        """

    def removeSystemEventTrigger(self, triggerID: Any) -> None:
        """Take back what was given to `addSystemEventTrigger`.

        Raises:
            ValueError: When it was fired or taken back before.
        """

    def callWhenRunning(
        self,
        callable: Callable[_A, object],
        *args: _A.args,
        **kwargs: _A.kwargs,
    ) -> Any:
        """Call something as soon as the reactor runs: now, if it does.

        Returns:
            What `removeSystemEventTrigger` takes; None if it was called.
        """


class IDelayedCall(Protocol):
    """A call that waits for its time."""

    def getTime(self) -> float:
        """Tell when it is due, on the reactor's clock, in seconds."""
        ...

    def cancel(self) -> None:
        """Call it off.

        Raises:
            sennit.core.errors.AlreadyCalled: When it has been called.
            sennit.core.errors.AlreadyCancelled: When it was called off before.
        """

    def delay(self, secondsLater: float) -> None:
        """Put it off: that much later than it was due (earlier if negative).

        Raises:
            sennit.core.errors.AlreadyCalled: When it has been called.
            sennit.core.errors.AlreadyCancelled: When it was called off.
        """

    def reset(self, secondsFromNow: float) -> None:
        """Make it due that long from now.

        Raises:
            sennit.core.errors.AlreadyCalled: When it has been called.
            sennit.core.errors.AlreadyCancelled: When it was called off.
        """

    def active(self) -> bool:
        """Tell whether it is still going to be called."""
        ...


class IReactorTime(Protocol):
    """Time: what most code takes for its clock."""

    def seconds(self) -> float:
        """Tell the time; only differences mean anything."""
        ...

    def callLater(
        self,
        delay: float,
        callable: Callable[_A, object],
        *args: _A.args,
        **kwargs: _A.kwargs,
    ) -> IDelayedCall:
        """Call something later, in the context (``contextvars``) of now.

        Args:
            delay: How much later, in seconds; 0 means in the next turn.
            callable: What is called; an error it raises is logged.
            *args: For the call.
            **kwargs: For the call.

        Raises:
            ValueError: When the delay is negative.
        """
        ...

    def getDelayedCalls(self) -> Sequence[IDelayedCall]:
        """Give the calls that wait, in no order."""
        ...


class IReactorFromThreads(Protocol):
    """The one door into the reactor for other threads."""

    def callFromThread(
        self,
        callable: Callable[_A, object],
        *args: _A.args,
        **kwargs: _A.kwargs,
    ) -> None:
        """Call something in the reactor's thread, soon; calls keep their order.

        May be called from any thread, and from a signal handler.
        """


class IReactorInThreads(Protocol):
    """The way out, into other threads."""

    def callInThread(
        self,
        callable: Callable[_A, object],
        *args: _A.args,
        **kwargs: _A.kwargs,
    ) -> None:
        """Call something in a thread of the pool; its result is dropped.

        An error it raises is logged. For the result use ``threads.deferToThread``.
        """


class IReactorThreads(IReactorFromThreads, IReactorInThreads, Protocol):
    """Both ways between threads, and the pool."""

    def getThreadPool(self) -> ThreadPool:
        """Give the reactor's pool, which is made now if there was none."""
        ...

    def suggestThreadPoolSize(self, size: int) -> None:
        """Set how many threads the pool has at most."""


class IReactorFDSet(Protocol):
    """Watching descriptors of one's own.

    Raises ``NotImplementedError`` on loops that cannot (Windows' Proactor).
    """

    def addReader(self, reader: IReadDescriptor) -> None:
        """Call ``reader.doRead()`` each time there is something to read."""

    def addWriter(self, writer: IWriteDescriptor) -> None:
        """Call ``writer.doWrite()`` each time it can be written to."""

    def removeReader(self, reader: IReadDescriptor) -> None:
        """Watch for reading no more; nothing happens if it was not watched."""

    def removeWriter(self, writer: IWriteDescriptor) -> None:
        """Watch for writing no more; nothing happens if it was not watched."""

    def removeAll(self) -> list[IReadDescriptor | IWriteDescriptor]:
        """Watch nothing any more, and give what was watched."""
        ...

    def getReaders(self) -> list[IReadDescriptor]:
        """Give what is watched for reading."""
        ...

    def getWriters(self) -> list[IWriteDescriptor]:
        """Give what is watched for writing."""
        ...


class IReactorDaemonize(Protocol):
    """A reactor that must know when the process forks to become a daemon."""

    def beforeDaemonize(self) -> None:
        """Prepare for the fork; called right before it."""

    def afterDaemonize(self) -> None:
        """Restore after the fork, in the child; called even if it failed."""
