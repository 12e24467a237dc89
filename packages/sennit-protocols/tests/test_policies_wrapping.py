from __future__ import annotations

from typing import Any

import pytest
from zope.interface import Interface, implementer

from sennit.protocols.policies import (
    ProtocolWrapper,
    TimeoutMixin,
    WrappingFactory,
)
from sennit.core.address import IPv4Address
from sennit.core.errors import ConnectionDone
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory, Protocol, connectionDone
from sennit.core.task import Clock
from sennit.core.testing import StringTransport

HERE = IPv4Address("TCP", "127.0.0.1", 1)


class Echo(Protocol):
    lost: Any = None

    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.lost = reason


def wrapped() -> tuple[WrappingFactory, Any, StringTransport]:
    """A factory, a wrapper of its making, the transport it is connected to."""
    factory = WrappingFactory(ClientFactory.forProtocol(Echo))
    wrapper = factory.buildProtocol(HERE)
    transport = StringTransport()
    wrapper.makeConnection(transport)
    return factory, wrapper, transport


def test_bytes_go_through_both_ways() -> None:
    _, wrapper, transport = wrapped()
    wrapper.dataReceived(b"one")
    wrapper.writeSequence([b" ", b"two"])
    assert transport.value() == b"one two"


def test_the_inner_protocols_factory_is_the_inner_factory() -> None:
    factory, wrapper, _ = wrapped()
    assert wrapper.wrappedProtocol.factory is factory.wrappedFactory
    assert wrapper.factory is factory


def test_the_wrapper_is_a_transport_like_the_real_one() -> None:
    class IOdd(Interface):  # type: ignore[misc]
        pass

    @implementer(IOdd)
    class Odd(StringTransport):
        def oddity(self) -> int:
            return 3

    wrapper = ProtocolWrapper(WrappingFactory(None), Echo())
    wrapper.makeConnection(Odd())
    inner: Any = wrapper.wrappedProtocol.transport
    assert IOdd.providedBy(inner)
    assert inner.oddity() == 3
    assert inner.getPeer() == wrapper.transport.getPeer()
    assert inner.getHost() == wrapper.transport.getHost()
    with pytest.raises(AttributeError):
        inner.nosuch()


def test_a_producer_is_the_transports() -> None:
    _, wrapper, transport = wrapped()
    producer: Any = object()
    wrapper.registerProducer(producer, True)
    assert transport.producer is producer
    wrapper.unregisterProducer()
    assert transport.producer is None


def test_the_end_is_told_and_the_inner_protocol_let_go() -> None:
    factory, wrapper, transport = wrapped()
    inner = wrapper.wrappedProtocol
    assert list(factory.protocols) == [wrapper]
    inner.transport.loseConnection()
    assert wrapper.disconnecting
    assert transport.disconnecting
    reason = Failure(ConnectionDone())
    wrapper.connectionLost(reason)
    assert inner.lost is reason
    assert wrapper.wrappedProtocol is None
    assert not factory.protocols


def test_the_inner_factory_is_told_of_everything() -> None:
    told: list[Any] = []

    class Inner(ClientFactory):
        noisy = False

        def startFactory(self) -> None:
            told.append("start")

        def stopFactory(self) -> None:
            told.append("stop")

        def startedConnecting(self, connector: Any) -> None:
            told.append(connector)

        def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:
            told.append(reason)

        def clientConnectionLost(self, connector: Any, reason: Failure) -> None:
            told.append(reason)

        def buildProtocol(self, addr: Any) -> Any:
            return None

    factory = WrappingFactory(Inner())
    connector: Any = object()
    reason = Failure(ConnectionDone())
    factory.doStart()
    factory.startedConnecting(connector)
    factory.clientConnectionFailed(connector, reason)
    factory.clientConnectionLost(connector, reason)
    factory.doStop()
    assert told == ["start", connector, reason, reason, "stop"]
    assert factory.buildProtocol(HERE) is None


def test_the_log_shows_what_is_wrapped_and_the_wrapper() -> None:
    factory, wrapper, _ = wrapped()
    assert wrapper.logPrefix() == "Echo (ProtocolWrapper)"
    assert factory.logPrefix() == "ClientFactory (WrappingFactory)"
    assert WrappingFactory(object()).logPrefix() == "object (WrappingFactory)"


class TestTimeout:
    class Limited(TimeoutMixin, Protocol):
        def __init__(self) -> None:
            self.clock = Clock()

        def callLater(self, period: float, func: Any) -> Any:
            return self.clock.callLater(period, func)

    def connected(self) -> tuple[Limited, StringTransport]:
        protocol, transport = self.Limited(), StringTransport()
        protocol.makeConnection(transport)
        return protocol, transport

    def test_when_the_time_is_over_the_connection_ends(self) -> None:
        protocol, transport = self.connected()
        assert protocol.setTimeout(10) is None
        protocol.clock.advance(9)
        protocol.resetTimeout()
        protocol.clock.advance(9)
        assert not transport.disconnecting
        protocol.clock.advance(1)
        assert transport.disconnecting

    def test_the_limit_can_be_changed_and_taken_away(self) -> None:
        protocol, transport = self.connected()
        protocol.setTimeout(10)
        assert protocol.setTimeout(20) == 10
        protocol.clock.advance(19)
        assert protocol.setTimeout(None) == 20
        protocol.resetTimeout()
        protocol.clock.advance(100)
        assert not transport.disconnecting
        assert not protocol.clock.getDelayedCalls()
