"""Forwarding a port: every connection goes on to another host.

Neither side is read faster than the other takes it, so nothing piles up here. Each
direction ends on its own, as between two hosts that are connected directly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sennit.core
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory, Factory, Protocol, connectionDone

if TYPE_CHECKING:
    from collections.abc import Callable

    from sennit.core.contracts import IAddress, IConnector

__all__ = ["Proxy", "ProxyClient", "ProxyClientFactory", "ProxyFactory", "ProxyServer"]


class Proxy(Protocol):
    """One side: what it receives, the other sends.

    Attributes:
        peer: The other side; None before there is one, and after its end.
    """

    transport: Any
    peer: Proxy | None = None

    # Whether we pause our peer while we are full, and whether it sends no more.
    _paces: bool = False
    _ended: bool = False

    def setPeer(self, peer: Proxy) -> None:
        """Set the other side."""
        self.peer = peer

    def dataReceived(self, data: bytes) -> None:
        """Have the other side send it."""
        if self.peer is not None:
            self.peer.transport.write(data)

    def readConnectionLost(self) -> None:
        """Have the other side send no more than it has."""
        self._ended = True
        if self.peer is not None:
            self.peer.endWriting()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Have the other side end, once it has sent everything."""
        if self.peer is not None:
            self.peer.peer = None
            self.peer.stopPacing()
            self.peer.transport.loseConnection()
            self.peer = None

    def startPacing(self) -> None:
        """Pause the other side while this one is full."""
        assert self.peer is not None
        self._paces = True
        self.transport.registerProducer(self.peer.transport, True)

    def stopPacing(self) -> None:
        """The other side will give us no more."""
        if self._paces:
            self._paces = False
            self.transport.unregisterProducer()

    def endWriting(self) -> None:
        """Send what there is, then tell that no more comes."""
        self.stopPacing()
        end = getattr(self.transport, "loseWriteConnection", None)
        (end or self.transport.loseConnection)()


class ProxyClient(Proxy):
    """The side towards the host that connections go on to."""

    def connectionMade(self) -> None:
        """Begin: from now on both sides are read."""
        server = self.peer
        assert server is not None
        server.setPeer(self)
        self.startPacing()
        server.startPacing()
        server.transport.resumeProducing()
        if server._ended:
            self.endWriting()


class ProxyClientFactory(ClientFactory):
    """Makes the side towards the host that a connection goes on to.

    Attributes:
        server: The side that is there already.
    """

    noisy: bool = False
    protocol: Callable[[], Protocol] | None = ProxyClient
    server: Any = None

    def setServer(self, server: ProxyServer) -> None:
        """Set the side that is there already."""
        self.server = server

    def buildProtocol(self, addr: IAddress) -> Any:
        """Make this side, and show it the other."""
        protocol: Any = super().buildProtocol(addr)
        protocol.setPeer(self.server)
        return protocol

    def clientConnectionFailed(self, connector: IConnector, reason: Failure) -> None:
        """Hang up on who wanted to go there."""
        self.server.transport.loseConnection()


class ProxyServer(Proxy):
    """The side towards who has connected.

    Attributes:
        clientProtocolFactory: Makes the factory of the other side.
        reactor: What connects; None for the factory's, or else the global one.
    """

    clientProtocolFactory: Callable[[], ProxyClientFactory] = ProxyClientFactory
    reactor: Any = None

    _connector: IConnector | None = None

    def connectionMade(self) -> None:
        """Connect to the host that connections go on to; read nothing before."""
        self.transport.pauseProducing()
        client = self.clientProtocolFactory()
        client.setServer(self)
        reactor = self.reactor or getattr(self.factory, "reactor", None)
        self._connector = (reactor or sennit.core.reactor).connectTCP(
            self.factory.host, self.factory.port, client
        )

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Have the other side end; give up connecting if it is not there yet."""
        if self.peer is None and self._connector is not None:
            self._connector.disconnect()
        super().connectionLost(reason)


class ProxyFactory(Factory):
    """Forwards every connection to a port of a host.

    Attributes:
        host: The host.
        port: The number of the port.
        reactor: What connects; None for the global reactor.
    """

    protocol: Callable[[], Protocol] | None = ProxyServer

    def __init__(self, host: str, port: int, reactor: Any = None) -> None:
        """Say where connections go on to.

        Args:
            host: A name or an IP address.
            port: The number of the port.
            reactor: What connects; None for the global reactor.
        """
        self.host = host
        self.port = port
        self.reactor: Any = reactor
