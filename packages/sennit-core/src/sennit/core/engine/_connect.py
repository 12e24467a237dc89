"""Connectors: the making of one client connection, again and again if wished.

    disconnected --connect--> connecting --made--> connected
         ^                        |                    |
         +-------- failed --------+------- lost -------+

A failure never comes before ``connect`` has returned: the attempt is a task of the
loop. Name resolution and the socket are ours, so that each kind of failure can be
told by name; the connected socket is then given to the loop. Over TLS the connection is
made when the handshake is done, and a handshake that fails is a connection that failed.
"""

from __future__ import annotations

import asyncio
import os
import socket
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sennit.core import log
from sennit.core.address import HostnameAddress, IPv4Address, UNIXAddress
from sennit.core.defer import Deferred
from sennit.core.engine._bindables import lockHolder
from sennit.core.engine._binding import Binding
from sennit.core.engine._handover import handOver
from sennit.core.engine._names._name import nameBytes
from sennit.core.engine._sockets import addressMaker, familyOf, inetName, isIPAddress
from sennit.core.engine._stream import Connection
from sennit.core.engine._system import prefixOf
from sennit.core.engine._tls._secure import goOver
from sennit.core.errors import (
    BadFileError,
    ConnectBindError,
    NotConnectingError,
    ServiceNameUnknownError,
    TimeoutError,
    UserError,
    getConnectError,
)
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory
from sennit.core.tls import optionsFor

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress, IDelayedCall, IProtocol, IReactorTime
    from sennit.core.tls import TLSOptions

__all__ = ["Connector", "TCPConnector", "UNIXConnector"]

# The states; `Connector.state` shows them to the user.
_DISCONNECTED, _CONNECTING, _CONNECTED = "disconnected", "connecting", "connected"


