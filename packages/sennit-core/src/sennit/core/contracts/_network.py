"""The reactor's networks: listening and connecting, by kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sennit.core.contracts._connections import IConnector, IListeningPort
    from sennit.core.contracts._protocols import IProcessProtocol, IProtocolFactory
    from sennit.core.contracts._transports import IProcessTransport
    from sennit.core.protocol import (
        AbstractDatagramProtocol,
        ClientFactory,
        ConnectedDatagramProtocol,
        DatagramProtocol,
    )

__all__ = [
    "IReactorMulticast",
    "IReactorProcess",
    "IReactorSSL",
    "IReactorSocket",
    "IReactorTCP",
    "IReactorUDP",
    "IReactorUNIX",
    "IReactorUNIXDatagram",
]


class IReactorTCP(Protocol):
    """TCP."""

    def listenTCP(
        self,
        port: int,
        factory: IProtocolFactory,
        backlog: int = 50,
        interface: str = "",
    ) -> IListeningPort:
        """Accept connections at a port.

        Args:
            port: Its number; 0 for a free one, which ``getHost()`` of the result tells.
            factory: What makes a protocol for each connection.
            backlog: How many connections the system keeps that we have not accepted.
            interface: The local IP address; empty for all of IPv4, ``"::"`` for all.

        Raises:
            sennit.core.errors.CannotListenError: When the port cannot be opened.
        """
        ...

    def connectTCP(
        self,
        host: str,
        port: int,
        factory: ClientFactory,
        timeout: float | None = 30,
        bindAddress: tuple[str, int] | None = None,
    ) -> IConnector:
        """Connect to a port; what comes of it, the factory is told.

        Args:
            host: A name, or an IP address.
            port: The number of the port.
            factory: What makes the protocol once connected.
            timeout: After how long it fails with ``TimeoutError``, in seconds; None
                for as long as the system takes.
            bindAddress: The local address and port to connect from.
        """
        ...


class IReactorSSL(Protocol):
    """TLS over TCP."""

    def listenSSL(
        self,
        port: int,
        factory: IProtocolFactory,
        contextFactory: Any,
        backlog: int = 50,
        interface: str = "",
    ) -> IListeningPort:
        """Accept TLS connections at a port; otherwise as `IReactorTCP.listenTCP`.

        Args:
            port: Its number; 0 for a free one.
            factory: What makes a protocol for each connection.
            contextFactory: ``serverOptions(…)`` of `sennit.core.tls`, or an
                ``ssl.SSLContext``.
            backlog: How many connections the system keeps that we have not accepted.
            interface: The local IP address; empty for all of IPv4.

        Raises:
            sennit.core.errors.CannotListenError: When the port cannot be opened.
        """
        ...

    def connectSSL(
        self,
        host: str,
        port: int,
        factory: ClientFactory,
        contextFactory: Any,
        timeout: float | None = 30,
        bindAddress: tuple[str, int] | None = None,
    ) -> IConnector:
        """Connect to a port over TLS; otherwise as `IReactorTCP.connectTCP`.

        Args:
            host: A name, or an IP address.
            port: The number of the port.
            factory: What makes the protocol once connected.
            contextFactory: ``clientOptions(hostname, …)`` of `sennit.core.tls`, or an
                ``ssl.SSLContext``, which then checks the host's name.
            timeout: After how long it fails with ``TimeoutError``, in seconds, the
                handshake included; None for as long as the system takes.
            bindAddress: The local address and port to connect from.
        """
        ...


class IReactorUNIX(Protocol):
    """Stream sockets in the file system."""

    def listenUNIX(
        self,
        address: str | bytes,
        factory: IProtocolFactory,
        backlog: int = 50,
        mode: int = 0o666,
        wantPID: bool = False,
    ) -> IListeningPort:
        """Accept connections at a path.

        Args:
            address: The path; on Linux, one that begins with a NUL is only a name.
            factory: What makes a protocol for each connection.
            backlog: How many connections the system keeps that we have not accepted.
            mode: The permissions of the socket's file.
            wantPID: Whether to take a lock file beside it, and so to replace the socket
                that a process which is no more has left behind.

        Raises:
            sennit.core.errors.CannotListenError: When the socket cannot be made.
        """
        ...

    def connectUNIX(
        self,
        address: str | bytes,
        factory: ClientFactory,
        timeout: float | None = 30,
        checkPID: bool = False,
    ) -> IConnector:
        """Connect to the socket at a path; what comes of it, the factory is told.

        Args:
            address: The path.
            factory: What makes the protocol once connected.
            timeout: After how long it fails with ``TimeoutError``, in seconds; None
                for as long as the system takes.
            checkPID: Whether to fail at once when the lock file beside it belongs to
                no living process.
        """
        ...


class IReactorUNIXDatagram(Protocol):
    """Datagram sockets in the file system."""

    def listenUNIXDatagram(
        self,
        address: str | bytes,
        protocol: DatagramProtocol,
        maxPacketSize: int = 8192,
        mode: int = 0o666,
    ) -> IListeningPort:
        """Receive datagrams at a path.

        Args:
            address: The path.
            protocol: What is told of them.
            maxPacketSize: The longest datagram, in bytes.
            mode: The permissions of the socket's file.

        Raises:
            sennit.core.errors.CannotListenError: When the socket cannot be made.
        """
        ...

    def connectUNIXDatagram(
        self,
        address: str | bytes,
        protocol: ConnectedDatagramProtocol,
        maxPacketSize: int = 8192,
        mode: int = 0o666,
        bindAddress: str | None = None,
    ) -> IListeningPort:
        """Exchange datagrams with the socket at a path.

        Args:
            address: The path.
            protocol: What is told of them; or, by ``connectionFailed``, that it cannot
                be.
            maxPacketSize: The longest datagram, in bytes.
            mode: The permissions of our own socket's file.
            bindAddress: The path of our own socket; without one, no answers come.
        """
        ...


class IReactorUDP(Protocol):
    """UDP."""

    def listenUDP(
        self,
        port: int,
        protocol: AbstractDatagramProtocol,
        interface: str = "",
        maxPacketSize: int = 8192,
    ) -> IListeningPort:
        """Exchange datagrams at a port.

        Args:
            port: Its number; 0 for a free one.
            protocol: What is told of them.
            interface: The local IP address; empty for all of IPv4.
            maxPacketSize: The longest datagram, in bytes.

        Raises:
            sennit.core.errors.CannotListenError: When the port cannot be opened.
        """
        ...


class IReactorMulticast(Protocol):
    """UDP with groups."""

    def listenMulticast(
        self,
        port: int,
        protocol: AbstractDatagramProtocol,
        interface: str = "",
        maxPacketSize: int = 8192,
        listenMultiple: bool = False,
    ) -> IListeningPort:
        """Exchange datagrams at a port; its transport is an `IMulticastTransport`.

        Args:
            port: Its number; 0 for a free one.
            protocol: What is told of them.
            interface: The local IP address; empty for all of IPv4.
            maxPacketSize: The longest datagram, in bytes.
            listenMultiple: Whether other programs may open the same port.

        Raises:
            sennit.core.errors.CannotListenError: When the port cannot be opened.
        """
        ...


class IReactorSocket(Protocol):
    """Sockets made elsewhere: by systemd, by a parent process, by another reactor.

    The descriptor given is duplicated; it stays the caller's to close.
    """

    def adoptStreamPort(
        self, fileDescriptor: int, addressFamily: int, factory: IProtocolFactory
    ) -> IListeningPort:
        """Accept connections at a stream socket that listens.

        Raises:
            sennit.core.errors.UnsupportedAddressFamily: When the family is unknown.
            sennit.core.errors.UnsupportedSocketType: When it is no stream socket.
        """
        ...

    def adoptStreamConnection(
        self, fileDescriptor: int, addressFamily: int, factory: IProtocolFactory
    ) -> Any:
        """Serve a stream socket that is connected.

        Raises:
            sennit.core.errors.UnsupportedAddressFamily: When the family is unknown.
            sennit.core.errors.UnsupportedSocketType: When it is no stream socket.
        """

    def adoptDatagramPort(
        self,
        fileDescriptor: int,
        addressFamily: int,
        protocol: AbstractDatagramProtocol,
        maxPacketSize: int = 8192,
    ) -> IListeningPort:
        """Exchange datagrams at a socket that is bound.

        Raises:
            sennit.core.errors.UnsupportedAddressFamily: When the family is unknown.
            sennit.core.errors.UnsupportedSocketType: When it is no datagram socket.
        """
        ...


class IReactorProcess(Protocol):
    """Child processes."""

    def spawnProcess(
        self,
        processProtocol: IProcessProtocol,
        executable: str | bytes,
        args: Sequence[str | bytes] = (),
        env: Mapping[str, str] | Mapping[bytes, bytes] | None = {},
        path: str | bytes | None = None,
        uid: int | None = None,
        gid: int | None = None,
        usePTY: bool | tuple[int, int, str] = False,
        childFDs: Mapping[int, int | str] | None = None,
    ) -> IProcessTransport:
        """Start a program.

        Args:
            processProtocol: What is told of it.
            executable: The program's file.
            args: Its arguments, the first of which is its name.
            env: Its environment, empty unless given; None for ours.
            path: The folder it runs in; None for ours.
            uid: The user it runs as; None for ours.
            gid: The group it runs as; None for ours.
            usePTY: Whether it gets a terminal instead of pipes; or that terminal, as
                ``(master, slave, name)``.
            childFDs: For each of the child's descriptors, ``"r"`` for a pipe we read
                from, ``"w"`` for one we write to, or the number of one of ours. Unless
                given, 0 is written, and 1 and 2 are read.

        Raises:
            OSError: When the program cannot be started.
            ValueError: When *childFDs* are given with *usePTY*.
        """
        ...
