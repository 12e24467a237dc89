"""A reactor in memory: it notes what it is asked for, and nothing happens.

Everything that was opened is in a list, with the arguments in the order of the method
that opened it; the test calls the factories found there. `MemoryReactorClock` has time
as well, which the test advances.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sennit.core.address import IPv4Address, IPv6Address, UNIXAddress
from sennit.core.defer import Deferred, succeed
from sennit.core.task import Clock
from sennit.core.testing._ports import FakeConnector, FakePort, SynchronousResolver

if TYPE_CHECKING:
    from sennit.core.contracts import IHostnameResolver

__all__ = ["MemoryReactor", "MemoryReactorClock"]

_Call = tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]]


class MemoryReactor:
    """Notes everything; its connections never come about.

    Attributes:
        hasInstalled: Whether `install` was called.
        running: Whether it is inside `run`.
        hasRun: Whether `run` was called.
        hasStopped: Whether `stop` was called.
        hasCrashed: Whether `crash` was called.
        whenRunningHooks: What `callWhenRunning` was given before `run`.
        triggers: What `addSystemEventTrigger` was given, by phase and event.
        tcpServers: What `listenTCP` was given.
        tcpClients: What `connectTCP` was given.
        sslServers: What `listenSSL` was given.
        sslClients: What `connectSSL` was given.
        unixServers: What `listenUNIX` was given.
        unixClients: What `connectUNIX` was given.
        udpPorts: What `listenUDP` was given.
        adoptedPorts: What `adoptStreamPort` and `adoptDatagramPort` were given.
        adoptedStreamConnections: What `adoptStreamConnection` was given.
        connectors: What the ``connect`` methods gave.
        readers: What is watched for reading.
        writers: What is watched for writing.
        nameResolver: Who finds the addresses of names.
    """

    def __init__(self) -> None:
        self.hasInstalled: bool = False
        self.running: bool = False
        self.hasRun: bool = False
        self.hasStopped: bool = False
        self.hasCrashed: bool = False
        self.whenRunningHooks: list[_Call] = []
        self.triggers: dict[str, dict[str, list[_Call]]] = {}
        self.tcpServers: list[tuple[Any, ...]] = []
        self.tcpClients: list[tuple[Any, ...]] = []
        self.sslServers: list[tuple[Any, ...]] = []
        self.sslClients: list[tuple[Any, ...]] = []
        self.unixServers: list[tuple[Any, ...]] = []
        self.unixClients: list[tuple[Any, ...]] = []
        self.udpPorts: list[tuple[Any, ...]] = []
        self.adoptedPorts: list[tuple[Any, ...]] = []
        self.adoptedStreamConnections: list[tuple[Any, ...]] = []
        self.connectors: list[FakeConnector] = []
        self.readers: set[Any] = set()
        self.writers: set[Any] = set()
        self.nameResolver: IHostnameResolver = SynchronousResolver()

    # Its life

    def install(self) -> None:
        """Note it in ``hasInstalled``."""
        self.hasInstalled = True

    def run(self, installSignalHandlers: bool = True) -> None:
        """Call what waits for the reactor to run, then `stop`."""
        self.running = True
        self.hasRun = True
        for function, args, kwargs in self.whenRunningHooks:
            function(*args, **kwargs)
        self.stop()

    def stop(self) -> None:
        """Note it in ``hasStopped``; ``running`` ends."""
        self.running = False
        self.hasStopped = True

    def crash(self) -> None:
        """Note it in ``hasCrashed``; ``running`` ends."""
        self.running = False
        self.hasCrashed = True

    def iterate(self, delay: float = 0) -> None:
        """Do nothing: in a turn of this reactor, nothing happens."""

    def callWhenRunning(
        self, callable: Callable[..., object], *args: Any, **kwargs: Any
    ) -> None:
        """Keep a call for `run`; call at once if that has been."""
        if self.hasRun:
            callable(*args, **kwargs)
        else:
            self.whenRunningHooks.append((callable, args, kwargs))

    def addSystemEventTrigger(
        self,
        phase: str,
        eventType: str,
        callable: Callable[..., object],
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """Keep a call for `fireSystemEvent`, in ``triggers[phase][eventType]``."""
        call = (callable, args, kwargs)
        self.triggers.setdefault(phase, {}).setdefault(eventType, []).append(call)
        return (phase, eventType, call)

    def removeSystemEventTrigger(self, triggerID: Any) -> None:
        """Take back what was given to `addSystemEventTrigger`.

        Raises:
            ValueError: When it was fired or taken back before.
        """
        phase, event, call = triggerID
        self.triggers.get(phase, {}).get(event, []).remove(call)

    def fireSystemEvent(self, eventType: str) -> None:
        """Call the triggers of an event, phase by phase, waiting for nothing."""
        for phase in ("before", "during", "after"):
            for function, args, kwargs in self.triggers.get(phase, {}).pop(
                eventType, []
            ):
                function(*args, **kwargs)

    # Names

    def resolve(self, name: str, timeout: Any = (1, 3, 11, 45)) -> Deferred[str]:
        """Find every name at 127.0.0.1."""
        return succeed("127.0.0.1")

    def installNameResolver(self, resolver: IHostnameResolver) -> IHostnameResolver:
        """Use another resolver, and give back the one used so far."""
        before, self.nameResolver = self.nameResolver, resolver
        return before

    # Networks

    def listenTCP(
        self, port: int, factory: Any, backlog: int = 50, interface: str = ""
    ) -> FakePort:
        """Note it in ``tcpServers``."""
        self.tcpServers.append((port, factory, backlog, interface))
        return FakePort(_address(interface or "0.0.0.0", port))

    def connectTCP(
        self,
        host: str,
        port: int,
        factory: Any,
        timeout: float | None = 30,
        bindAddress: tuple[str, int] | None = None,
    ) -> FakeConnector:
        """Note it in ``tcpClients``."""
        self.tcpClients.append((host, port, factory, timeout, bindAddress))
        return self._connector(_address(host, port), factory)

    def listenSSL(
        self,
        port: int,
        factory: Any,
        contextFactory: Any,
        backlog: int = 50,
        interface: str = "",
    ) -> FakePort:
        """Note it in ``sslServers``."""
        self.sslServers.append((port, factory, contextFactory, backlog, interface))
        return FakePort(_address(interface or "0.0.0.0", port))

    def connectSSL(
        self,
        host: str,
        port: int,
        factory: Any,
        contextFactory: Any,
        timeout: float | None = 30,
        bindAddress: tuple[str, int] | None = None,
    ) -> FakeConnector:
        """Note it in ``sslClients``."""
        self.sslClients.append(
            (host, port, factory, contextFactory, timeout, bindAddress)
        )
        return self._connector(_address(host, port), factory)

    def listenUNIX(
        self,
        address: str | bytes,
        factory: Any,
        backlog: int = 50,
        mode: int = 0o666,
        wantPID: bool = False,
    ) -> FakePort:
        """Note it in ``unixServers``."""
        self.unixServers.append((address, factory, backlog, mode, wantPID))
        return FakePort(UNIXAddress(address))

    def connectUNIX(
        self,
        address: str | bytes,
        factory: Any,
        timeout: float | None = 30,
        checkPID: bool = False,
    ) -> FakeConnector:
        """Note it in ``unixClients``."""
        self.unixClients.append((address, factory, timeout, checkPID))
        return self._connector(UNIXAddress(address), factory)

    def listenUDP(
        self,
        port: int,
        protocol: Any,
        interface: str = "",
        maxPacketSize: int = 8192,
    ) -> FakePort:
        """Note it in ``udpPorts``."""
        self.udpPorts.append((port, protocol, interface, maxPacketSize))
        return FakePort(IPv4Address("UDP", interface or "0.0.0.0", port))

    def adoptStreamPort(
        self, fileDescriptor: int, addressFamily: int, factory: Any
    ) -> FakePort:
        """Note it in ``adoptedPorts``."""
        self.adoptedPorts.append((fileDescriptor, addressFamily, factory))
        return FakePort(_address("0.0.0.0", 1234))

    def adoptStreamConnection(
        self, fileDescriptor: int, addressFamily: int, factory: Any
    ) -> None:
        """Note it in ``adoptedStreamConnections``."""
        self.adoptedStreamConnections.append((fileDescriptor, addressFamily, factory))

    def adoptDatagramPort(
        self,
        fileDescriptor: int,
        addressFamily: int,
        protocol: Any,
        maxPacketSize: int = 8192,
    ) -> FakePort:
        """Note it in ``adoptedPorts``."""
        self.adoptedPorts.append(
            (fileDescriptor, addressFamily, protocol, maxPacketSize)
        )
        return FakePort(IPv4Address("UDP", "0.0.0.0", 1234))

    # Descriptors

    def addReader(self, reader: Any) -> None:
        """Note it in ``readers``."""
        self.readers.add(reader)

    def addWriter(self, writer: Any) -> None:
        """Note it in ``writers``."""
        self.writers.add(writer)

    def removeReader(self, reader: Any) -> None:
        """Strike it from ``readers``."""
        self.readers.discard(reader)

    def removeWriter(self, writer: Any) -> None:
        """Strike it from ``writers``."""
        self.writers.discard(writer)

    def getReaders(self) -> list[Any]:
        """Give what is watched for reading."""
        return list(self.readers)

    def getWriters(self) -> list[Any]:
        """Give what is watched for writing."""
        return list(self.writers)

    def removeAll(self) -> list[Any]:
        """Watch nothing any more, and give what was watched."""
        watched = list(self.readers | self.writers)
        self.readers.clear()
        self.writers.clear()
        return watched

    def _connector(self, address: Any, factory: Any) -> FakeConnector:
        connector = FakeConnector(address)
        factory.startedConnecting(connector)
        self.connectors.append(connector)
        return connector


class MemoryReactorClock(MemoryReactor, Clock):
    """A reactor in memory that has time: ``advance`` moves it."""

    def __init__(self) -> None:
        MemoryReactor.__init__(self)
        Clock.__init__(self)


def _address(host: str, port: int) -> IPv4Address | IPv6Address:
    return (IPv6Address if ":" in host else IPv4Address)("TCP", host, port)
