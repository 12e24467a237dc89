"""What servers of all versions have in common: to read, to connect, to pass on.

Once both sides are there it is a forwarded port: see `sennit.protocols.portforward`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import sennit.core
from sennit.core import log
from sennit.core.defer import Deferred, maybeDeferred
from sennit.core.endpoints import HostnameEndpoint, connectProtocol
from sennit.core.failure import Failure
from sennit.core.protocol import Factory, connectionDone
from sennit.protocols.policies import TimeoutMixin
from sennit.protocols.portforward import Proxy
from sennit.protocols.socks._wire import BIND, CONNECT, Request, SOCKSError

if TYPE_CHECKING:
    from sennit.core.contracts import IDelayedCall

__all__ = ["Beyond", "Expecting", "SOCKSServer"]

# Seconds until the connection of a client goes on to where it wants: enough for a
# host that answers late, and for somebody to connect to a port that was bound.
_HANDSHAKE: Final = 120


class SOCKSServer(Proxy, TimeoutMixin):
    """Reads what a client wants, and connects it.

    Attributes:
        reactor: What connects and listens; None for the global reactor.
        request: What the client wants; None before it is known.
    """

    request: Request | None = None
    reactor: Any = None

    # What came and was not read.
    _kept: bytes = b""
    # What is waited for before the client is connected; a port that is bound for it.
    _pending: Deferred[Any] | None = None
    _port: Any = None
    _over: bool = False

    def callLater(self, period: float, func: Callable[[], object]) -> IDelayedCall:
        """Call later."""
        later = (
            getattr(self.reactor, "callLater", None) or sennit.core.reactor.callLater
        )
        call: IDelayedCall = later(period, func)
        return call

    def connectionMade(self) -> None:
        """Wait for the client to say what it wants, but not for ever."""
        self.setTimeout(_HANDSHAKE)

    def dataReceived(self, data: bytes) -> None:
        """Read what the client wants; later, have the other side send it."""
        if self.peer is not None:
            self.peer.transport.write(data)
            return
        self._kept += data
        # Once it is known, what follows is for the other side.
        while self.request is None and not self._over:
            try:
                found = self.read(self._kept)
                if found is None:
                    return
                act, length = found
                self._kept = self._kept[length:]
                act()
            except SOCKSError as error:
                self._refuse(error)
        if self._kept and self.peer is None and not self._over:
            # Who sends before it is connected waits; the others are seen to go away.
            self.transport.pauseProducing()

    def readConnectionLost(self) -> None:
        """Have the other side send no more; before there is one, give up."""
        if self.peer is None:
            self.transport.loseConnection()
        else:
            super().readConnectionLost()

    @abstractmethod
    def read(self, data: bytes) -> tuple[Callable[[], object], int] | None:
        """Read the next message.

        Returns:
            What is to be done, and the length of the message in bytes; None while there
            is more to come of it.

        Raises:
            SOCKSError: It breaks the rules.
        """

    @abstractmethod
    def refused(self, reason: Failure) -> None:
        """Tell the client why it is not connected."""

    @abstractmethod
    def answer(self, host: str, port: int) -> None:
        """Tell the client that its wish is done, and the address that goes with it."""

    def authorize(self, code: int, server: str, port: int, user: bytes) -> bool:
        """Tell whether a client may have what it wants; to be overridden.

        Args:
            code: 1 for a connection, 2 for a port to be bound.
            server: The host it wants to be connected with.
            port: The port there.
            user: Who it is; in version 4, who it says it is.
        """
        return True

    def connectClass(self, host: str, port: int, klass: Any, *args: Any) -> Any:
        """Connect; a Deferred of the protocol."""
        endpoint = HostnameEndpoint(self._reactor(), host, port)
        return connectProtocol(endpoint, klass(*args))

    def listenClass(self, port: int, klass: Any, *args: Any) -> Any:
        """Listen where the client has reached us; the address, or a Deferred of it."""
        here = self.transport.getHost().host
        self._port = self._reactor().listenTCP(port, klass(*args), interface=here)
        address = self._port.getHost()
        return address.host, address.port

    def begin(self, request: Request) -> None:
        """Do what the client wants."""
        self.request = request
        user = request.user
        if request.code not in (CONNECT, BIND):
            raise SOCKSError(f"there is no command {request.code}", 7)
        if not self.authorize(request.code, request.host, request.port, user):
            raise SOCKSError(f"{request.host}:{request.port} is forbidden", 2)
        done = self.connectFor if request.code == CONNECT else self.listenFor
        self._pending = pending = maybeDeferred(done, request)
        pending.addErrback(self._failed)

    @abstractmethod
    def connectFor(self, request: Request) -> Any:
        """Connect a client with a host."""

    def listenFor(self, request: Request) -> Any:
        """Bind a port for a client, for one connection from a host."""
        expecting = maybeDeferred(self.listenClass, 0, Expecting, self, request.host)
        return expecting.addCallback(lambda address: self.answer(*address))

    def joined(self, peer: Proxy) -> None:
        """Pass on, both ways, from now on."""
        self.setTimeout(None)
        self._close_port()
        self._pending = None
        peer.setPeer(self)
        self.setPeer(peer)
        kept, self._kept = self._kept, b""
        if kept:
            peer.transport.write(kept)
        peer.startPacing()
        self.startPacing()
        self.transport.resumeProducing()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Have the other side end, or give up what is waited for."""
        self._over = True
        self.setTimeout(None)
        self._close_port()
        pending, self._pending = self._pending, None
        if pending is not None:
            pending.cancel()
        super().connectionLost(reason)

    def refuse(self, reason: Failure) -> None:
        """Tell the client that it is not connected, and hang up."""
        self._over = True
        self.setTimeout(None)
        self._close_port()
        self.refused(reason)
        self.transport.loseConnection()

    def _failed(self, reason: Failure) -> None:
        self._pending = None
        if not self._over:
            self.refuse(reason)

    def _refuse(self, error: SOCKSError) -> None:
        log.msg(
            format="%(protocol)s: %(error)s, from %(peer)s; closing the connection",
            protocol=self.logPrefix(),
            error=error,
            peer=self.transport.getPeer(),
        )
        self.refuse(Failure(error))

    def _close_port(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            port.stopListening()

    def _reactor(self) -> Any:
        return self.reactor or sennit.core.reactor


class Beyond(Proxy):
    """The side towards the host that a client is connected with."""

    def __init__(self, socks: SOCKSServer) -> None:
        self.socks: SOCKSServer = socks

    def connectionMade(self) -> None:
        """Tell the client, and begin to pass on."""
        if self.socks._over:
            self.transport.loseConnection()
            return
        self.tell()
        self.socks.joined(self)

    def tell(self) -> None:
        """Tell the client with whom it is connected."""
        peer = self.transport.getPeer()
        self.socks.answer(peer.host, peer.port)


class Expecting(Factory):
    """Takes one connection, from one host."""

    noisy = False
    protocol: Any = Beyond

    def __init__(self, socks: SOCKSServer, ip: str) -> None:
        self.socks: SOCKSServer = socks
        self.ip: str | None = ip

    def buildProtocol(self, addr: Any) -> Any:
        """Make the side towards it; anybody else ends the client's wish."""
        expected, self.ip = self.ip, None
        if expected is None:
            return None
        host = getattr(addr, "host", None) or addr[0]
        if host != expected:
            error = SOCKSError(f"{host} has come in the place of {expected}", 2)
            self.socks.refuse(Failure(error))
            return None
        return self.protocol(self.socks)
