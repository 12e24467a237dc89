"""UDP: one socket, datagrams in and out.

Received in a loop of our own around ``recvfrom``, woken by ``add_reader``: the loops'
datagram endpoints cost more (uvloop 1.2 times, asyncio 4 times).

A datagram is whole or it is not delivered: one longer than ``maxPacketSize`` is
logged and dropped, never cut. What the kernel has no room for is sent when it has.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from sennit.core import log
from sennit.core.address import IPv4Address, IPv6Address
from sennit.core.defer import Deferred
from sennit.core.engine._binding import Binding
from sennit.core.engine._outbox import Outbox
from sennit.core.engine._readiness import Readiness
from sennit.core.engine._sockets import (
    Socket,
    addressMaker,
    boundInet,
    isIPAddress,
    isIPv6Address,
)
from sennit.core.engine._system import callInSystem, prefixOf
from sennit.core.errors import (
    AlreadyListened,
    ConnectionDone,
    InvalidAddressError,
    MessageLengthError,
)
from sennit.core.failure import Failure
from sennit.core.protocol import AbstractDatagramProtocol

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress

__all__ = ["UDPPort"]

# Datagrams received in one turn of the loop at most, so that a flood leaves room for
# others.
_PER_TURN = 64

# To find that nothing is left costs as much as a datagram. So a port asks for as many a
# turn as there were of late, and for twice as many after so many turns that had them.
_FULL_TURNS = 8

# Hosts known to be addresses and no names, kept to save the check on each write.
_KNOWN_HOSTS = 1024

_REFUSED = (errno.ECONNREFUSED, errno.ECONNRESET)


class UDPPort:
    """A UDP socket, as the transport of a datagram protocol.

    Attributes:
        port: The number asked for; 0 for any free one.
        interface: The local IP address asked for; empty for all of IPv4.
        maxPacketSize: The longest datagram that is delivered, in bytes.
        protocol: What receives.
        connected: Whether it listens.
        disconnected: Whether it has listened, and does not any more.
    """

    def __init__(
        self,
        binding: Binding,
        port: int,
        protocol: AbstractDatagramProtocol,
        interface: str = "",
        maxPacketSize: int = 65536,
    ) -> None:
        self.binding = binding
        self.port = port
        self.protocol = protocol
        self.interface = interface
        self.maxPacketSize = maxPacketSize
        self.connected: bool = False
        self.disconnected: bool = False
        self._socket: socket.socket | None = None
        self._peer: tuple[str, int] | None = None
        self._stopped: Deferred[None] | None = None
        self._known_hosts: set[str] = set()
        self._reading = False
        self._expected = 1
        self._full_turns = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._readiness: Readiness | None = None
        self._address: Callable[[Any], IAddress] = addressMaker(socket.AF_INET, "UDP")
        self._host: IAddress | None = None

    # Listening

    def startListening(self) -> None:
        """Bind the socket and let the protocol begin.

        Raises:
            CannotListenError: The address is in use, forbidden or not ours.
            AlreadyListened: It listens.
        """
        if self.connected:
            raise AlreadyListened(f"{self!r} listens already")
        self._socket = self.makeSocket()
        self._outbox: Outbox = Outbox(self._socket)
        self._address = addressMaker(self._socket.family, "UDP")
        self._host = self._address(self._socket.getsockname())
        self._stopped = None
        self.connected = True
        self.disconnected = False
        self.binding.live.add(self)
        log.msg(f"{prefixOf(self.protocol)} starting on {self._place()}")
        self.protocol.makeConnection(self)
        self.resumeProducing()

    def makeSocket(self) -> socket.socket:
        """The socket to use, bound.

        Raises:
            InvalidAddressError: The interface is a name.
        """
        if self.interface and not (
            isIPAddress(self.interface) or isIPv6Address(self.interface)
        ):
            raise InvalidAddressError(self.interface, "not an IPv4 or IPv6 address.")
        return boundInet(socket.SOCK_DGRAM, self.interface, self.port)

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

    def connectionLost(self, reason: Failure) -> None:
        """Be closed now, and tell the protocol."""
        if not self.connected:
            return
        self.connected = False
        self.disconnected = True
        self.binding.live.discard(self)
        self._close()
        log.msg(f"(UDP Port {self._place()} Closed)")
        try:
            callInSystem(self.logPrefix, self.protocol.doStop)
        except Exception:
            log.err(None, "a datagram protocol has failed in stopping")

    # Sending

    def write(self, datagram: bytes, addr: tuple[str, int] | None = None) -> None:
        """Send a datagram.

        Args:
            datagram: All of it, up to 65,507 bytes over IPv4.
            addr: IP address and port; None if the port is connected.

        Raises:
            InvalidAddressError: The host is a name, or of the wrong family.
            MessageLengthError: It is longer than the network takes.
            TypeError: It is no bytes.
        """
        sock = self._socket
        if sock is None:
            return
        if self._peer is not None:
            addr = None
        if self._outbox.waiting:
            self._outbox.put(datagram, addr)
            return
        try:
            if addr is None:
                sock.send(datagram)
            else:
                if addr[0] not in self._known_hosts:
                    self._check_host(addr[0])
                sock.sendto(datagram, addr)
        except BlockingIOError:
            self._outbox.put(datagram, addr)
        except OSError as error:
            self._not_sent(error)

    def writeSequence(
        self, seq: Iterable[bytes], addr: tuple[str, int] | None = None
    ) -> None:
        """Send the joined pieces as one datagram."""
        self.write(b"".join(seq), addr)

    def connect(self, host: str, port: int) -> None:
        """Send to, and receive from, one other side only.

        Raises:
            RuntimeError: It is connected.
            InvalidAddressError: The host is a name, or of the wrong family.
        """
        if self._peer is not None:
            raise RuntimeError(f"{self!r} is connected to {self._peer}")
        self._check_host(host)
        assert self._socket is not None
        reading = self._reading
        self.pauseProducing()
        self._peer = (host, port)
        self._socket.connect((host, port))
        if reading:
            self.resumeProducing()

    def _check_host(self, host: str) -> None:
        """Names are refused: to resolve one would block."""
        if not isIPAddress(host) and not isIPv6Address(host) and host != "<broadcast>":
            raise InvalidAddressError(host, "a datagram goes to an IP address only")
        assert self._socket is not None
        inet6 = self._socket.family == socket.AF_INET6
        if inet6 != isIPv6Address(host):
            kinds = ("IPv6", "IPv4") if inet6 else ("IPv4", "IPv6")
            raise InvalidAddressError(
                host, f"the port is {kinds[0]}, the address {kinds[1]}"
            )
        if len(self._known_hosts) >= _KNOWN_HOSTS:
            self._known_hosts.clear()
        self._known_hosts.add(host)

    def _not_sent(self, error: OSError) -> None:
        if error.errno == errno.EMSGSIZE:
            raise MessageLengthError(*error.args) from error
        if error.errno not in _REFUSED:
            raise error
        # An earlier datagram was refused: the system tells it with this one.
        if self._peer is not None:
            self._refused()

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
                if error.errno in _REFUSED:
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
                        self.logPrefix, self.protocol.datagramReceived, datagram, addr
                    )
                else:
                    self.protocol.datagramReceived(datagram, addr)
            except Exception:
                log.err(None, f"{self!r}: its protocol has failed")
        self._full_turns += 1
        if self._full_turns == _FULL_TURNS:
            self._full_turns = 0
            self._expected = min(self._expected * 2, _PER_TURN)

    def _refused(self) -> None:
        told = getattr(self.protocol, "connectionRefused", None)
        if told is not None:
            try:
                callInSystem(self.logPrefix, told)
            except Exception:
                log.err(None, f"{self!r}: its protocol has failed")

    # The rest of the transport

    def getHost(self) -> IPv4Address | IPv6Address:
        """The address it is bound to; true at once, also for port 0."""
        assert isinstance(self._host, IPv4Address | IPv6Address)
        return self._host

    def setBroadcastAllowed(self, enabled: bool) -> None:
        """Let datagrams go to broadcast addresses, or not."""
        assert self._socket is not None
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, bool(enabled))

    def getBroadcastAllowed(self) -> bool:
        """Whether datagrams may go to broadcast addresses."""
        assert self._socket is not None
        return bool(self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST))

    @property
    def socket(self) -> Socket | None:
        """The socket; None when closed."""
        return self._socket

    def getHandle(self) -> Socket | None:
        """The socket, under `ISystemHandle`'s name."""
        return self._socket

    def fileno(self) -> int:
        """The socket's descriptor; -1 when closed."""
        return -1 if self._socket is None else self._socket.fileno()

    def logPrefix(self) -> str:
        """``EchoUDP (UDP)``."""
        return f"{prefixOf(self.protocol)} (UDP)"

    def _place(self) -> object:
        return getattr(self._host, "port", self.port)

    def _close(self) -> None:
        sock = self._socket
        if sock is None:
            return
        self.pauseProducing()
        self._outbox.close()
        self._socket = None
        sock.close()

    def __repr__(self) -> str:
        where = f"on {self._place()}" if self.connected else "(not listening)"
        return f"<{type(self).__name__} of {prefixOf(self.protocol)} {where}>"
