"""UDP: one socket, datagrams in and out over IP."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable

from sennit.core.address import IPv4Address, IPv6Address
from sennit.core.engine._bindables import InetBindable
from sennit.core.engine._binding import Binding
from sennit.core.engine._datagrams._outbox import Outbox
from sennit.core.engine._datagrams._port import REFUSED, DatagramPort
from sennit.core.engine._sockets import isIPAddress, isIPv6Address
from sennit.core.errors import InvalidAddressError, MessageLengthError
from sennit.core.protocol import AbstractDatagramProtocol

__all__ = ["UDPPort"]

# Hosts known to be addresses and no names, kept to save the check on each write.
_KNOWN_HOSTS = 1024


class UDPPort(DatagramPort):
    """A UDP socket, as the transport of a datagram protocol.

    Attributes:
        port: The number asked for; 0 for any free one.
        interface: The local IP address asked for; empty for all of IPv4.
    """

    kind = "UDP"
    _outbox: Outbox
    _peer: tuple[str, int] | None

    def __init__(
        self,
        binding: Binding,
        port: int,
        protocol: AbstractDatagramProtocol,
        interface: str = "",
        maxPacketSize: int = 65536,
    ) -> None:
        super().__init__(binding, protocol, maxPacketSize)
        self.port = port
        self.interface = interface
        self._known_hosts: set[str] = set()

    def makeSocket(self) -> socket.socket:
        """The socket to use, bound.

        Raises:
            CannotListenError: The address is in use, forbidden or not ours.
            InvalidAddressError: The interface is a name.
        """
        self._check_interface()
        return self.binding.bind(InetBindable("UDP", self.interface, self.port))

    def unbind(self) -> None:
        """A UDP socket leaves nothing behind."""

    def makeOutbox(self, sock: socket.socket) -> Outbox:
        """An outbox for all that this port sends."""
        return Outbox(sock, self._not_sent_later)

    def place(self) -> object:
        """The port's number."""
        return getattr(self._host, "port", self.port)

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

    def _check_interface(self) -> None:
        if self.interface and not (
            isIPAddress(self.interface) or isIPv6Address(self.interface)
        ):
            raise InvalidAddressError(self.interface, "not an IPv4 or IPv6 address.")

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
        if error.errno not in REFUSED:
            raise error
        # An earlier datagram was refused: the system tells it with this one.
        if self._peer is not None:
            self._refused()

    # The rest of the transport

    def getHost(self) -> IPv4Address | IPv6Address:
        """The address it is bound to; true at once, also for port 0."""
        host = super().getHost()
        assert isinstance(host, IPv4Address | IPv6Address)
        return host

    def setBroadcastAllowed(self, enabled: bool) -> None:
        """Let datagrams go to broadcast addresses, or not."""
        assert self._socket is not None
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, bool(enabled))

    def getBroadcastAllowed(self) -> bool:
        """Whether datagrams may go to broadcast addresses."""
        assert self._socket is not None
        return bool(self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST))
