"""Protocols around protocols."""

from __future__ import annotations

from typing import Any

import pytest
from zope.interface import Interface, implementer

from sennit.core.address import IPv4Address
from sennit.core.defer import Deferred
from sennit.core.errors import ConnectionDone
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory, Factory, Protocol, connectionDone
from sennit.core.testing import StringTransport
from sennit.protocols.policies import (
    ProtocolWrapper,
    WrappingFactory,
)

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


def test_who_leaves_a_direction_alone_is_bound_past() -> None:
    """A plain wrapper's dataReceived is the wrapped one's; of a subclass's it is not."""

    class Counting(ProtocolWrapper):
        count = 0

        def dataReceived(self, data: bytes) -> None:
            self.count += len(data)
            super().dataReceived(data)

    _, plain, _ = wrapped()
    inner = plain.wrappedProtocol
    assert plain.dataReceived == inner.dataReceived
    factory = WrappingFactory(ClientFactory.forProtocol(Echo))
    factory.protocol = Counting
    outer = WrappingFactory(factory)
    both: Any = outer.buildProtocol(HERE)
    transport = StringTransport()
    both.makeConnection(transport)
    both.dataReceived(b"four")
    assert both.dataReceived == both.wrappedProtocol.dataReceived
    assert both.wrappedProtocol.count == 4
    assert transport.value() == b"four"


def test_what_a_protocol_may_have_its_wrapper_has() -> None:
    """Half-closing and the like are told to the wrapped protocol, if it can be told."""

    class Halves(Echo):
        half = False

        def readConnectionLost(self) -> None:
            self.half = True

    _, wrapper, _ = wrapped()
    assert not hasattr(wrapper, "readConnectionLost")
    halves = Halves()
    able: Any = ProtocolWrapper(WrappingFactory(None), halves)
    able.makeConnection(StringTransport())
    able.readConnectionLost()
    assert halves.half
    assert not hasattr(able, "writeConnectionLost")
    able.connectionLost(Failure(ConnectionDone()))
    assert not hasattr(able, "readConnectionLost")


def test_all_connections_can_be_closed() -> None:
    """disconnectAll closes those that are there."""
    factory, _, transport = wrapped()
    second = StringTransport()
    factory.buildProtocol(HERE).makeConnection(second)
    factory.disconnectAll()
    assert transport.disconnecting
    assert second.disconnecting


def test_a_transport_that_cannot_abort_is_closed() -> None:
    """abortConnection does what there is."""
    _, wrapper, transport = wrapped()
    wrapper.abortConnection()
    assert transport.disconnected

    class Plain:
        closed = False

        def loseConnection(self) -> None:
            self.closed = True

    plain: Any = Plain()
    closing = ProtocolWrapper(WrappingFactory(None), Echo())
    closing.makeConnection(plain)
    closing.abortConnection()
    assert plain.closed
    assert closing.disconnecting


def test_the_names_to_be_agreed_on_are_the_wrapped_factorys() -> None:
    """A factory that knows its protocols' names in TLS is asked through the wrapper."""

    class Named(ClientFactory):
        def acceptableProtocols(self) -> list[bytes]:
            return [b"x"]

    assert WrappingFactory(Named()).acceptableProtocols() == [b"x"]
    assert not hasattr(WrappingFactory(ClientFactory()), "acceptableProtocols")


async def test_over_sockets_bytes_and_ends_go_through(reactor: Any) -> None:
    """A wrapped echo echoes; its protocol learns of the half-close and of the end."""
    ended: Deferred[bytes] = Deferred()

    class Half(Echo):
        def readConnectionLost(self) -> None:
            self.transport.write(b"!")
            self.transport.loseConnection()

    class Caller(Protocol):
        data = b""

        def connectionMade(self) -> None:
            self.transport.write(b"hello")
            self.transport.loseWriteConnection()  # type: ignore[attr-defined]

        def readConnectionLost(self) -> None:
            self.transport.loseConnection()

        def dataReceived(self, data: bytes) -> None:
            self.data += data

        def connectionLost(self, reason: Failure = connectionDone) -> None:
            ended.callback(self.data)

    factory = WrappingFactory(WrappingFactory(Factory.forProtocol(Half)))
    port = reactor.listenTCP(0, factory, interface="127.0.0.1")
    client = WrappingFactory(ClientFactory.forProtocol(Caller))
    reactor.connectTCP("127.0.0.1", port.getHost().port, client)
    assert await ended == b"hello!"
    await port.stopListening()
    assert not factory.protocols
