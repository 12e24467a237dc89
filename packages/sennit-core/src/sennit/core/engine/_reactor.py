"""The reactor: one façade over the rooms of the engine."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Self

from sennit.core import log
from sennit.core._timers import DelayedCall
from sennit.core.defer import Deferred
from sennit.core.engine._adopt import (
    AdoptedConnection,
    adoptedPort,
    adoptedUDPPort,
)
from sennit.core.engine._clock import LoopClock
from sennit.core.engine._connect import TCPConnector, UNIXConnector
from sennit.core.engine._descriptors import Descriptors
from sennit.core.engine._lifecycle import Lifecycle, State
from sennit.core.engine._listen import Port, TCPPort
from sennit.core.engine._resolve import ThreadedResolver, resolved
from sennit.core.engine._threads import CallQueue
from sennit.core.engine._udp import UDPPort
from sennit.core.engine._unix import UNIXPort, pathOf
from sennit.core.errors import CONNECTION_LOST
from sennit.core.failure import Failure
from sennit.core.protocol import AbstractDatagramProtocol, ClientFactory
from sennit.core.threadpool import ThreadPool

if TYPE_CHECKING:
    from sennit.core.contracts import (
        IProtocolFactory,
        IReadDescriptor,
        IResolverSimple,
        IWriteDescriptor,
    )

__all__ = ["Reactor"]


class Reactor(Lifecycle):
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

    # TCP, UNIX sockets, UDP

    def listenTCP(
        self,
        port: int,
        factory: IProtocolFactory,
        backlog: int = 50,
        interface: str = "",
    ) -> TCPPort:
        """Listen on a TCP port, from now on.

        Args:
            port: Its number; 0 for any free one (``getHost`` tells which).
            factory: Builds the protocols.
            backlog: How many connections the system may hold for us.
            interface: The local IP address; empty for all of IPv4, ``"::"`` for all.

        Raises:
            CannotListenError: The address is in use, forbidden or not ours.
        """
        listening = TCPPort(self._binding, port, factory, backlog, interface)
        listening.startListening()
        return listening

    def connectTCP(
        self,
        host: str,
        port: int | str,
        factory: ClientFactory,
        timeout: float | None = 30,
        bindAddress: tuple[str, int] | None = None,
    ) -> TCPConnector:
        """Connect to a TCP port; the factory learns what comes of it.

        Args:
            host: A name or an IP address.
            port: The port's number, or a service's name.
            factory: Builds the protocol; told of failure and loss.
            timeout: Seconds that it may take.
            bindAddress: Our own ``(host, port)``.
        """
        connector = TCPConnector(
            self._binding, self, host, port, factory, timeout, bindAddress, self.resolve
        )
        connector.connect()
        return connector

    def listenUNIX(
        self,
        address: str | bytes,
        factory: IProtocolFactory,
        backlog: int = 50,
        mode: int = 0o666,
        wantPID: bool = False,
    ) -> UNIXPort:
        """Listen on a UNIX socket, from now on.

        Args:
            address: The path; a name that starts with a zero byte is abstract.
            factory: Builds the protocols.
            backlog: How many connections the system may hold for us.
            mode: The permission bits of the file.
            wantPID: Hold a lock beside it, and take over what a dead holder left.

        Raises:
            CannotListenError: The path is in use or cannot be made.
        """
        path = pathOf(address)
        listening = UNIXPort(self._binding, path, factory, backlog, mode, wantPID)
        listening.startListening()
        return listening

    def connectUNIX(
        self,
        address: str | bytes,
        factory: ClientFactory,
        timeout: float | None = 30,
        checkPID: bool = False,
    ) -> UNIXConnector:
        """Connect to a UNIX socket; the factory learns what comes of it.

        Args:
            address: The path; a name that starts with a zero byte is abstract.
            factory: Builds the protocol; told of failure and loss.
            timeout: Seconds that it may take.
            checkPID: Fail with `BadFileError` if nobody holds the lock beside it.
        """
        connector = UNIXConnector(
            self._binding, self, pathOf(address), factory, timeout, checkPID
        )
        connector.connect()
        return connector

    def listenUDP(
        self,
        port: int,
        protocol: AbstractDatagramProtocol,
        interface: str = "",
        maxPacketSize: int = 65536,
    ) -> UDPPort:
        """Receive and send datagrams on a UDP port, from now on.

        Args:
            port: Its number; 0 for any free one.
            protocol: Receives, and gets the port as its transport.
            interface: The local IP address; empty for all of IPv4.
            maxPacketSize: The longest datagram that is delivered, in bytes.

        Raises:
            CannotListenError: The address is in use, forbidden or not ours.
        """
        listening = UDPPort(self._binding, port, protocol, interface, maxPacketSize)
        listening.startListening()
        return listening

    # Sockets made by others

    def adoptStreamPort(
        self, fileDescriptor: int, addressFamily: int, factory: IProtocolFactory
    ) -> Port:
        """Accept on a stream socket that listens already.

        Args:
            fileDescriptor: Its descriptor, which is duplicated and stays yours.
            addressFamily: ``AF_INET``, ``AF_INET6`` or ``AF_UNIX``.
            factory: Builds the protocols.

        Raises:
            UnsupportedAddressFamily: It is of another family.
        """
        port = adoptedPort(self._binding, fileDescriptor, addressFamily, factory)
        port.startListening()
        return port

    def adoptStreamConnection(
        self, fileDescriptor: int, addressFamily: int, factory: IProtocolFactory
    ) -> None:
        """Serve a stream socket that is connected already.

        Args:
            fileDescriptor: Its descriptor, which is duplicated and stays yours.
            addressFamily: ``AF_INET``, ``AF_INET6`` or ``AF_UNIX``.
            factory: Builds the protocol.

        Raises:
            UnsupportedAddressFamily: It is of another family.
        """
        adopted = AdoptedConnection(
            self._binding, fileDescriptor, addressFamily, factory
        )
        self._binding.whenBound(adopted.start)

    def adoptDatagramPort(
        self,
        fileDescriptor: int,
        addressFamily: int,
        protocol: AbstractDatagramProtocol,
        maxPacketSize: int = 65536,
    ) -> UDPPort:
        """Receive and send on a UDP socket that is bound already.

        Args:
            fileDescriptor: Its descriptor, which is duplicated and stays yours.
            addressFamily: ``AF_INET`` or ``AF_INET6``.
            protocol: Receives, and gets the port as its transport.
            maxPacketSize: The longest datagram that is delivered, in bytes.

        Raises:
            UnsupportedAddressFamily: It is of another family.
        """
        port = adoptedUDPPort(
            self._binding, fileDescriptor, addressFamily, protocol, maxPacketSize
        )
        port.startListening()
        return port

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
