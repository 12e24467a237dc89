"""Multicast: a UDP port that hears what is sent to groups.

IPv4 and IPv6 do the same by different options of the socket. Where IPv4 names an
interface by its address, IPv6 has the interface's index; so an IPv6 port takes an
interface by index, by name, or by an address that it has.
"""

from __future__ import annotations

import errno
import os
import socket
import struct
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar

from sennit.core.defer import Deferred, ensureDeferred
from sennit.core.engine._binding import Binding
from sennit.core.engine._datagrams._udp import UDPPort
from sennit.core.engine._sockets import boundInet, isIPv6Address
from sennit.core.errors import MulticastJoinError
from sennit.core.protocol import AbstractDatagramProtocol

__all__ = ["MulticastPort"]

# The field in a packet's header is one byte.
_MAX_TTL = 255

# ``::``, as the table of the system writes it.
_ANY = "0" * 32

_Resolve = Callable[[str], Deferred[str]]


class MulticastPort(UDPPort):
    """A UDP port that takes part in multicast groups.

    Attributes:
        listenMultiple: Whether other sockets may be bound to the same port.
    """

    def __init__(
        self,
        binding: Binding,
        port: int,
        protocol: AbstractDatagramProtocol,
        interface: str,
        maxPacketSize: int,
        listenMultiple: bool,
        resolve: _Resolve,
    ) -> None:
        super().__init__(binding, port, protocol, interface, maxPacketSize)
        self.listenMultiple = listenMultiple
        self._resolve = resolve

    def makeSocket(self) -> socket.socket:
        """The socket to use, bound.

        Raises:
            CannotListenError: The address is in use, forbidden or not ours.
            InvalidAddressError: The interface is a name.
        """
        self._check_interface()
        return boundInet(
            socket.SOCK_DGRAM, self.interface, self.port, share=self.listenMultiple
        )

    @property
    def _options(self) -> _Options:
        assert self._socket is not None
        ipv6 = self._socket.family == socket.AF_INET6
        return (_IPv6 if ipv6 else _IPv4)(self._socket, self._resolve)

    # Groups

    def joinGroup(self, addr: str, interface: str | int = "") -> Deferred[None]:
        """Receive what is sent to a group.

        Args:
            addr: The group's address, or a name of it.
            interface: The interface to hear it on: an address of it; for IPv6 also its
                name or index. Empty for the system's choice.

        Returns:
            Fires when it is done; fails with `MulticastJoinError`.
        """
        return ensureDeferred(self._change(addr, interface, join=True))

    def leaveGroup(self, addr: str, interface: str | int = "") -> Deferred[None]:
        """Receive no more of what is sent to a group; the opposite of `joinGroup`."""
        return ensureDeferred(self._change(addr, interface, join=False))

    async def _change(self, addr: str, interface: str | int, *, join: bool) -> None:
        try:
            await self._set(await self._resolve(addr), interface, join)
        except (OSError, ValueError) as error:
            where = interface or "any interface"
            raise _explained(f"the group {addr} on {where}", error) from error

    async def _set(self, group: str, interface: str | int, join: bool) -> None:
        if self._socket is None:
            raise OSError(errno.EBADF, "the port is closed")
        options = self._options
        request = await options.request(group, interface)
        if self._socket is None:
            raise OSError(errno.EBADF, "the port was closed")
        option = options.join if join else options.leave
        self._socket.setsockopt(options.level, option, request)

    # What goes out

    def getOutgoingInterface(self) -> str | int:
        """The interface that multicast goes out by: its IPv4 address, or its index.

        ``"0.0.0.0"`` or 0 while the system chooses.
        """
        return self._options.outgoing_interface()

    def setOutgoingInterface(self, addr: str | int) -> Deferred[bool]:
        """Choose the interface that multicast goes out by.

        Args:
            addr: An address of it; for IPv6 also its name or index.

        Returns:
            Fires with True when it is done; fails with `MulticastJoinError`.
        """
        return ensureDeferred(self._go_out_by(addr))

    async def _go_out_by(self, addr: str | int) -> bool:
        try:
            options = self._options
            value = await options.interface(addr)
            if self._socket is None:
                raise OSError(errno.EBADF, "the port was closed")
            self._socket.setsockopt(options.level, options.outgoing, value)
        except (OSError, ValueError) as error:
            raise _explained(f"the interface {addr}", error) from error
        return True

    def getLoopbackMode(self) -> bool:
        """Whether this host hears its own multicast."""
        return bool(self._get(self._options.loopback))

    def setLoopbackMode(self, mode: bool) -> None:
        """Let this host hear its own multicast, or not."""
        self._put(self._options.loopback, bool(mode))

    def getTTL(self) -> int:
        """How many routers multicast may pass, and one: 1 stays in the local network."""
        return self._get(self._options.ttl)

    def setTTL(self, ttl: int) -> None:
        """Choose how far multicast may go.

        Args:
            ttl: From 0, which does not leave this host, to 255.

        Raises:
            ValueError: It is no such number.
        """
        if not 0 <= ttl <= _MAX_TTL:
            raise ValueError(f"a TTL is a number from 0 to {_MAX_TTL}, not {ttl!r}")
        self._put(self._options.ttl, ttl)

    def _get(self, option: int) -> int:
        assert self._socket is not None
        return self._socket.getsockopt(self._options.level, option)

    def _put(self, option: int, value: int) -> None:
        assert self._socket is not None
        self._socket.setsockopt(self._options.level, option, value)