class Connector(ABC):
    """Makes a connection for a client factory.

    Attributes:
        factory: Builds the protocol, and is told of failure and loss.
        state: ``"disconnected"``, ``"connecting"`` or ``"connected"``.
        timeout: Seconds that connecting may take; 0 or None for as long as it does.
        transport: The connection once it is made.
        expected: The socket's name of the other side, once it is resolved.
        address: Makes an address of a socket's name.
        tls: What connections are made over TLS by; None for those in the open.
        accepts: False: its connections are made, not accepted.
    """

    tls: TLSOptions | None = None
    accepts: bool = False

    def __init__(
        self,
        binding: Binding,
        clock: IReactorTime,
        factory: ClientFactory,
        timeout: float | None,
    ) -> None:
        self.binding = binding
        self.factory = factory
        self.timeout = timeout
        self.state: str = _DISCONNECTED
        self.transport: Connection | None = None
        self.expected: Any = None
        self._clock = clock
        self._started = False
        self._attempt: asyncio.Task[None] | None = None
        # Done when the connection is the user's: after the handshake, over TLS.
        self._secured: asyncio.Future[None] | None = None
        self._deadline: IDelayedCall | None = None
        self.address: Callable[[Any], IAddress] = addressMaker(socket.AF_INET)

    # What kinds of connectors differ in

    @abstractmethod
    def getDestination(self) -> IAddress:
        """Where this leads."""

    @abstractmethod
    async def open(self, loop: asyncio.AbstractEventLoop) -> socket.socket:
        """Make a connected socket, or raise a `ConnectError`."""

    # Connecting

    def connect(self) -> None:
        """Begin to connect.

        Raises:
            RuntimeError: It is connecting or connected.
        """
        if self.state != _DISCONNECTED:
            raise RuntimeError(f"{self!r} cannot connect: it is {self.state}")
        self.state = _CONNECTING
        if not self._started:
            self.factory.doStart()
            self._started = True
        self.binding.whenBound(self._begin)
        if self.timeout:
            self._deadline = self._clock.callLater(self.timeout, self._timed_out)
        self.factory.startedConnecting(self)

    def stopConnecting(self) -> None:
        """Give the attempt up; the factory learns of it as a `UserError`.

        Raises:
            NotConnectingError: There is no attempt.
        """
        if self.state != _CONNECTING:
            raise NotConnectingError(f"it is {self.state}")
        self.connectionFailed(Failure(UserError()))

    def disconnect(self) -> None:
        """Give the attempt up, or close the connection."""
        if self.state == _CONNECTING:
            self.stopConnecting()
        elif self.transport is not None:
            self.transport.loseConnection()

    def connectionFailed(self, reason: Failure) -> None:
        """The attempt has failed: tell the factory, which may connect again."""
        self._end_attempt()
        self.state = _DISCONNECTED
        self._tell(self.factory.clientConnectionFailed, reason)

    def connectionLost(self, reason: Failure) -> None:
        """The reactor shuts down while we are connecting."""
        self.connectionFailed(reason)

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        self.binding.live.add(self)
        self._attempt = loop.create_task(self._make(loop))

    async def _make(self, loop: asyncio.AbstractEventLoop) -> None:
        """Connect, and give the connected socket to the loop."""
        try:
            sock = await self.open(loop)
            self.address = addressMaker(sock.family)
            if self.tls is None:
                await handOver(loop, sock, self)
            else:
                await self._hand_over_securely(loop, sock)
        except Exception as error:
            if self.state == _CONNECTING:
                # This task is not to be cancelled by what it ends with.
                self._attempt = None
                # How we came to know is nothing to the user: no frames.
                reason = getConnectError(error).with_traceback(None)
                self.connectionFailed(Failure(reason))
            elif not isinstance(error, OSError):
                log.err(None, f"{self!r} has failed")

    async def _hand_over_securely(
        self, loop: asyncio.AbstractEventLoop, sock: socket.socket
    ) -> None:
        secured = self._secured = loop.create_future()
        below = await handOver(loop, sock, self)
        try:
            await secured
        except asyncio.CancelledError:
            below.abort()
            raise

    async def _connected(
        self, loop: asyncio.AbstractEventLoop, sock: socket.socket, name: Any
    ) -> socket.socket:
        """Connect *sock*; a failure has the system's own number and words."""
        self.expected = name
        try:
            await loop.sock_connect(sock, name)
        except OSError as error:
            sock.close()
            number = error.errno
            text = os.strerror(number) if number else str(error)
            raise getConnectError((number, text)) from error
        except BaseException:
            sock.close()
            raise
        return sock

    def _timed_out(self) -> None:
        self._deadline = None
        self.connectionFailed(Failure(TimeoutError()))

    def _end_attempt(self) -> None:
        self.binding.live.discard(self)
        self.binding.forget(self._begin)
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if self._attempt is not None:
            self._attempt.cancel()
            self._attempt = None

    def _tell(self, tell: Callable[[Any, Failure], None], reason: Failure) -> None:
        try:
            tell(self, reason)
        except Exception:
            log.err(None, f"{prefixOf(self.factory)} has failed in a notification")
        if self.state == _DISCONNECTED and self._started:
            # Not connecting again: this was all the factory was needed for.
            self._started = False
            self.factory.doStop()

    # As the origin of the connection

    def build(self, connection: Connection, peer: Any) -> IProtocol | None:
        """The connection is made: have the factory build its protocol."""
        if self.state != _CONNECTING:
            return None
        self._attempt = None
        self._end_attempt()
        if self._secured is not None:
            self._secured.set_result(None)
            self._secured = None
        self.state = _CONNECTED
        self.transport = connection
        return self.factory.buildProtocol(peer)

    def made_by(self) -> str:
        """The factory's class, in full."""
        kind = type(self.factory)
        return f"{kind.__module__}.{kind.__qualname__}"

    def served_by(self, connection: Connection) -> str:
        """``Counter,client``."""
        return f"{prefixOf(connection.protocol)},client"

    def describe_connection(self, connection: Connection) -> str:
        """``to IPv4Address(TCP, '127.0.0.1', 8750)``."""
        return f"to {connection.getPeer()!r}"

    def lost(self, connection: Connection, reason: Failure) -> None:
        """The connection is over: tell the factory, which may connect again."""
        if self.transport is not connection:
            return
        self.transport = None
        self.state = _DISCONNECTED
        if connection.protocol is None:
            self._tell(self.factory.clientConnectionFailed, reason)
        else:
            self._tell(self.factory.clientConnectionLost, reason)

    @property
    def hostname(self) -> str | None:
        """The name that the other side must prove to have, where it has one."""
        return None

    def start_tls(self, connection: Connection, given: Any, normal: bool) -> None:
        """Let a connection that we have made go over to TLS."""
        goOver(connection, optionsFor(given, not normal, self.hostname))

    def handshake_failed(self, error: BaseException, peername: Any) -> None:
        """There will be no connection."""
        if self._secured is not None and not self._secured.done():
            self._secured.set_exception(error)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.state} {self.getDestination()!r}>"


