"""``twisted.protocols.tls``: TLS over any transport, as old programs use it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("OpenSSL")

from OpenSSL import SSL
from zope.interface import Interface, directlyProvides

from sennit.compat._contexts import takeContexts
from sennit.compat.faces.internet import ssl
from sennit.compat.faces.protocols.tls import TLSMemoryBIOFactory, TLSMemoryBIOProtocol
from sennit.core.errors import ConnectionAborted, ConnectionDone, ConnectionLost
from sennit.core.failure import Failure
from sennit.core.interfaces import INegotiated, IProtocol, ISSLTransport
from sennit.core.protocol import ClientFactory, Protocol, connectionDone
from sennit.core.task import Clock
from sennit.core.testing import StringTransport
from sennit.protocols.policies import WrappingFactory

takeContexts()

OWN = ssl.KeyPair.generate().selfSignedCert(1, CN="localhost")


class Noting(Protocol):
    """Notes what it is told."""

    transport: Any

    def __init__(self) -> None:
        self.told: list[Any] = []

    def connectionMade(self) -> None:
        self.told.append("made")

    def dataReceived(self, data: bytes) -> None:
        self.told.append(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.told.append(reason.value)


class Wire(StringTransport):
    """A transport that tells how it was closed."""

    closed: str = ""

    def loseConnection(self) -> None:
        self.closed = "lost"

    def abortConnection(self) -> None:
        self.closed = "aborted"


class Side:
    """A protocol, what speaks TLS for it, and the transport below."""

    def __init__(self, options: Any, isClient: bool) -> None:
        self.above = Noting()
        self.wrapped = ClientFactory.forProtocol(lambda: self.above)
        self.factory = TLSMemoryBIOFactory(options, isClient, self.wrapped, Clock())
        self.tls: Any = self.factory.buildProtocol(None)
        self.below = Wire()


def pair() -> tuple[Side, Side]:
    """A client and a server, connected to their transports."""
    sides = Side(ssl.CertificateOptions(), True), Side(OWN.options(), False)
    for side in sides:
        side.tls.makeConnection(side.below)
    return sides


def pump(*sides: Side) -> None:
    """Carry bytes until there are none."""
    one, other = sides
    while one.below.value() or other.below.value():
        for here, there in ((one, other), (other, one)):
            data = here.below.value()
            here.below.clear()
            if data:
                there.tls.dataReceived(data)


def test_the_wrapped_protocol_is_there_before_it_is_connected() -> None:
    side = Side(ssl.CertificateOptions(), True)
    assert isinstance(side.factory, WrappingFactory)
    assert isinstance(side.tls, TLSMemoryBIOProtocol)
    assert side.tls.wrappedProtocol is side.above
    assert side.factory.wrappedFactory is side.wrapped
    assert side.factory.protocols == {}
    assert side.above.told == []


def test_a_factory_that_makes_none_refuses() -> None:
    side = Side(ssl.CertificateOptions(), True)
    refusing: Any = side.wrapped
    refusing.buildProtocol = lambda addr: None
    assert side.factory.buildProtocol(None) is None


def test_bytes_go_both_ways_by_the_wrapped_transport_or_past_it() -> None:
    client, server = pair()
    assert client.above.told == ["made"]
    assert list(client.factory.protocols) == [client.tls]
    client.above.transport.write(b"early")
    pump(client, server)
    assert server.above.told == ["made", b"early"]
    server.tls.write(b"past it")
    pump(client, server)
    assert client.above.told == ["made", b"past it"]


def test_the_protocol_between_offers_what_its_connection_offers() -> None:
    client, server = pair()
    pump(client, server)
    assert ssl.Certificate.peerFromTransport(client.tls) == OWN
    assert isinstance(client.tls.getHandle(), SSL.Connection)
    assert client.tls.negotiatedProtocol is None
    interfaces: Any = IProtocol, ISSLTransport, INegotiated
    for interface in interfaces:
        assert interface.providedBy(client.tls)

    class Other(Interface):  # type: ignore[misc]
        pass

    directlyProvides(client.below, Other)
    assert not Other.providedBy(client.tls)
    with pytest.raises(AttributeError):
        client.tls.noSuchThing  # noqa: B018


def test_closing_is_agreed_on() -> None:
    client, server = sides = pair()
    pump(client, server)
    client.above.transport.loseConnection()
    assert [side.below.closed for side in sides] == ["", ""]
    pump(client, server)
    assert [side.below.closed for side in sides] == ["lost", "lost"]
    for side in sides:
        side.tls.connectionLost(Failure(ConnectionDone()))
        assert isinstance(side.above.told[-1], ConnectionDone)
        assert side.factory.protocols == {}


def test_aborting_is_not() -> None:
    client, server = pair()
    pump(client, server)
    client.tls.abortConnection()
    assert client.below.closed == "aborted"
    client.tls.connectionLost(Failure(ConnectionLost()))
    assert isinstance(client.above.told[-1], ConnectionAborted)


@pytest.mark.parametrize(
    "end", [ConnectionDone, ConnectionLost], ids=lambda end: end.__name__
)
@pytest.mark.parametrize("shaken", [False, True])
def test_an_end_that_was_not_agreed_on_is_a_connection_lost(
    end: Callable[[], BaseException], shaken: bool
) -> None:
    client, server = pair()
    if shaken:
        pump(client, server)
    client.tls.connectionLost(Failure(end()))
    assert isinstance(client.above.told[-1], ConnectionLost)


def test_what_is_no_tls_is_an_error_of_openssl() -> None:
    _, server = pair()
    server.tls.dataReceived(b"GET / HTTP/1.0\r\n\r\n")
    assert server.below.closed == "lost"
    server.tls.connectionLost(Failure(ConnectionDone()))
    assert isinstance(server.above.told[-1], SSL.Error)


def test_a_connector_tells_the_wrapped_factory() -> None:
    told: list[Any] = []
    wrapped: Any = ClientFactory.forProtocol(Noting)
    wrapped.startedConnecting = told.append
    wrapped.clientConnectionFailed = lambda *args: told.append(args)
    wrapped.clientConnectionLost = lambda *args: told.append(args)
    factory = TLSMemoryBIOFactory(ssl.CertificateOptions(), True, wrapped)
    connector, reason = object(), Failure(ConnectionDone())
    for tell in (factory.clientConnectionFailed, factory.clientConnectionLost):
        tell(connector, reason)  # type: ignore[arg-type]
    factory.startedConnecting(connector)  # type: ignore[arg-type]
    assert told == [(connector, reason), (connector, reason), connector]
