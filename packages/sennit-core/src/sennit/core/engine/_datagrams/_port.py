"""Sockets of datagrams: what those of UDP and of UNIX have in common.

Received in a loop of our own around ``recvfrom``, woken by ``add_reader``: the loops'
datagram endpoints cost more (uvloop 1.2 times, asyncio 4 times).

A datagram is whole or it is not delivered: one longer than ``maxPacketSize`` is
logged and dropped, never cut. What the kernel has no room for is sent when it has.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from sennit.core import log
from sennit.core.defer import Deferred
from sennit.core.engine._binding import Binding
from sennit.core.engine._readiness import Readiness
from sennit.core.engine._sockets import SocketHolder, addressMaker
from sennit.core.engine._system import callInSystem, prefixOf
from sennit.core.errors import AlreadyListened, ConnectionDone
from sennit.core.failure import Failure
from sennit.core.protocol import AbstractDatagramProtocol

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress

    class _Outbox(Protocol):
        """What keeps datagrams until there is room for them."""

        def watch(self, loop: asyncio.AbstractEventLoop) -> None:
            """Send by this loop, also what waits already."""

        def close(self) -> None:
            """Drop what waits."""


__all__ = ["REFUSED", "DatagramPort"]

# Datagrams received in one turn of the loop at most, so that a flood leaves room for
# others.
_PER_TURN = 64

# To find that nothing is left costs as much as a datagram. So a port asks for as many a
# turn as there were of late, and for twice as many after so many turns that had them.
_FULL_TURNS = 8

# How the system says that nobody took an earlier datagram, or this one.
REFUSED = (errno.ECONNREFUSED, errno.ECONNRESET)


class DatagramPort(SocketHolder, ABC):
    """A datagram socket, as the transport of a protocol.

    Attributes:
        kind: ``"UDP"`` and the like, for the log.
        addressFamily: ``AF_INET``, ``AF_INET6`` or ``AF_UNIX``, once it listens.
        maxPacketSize: The longest datagram that is delivered, in bytes.
        protocol: What receives.
        connected: Whether it listens.
        disconnected: Whether it has listened, and does not any more.
    """

    kind: ClassVar[str]
    addressFamily: socket.AddressFamily = socket.AF_INET

    def __init__(
        self, binding: Binding, protocol: AbstractDatagramProtocol, maxPacketSize: int
    ) -> None:
        self.binding = binding
        self.protocol = protocol
        self.maxPacketSize = maxPacketSize
        self.connected: bool = False
        self.disconnected: bool = False
        self._outbox: _Outbox
        # The name of the only other side; None if there may be many.
        self._peer: Any = None
        self._stopped: Deferred[None] | None = None
        self._reading = False
        self._expected = 1
        self._full_turns = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._readiness: Readiness | None = None
        self._address: Callable[[Any], IAddress] = addressMaker(socket.AF_INET, "UDP")
        self._host: IAddress | None = None

    # What kinds of ports differ in

    @abstractmethod
    def makeSocket(self) -> socket.socket:
        """Make the socket, bound; or raise `CannotListenError`."""

    @abstractmethod
    def makeOutbox(self, sock: socket.socket) -> _Outbox:
        """Make what keeps the datagrams that the kernel has no room for."""

    @abstractmethod
    def place(self) -> object:
        """Where it listens: a number, or a path."""

    @abstractmethod
    def unbind(self) -> None:
        """Clean up what the socket leaves behind."""

    def receiver(self) -> Any:
        """What has a ``datagramReceived(datagram, addr)``: mostly the protocol."""
        return self._protocol

    # Listening

    def startListening(self) -> None:
        """Bind the socket and let the protocol begin.

        Raises:
            CannotListenError: The address is in use, forbidden or not ours.
            AlreadyListened: It listens.
        """
        if self.connected:
            raise AlreadyListened(f"{self!r} listens already")
        self._begin(self.makeSocket())

    def _begin(self, sock: socket.socket) -> None:
        self._socket = sock
        self._outbox = self.makeOutbox(sock)
        self.addressFamily = sock.family
        self._address = addressMaker(sock.family, "UDP")
        self._host = self._address(sock.getsockname())
        self._stopped = None
        self.connected = True
        self.disconnected = False
        self.binding.live.add(self)
        log.msg(f"{prefixOf(self.protocol)} starting on {self.place()!r}")
        try:
            self.protocol.makeConnection(self)
        except BaseException:
            self._end()
            raise
        self.resumeProducing()

    def stopListening(self) -> Deferred[None]:
        """Close the socket, and tell the protocol.

        Returns:
            A Deferred that fires with None when the port can be bound again.
        """
        if self._stopped is None:
            stopped = self._stopped = Deferred()
            self._close()

            def closed() -> None:
                self.connectionLost(Failure(ConnectionDone()))
                stopped.callback(None)

            self.binding.whenBound(lambda loop: loop.call_soon(closed))
        return self._stopped

    def loseConnection(self) -> None:
        """Close the socket."""
        self.stopListening()

    def connectionLost(self, reason: Failure | None = None) -> None:
        """Be closed now, and tell the protocol."""
        if not self.connected:
            return
        self._end()
        try:
            callInSystem(self.logPrefix, self.protocol.doStop)
        except Exception:
            log.err(None, "a datagram protocol has failed in stopping")

    def _end(self) -> None:
        self.connected = False
        self.disconnected = True
        self.binding.live.discard(self)
        self._close()
        self.unbind()
        log.msg(f"({self.kind} Port {self.place()} Closed)")

    def _close(self) -> None:
        sock = self._socket
        if sock is None:
            return
        self.pauseProducing()
        self._outbox.close()
        self._socket = None
        sock.close()

    # Receiving

    def resumeProducing(self) -> None:
        """Receive from now on."""
        if not self._reading and self._socket is not None:
            self._reading = True
            self.binding.whenBound(self._watch)

    def pauseProducing(self) -> None:
        """Leave what arrives to the kernel until `resumeProducing`."""
        if self._reading:
            self._reading = False
            self.binding.forget(self._watch)
            if self._readiness is not None:
                self._readiness.stop()
                self._readiness = None
            elif self._loop is not None:
                self._loop.remove_reader(self.fileno())

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        if self._peer is None:
            # Such a socket has no errors: the loop's own watch is good, and cheaper.
            loop.add_reader(self.fileno(), self._readable)
        else:
            self._readiness = Readiness(loop, self.fileno(), False, self._readable)
        self._outbox.watch(loop)

    def _readable(self) -> None:
        # One byte more than wanted tells a datagram that is too long.
        room = self.maxPacketSize + 1
        sock = self._socket
        assert sock is not None
        receive = sock.recvfrom
        ipv6 = sock.family == socket.AF_INET6
        showing = log.context.showsSystem()
        for count in range(self._expected):
            if not self._reading:
                return
            try:
                datagram, addr = receive(room)
            except BlockingIOError:
                self._expected = count or 1
                self._full_turns = 0
                return
            except OSError as error:
                if error.errno in REFUSED:
                    if self._peer is not None:
                        self._refused()
                    continue
                log.err(error, f"{self!r} cannot receive")
                return
            if len(datagram) == room:
                log.msg(f"{self!r}: a datagram over {room - 1} bytes from {addr}")
                continue
            if ipv6:
                addr = addr[:2]
            try:
                if showing:
                    callInSystem(
                        self.logPrefix, self._receiver.datagramReceived, datagram, addr
                    )
                else:
                    self._receiver.datagramReceived(datagram, addr)
            except Exception:
                log.err(None, f"{self!r}: its protocol has failed")
        self._full_turns += 1
        if self._full_turns == _FULL_TURNS:
            self._full_turns = 0
            self._expected = min(self._expected * 2, _PER_TURN)

    def _refused(self) -> None:
        self._tell(getattr(self.protocol, "connectionRefused", None))

    def _tell(self, f: Callable[..., object] | None, *args: Any) -> None:
        if f is None:
            return
        try:
            callInSystem(self.logPrefix, f, *args)
        except Exception:
            log.err(None, f"{self!r}: its protocol has failed")

    def _not_sent_later(self, error: OSError) -> None:
        """A datagram that had waited could not be sent: nobody is there to catch it."""
        if self._peer is not None and error.errno in REFUSED:
            self._refused()
        else:
            log.err(error, f"{self!r}: a datagram could not be sent")

    # The rest of the transport

    def getHost(self) -> IAddress:
        """The address it is bound to; true at once, also for port 0."""
        assert self._host is not None
        return self._host

    @property
    def protocol(self) -> AbstractDatagramProtocol:
        """What receives; may be replaced at any time."""
        return self._protocol

    @protocol.setter
    def protocol(self, protocol: AbstractDatagramProtocol) -> None:
        self._protocol = protocol
        self._receiver = self.receiver()

    def logPrefix(self) -> str:
        """``EchoUDP (UDP)``."""
        return f"{prefixOf(self.protocol)} ({self.kind})"

    def __repr__(self) -> str:
        kind = type(self.protocol)
        where = f"on {self.place()!r}" if self.connected else "(not listening)"
        return f"<{kind.__module__}.{kind.__name__} {where}>"
