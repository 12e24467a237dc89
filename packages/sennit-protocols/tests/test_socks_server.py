"""Servers that connect others, over sockets."""

from __future__ import annotations

import socket
import struct
from typing import Any

import pytest

from sennit.core.defer import Deferred, succeed
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory, Factory, Protocol, connectionDone
from sennit.core.task import Clock
from sennit.core.testing import MemoryReactorClock, StringTransport
from sennit.protocols.socks import SOCKSv4, SOCKSv4Factory, SOCKSv5, SOCKSv5Factory
from sennit.protocols.wire import Echo

LOCAL = "127.0.0.1"


class Client(Protocol):
    """Sends one thing, and waits for so many bytes, or for the end."""

    def __init__(self, first: bytes = b"") -> None:
        self.first = first
        self.data = b""
        self.wanted = 0
        self.heard: Deferred[bytes] = Deferred()
        self.made: Deferred[Client] = Deferred()
        self.lost: Deferred[bytes] = Deferred()

    def connectionMade(self) -> None:
        self.transport.write(self.first)
        self.made.callback(self)

    def dataReceived(self, data: bytes) -> None:
        self.data += data
        self._look()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.lost.callback(self.data)

    def hear(self, size: int) -> Deferred[bytes]:
        """The next so many bytes."""
        self.wanted, self.heard = size, Deferred()
        heard = self.heard
        self._look()
        return heard

    def _look(self) -> None:
        if self.wanted and len(self.data) >= self.wanted:
            data, self.data = self.data[: self.wanted], self.data[self.wanted :]
            self.wanted = 0
            self.heard.callback(data)


class Bench:
    """A server, somebody to be connected with, and clients."""

    def __init__(self, reactor: Any, factory: Factory) -> None:
        self.reactor = reactor
        self.ports = [
            reactor.listenTCP(0, each, interface=LOCAL)
            for each in (factory, Factory.forProtocol(Echo))
        ]
        self.socks, self.echo = (port.getHost().port for port in self.ports)

    async def client(self, first: bytes, port: int | None = None) -> Client:
        client = Client(first)
        factory = ClientFactory()
        factory.protocol = lambda: client
        self.reactor.connectTCP(LOCAL, port or self.socks, factory)
        return await client.made

    async def end(self, *clients: Client) -> None:
        """Hang up, and close all ports."""
        for client in clients:
            client.transport.loseConnection()
            await client.lost
        for port in self.ports:
            await port.stopListening()

    def request4(self, host: str, code: int = 1, name: bytes = b"") -> bytes:
        head = struct.pack("!BBH", 4, code, self.echo) + socket.inet_aton(host)
        return head + b"joe\0" + (name + b"\0" if name else b"")

    def request5(self, address: bytes, code: int = 1, port: int | None = None) -> bytes:
        head = b"\5" + bytes([code]) + b"\0" + address
        return head + struct.pack("!H", port or self.echo)


HERE5 = b"\1\x7f\0\0\1"


@pytest.mark.parametrize("name", [b"", b"localhost"])
async def test_version_4_connects(reactor: Any, name: bytes) -> None:
    """With an address, or a name (4a); what was sent too early is passed on."""
    bench = Bench(reactor, SOCKSv4Factory(None, reactor))
    host = "0.0.0.7" if name else LOCAL
    client = await bench.client(bench.request4(host, name=name) + b"early ")
    reply = await client.hear(8)
    assert reply == struct.pack("!BBH", 0, 90, bench.echo) + b"\x7f\0\0\1"
    client.transport.write(b"hello" * 100_000)
    assert await client.hear(500_006) == b"early " + b"hello" * 100_000
    await bench.end(client)


@pytest.mark.parametrize("address", [HERE5, b"\3\x09localhost", b"\3\x09127.0.0.1"])
async def test_version_5_connects(reactor: Any, address: bytes) -> None:
    """With an address, or a name."""
    bench = Bench(reactor, SOCKSv5Factory(reactor=reactor))
    client = await bench.client(b"\5\2\0\2")
    assert await client.hear(2) == b"\5\0"
    client.transport.write(bench.request5(address) + b"early ")
    assert await client.hear(10) == b"\5\0\0" + HERE5 + struct.pack("!H", bench.echo)
    client.transport.write(b"hello")
    assert await client.hear(11) == b"early hello"
    await bench.end(client)


async def test_a_port_is_bound_for_one_connection(reactor: Any) -> None:
    """From the host that was named; both sides are told, and then talk."""
    bench = Bench(reactor, SOCKSv5Factory(reactor=reactor))
    client = await bench.client(b"\5\1\0" + bench.request5(HERE5, 2))
    assert await client.hear(2) == b"\5\0"
    first = await client.hear(10)
    assert first[:8] == b"\5\0\0" + HERE5
    (port,) = struct.unpack("!H", first[8:])
    other = await bench.client(b"hello", port)
    second = await client.hear(10)
    ours: Any = other.transport.getHost()
    assert second == b"\5\0\0" + HERE5 + struct.pack("!H", ours.port)
    assert await client.hear(5) == b"hello"
    client.transport.write(b"yes?")
    assert await other.hear(4) == b"yes?"
    await bench.end(client, other)


async def test_who_was_not_expected_ends_the_wish(reactor: Any) -> None:
    """Version 4, bound for another host."""
    bench = Bench(reactor, SOCKSv4Factory(None, reactor))
    client = await bench.client(bench.request4("192.0.2.1", 2))
    reply = await client.hear(8)
    assert reply[:2] == b"\0\x5a"
    (port,) = struct.unpack("!H", reply[2:4])
    other = await bench.client(b"", port)
    assert (await client.lost)[:2] == b"\0\x5b"
    await other.lost
    await bench.end()


