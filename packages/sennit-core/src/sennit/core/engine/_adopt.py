"""Sockets that somebody else has made: inherited, passed on, activated by systemd.

Each is duplicated: the descriptor that was given stays its giver's to close.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from sennit.core.engine._bindables import pathOf
from sennit.core.engine._binding import Binding
from sennit.core.engine._datagrams._udp import UDPPort
from sennit.core.engine._datagrams._unix import UNIXDatagramPort
from sennit.core.engine._handover import handOver
from sennit.core.engine._listen import Port, TCPPort
from sennit.core.engine._sockets import addressMaker
from sennit.core.engine._stream import Connection
from sennit.core.engine._system import prefixOf
from sennit.core.engine._tls._secure import goOver
from sennit.core.engine._unix import UNIXPort
from sennit.core.errors import UnsupportedAddressFamily, UnsupportedSocketType
from sennit.core.failure import Failure
from sennit.core.tls import optionsFor

__all__ = ["AdoptedConnection", "adoptedDatagramPort", "adoptedPort"]

INET = (socket.AF_INET, socket.AF_INET6)
FAMILIES = (*INET, getattr(socket, "AF_UNIX", None))


def _duplicate(fd: int, family: int, kind: socket.SocketKind) -> socket.socket:
    with socket.socket(fileno=fd) as given:
        try:
            if family not in FAMILIES or given.family != family:
                raise UnsupportedAddressFamily(
                    f"{family!r} was asked for, the socket is {given.family!r}"
                )
            if given.type != kind:
                raise UnsupportedSocketType(
                    f"{kind!r} is needed, the socket is {given.type!r}"
                )
            sock = given.dup()
        finally:
            given.detach()
    sock.setblocking(False)
    return sock


class _AdoptedTCPPort(TCPPort):
    adopted: socket.socket

    def bind(self) -> socket.socket:
        return self.adopted


class _AdoptedUNIXPort(UNIXPort):
    adopted: socket.socket

    def bind(self) -> socket.socket:
        return self.adopted

    def unbind(self) -> None:
        """The file is the giver's."""


class _AdoptedUDPPort(UDPPort):
    adopted: socket.socket

    def makeSocket(self) -> socket.socket:
        return self.adopted


class _AdoptedUNIXDatagramPort(UNIXDatagramPort):
    adopted: socket.socket

    def makeSocket(self) -> socket.socket:
        return self.adopted


def adoptedPort(binding: Binding, fd: int, family: int, factory: Any) -> Port:
    """A port on a stream socket that listens already.

    Raises:
        UnsupportedAddressFamily: It is neither of TCP nor a UNIX socket.
        UnsupportedSocketType: It is no stream socket.
    """
    sock = _duplicate(fd, family, socket.SOCK_STREAM)
    port: _AdoptedTCPPort | _AdoptedUNIXPort
    if family in INET:
        port = _AdoptedTCPPort(binding, sock.getsockname()[1], factory)
    else:
        port = _AdoptedUNIXPort(binding, sock.getsockname(), factory)
    port.adopted = sock
    return port


def adoptedDatagramPort(
    binding: Binding, fd: int, family: int, protocol: Any, maxPacketSize: int
) -> UDPPort | UNIXDatagramPort:
    """A port on a datagram socket that is bound already.

    Raises:
        UnsupportedAddressFamily: It is neither of UDP nor a UNIX socket.
        UnsupportedSocketType: It is no datagram socket.
    """
    sock = _duplicate(fd, family, socket.SOCK_DGRAM)
    name = sock.getsockname()
    port: _AdoptedUDPPort | _AdoptedUNIXDatagramPort
    if family in INET:
        port = _AdoptedUDPPort(binding, name[1], protocol, name[0], maxPacketSize)
    else:
        path = pathOf(name)
        port = _AdoptedUNIXDatagramPort(binding, path, protocol, maxPacketSize)
    port.adopted = sock
    return port


class AdoptedConnection:
    """Where a connected socket comes from that was handed to us."""

    expected: Any = ""
    tls: None = None
    accepts: bool = True

    def __init__(self, binding: Binding, fd: int, family: int, factory: Any) -> None:
        self.binding = binding
        self.factory = factory
        self._socket = _duplicate(fd, family, socket.SOCK_STREAM)
        self.address = addressMaker(self._socket.family)

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Give the socket to the loop."""
        self.binding.live.add(self)
        self._task = loop.create_task(handOver(loop, self._socket, self))

    def connectionLost(self, reason: Failure) -> None:
        """The reactor shuts down before the loop had the socket."""
        self._task.cancel()
        self._socket.close()

    def build(self, connection: Connection, peer: Any) -> Any:
        """Have the factory build the protocol."""
        self.binding.live.discard(self)
        return self.factory.buildProtocol(peer)

    def made_by(self) -> str:
        """The factory's class."""
        return type(self.factory).__qualname__

    def served_by(self, connection: Connection) -> str:
        """``Counter,0,127.0.0.1``."""
        host = getattr(connection.getPeer(), "host", "")
        return f"{prefixOf(connection.protocol)},0,{host}"

    def describe_connection(self, connection: Connection) -> str:
        """``adopted, to UNIXAddress(None)``."""
        return f"adopted, to {connection.getPeer()!r}"

    def lost(self, connection: Connection, reason: Failure) -> None:
        """Its protocol knows."""

    def start_tls(self, connection: Connection, given: Any, normal: bool) -> None:
        """Let it go over to TLS: it counts as one that came in."""
        goOver(connection, optionsFor(given, server=normal))

    def handshake_failed(self, error: BaseException, peername: Any) -> None:
        """Its protocol knows: it was there before."""