class _Options(ABC):
    """The options of one socket, as its family has them."""

    level: ClassVar[int]
    ttl: ClassVar[int]
    loopback: ClassVar[int]
    outgoing: ClassVar[int]
    join: ClassVar[int]
    leave: ClassVar[int]

    def __init__(self, sock: socket.socket, resolve: _Resolve) -> None:
        self._socket = sock
        self._resolve = resolve

    @abstractmethod
    async def interface(self, interface: str | int) -> bytes:
        """An interface, as the options take it."""

    @abstractmethod
    async def request(self, group: str, interface: str | int) -> bytes:
        """A group on an interface, as the options take it."""

    @abstractmethod
    def outgoing_interface(self) -> str | int:
        """The interface that is set, as the user knows it."""


class _IPv4(_Options):
    """``struct ip_mreq``: two addresses (RFC 3678 section 1)."""

    level = socket.IPPROTO_IP
    ttl = socket.IP_MULTICAST_TTL
    loopback = socket.IP_MULTICAST_LOOP
    outgoing = socket.IP_MULTICAST_IF
    join = socket.IP_ADD_MEMBERSHIP
    leave = socket.IP_DROP_MEMBERSHIP

    async def interface(self, interface: str | int) -> bytes:
        """The address; a name is looked up."""
        if isinstance(interface, int):
            raise ValueError("IPv4 knows interfaces by their addresses only")
        return _packed(socket.AF_INET, await self._resolve(interface))

    async def request(self, group: str, interface: str | int) -> bytes:
        """Both addresses."""
        return _packed(socket.AF_INET, group) + await self.interface(interface)

    def outgoing_interface(self) -> str:
        """Its address."""
        found = self._socket.getsockopt(self.level, self.outgoing, 4)
        return socket.inet_ntoa(found)


class _IPv6(_Options):
    """``struct ipv6_mreq``: an address and an index (RFC 3493 section 5.2)."""

    level = socket.IPPROTO_IPV6
    ttl = socket.IPV6_MULTICAST_HOPS
    loopback = socket.IPV6_MULTICAST_LOOP
    outgoing = socket.IPV6_MULTICAST_IF
    join = socket.IPV6_JOIN_GROUP
    leave = socket.IPV6_LEAVE_GROUP

    async def interface(self, interface: str | int) -> bytes:
        """Its index."""
        return struct.pack("@I", _index(interface))

    async def request(self, group: str, interface: str | int) -> bytes:
        """Both; a group's zone (``ff02::1%eth0``) is an interface, too."""
        address, _, zone = group.partition("%")
        return _packed(socket.AF_INET6, address) + await self.interface(
            interface or zone
        )

    def outgoing_interface(self) -> int:
        """Its index."""
        return self._socket.getsockopt(self.level, self.outgoing)


def _packed(family: int, address: str) -> bytes:
    try:
        return socket.inet_pton(family, address)
    except OSError:
        kind = "IPv6" if family == socket.AF_INET6 else "IPv4"
        raise ValueError(f"the port is {kind}, and {address} is not") from None


def _index(interface: str | int) -> int:
    """The index of an interface, by whatever it is called; 0 for none."""
    if isinstance(interface, int) or interface.isdecimal():
        return int(interface)
    if not isIPv6Address(interface):
        return socket.if_nametoindex(interface) if interface else 0
    address, _, zone = interface.partition("%")
    return _index(zone) if zone else _index_of_address(address)


def _index_of_address(address: str) -> int:
    """The index of the interface that has an IPv6 address of this host."""
    wanted = _packed(socket.AF_INET6, address).hex()
    if wanted == _ANY:
        return 0
    try:
        with open("/proc/net/if_inet6", encoding="ascii") as table:
            for line in table:
                found, index, *_ = line.split()
                if found == wanted:
                    return int(index, 16)
    except FileNotFoundError:
        text = "this system tells interfaces by their names and indexes only"
        raise OSError(errno.ENOTSUP, text) from None
    raise OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))


def _explained(what: str, error: OSError | ValueError) -> MulticastJoinError:
    number = getattr(error, "errno", None) or errno.EINVAL
    text = getattr(error, "strerror", None) or error
    return MulticastJoinError(number, f"{what}: {text}")