async def test_who_goes_away_gives_up_what_was_bound(reactor: Any) -> None:
    """The port is closed."""
    bench = Bench(reactor, SOCKSv4Factory(None, reactor))
    client = await bench.client(bench.request4(LOCAL, 2))
    await client.hear(8)
    # The fixture looks for ports that are left open.
    await bench.end(client)


async def test_where_nobody_listens_the_client_is_told(reactor: Any) -> None:
    """Version 5 says why."""
    for factory, first, reply in (
        (SOCKSv4Factory(None, reactor), None, b"\0\x5b\0\0\0\0\0\0"),
        (SOCKSv5Factory(reactor=reactor), b"\5\1\0", b"\5\0\5\5\0\1\0\0\0\0\0\0"),
    ):
        bench = Bench(reactor, factory)
        await bench.ports[1].stopListening()
        if first is None:
            first = bench.request4(LOCAL)
        else:
            first += bench.request5(HERE5)
        client = await bench.client(first)
        assert await client.lost == reply
        bench.ports.pop()
        await bench.end()


@pytest.mark.parametrize("late", [False, True])
async def test_a_password_may_be_wanted(reactor: Any, late: bool) -> None:
    """And be right or wrong; it may take a while to know."""
    checked: Deferred[bool] = Deferred()

    def check(user: bytes, password: bytes) -> Any:
        right = (user, password) == (b"joe", b"word")
        if not late:
            return right
        reactor.callLater(0, checked.callback, right)
        return checked

    bench = Bench(reactor, SOCKSv5Factory(check, reactor))
    login = b"\1\3joe\4word"
    client = await bench.client(b"\5\1\2" + login + bench.request5(HERE5) + b"hi")
    assert await client.hear(4) == b"\5\2\1\0"
    await client.hear(10)
    assert await client.hear(2) == b"hi"
    await bench.end(client)


async def test_a_wrong_password_ends_the_connection(reactor: Any) -> None:
    """And so does a client that cannot log in."""
    bench = Bench(reactor, SOCKSv5Factory(lambda *_: succeed(False), reactor))
    client = await bench.client(b"\5\1\2\1\3joe\4word" + bench.request5(HERE5))
    assert await client.lost == b"\5\2\1\1"
    client = await bench.client(b"\5\1\0")
    assert await client.lost == b"\5\xff"
    await bench.end()


def connected(protocol: Any) -> Any:
    transport = StringTransport(None, None)
    protocol.makeConnection(transport)
    return transport


@pytest.mark.parametrize(
    ("first", "answer"),
    [
        (b"\4", b""),
        (b"\5\1\0\5\1\0\2\0", b"\5\0\5\x08\0\1\0\0\0\0\0\0"),
        (b"\5\1\0\5\3\0\1\1\2\3\4\0\x50", b"\5\0\5\7\0\1\0\0\0\0\0\0"),
    ],
)
def test_what_is_not_understood_is_refused(first: bytes, answer: bytes) -> None:
    """By its code, if there is one; UDP is not served."""
    factory: Any = SOCKSv5Factory(reactor=MemoryReactorClock())
    server = factory.buildProtocol(None)
    transport = connected(server)
    server.dataReceived(first)
    assert transport.value() == answer
    assert transport.disconnecting
    server.dataReceived(b"more")
    assert transport.value() == answer
    server.connectionLost(connectionDone)


def test_not_everybody_may_go_everywhere() -> None:
    """A subclass decides."""
    seen: list[Any] = []

    class Strict5(SOCKSv5):
        def authorize(self, code: int, server: str, port: int, user: bytes) -> bool:
            seen.append((code, server, port, user))
            return False

    class Strict4(SOCKSv4):
        authorize = Strict5.authorize

    reactor = MemoryReactorClock()
    factory: Any = SOCKSv5Factory(lambda *_: True, reactor)
    factory.protocol = Strict5
    server = factory.buildProtocol(None)
    transport = connected(server)
    server.dataReceived(b"\5\1\2\1\3joe\0\5\1\0\1\1\2\3\4\0\x50")
    assert transport.value() == b"\5\2\1\0" + b"\5\2\0\1\0\0\0\0\0\0"
    server.connectionLost(connectionDone)
    four = Strict4(None, reactor)
    transport = connected(four)
    four.dataReceived(b"\4\1\0\x50\1\2\3\4eve\0")
    assert transport.value()[:2] == b"\0\x5b"
    assert transport.disconnecting
    assert seen == [(1, "1.2.3.4", 80, b"joe"), (1, "1.2.3.4", 80, b"eve")]
    assert reactor.tcpClients == []


def test_who_says_nothing_is_hung_up_on() -> None:
    """After two minutes, whatever drops in."""
    reactor = MemoryReactorClock()
    server = SOCKSv4(None, reactor)
    transport = connected(server)
    reactor.advance(119)
    server.dataReceived(b"\4")
    assert not transport.disconnecting
    reactor.advance(1)
    assert transport.disconnecting


def test_who_goes_away_is_not_connected() -> None:
    """The attempt is given up, and nothing waits."""
    reactor = MemoryReactorClock()
    server = SOCKSv4(None, reactor)
    connected(server)
    server.dataReceived(b"\4\1\0\x50\1\2\3\4\0")
    assert len(reactor.tcpClients) == 1
    server.connectionLost(connectionDone)
    assert reactor.connectors[0].stoppedConnecting
    assert isinstance(reactor, Clock)
    assert reactor.getDelayedCalls() == []