class TCPConnector(Connector):
    """Makes TCP connections.

    Attributes:
        host: A name or an IP address.
        port: The port's number.
        bindAddress: Our own ``(host, port)``; None for any.
    """

    def __init__(
        self,
        binding: Binding,
        clock: IReactorTime,
        host: str,
        port: int | str,
        factory: ClientFactory,
        timeout: float | None,
        bindAddress: tuple[str, int] | None,
        resolve: Callable[[str], Deferred[str]],
        tls: TLSOptions | None = None,
    ) -> None:
        super().__init__(binding, clock, factory, timeout)
        self.tls = tls
        self.host = host
        self.port: int = _port_number(port)
        self.bindAddress = bindAddress
        self._resolve = resolve

    @property
    def hostname(self) -> str:
        """The host as it was given."""
        return self.host

    def getDestination(self) -> IAddress:
        """``IPv4Address``; a `HostnameAddress` for a name."""
        if familyOf(self.host) == socket.AF_INET6:
            return addressMaker(socket.AF_INET6)((self.host, self.port))
        if isIPAddress(self.host):
            return IPv4Address("TCP", self.host, self.port)
        return HostnameAddress(nameBytes(self.host), self.port)

    async def open(self, loop: asyncio.AbstractEventLoop) -> socket.socket:
        """Resolve, bind where asked to, connect."""
        host = await self._resolve(self.host)
        # Named, since asyncio asks for it before it sets TCP_NODELAY.
        tcp = socket.IPPROTO_TCP
        sock = socket.socket(familyOf(host), socket.SOCK_STREAM, tcp)
        sock.setblocking(False)
        if self.bindAddress is not None:
            try:
                sock.bind(self.bindAddress)
            except OSError as error:
                sock.close()
                raise ConnectBindError(error.errno, str(error.strerror)) from error
        return await self._connected(loop, sock, inetName(host, self.port))


class UNIXConnector(Connector):
    """Makes connections to UNIX sockets.

    Attributes:
        path: The file, or an abstract name that starts with a zero byte.
        checkPID: Whether the lock ``PATH.lock`` must be held by a living process.
    """

    def __init__(
        self,
        binding: Binding,
        clock: IReactorTime,
        path: str,
        factory: ClientFactory,
        timeout: float | None,
        checkPID: bool,
    ) -> None:
        super().__init__(binding, clock, factory, timeout)
        self.path = path
        self.checkPID = checkPID

    def getDestination(self) -> IAddress:
        """The path, as a `UNIXAddress`."""
        return UNIXAddress(self.path)

    async def open(self, loop: asyncio.AbstractEventLoop) -> socket.socket:
        """Check the lock where asked to, connect."""
        if self.checkPID and lockHolder(self.path) is None:
            raise BadFileError(f"nobody holds the lock of {self.path!r}")
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.setblocking(False)
        return await self._connected(loop, sock, self.path)


def _port_number(port: int | str) -> int:
    """A port's number, also of one that is given by its service's name."""
    if isinstance(port, int):
        if not 0 <= port < 65536:  # a loop would connect to what is left modulo 65536
            raise ValueError(f"a port's number is 0 to 65535, not {port}")
        return port
    try:
        return socket.getservbyname(port, "tcp")
    except OSError as error:
        raise ServiceNameUnknownError(string=f"{error} ({port!r})") from error
