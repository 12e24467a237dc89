"""How many connections there may be."""

from __future__ import annotations

from typing import Any

from sennit.core.address import IPv4Address, UNIXAddress
from sennit.core.protocol import Factory, Protocol, connectionDone
from sennit.core.testing import StringTransport
from sennit.protocols.policies import (
    LimitConnectionsByPeer,
    LimitTotalConnectionsFactory,
)


def peer(host: str, port: int = 1) -> IPv4Address:
    return IPv4Address("TCP", host, port)


def connect(factory: Any, address: Any) -> Any:
    """A connection from there; None if it is refused."""
    protocol = factory.buildProtocol(address)
    if protocol is not None:
        protocol.makeConnection(StringTransport(peerAddress=address))
    return protocol


def test_a_host_has_so_many_connections_and_no_more() -> None:
    """Whatever their ports; other hosts are not concerned."""
    factory = LimitConnectionsByPeer(Factory.forProtocol(Protocol))
    factory.maxConnectionsPerPeer = 2
    first = connect(factory, peer("10.0.0.1", 1))
    assert connect(factory, peer("10.0.0.1", 2)) is not None
    assert connect(factory, peer("10.0.0.1", 3)) is None
    assert connect(factory, peer("10.0.0.2", 3)) is not None
    first.connectionLost(connectionDone)
    assert connect(factory, peer("10.0.0.1", 4)) is not None


def test_nothing_is_kept_of_who_is_gone() -> None:
    """The table has a row only for hosts that are connected."""
    factory = LimitConnectionsByPeer(Factory.forProtocol(Protocol))
    for number in range(3):
        connect(factory, peer(f"10.0.0.{number}")).connectionLost(connectionDone)
    assert factory.peerConnections == {}


def test_peers_without_a_host_are_counted_together() -> None:
    """Clients of a UNIX socket are of one host."""
    factory = LimitConnectionsByPeer(Factory.forProtocol(Protocol))
    made = [connect(factory, UNIXAddress(None)) for _ in range(6)]
    assert [each is None for each in made] == [False] * 5 + [True]


class Sorry(Protocol):
    """Says why, and hangs up."""

    def connectionMade(self) -> None:
        self.transport.write(b"sorry")
        self.transport.loseConnection()


def total(limit: int | None) -> LimitTotalConnectionsFactory:
    factory = LimitTotalConnectionsFactory.forProtocol(Protocol)
    factory.connectionLimit = limit
    return factory


def test_one_connection_too_many_is_refused() -> None:
    """And one that ends makes room."""
    factory = total(1)
    first = connect(factory, peer("10.0.0.1"))
    assert connect(factory, peer("10.0.0.2")) is None
    first.connectionLost(connectionDone)
    assert factory.connectionCount == 0
    assert connect(factory, peer("10.0.0.2")) is not None


def test_one_connection_too_many_may_be_told_why() -> None:
    """It has a protocol for that, which knows the factory."""
    factory = total(0)
    factory.overflowProtocol = Sorry
    refused = connect(factory, peer("10.0.0.1"))
    assert refused.transport.value() == b"sorry"
    assert refused.wrappedProtocol.factory is factory
    refused.connectionLost(connectionDone)
    assert factory.connectionCount == 0


def test_there_need_not_be_a_limit() -> None:
    """Unless one is set."""
    factory = total(None)
    assert all(connect(factory, peer("10.0.0.1")) for _ in range(100))
