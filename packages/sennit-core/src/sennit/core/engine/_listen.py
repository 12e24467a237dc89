"""Ports: sockets that listen for a factory.

The socket is bound and listens before `Port.startListening` returns, whether or not a
loop exists yet, so that a port that cannot be had is an error where it was asked for.
"""

from __future__ import annotations

import socket
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sennit.core import log
from sennit.core.address import IPv4Address, IPv6Address
from sennit.core.defer import Deferred
from sennit.core.engine._accept import Acceptor
from sennit.core.engine._bindables import InetBindable
from sennit.core.engine._binding import Binding
from sennit.core.engine._sockets import SocketHolder, addressMaker
from sennit.core.engine._stream import Connection
from sennit.core.engine._system import prefixOf
from sennit.core.engine._tls._secure import goOver
from sennit.core.errors import AlreadyListened, CannotListenError
from sennit.core.failure import Failure
from sennit.core.tls import optionsFor

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress, IProtocol, IProtocolFactory
    from sennit.core.tls import TLSOptions

__all__ = ["Port", "TCPPort"]

# Turns of the loop from accepting a connection to its protocol, on asyncio's loops; and
# uvloop lets go of a listening descriptor one turn after it was closed.
_ACCEPTED_TURNS = 3


class Port(SocketHolder, ABC):
    """A stream socket that listens, and the factory it listens for.

    Attributes:
        factory: Builds the protocols.
        backlog: How many connections the system may hold that are not accepted yet.
        connected: Whether it listens.
        disconnected: Whether it has listened, and does not any more.
        address: Makes an address of a socket's name.
        expected: What stands for a peer that the system has no name for; None if
            there is nothing that does.
        tls: What connections are served over TLS by; None for those in the open.
        accepts: True: its connections are begun by others.
    """

    expected: Any = None
    tls: TLSOptions | None = None
    accepts: bool = True

    def __init__(
        self, binding: Binding, factory: IProtocolFactory, backlog: int
    ) -> None:
        self.binding = binding
        self.factory = factory
        self.backlog = backlog
        self.connected: bool = False
        self.disconnected: bool = False
        # Whether the factory builds protocols: until all that was accepted has one.
        self._accepting = False
        self._acceptor: Acceptor | None = None
        self._stopped: Deferred[None] | None = None
        self._host: IAddress | None = None
        self.address: Callable[[Any], IAddress] = addressMaker(socket.AF_INET)
        self._sessions = 0

    # What kinds of ports differ in

    @abstractmethod
    def bind(self) -> socket.socket:
        """Make the socket, bound; or raise `CannotListenError`."""

    @abstractmethod
    def unbind(self) -> None:
        """Clean up what the socket leaves behind."""

    @abstractmethod
    def describe(self) -> str:
        """Kind and place, for the log: ``TCP Port 8750``."""

    @abstractmethod
    def place(self) -> str:
        """The place alone: ``8750``."""

    # Listening

    def startListening(self) -> None:
        """Listen from now on.

        Raises:
            CannotListenError: The address is in use, forbidden or not ours.
            AlreadyListened: It listens.
        """
        if self.connected or self._accepting:
            raise AlreadyListened(f"{self!r} listens already")
        sock = self.bind()
        try:
            sock.listen(self.backlog)
        except OSError as error:
            sock.close()
            self.unbind()
            raise CannotListenError("", self.place(), error) from error
        self._socket = sock
        self.address = addressMaker(sock.family)
        self._host = self.address(sock.getsockname())
        self._stopped = None
        self._accepting = True
        self.connected = True
        self.disconnected = False
        self.binding.live.add(self)
        over = "" if self.tls is None else " (TLS)"
        log.msg(f"{prefixOf(self.factory)}{over} starting on {self.place()}")
        self.factory.doStart()
        self._acceptor = Acceptor(self, sock, self.backlog, self.describe())
        self.binding.whenBound(self._acceptor.open)

    def stopListening(self) -> Deferred[None]:
        """Listen no more; connections that were accepted go on.

        What the loop has accepted, and not yet told of, still comes to its protocol.

        Returns:
            A Deferred that fires with None when the port can be bound again.
        """
        if self._stopped is None:
            self._stopped = Deferred()
            loop = self.binding.loop
            turns = 1
            if self._acceptor is not None and loop is not None and loop.is_running():
                self._acceptor.cease()
                turns = _ACCEPTED_TURNS
            else:
                # A loop that rests has accepted nothing, and may not turn twice.
                self._close()
            try:
                self._end()
            except Exception:
                self._finish(Failure())
            else:
                self._finish_in(turns)
        return self._stopped

    def _finish_in(self, turns: int) -> None:
        if turns:
            self.binding.whenBound(
                lambda loop: loop.call_soon(self._finish_in, turns - 1)
            )
        else:
            self._finish(None)

    def _finish(self, result: Failure | None) -> None:
        self._accepting = False
        self._close()
        self.unbind()
        stopped = self._stopped
        assert stopped is not None
        if result is None:
            stopped.callback(None)
        else:
            stopped.errback(result)

    loseConnection = stopListening

    def connectionLost(self, reason: Failure) -> None:
        """Be closed now, and let the factory know."""
        self._accepting = False
        self._end()
        self._close()
        self.unbind()

    def _end(self) -> None:
        """Tell the log and the factory that it listens no more."""
        if not self.connected:
            return
        self.connected = False
        self.disconnected = True
        self.binding.live.discard(self)
        log.msg(f"({self.describe()} Closed)")
        self.factory.doStop()

    def _close(self) -> None:
        if self._acceptor is not None:
            self.binding.forget(self._acceptor.open)
            self._acceptor.close()
            self._acceptor = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def getHost(self) -> IAddress:
        """The address it listens on; true at once, also for port 0."""
        assert self._host is not None
        return self._host

    def logPrefix(self) -> str:
        """How the log calls what the port itself does."""
        return f"({self.describe()})"

    def __repr__(self) -> str:
        where = f"on {self.place()!r}" if self.connected else "(not listening)"
        return f"<{self.made_by()} {where}>"

    # As the origin of connections

    def build(self, connection: Connection, peer: Any) -> IProtocol | None:
        """Have the factory build the protocol for a connection that came in.

        One that comes after the end, as the loop may hand it on, is refused.
        """
        if not self._accepting:
            return None
        connection.session = self._sessions
        self._sessions += 1
        return self.factory.buildProtocol(peer)

    def made_by(self) -> str:
        """The factory's class, in full."""
        kind = type(self.factory)
        return f"{kind.__module__}.{kind.__name__}"

    def served_by(self, connection: Connection) -> str:
        """``Counter,0,127.0.0.1``: protocol, session, host."""
        host = getattr(connection.getPeer(), "host", "")
        return f"{prefixOf(connection.protocol)},{connection.session},{host}"

    def describe_connection(self, connection: Connection) -> str:
        """``#0 on 8750``: the session and the place."""
        return f"#{connection.session} on {self.place()}"

    def lost(self, connection: Connection, reason: Failure) -> None:
        """An accepted connection is over: its protocol knows, the port need not."""
        return

    def start_tls(self, connection: Connection, given: Any, normal: bool) -> None:
        """Let a connection that came in go over to TLS."""
        goOver(connection, optionsFor(given, server=normal))

    def handshake_failed(self, error: BaseException, peername: Any) -> None:
        """Tell the log who has not managed to speak TLS."""
        peer = self.address(peername) if peername else "somebody"
        log.msg(f"{self.describe()}: no TLS with {peer}: {error}")


