"""The reactor's networks: listening, connecting, taking over sockets made by others."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sennit.core.engine._adopt import (
    AdoptedConnection,
    adoptedPort,
    adoptedUDPPort,
)
from sennit.core.engine._connect import TCPConnector, UNIXConnector
from sennit.core.engine._lifecycle import Lifecycle
from sennit.core.engine._listen import Port, TCPPort
from sennit.core.engine._udp import UDPPort
from sennit.core.engine._unix import UNIXPort, pathOf
from sennit.core.protocol import AbstractDatagramProtocol, ClientFactory

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

    # TCP, UNIX sockets, UDP

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
    ) -> UDPPort:
        """Receive and send on a UDP socket that is bound already.

        Args:
            fileDescriptor: Its descriptor, which is duplicated and stays yours.
            addressFamily: ``AF_INET`` or ``AF_INET6``.
            protocol: Receives, and gets the port as its transport.
            maxPacketSize: The longest datagram that is delivered, in bytes.

        Raises:
            UnsupportedAddressFamily: It is of another family.
        """
        port = adoptedUDPPort(
            self._binding, fileDescriptor, addressFamily, protocol, maxPacketSize
        )
        port.startListening()
        return port
