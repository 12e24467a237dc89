"""The reactor: one façade over the rooms of the engine, its networks in `_networks`."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from sennit.core import log
from sennit.core._timers import DelayedCall
from sennit.core.defer import Deferred
from sennit.core.engine._clock import LoopClock
from sennit.core.engine._descriptors import Descriptors
from sennit.core.engine._guard import Guard
from sennit.core.engine._lifecycle import State
from sennit.core.engine._listen import Port
from sennit.core.engine._names._resolvers import Resolvers
from sennit.core.engine._names._system import PATIENCE
from sennit.core.engine._networks import Networks
from sennit.core.engine._stream import Connection
from sennit.core.engine._threads import CallQueue
from sennit.core.errors import CONNECTION_LOST
from sennit.core.failure import Failure
from sennit.core.threadpool import ThreadPool

if TYPE_CHECKING:
    from sennit.core.contracts import (
        IHostnameResolver,
        IProcessProtocol,
        IReadDescriptor,
        IResolverSimple,
        IWriteDescriptor,
    )
    from sennit.core.engine._processes._process import Process
    from sennit.core.engine._processes._pty import PTYProcess
    from sennit.core.engine._processes._spawn import Environment, Word

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
        self._guard = Guard(self._binding)
        self._pool: ThreadPool | None = None
        self._pool_size = 10
        self._resolvers = Resolvers(self)

    # What its lifecycle asks of it

    def close(self) -> None:
        """Give up a reactor for good: its loop, if it made one, is closed."""
        if self._pool is not None:
            self._pool.stop()
        self._binding.close()

    def _enter(self, state: State) -> None:
        self._guard.heed(state)
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

    def resolve(self, name: str, timeout: Sequence[int] = PATIENCE) -> Deferred[str]:
        """Look up an address of a host.

        Args:
            name: A name, or an address, which is its own.
            timeout: Seconds for each attempt.

        Returns:
            A Deferred of the address; it fails with `DNSLookupError`.
        """
        return self._resolvers.one(name, timeout)

    @property
    def nameResolver(self) -> IHostnameResolver:
        """What finds the addresses of names, and tells each as it is found."""
        return self._resolvers.hostnames

    def installNameResolver(self, resolver: IHostnameResolver) -> IHostnameResolver:
        """Have names resolved by *resolver* from now on; return the one before.

        It answers `resolve`, too.

        Raises:
            TypeError: It has no ``resolveHostName``.
        """
        return self._resolvers.installHostnames(resolver)

    def installResolver(self, resolver: IResolverSimple) -> IResolverSimple:
        """Have names resolved by *resolver* from now on; return the one before.

        It answers for `nameResolver`, too, which then finds one address of a name.

        Raises:
            TypeError: It has no ``getHostByName``.
        """
        return self._resolvers.installSimple(resolver)

    # Child processes

    def spawnProcess(
        self,
        processProtocol: IProcessProtocol,
        executable: Word,
        args: Sequence[Word] = (),
        env: Environment | None = MappingProxyType({}),
        path: Word | None = None,
        uid: int | None = None,
        gid: int | None = None,
        usePTY: bool | tuple[int, int, str] = False,
        childFDs: Mapping[int, int | str] | None = None,
    ) -> Process | PTYProcess:
        """Start a program; a protocol is told what it writes, and how it ends.

        Args:
            processProtocol: Told of it, first by ``makeConnection``, before this
                returns.
            executable: The program's file; a name alone is looked for in the folders
                of the ``PATH`` in *env*.
            args: Its arguments, of which the first is its name; if there are none, it
                is called by its file.
            env: Its variables, none unless told; None for ours.
            path: The folder it runs in; None for ours.
            uid: The user it runs as, with that user's groups; None for ours.
            gid: The group it runs as; None for ours.
            usePTY: Whether it gets a terminal; or the terminal, as ``os.openpty()``
                gives it, with its name: its descriptors are ours to close from now on.
            childFDs: Its descriptors, by number: ``"r"`` for a pipe that we read,
                ``"w"`` for one that we write to, or a descriptor of ours that it
                inherits. Unless told ``{0: "w", 1: "r", 2: "r"}``.

        Returns:
            The process, which is the protocol's transport.

        Raises:
            OSError: It cannot be started; *processProtocol* is not told.
            TypeError: A word of it is neither text nor bytes.
            ValueError: A word of it has a zero byte, *childFDs* are none, or they are
                given with *usePTY*.
            NotImplementedError: On Windows.
        """
        # Most programs start no others: who does not need not import what that takes.
        from sennit.core.engine._processes._process import spawned
        from sennit.core.engine._processes._spawn import Program

        program = Program(executable, args, env, path, uid, gid)
        return spawned(self._binding, processProtocol, program, usePTY, childFDs)

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

    def getPorts(self) -> list[Port]:
        """All stream ports that listen."""
        return [each for each in self._binding.live if isinstance(each, Port)]

    def getConnections(self) -> list[Connection]:
        """All streams that are open, be they accepted or made, each with its protocol."""
        live = self._binding.live
        return [each for each in live if isinstance(each, Connection)]

    def __repr__(self) -> str:
        loop = self._binding.loop
        turned = f" on {type(loop).__module__}" if loop is not None else ""
        return f"<{type(self).__name__} {self._state.value}{turned}>"