class TCPPort(Port):
    """A TCP port.

    Attributes:
        port: The number asked for; 0 for any free one.
        interface: The local IP address asked for; empty for all of IPv4.
    """

    def __init__(
        self,
        binding: Binding,
        port: int,
        factory: IProtocolFactory,
        backlog: int = 50,
        interface: str = "",
        tls: TLSOptions | None = None,
    ) -> None:
        super().__init__(binding, factory, backlog)
        self.tls = tls
        self.port = port
        self.interface = interface

    def bind(self) -> socket.socket:
        """Bind to interface and port; an address in ``TIME_WAIT`` may be taken."""
        return self.binding.bind(InetBindable("TCP", self.interface, self.port))

    def unbind(self) -> None:
        """A TCP socket leaves nothing behind."""

    def describe(self) -> str:
        """``TCP Port 8750``, ``TLS Port 8750``."""
        return f"{'TCP' if self.tls is None else 'TLS'} Port {self.place()}"

    def place(self) -> str:
        """``8750``; the real number for a port that was asked for as 0."""
        return str(getattr(self._host, "port", self.port))

    def getHost(self) -> IPv4Address | IPv6Address:
        """The address it listens on; true at once, also for port 0."""
        host = super().getHost()
        assert isinstance(host, IPv4Address | IPv6Address)
        return host
