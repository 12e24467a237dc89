"""Datagram transports: a port that sends and receives packets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sennit.core.contracts._addresses import IAddress
    from sennit.core.defer import Deferred

__all__ = [
    "IMulticastTransport",
    "IUDPTransport",
    "IUNIXDatagramConnectedTransport",
    "IUNIXDatagramTransport",
]


class IUDPTransport(Protocol):
    """A UDP port."""

    def write(self, packet: bytes, addr: tuple[str, int] | None = None) -> None:
        """Send a datagram; the network may lose it without a word.

        Args:
            packet: The whole datagram.
            addr: The host, as an IP address, and the port; None once connected.

        Raises:
            TypeError: When the datagram is not bytes.
            sennit.core.errors.MessageLengthError: When it is too long to be sent.
            sennit.core.errors.InvalidAddressError: When the host is no IP address, or
                one of the other family than the port's.
        """

    def connect(self, host: str, port: int) -> None:
        """Have one peer from now on: no other is heard, and its refusal is told.

        Args:
            host: The peer's IP address.
            port: Its port.

        Raises:
            sennit.core.errors.InvalidAddressError: When the host is no IP address.
            RuntimeError: When it is connected already.
        """

    def getHost(self) -> IAddress:
        """Tell the address of this port."""
        ...

    def stopListening(self) -> Deferred[None] | None:
        """Close the port; what is returned fires when it is closed."""

    def setBroadcastAllowed(self, enabled: bool) -> None:
        """Set or clear ``SO_BROADCAST``: whether it may send to a whole network."""

    def getBroadcastAllowed(self) -> bool:
        """Tell whether ``SO_BROADCAST`` is set."""
        ...


class IMulticastTransport(IUDPTransport, Protocol):
    """A UDP port that takes part in multicast groups."""

    def getOutgoingInterface(self) -> str | int:
        """Tell which interface multicast goes out by: its IPv4 address, or index."""
        ...

    def setOutgoingInterface(self, addr: str | int) -> Deferred[Any]:
        """Choose the interface that multicast goes out by.

        Args:
            addr: An address of it; for IPv6 also its name or index.

        Returns:
            Fires when it is done; fails with ``MulticastJoinError``.
        """
        ...

    def getLoopbackMode(self) -> bool:
        """Tell whether this host hears its own multicast."""
        ...

    def setLoopbackMode(self, mode: bool) -> None:
        """Choose whether this host hears its own multicast."""

    def getTTL(self) -> int:
        """Tell how many routers multicast may pass."""
        ...

    def setTTL(self, ttl: int) -> None:
        """Choose how many routers multicast may pass, up to 255.

        Raises:
            ValueError: When it is no such number.
        """

    def joinGroup(self, addr: str, interface: str | int = "") -> Deferred[None]:
        """Receive what is sent to a group.

        Args:
            addr: The group's address, or a name of it.
            interface: The interface to hear it on: an address of it; for IPv6 also its
                name or index. Empty for the system's choice.

        Returns:
            Fires when it is done; fails with ``MulticastJoinError``.
        """
        ...

    def leaveGroup(self, addr: str, interface: str | int = "") -> Deferred[None]:
        """Receive no more of what is sent to a group; the opposite of `joinGroup`."""
        ...


class IUNIXDatagramTransport(Protocol):
    """A UNIX datagram socket."""

    def write(self, packet: bytes, addr: str | bytes) -> None:
        """Send a datagram to the socket at a path.

        Raises:
            TypeError: When the datagram is not bytes.
            sennit.core.errors.ConnectError: When nobody listens there.
            sennit.core.errors.MessageLengthError: When it is too long to be sent.
        """

    def getHost(self) -> IAddress:
        """Tell the address of this socket."""
        ...


class IUNIXDatagramConnectedTransport(Protocol):
    """A UNIX datagram socket with one peer."""

    def write(self, packet: bytes) -> None:
        """Send a datagram to the peer.

        Raises:
            TypeError: When the datagram is not bytes.
            sennit.core.errors.MessageLengthError: When it is too long to be sent.
        """

    def getHost(self) -> IAddress:
        """Tell the address of this socket."""
        ...

    def getPeer(self) -> IAddress:
        """Tell the address of the peer."""
        ...
