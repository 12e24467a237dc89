"""Protocols behind a proxy: made when the header is there, for whom it tells of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sennit.core import log
from sennit.core.address import IPv4Address
from sennit.core.defer import Deferred
from sennit.core.endpoints import serverFromString
from sennit.core.errors import EndpointStringError
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory, Factory, Protocol, connectionDone
from sennit.core.task import Clock
from sennit.core.testing import MemoryReactorClock, StringTransport
from sennit.protocols.haproxy import (
    HAProxyServerEndpoint,
    HAProxyWrappingFactory,
    proxyEndpoint,
)
from sennit.protocols.policies import LimitConnectionsByPeer, WrappingFactory

HEADER = b"PROXY TCP4 192.0.2.1 192.0.2.9 56324 443\r\n"
PROXY = IPv4Address("TCP", "192.168.1.1", 54321)
CLIENT = IPv4Address("TCP", "192.0.2.1", 56324)


class Noting(Protocol):
    """Keeps what it is told."""

    pausing = False

    def __init__(self) -> None:
        self.data = b""
        self.lost: Failure | None = None
        self.peer: Any = None

    def connectionMade(self) -> None:
        self.peer = self.transport.getPeer()
        if self.pausing:
            self.transport.pauseProducing()  # type: ignore[attr-defined]

    def dataReceived(self, data: bytes) -> None:
        self.data += data

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.lost = reason


class Bench:
    """A connection to a factory behind a proxy."""

    def __init__(self, factory: Any = None) -> None:
        self.clock = Clock()
        wrapped = Factory.forProtocol(Noting) if factory is None else factory
        self.factory = HAProxyWrappingFactory(wrapped, clock=self.clock)
        self.connect()

    def connect(self) -> None:
        self.wrapper = self.factory.buildProtocol(PROXY)
        self.transport: Any = StringTransport()
        self.wrapper.makeConnection(self.transport)

    def open(self) -> bool:
        return self.wrapper.wrappedProtocol is not None

    @property
    def inner(self) -> Any:
        return self.wrapper.wrappedProtocol


@pytest.fixture
def said() -> Iterator[list[str]]:
    """What the log was told."""
    lines: list[str] = []

    def observe(event: Any) -> None:
        lines.append(log.textFromEventDict(event) or "")

    log.addObserver(observe)
    yield lines
    log.removeObserver(observe)


def test_the_protocol_is_made_for_the_client() -> None:
    """When the header is there; not before. It sees the client, and what it has sent."""
    bench = Bench()
    assert not bench.open()
    assert bench.wrapper.getPeer() == bench.transport.getPeer()
    bench.wrapper.dataReceived(HEADER[:20])
    assert not bench.open()
    bench.wrapper.dataReceived(HEADER[20:] + b"hello")
    assert bench.inner.peer == CLIENT
    assert bench.inner.transport.getHost() == IPv4Address("TCP", "192.0.2.9", 443)
    assert bench.inner.transport.proxyInfo.header == HEADER
    assert bench.inner.data == b"hello"
    bench.wrapper.dataReceived(b" again")
    assert bench.inner.data == b"hello again"
    bench.inner.transport.write(b"answer")
    assert bench.transport.value() == b"answer"
    assert bench.clock.getDelayedCalls() == []


def test_where_no_client_is_told_of_the_addresses_are_the_connections() -> None:
    """UNKNOWN, or a health check."""
    bench = Bench()
    bench.wrapper.dataReceived(b"PROXY UNKNOWN\r\n")
    assert bench.inner.peer == bench.transport.getPeer()
    assert bench.wrapper.getHost() == bench.transport.getHost()


def test_after_the_header_the_wrapper_is_bound_past() -> None:
    """The transport is made to look again for whom to call."""
    bench = Bench()
    bound: list[Any] = []

    class Looking(StringTransport):
        @property
        def protocol(self) -> Any:
            return bench.wrapper

        @protocol.setter
        def protocol(self, protocol: Any) -> None:
            bound.append(protocol.dataReceived)

    bench.wrapper.transport = Looking()
    bench.wrapper.dataReceived(HEADER)
    assert bound == [bench.inner.dataReceived]


def test_the_end_is_told() -> None:
    """To the protocol if there is one."""
    bench = Bench()
    bench.wrapper.dataReceived(HEADER)
    inner = bench.inner
    bench.wrapper.connectionLost(connectionDone)
    assert inner.lost is connectionDone
    assert not bench.factory.protocols
    bench.wrapper.dataReceived(b"late")
    assert inner.data == b""


def test_a_connection_that_ends_before_its_header_is_nobodys() -> None:
    """A check by a balancer, perhaps: nothing waits, nothing is logged."""
    bench = Bench()
    bench.wrapper.dataReceived(b"PROX")
    bench.wrapper.connectionLost(connectionDone)
    assert bench.clock.getDelayedCalls() == []
    assert not bench.factory.protocols


def test_a_broken_header_ends_the_connection(said: list[str]) -> None:
    """The log tells what was wrong, and from whom; what comes later is nobody's."""
    bench = Bench()
    bench.wrapper.dataReceived(b"GET / HTTP/1.1\r\n")
    assert bench.transport.disconnected
    bench.wrapper.dataReceived(HEADER)
    assert not bench.open()
    [line] = said
    assert "InvalidProxyHeader: no PROXY header begins with b'GET /" in line
    assert "192.168.1.1" in line
    bench.wrapper.connectionLost(connectionDone)


