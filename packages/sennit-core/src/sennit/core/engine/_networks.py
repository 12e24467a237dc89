"""The reactor's networks: listening, connecting, taking over sockets made by others."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sennit.core.engine._adopt import (
    AdoptedConnection,
    adoptedDatagramPort,
    adoptedPort,
)
from sennit.core.engine._bindables import pathOf
from sennit.core.engine._connect import TCPConnector, UNIXConnector
from sennit.core.engine._datagrams._multicast import MulticastPort
from sennit.core.engine._datagrams._udp import UDPPort
from sennit.core.engine._datagrams._unix import (
    ConnectedUNIXDatagramPort,
    UNIXDatagramPort,
)
from sennit.core.engine._lifecycle import Lifecycle
from sennit.core.engine._listen import Port, TCPPort
from sennit.core.engine._unix import UNIXPort
from sennit.core.protocol import (
    AbstractDatagramProtocol,
    ClientFactory,
    ConnectedDatagramProtocol,
)
from sennit.core.tls import optionsFor

if TYPE_CHECKING:
    from sennit.core.contracts import IProtocolFactory
    from sennit.core.defer import Deferred

__all__ = ["Networks"]


class Networks(Lifecycle):
    """The part of a reactor that opens ports and makes connections."""

    @abstractmethod
    def resolve(
        self, name: str, timeout: Sequence[int] = (1, 3, 11, 45)
    ) -> Deferred[str]:
        """Look up an address of a host."""

    # TCP

    def listenTCP(
        self,
        port: int,
        factory: IProtocolFactory,
        backlog: int = 50,
        interface: str = "",
    ) -> TCPPort:
        """Listen on a TCP port, from now on.

        Args:
            port: Its number; 0 for any free one (``getHost`` tells which).
            factory: Builds the protocols.
            backlog: How many connections the system may hold for us.
            interface: The local IP address; empty for all of IPv4, ``"::"`` for all.

        Raises:
            CannotListenError: The address is in use, forbidden or not ours.
        """
        listening = TCPPort(self._binding, port, factory, backlog, interface)
        listening.startListening()
        return listening

    def connectTCP(
        self,
        host: str,
        port: int | str,
        factory: ClientFactory,
        timeout: float | None = 30,
        bindAddress: tuple[str, int] | None = None,
    ) -> TCPConnector:
        """Connect to a TCP port; the factory learns what comes of it.

        Args:
            host: A name or an IP address.
            port: The port's number, or a service's name.
            factory: Builds the protocol; told of failure and loss.
            timeout: Seconds that it may take.
            bindAddress: Our own ``(host, port)``.
        """
        connector = TCPConnector(
            self._binding,
            self._clock,
            host,
            port,
            factory,
            timeout,
            bindAddress,
            self.resolve,
        )
        connector.connect()
        return connector

    # TLS over TCP

    def listenSSL(
        self,
        port: int,
        factory: IProtocolFactory,
        contextFactory: Any,
        backlog: int = 50,
        interface: str = "",
    ) -> TCPPort:
        """Listen for TLS on a TCP port; otherwise as `listenTCP`.

        A protocol is built, and its ``connectionMade`` called, when the handshake is
        done; a handshake that fails is logged, with the peer.

        Args:
            port: Its number; 0 for any free one.
            factory: Builds the protocols.
            contextFactory: ``serverOptions(…)`` of `sennit.core.tls`, or an
                `ssl.SSLContext`.
            backlog: How many connections the system may hold for us.
            interface: The local IP address; empty for all of IPv4.

        Raises:
            CannotListenError: The address is in use, forbidden or not ours.
            TypeError: The options are for clients, or no options.
        """
        options = optionsFor(contextFactory, True, None, factory)
        listening = TCPPort(self._binding, port, factory, backlog, interface, options)
        listening.startListening()
        return listening

    def connectSSL(
        self,
        host: str,
        port: int | str,
        factory: ClientFactory,
        contextFactory: Any,
        timeout: float | None = 30,
        bindAddress: tuple[str, int] | None = None,
    ) -> TCPConnector:
        """Connect to a TCP port and speak TLS; otherwise as `connectTCP`.

        The connection is made when the handshake is done. If it fails, the factory's
        ``clientConnectionFailed`` is told a `VerifyError` or another `SSLError`.

        Args:
            host: A name or an IP address.
            port: The port's number, or a service's name.
            factory: Builds the protocol; told of failure and loss.
            contextFactory: ``clientOptions(hostname, …)`` of `sennit.core.tls`, or an
                `ssl.SSLContext`, which verifies *host* if it verifies names.
            timeout: Seconds that it may take, the handshake included.
            bindAddress: Our own ``(host, port)``.

        Raises:
            TypeError: The options are for servers, or no options.
        """
        options = optionsFor(contextFactory, False, host, factory)
        connector = TCPConnector(
            self._binding,
            self._clock,
            host,
            port,
            factory,
            timeout,
            bindAddress,
            self.resolve,
            options,
        )
        connector.connect()
        return connector

    # UNIX sockets

    def listenUNIX(
        self,
        address: str | bytes,
        factory: IProtocolFactory,
        backlog: int = 50,
        mode: int = 0o666,
        wantPID: bool = False,
    ) -> UNIXPort:
        """Listen on a UNIX socket, from now on.

        Args:
            address: The path; a name that starts with a zero byte is abstract.
            factory: Builds the protocols.
            backlog: How many connections the system may hold for us.
            mode: The permission bits of the file.
            wantPID: Hold a lock beside it, and take over what a dead holder left.

        Raises:
            CannotListenError: The path is in use or cannot be made.
        """
        path = pathOf(address)
        listening = UNIXPort(self._binding, path, factory, backlog, mode, wantPID)
        listening.startListening()
        return listening

    def connectUNIX(
        self,
        address: str | bytes,
        factory: ClientFactory,
        timeout: float | None = 30,
        checkPID: bool = False,
    ) -> UNIXConnector:
        """Connect to a UNIX socket; the factory learns what comes of it.

        Args:
            address: The path; a name that starts with a zero byte is abstract.
            factory: Builds the protocol; told of failure and loss.
            timeout: Seconds that it may take.
            checkPID: Fail with `BadFileError` if nobody holds the lock beside it.
        """
        connector = UNIXConnector(
            self._binding, self._clock, pathOf(address), factory, timeout, checkPID
        )
        connector.connect()
        return connector

    # Datagrams

    def listenUDP(
        self,
        port: int,
        protocol: AbstractDatagramProtocol,
        interface: str = "",
        maxPacketSize: int = 65536,
    ) -> UDPPort:
        """Receive and send datagrams on a UDP port, from now on.

        Args:
            port: Its number; 0 for any free one.
            protocol: Receives, and gets the port as its transport.
            interface: The local IP address; empty for all of IPv4.
            maxPacketSize: The longest datagram that is delivered, in bytes.

        Raises:
            CannotListenError: The address is in use, forbidden or not ours.
        """
        listening = UDPPort(self._binding, port, protocol, interface, maxPacketSize)
        listening.startListening()
        return listening

    def listenMulticast(
        self,
        port: int,
        protocol: AbstractDatagramProtocol,
        interface: str = "",
        maxPacketSize: int = 65536,
        listenMultiple: bool = False,
    ) -> MulticastPort:
        """Exchange datagrams on a UDP port that can join groups, from now on.

        Args:
            port: Its number; 0 for any free one.
            protocol: Receives, and gets the port as its transport.
            interface: The local IP address; empty for all of IPv4, ``"::"`` for all
                of IPv6. One with an address of this host does not hear groups.
            maxPacketSize: The longest datagram that is delivered, in bytes.
            listenMultiple: Whether other programs may open the same port.

        Raises:
            CannotListenError: The address is in use, forbidden or not ours.
        """
        listening = MulticastPort(
            self._binding,
            port,
            protocol,
            interface,
            maxPacketSize,
            listenMultiple,
            self.resolve,
        )
        listening.startListening()
        return listening

    def listenUNIXDatagram(
        self,
        address: str | bytes,
        protocol: AbstractDatagramProtocol,
        maxPacketSize: int = 65536,
        mode: int = 0o666,
    ) -> UNIXDatagramPort:
        """Receive and send datagrams at a path, from now on.

        Args:
            address: The path; a name that starts with a zero byte is abstract.
            protocol: Receives, and gets the port as its transport.
            maxPacketSize: The longest datagram that is delivered, in bytes.
            mode: The permission bits of the file.

        Raises:
            CannotListenError: The path is in use or cannot be made.
        """
        listening = UNIXDatagramPort(
            self._binding, pathOf(address), protocol, maxPacketSize, mode
        )
        listening.startListening()
        return listening

    def connectUNIXDatagram(
        self,
        address: str | bytes,
        protocol: ConnectedDatagramProtocol,
        maxPacketSize: int = 65536,
        mode: int = 0o666,
        bindAddress: str | bytes | None = None,
    ) -> ConnectedUNIXDatagramPort:
        """Exchange datagrams with the socket at a path.

        If that cannot be, the protocol's ``connectionFailed`` is called, later.

        Args:
            address: The path of the peer.
            protocol: Receives, and gets the port as its transport.
            maxPacketSize: The longest datagram that is delivered, in bytes.
            mode: The permission bits of our own socket's file.
            bindAddress: The path of our own socket; without one, no answers come.
        """
        connected = ConnectedUNIXDatagramPort(
            self._binding,
            pathOf(address),
            protocol,
            maxPacketSize,
            mode,
            pathOf(bindAddress or ""),
        )
        connected.startListening()
        return connected

    # Sockets made by others

    def adoptStreamPort(
        self, fileDescriptor: int, addressFamily: int, factory: IProtocolFactory
    ) -> Port:
        """Accept on a stream socket that listens already.

        Args:
            fileDescriptor: Its descriptor, which is duplicated and stays yours.
            addressFamily: ``AF_INET``, ``AF_INET6`` or ``AF_UNIX``.
            factory: Builds the protocols.

        Raises:
            UnsupportedAddressFamily: It is of another family.
            UnsupportedSocketType: It is no stream socket.
        """
        port = adoptedPort(self._binding, fileDescriptor, addressFamily, factory)
        port.startListening()
        return port

    def adoptStreamConnection(
        self, fileDescriptor: int, addressFamily: int, factory: IProtocolFactory
    ) -> None:
        """Serve a stream socket that is connected already.

        Args:
            fileDescriptor: Its descriptor, which is duplicated and stays yours.
            addressFamily: ``AF_INET``, ``AF_INET6`` or ``AF_UNIX``.
            factory: Builds the protocol.

        Raises:
            UnsupportedAddressFamily: It is of another family.
            UnsupportedSocketType: It is no stream socket.
        """
        adopted = AdoptedConnection(
            self._binding, fileDescriptor, addressFamily, factory
        )
        self._binding.whenBound(adopted.start)

    def adoptDatagramPort(
        self,
        fileDescriptor: int,
        addressFamily: int,
        protocol: AbstractDatagramProtocol,
        maxPacketSize: int = 65536,
    ) -> UDPPort | UNIXDatagramPort:
        """Receive and send on a datagram socket that is bound already.

        Args:
            fileDescriptor: Its descriptor, which is duplicated and stays yours.
            addressFamily: ``AF_INET``, ``AF_INET6`` or ``AF_UNIX``.
            protocol: Receives, and gets the port as its transport.
            maxPacketSize: The longest datagram that is delivered, in bytes.

        Raises:
            UnsupportedAddressFamily: It is of another family.
            UnsupportedSocketType: It is no datagram socket.
        """
        port = adoptedDatagramPort(
            self._binding, fileDescriptor, addressFamily, protocol, maxPacketSize
        )
        port.startListening()
        return port
