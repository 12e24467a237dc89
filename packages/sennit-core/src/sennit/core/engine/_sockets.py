"""Sockets of our own making: bound, named and translated into addresses.

Everything is done at once and before any loop is asked, so that a port that cannot
be had is an error where it was asked for.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from sennit.core.address import IPv4Address, IPv6Address, UNIXAddress
from sennit.core.errors import CannotListenError

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress

__all__ = [
    "Socket",
    "SocketHolder",
    "addressMaker",
    "boundInet",
    "familyOf",
    "inetName",
    "isIPAddress",
    "isIPv6Address",
]

# For classes that have an attribute called `socket` themselves.
Socket: TypeAlias = socket.socket


class SocketHolder:
    """A port: it has a socket while it is open."""

    _socket: Socket | None = None

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


def isIPAddress(host: str, family: int = socket.AF_INET) -> bool:
    """Whether *host* is written as an address of this family, not as a name."""
    try:
        socket.inet_pton(family, host)
    except (OSError, ValueError):
        return False
    return True


def isIPv6Address(host: str) -> bool:
    """Whether *host* is an IPv6 address, with or without a scope (``fe80::1%eth0``)."""
    return isIPAddress(host.partition("%")[0], socket.AF_INET6)


def familyOf(host: str) -> socket.AddressFamily:
    """The address family a local interface is written in; IPv4 for the empty one."""
    return socket.AF_INET6 if isIPv6Address(host) else socket.AF_INET


def addressMaker(
    family: socket.AddressFamily, kind: Literal["TCP", "UDP"] = "TCP"
) -> Callable[[Any], IAddress]:
    """What turns the names of sockets of a family into addresses.

    Args:
        family: ``AF_INET``, ``AF_INET6`` or ``AF_UNIX``.
        kind: ``"TCP"`` or ``"UDP"``.
    """
    if family == socket.AF_INET:
        return lambda name: IPv4Address(kind, name[0], name[1])
    if family == socket.AF_INET6:
        return lambda name: IPv6Address(kind, name[0].partition("%")[0], *name[1:])
    return lambda name: UNIXAddress(name or None)


def inetName(host: str, port: int) -> tuple[Any, ...]:
    """An IP address and a port as the socket calls want them.

    Raises:
        OSError: *host* is no IP address.
    """
    if familyOf(host) == socket.AF_INET:
        return (host, port)
    flags = socket.AI_NUMERICHOST
    found = socket.getaddrinfo(host, port, socket.AF_INET6, flags=flags)
    # The scope is told twice, by name and by number; uvloop takes the number only.
    name, number, flow, scope = cast("tuple[str, int, int, int]", found[0][4])
    return (name.partition("%")[0], number, flow, scope)


def boundInet(
    kind: socket.SocketKind,
    interface: str,
    port: int,
    *,
    reuse: bool = False,
    share: bool = False,
) -> socket.socket:
    """A non-blocking socket bound to a local address.

    Args:
        kind: ``SOCK_STREAM`` or ``SOCK_DGRAM``.
        interface: The local IP address; empty for all of IPv4.
        port: The port's number; 0 for any free one.
        reuse: Whether an address still in ``TIME_WAIT`` may be taken again.
        share: Whether other sockets may have the same address at the same time.

    Raises:
        CannotListenError: The system refused.
    """
    family = familyOf(interface)
    sock = None
    # asyncio asks a socket for its protocol before it sets TCP_NODELAY.
    proto = socket.IPPROTO_TCP if kind is socket.SOCK_STREAM else 0
    try:
        sock = socket.socket(family, kind, proto)
        sock.setblocking(False)
        if share or (reuse and os.name == "posix"):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if share and hasattr(socket, "SO_REUSEPORT"):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sock.bind(inetName(interface, port))
    except (OSError, OverflowError) as error:
        if sock is not None:
            sock.close()
        if isinstance(error, OverflowError):
            error = OSError(str(error))
        raise CannotListenError(interface, port, error) from error
    return sock