def test_a_header_must_come_in_time(said: list[str]) -> None:
    """Ten seconds, whatever drops in."""
    bench = Bench()
    bench.clock.advance(9)
    bench.wrapper.dataReceived(HEADER[:-1])
    assert not bench.transport.disconnected
    bench.clock.advance(1)
    assert bench.transport.disconnected
    assert "ProxyHeaderTimeout" in said[0]


def test_a_protocol_that_pauses_is_not_given_what_came_along() -> None:
    """It is given it when it goes on, before anything else."""

    class Pausing(Noting):
        pausing = True

    bench = Bench(Factory.forProtocol(Pausing))
    bench.wrapper.dataReceived(HEADER + b"hello")
    assert bench.transport.producerState == "paused"
    assert bench.inner.data == b""
    bench.inner.transport.resumeProducing()
    assert bench.inner.data == b"hello"
    assert bench.transport.producerState == "producing"


def test_policies_within_see_the_clients() -> None:
    """The limit is that of each client, not of the proxy."""
    limited = LimitConnectionsByPeer(Factory.forProtocol(Noting))
    limited.maxConnectionsPerPeer = 1
    bench = Bench(limited)
    bench.wrapper.dataReceived(HEADER)
    assert limited.peerConnections == {"192.0.2.1": 1}
    bench.connect()
    bench.wrapper.dataReceived(HEADER)
    assert bench.transport.disconnected
    bench.connect()
    bench.wrapper.dataReceived(HEADER.replace(b"2.1 ", b"2.2 "))
    assert not bench.transport.disconnected


def test_a_description_is_one_of_another_endpoint() -> None:
    """haproxy: and what listens; what it does not know it says."""
    reactor = MemoryReactorClock()
    endpoint = serverFromString(reactor, "haproxy:tcp:8080:interface=127.0.0.1")
    assert isinstance(endpoint, HAProxyServerEndpoint)
    factory = Factory.forProtocol(Noting)
    endpoint.listen(factory)
    [(port, wrapping, _, interface)] = reactor.tcpServers
    assert (port, interface) == (8080, "127.0.0.1")
    assert wrapping.wrappedFactory is factory
    assert wrapping.clock is reactor
    serverFromString(reactor, r"haproxy:unix:/run/a\:b:mode=600").listen(factory)
    assert reactor.unixServers[0][0] == "/run/a:b"
    with pytest.raises(EndpointStringError):
        serverFromString(reactor, "haproxy:tcq:8080")


async def test_over_sockets_the_client_is_known(reactor: Any) -> None:
    """Also from behind another policy; all that is sent arrives."""
    served: Deferred[tuple[Any, bytes]] = Deferred()

    class Server(Noting):
        def connectionLost(self, reason: Failure = connectionDone) -> None:
            served.callback((self.peer, self.data))

    class Proxy(Protocol):
        def connectionMade(self) -> None:
            self.transport.write(HEADER[:7])
            reactor.callLater(0.01, self.go_on)

        def go_on(self) -> None:
            self.transport.write(HEADER[7:] + b"hello")
            reactor.callLater(0.01, self.end)

        def end(self) -> None:
            self.transport.write(b" world" * 50_000)
            self.transport.loseConnection()

    below = serverFromString(reactor, "tcp:0:interface=127.0.0.1")
    port: Any = await proxyEndpoint(below, clock=reactor).listen(
        WrappingFactory(Factory.forProtocol(Server))
    )
    reactor.connectTCP(
        "127.0.0.1", port.getHost().port, ClientFactory.forProtocol(Proxy)
    )
    assert await served == (CLIENT, b"hello" + b" world" * 50_000)
    await port.stopListening()
