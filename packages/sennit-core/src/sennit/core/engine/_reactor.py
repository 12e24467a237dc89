"""The reactor: one façade over the rooms of the engine, its networks in `_networks`."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Self

from sennit.core import log
from sennit.core._timers import DelayedCall
from sennit.core.defer import Deferred
from sennit.core.engine._clock import LoopClock
from sennit.core.engine._descriptors import Descriptors
from sennit.core.engine._lifecycle import State
from sennit.core.engine._networks import Networks
from sennit.core.engine._resolve import ThreadedResolver, resolved
from sennit.core.engine._threads import CallQueue
from sennit.core.errors import CONNECTION_LOST
from sennit.core.failure import Failure
from sennit.core.threadpool import ThreadPool

if TYPE_CHECKING:
    from sennit.core.contracts import (
        IReadDescriptor,
        IResolverSimple,
        IWriteDescriptor,
    )

__all__ = ["Reactor"]


class Reactor(Networks):
    """Listens, connects, calls later, and turns the loop that does it all.

    Any number of reactors may exist, one for each loop; each is used in its loop's
    thread only, but for `callFromThread`.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        super().__init__(loop)
        self._timers = LoopClock()
        self._calls = CallQueue(self._attach_if_idle)
        # Straight to the queue: a method between would cost as much again.
        vars(self)["callFromThread"] = self._calls.put
        self._descriptors = Descriptors(self._binding)
        self._pool: ThreadPool | None = None
        self._pool_size = 10
        self._resolver: IResolverSimple = ThreadedResolver(self)

    # What its lifecycle asks of it

    def close(self) -> None:
        """Give up a reactor for good: its loop, if it made one, is closed."""
        if self._pool is not None:
            self._pool.stop()
        self._binding.close()

    def _enter(self, state: State) -> None:
        super()._enter(state)
        if state is State.RUNNING:
            # Straight to the queue, for as long as there is no loop to look for.
            vars(self)["callLater"] = self._timers.queue.callLater
        else:
            vars(self).pop("callLater", None)

    def _use(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timers.bind(loop)
        self._calls.bind(loop)

    def _let_go(self) -> None:
        self._timers.unbind()
        self._calls.unbind()

    def _close_everything(self) -> None:
        """Connections are lost, ports closed, readers and writers told."""
        lost = Failure(CONNECTION_LOST)
        for each in (*self._binding.live, *self.removeAll()):
            try:
                each.connectionLost(lost)
            except Exception:
                log.err(None, f"{each!r} has failed in shutting down")

    def _join_threads(self) -> Deferred[None]:
        pool, self._pool = self._pool, None
        joined: Deferred[None] = Deferred()
        if pool is None:
            joined.callback(None)
            return joined

        def join() -> None:
            pool.stop()
            self.callFromThread(joined.callback, None)

        # In a thread of its own: work that waits for the reactor has to find it alive.
        threading.Thread(target=join, name="reactor-join", daemon=True).start()
        return joined

    def _forget_calls(self) -> None:
        for call in self._timers.queue.getDelayedCalls():
            call.cancel()

    @property
    def _clock(self) -> Self:
        return self

    # Time

    def seconds(self) -> float:
        """The reactor's clock: seconds that never jump, from no particular origin."""
        return time.monotonic()

    def callLater(
        self, delay: float, callable: Callable[..., object], *args: Any, **kw: Any
    ) -> DelayedCall:
        """Call ``callable(*args, **kw)`` in *delay* seconds.

        Returns:
            The call, which can be cancelled or moved.

        Raises:
            ValueError: *delay* is negative.
        """
        self._attach_if_idle()
        return self._timers.queue.callLater(delay, callable, *args, **kw)

    def getDelayedCalls(self) -> list[DelayedCall]:
        """All calls that are still to come."""
        return self._timers.queue.getDelayedCalls()

    # Threads

    def callFromThread(
        self, callable: Callable[..., object], *args: Any, **kw: Any
    ) -> None:
        """Call ``callable(*args, **kw)`` in the reactor's thread; from any thread."""
        self._calls.put(callable, *args, **kw)

    def callInThread(
        self, callable: Callable[..., object], *args: Any, **kw: Any
    ) -> None:
        """Call ``callable(*args, **kw)`` in a thread of the pool."""
        self.getThreadPool().callInThread(callable, *args, **kw)

    def getThreadPool(self) -> ThreadPool:
        """The pool, started when it is first asked for."""
        self._attach_if_idle()
        if self._pool is None:
            self._pool = ThreadPool(0, self._pool_size, "reactor")
            self._pool.start()
        return self._pool

    @property
    def threadpool(self) -> ThreadPool | None:
        """The pool; None while nobody has asked for it."""
        return self._pool

    def suggestThreadPoolSize(self, size: int) -> None:
        """Let the pool have *size* threads at most; 10 unless told."""
        self._pool_size = size
        if self._pool is not None:
            self._pool.adjustPoolsize(0, size)

    # Names

    def resolve(
        self, name: str, timeout: Sequence[int] = (1, 3, 11, 45)
    ) -> Deferred[str]:
        """Look up an address of a host.

        Args:
            name: A name, or an address, which is its own.
            timeout: Seconds for each attempt.

        Returns:
            A Deferred of the address; it fails with `DNSLookupError`.
        """
        return resolved(name, self._resolver, timeout)

    def installResolver(self, resolver: IResolverSimple) -> IResolverSimple:
        """Have names resolved by *resolver* from now on; return the one before."""
        before, self._resolver = self._resolver, resolver
        return before

    # Descriptors of the program's own

    def addReader(self, reader: IReadDescriptor) -> None:
        """Call ``reader.doRead()`` whenever its descriptor can be read."""
        self._descriptors.addReader(reader)

    def addWriter(self, writer: IWriteDescriptor) -> None:
        """Call ``writer.doWrite()`` whenever its descriptor can be written."""
        self._descriptors.addWriter(writer)

    def removeReader(self, reader: IReadDescriptor) -> None:
        """Watch it for reading no more."""
        self._descriptors.removeReader(reader)

    def removeWriter(self, writer: IWriteDescriptor) -> None:
        """Watch it for writing no more."""
        self._descriptors.removeWriter(writer)

    def removeAll(self) -> list[IReadDescriptor | IWriteDescriptor]:
        """Watch nothing more; returns what was watched."""
        return self._descriptors.removeAll()

    def getReaders(self) -> list[IReadDescriptor]:
        """Everything watched for reading."""
        return self._descriptors.getReaders()

    def getWriters(self) -> list[IWriteDescriptor]:
        """Everything watched for writing."""
        return self._descriptors.getWriters()

    def __repr__(self) -> str:
        loop = self._binding.loop
        turned = f" on {type(loop).__module__}" if loop is not None else ""
        return f"<{type(self).__name__} {self._state.value}{turned}>"
