"""SOCKS of versions 4 and 4a: without passwords, and of IPv4."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from typing import Any, Final

from sennit.core.defer import Deferred, maybeDeferred
from sennit.core.failure import Failure
from sennit.core.protocol import Factory
from sennit.protocols.socks._server import Beyond, Expecting, SOCKSServer
from sennit.protocols.socks._wire import Request, readRequest4

__all__ = [
    "SOCKSv4",
    "SOCKSv4Factory",
    "SOCKSv4Incoming",
    "SOCKSv4IncomingFactory",
    "SOCKSv4Outgoing",
]

_GRANTED, _REJECTED = 90, 91
_NOWHERE: Final = "0.0.0.0"


class SOCKSv4Outgoing(Beyond):
    """The side towards a host that a client wanted to be connected with."""


class SOCKSv4Incoming(Beyond):
    """The side towards a host that has connected to a port bound for a client."""

    def tell(self) -> None:
        """Tell the client that the host it has named is there."""
        self.socks.answer(_NOWHERE, 0)


class SOCKSv4IncomingFactory(Expecting):
    """Takes one connection, from the host that a client has named."""

    protocol: Any = SOCKSv4Incoming


class SOCKSv4(SOCKSServer):
    """Connects clients of versions 4 and 4a; override ``authorize`` to choose whom."""

    def __init__(self, logging: object = None, reactor: Any = None) -> None:
        """Wait for a client.

        Args:
            logging: Nothing is done with it; the traffic is logged by
                ``TrafficLoggingFactory``.
            reactor: What connects, listens and finds names; None for the global one.
        """
        self.logging = logging
        self.reactor = reactor

    def read(self, data: bytes) -> tuple[Callable[[], object], int] | None:
        """Read a request, the only message that there is."""
        found = readRequest4(data)
        if found is None:
            return None
        request, length = found
        return lambda: self.begin(request), length

    def connectFor(self, request: Request) -> Any:
        """Connect a client; a name is looked for first."""
        return self._address(request).addCallback(
            lambda host: self.connectClass(host, request.port, SOCKSv4Outgoing, self)
        )

    def listenFor(self, request: Request) -> Any:
        """Bind a port for a client, for one connection from a host."""
        found = self._address(request)
        found.addCallback(
            lambda host: self.listenClass(0, SOCKSv4IncomingFactory, self, host)
        )
        return found.addCallback(lambda address: self.answer(*address))

    def _address(self, request: Request) -> Deferred[str]:
        if request.isName:
            return maybeDeferred(self._reactor().resolve, request.host)
        return maybeDeferred(lambda: request.host)

    def refused(self, reason: Failure) -> None:
        """Tell the client that it is not; version 4 knows no reasons."""
        self._reply(_REJECTED, _NOWHERE, 0)

    def answer(self, host: str, port: int) -> None:
        """Tell the client that it is."""
        self._reply(_GRANTED, host, port)

    def _reply(self, code: int, host: str, port: int) -> None:
        try:
            address = socket.inet_aton(host)
        except OSError:
            # A name may lead to an address of IPv6, which this version cannot tell.
            address = socket.inet_aton(_NOWHERE)
        self.transport.write(struct.pack("!BBH", 0, code, port) + address)


class SOCKSv4Factory(Factory):
    """Connects clients of versions 4 and 4a.

    Whoever reaches the port can go wherever this host can: listen for your own clients
    only, or override ``SOCKSv4.authorize``.
    """

    protocol: Any = SOCKSv4

    def __init__(self, log: object = None, reactor: Any = None) -> None:
        """Be ready.

        Args:
            log: Handed to the protocols as their ``logging``.
            reactor: What connects, listens and finds names; None for the global one.
        """
        self.logging = log
        self.reactor: Any = reactor

    def buildProtocol(self, addr: Any) -> Any:
        """Make the server of a client."""
        protocol = self.protocol(self.logging, self.reactor)
        protocol.factory = self
        return protocol
