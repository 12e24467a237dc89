"""Connections that go on to another host, over sockets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sennit.core.defer import Deferred
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory, Factory, Protocol, connectionDone
from sennit.core.testing import MemoryReactor, StringTransport
from sennit.protocols.portforward import ProxyFactory

LOCAL = "127.0.0.1"


class Side(Protocol):
    """Tells when it is connected, and when and how it has ended."""

    def __init__(self) -> None:
        self.made: Deferred[Side] = Deferred()
        self.half: Deferred[bytes] = Deferred()
        self.lost: Deferred[bytes] = Deferred()
        self.data = b""

    def connectionMade(self) -> None:
        self.made.callback(self)

    def dataReceived(self, data: bytes) -> None:
        self.data += data

    def readConnectionLost(self) -> None:
        self.half.callback(self.data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.lost.callback(self.data)


def factory_of(protocol: Protocol) -> ClientFactory:
    """A factory of one protocol."""
    factory = ClientFactory()
    factory.protocol = lambda: protocol
    return factory


async def forwarded(reactor: Any, client: Side, server: Side) -> Callable[[], Any]:
    """Connect both by way of a forwarded port; what closes the ports."""
    target = reactor.listenTCP(0, factory_of(server), interface=LOCAL)
    factory = ProxyFactory(LOCAL, target.getHost().port, reactor)
    port = reactor.listenTCP(0, factory, interface=LOCAL)
    reactor.connectTCP(LOCAL, port.getHost().port, factory_of(client))
    await client.made
    await server.made

    async def close() -> None:
        await port.stopListening()
        await target.stopListening()

    return close


async def test_bytes_go_both_ways_until_one_side_ends(reactor: Any) -> None:
    """When both have ended, nothing is left of the connection."""
    client, server = Side(), Side()
    close = await forwarded(reactor, client, server)
    client.transport.write(b"question" * 100_000)
    server.transport.write(b"answer" * 100_000)
    for side in (client, server):
        side.transport.loseWriteConnection()  # type: ignore[attr-defined]
    assert await client.half == b"answer" * 100_000
    assert await server.half == b"question" * 100_000
    await client.lost
    await server.lost
    await close()


async def test_each_direction_ends_on_its_own(reactor: Any) -> None:
    """Who has asked everything may still be answered."""
    client, server = Side(), Side()
    close = await forwarded(reactor, client, server)
    client.transport.write(b"question")
    client.transport.loseWriteConnection()  # type: ignore[attr-defined]
    assert await server.half == b"question"
    server.transport.write(b"answer")
    server.transport.loseConnection()
    assert await client.half == b"answer"
    client.transport.loseConnection()
    await close()
    await client.lost
    await server.lost


async def test_an_aborted_side_ends_the_other(reactor: Any) -> None:
    """Whoever of both it is."""
    for index in range(2):
        sides = [Side(), Side()]
        close = await forwarded(reactor, *sides)
        sides[index].transport.abortConnection()  # type: ignore[attr-defined]
        await sides[index].lost
        await sides[1 - index].half
        sides[1 - index].transport.loseConnection()
        await sides[1 - index].lost
        await close()


async def test_who_does_not_read_makes_the_other_side_wait(reactor: Any) -> None:
    """Nothing piles up in between: the producer is paused, until it is read again."""
    paused: Deferred[None] = Deferred()
    client, server = Side(), Side()
    close = await forwarded(reactor, client, server)

    class Endless:
        written = 0
        stopped = False

        def resumeProducing(self) -> None:
            self.stopped = False
            self.write()

        def pauseProducing(self) -> None:
            self.stopped = True

        def stopProducing(self) -> None:
            self.stopped = True

        def write(self) -> None:
            if not self.stopped:
                client.transport.write(b"x" * 65536)
                self.written += 65536
                reactor.callLater(0, self.write)

    endless = Endless()
    server.transport.pauseProducing()  # type: ignore[attr-defined]
    client.transport.registerProducer(endless, True)  # type: ignore[attr-defined]
    endless.write()

    def look(before: int = -1) -> None:
        """Wait until nothing more is written for a while."""
        if endless.written == before:
            paused.callback(None)
        else:
            reactor.callLater(0.1, look, endless.written)

    look()
    await paused
    assert endless.stopped
    client.transport.unregisterProducer()  # type: ignore[attr-defined]
    server.transport.resumeProducing()  # type: ignore[attr-defined]
    client.transport.loseConnection()
    assert len(await server.half) == endless.written
    server.transport.loseConnection()
    await server.lost
    await client.lost
    await close()


async def test_where_nobody_listens_the_connection_ends(reactor: Any) -> None:
    """The client is hung up on."""
    gone = reactor.listenTCP(0, Factory(), interface=LOCAL)
    number = gone.getHost().port
    await gone.stopListening()
    port = reactor.listenTCP(0, ProxyFactory(LOCAL, number, reactor), interface=LOCAL)
    client = Side()
    reactor.connectTCP(LOCAL, port.getHost().port, factory_of(client))
    assert await client.half == b""
    client.transport.loseConnection()
    await client.lost
    await port.stopListening()


def connecting() -> tuple[Any, Any, Any]:
    """A connection that waits for the other side: reactor, protocol, transport."""
    reactor, transport = MemoryReactor(), StringTransport()
    server = ProxyFactory("example.org", 80, reactor).buildProtocol(transport.getPeer())
    assert server is not None
    server.makeConnection(transport)
    return reactor, server, transport


def test_nothing_is_read_before_the_other_side_is_there() -> None:
    """Then both pace each other."""
    reactor, server, transport = connecting()
    assert transport.producerState == "paused"
    [(host, port, factory, _, _)] = reactor.tcpClients
    assert (host, port) == ("example.org", 80)
    client, beyond = factory.buildProtocol(None), StringTransport()
    client.makeConnection(beyond)
    assert transport.producerState == "producing"
    assert (transport.producer, beyond.producer) == (beyond, transport)
    server.connectionLost(connectionDone)
    assert beyond.producer is None
    assert beyond.disconnecting


def test_an_end_that_comes_early_goes_on() -> None:
    """Who has sent all it will before the other side is there."""
    reactor, server, _ = connecting()
    server.readConnectionLost()
    client, beyond = reactor.tcpClients[0][2].buildProtocol(None), StringTransport()
    client.makeConnection(beyond)
    # This transport cannot close one direction.
    assert beyond.disconnecting


def test_who_is_gone_is_not_connected() -> None:
    """The attempt is given up."""
    reactor, server, _ = connecting()
    server.connectionLost(connectionDone)
    assert reactor.connectors[0].disconnected
