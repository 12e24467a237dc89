"""The reactor's own methods as services: ``TCPServer(80, factory)`` and its kin.

Each takes what the reactor's method takes, and ``reactor``. New programs are better off
with endpoints: `StreamServerEndpointService`, `ClientService`, `sennit.app.strports`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import sennit.core
from sennit.app.internet._volatile import VolatileService
from sennit.core.defer import Deferred, maybeDeferred

if TYPE_CHECKING:
    from sennit.app.contracts import Outcome

__all__ = [
    "MulticastServer",
    "SSLClient",
    "SSLServer",
    "TCPClient",
    "TCPServer",
    "UDPServer",
    "UNIXClient",
    "UNIXDatagramClient",
    "UNIXDatagramServer",
    "UNIXServer",
]


class _ReactorService(VolatileService):
    """Calls a method of a reactor.

    Attributes:
        method: What is behind ``listen`` or ``connect`` in the method's name.
        reactor: Whose method it is; the program's reactor where it is None.
        args: What the method is given.
        kwargs: And its keyword arguments.
    """

    volatile: ClassVar[list[str]] = ["_port", "_connection", "reactor"]
    method: ClassVar[str] = ""
    reactor: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.reactor = kwargs.pop("reactor", None)
        self.args = args
        self.kwargs = kwargs

    def _call(self, verb: str) -> Any:
        reactor = sennit.core.reactor if self.reactor is None else self.reactor
        return getattr(reactor, verb + self.method)(*self.args, **self.kwargs)


class _Server(_ReactorService):
    """Listens while it runs."""

    _port: Any = None

    def privilegedStartService(self) -> Outcome:
        """Listen.

        Raises:
            CannotListenError: The port is taken, for instance.
        """
        super().privilegedStartService()
        self._port = self._call("listen")
        return None

    def startService(self) -> Outcome:
        """Listen, unless it does already.

        Raises:
            CannotListenError: The port is taken, for instance.
        """
        super().startService()
        if self._port is None:
            self._port = self._call("listen")
        return None

    def stopService(self) -> Deferred[None]:
        """Listen no more; connections that were made stay."""
        own: Deferred[Any] = maybeDeferred(super().stopService)
        port, self._port = self._port, None
        if port is None:
            return own
        return maybeDeferred(port.stopListening).addCallback(lambda _: own)


class _Client(_ReactorService):
    """Connects when it starts, and disconnects when it stops."""

    _connection: Any = None

    def startService(self) -> Outcome:
        """Connect."""
        super().startService()
        self._connection = self._call("connect")
        return None

    def stopService(self) -> Deferred[None]:
        """Disconnect, or give the attempt up."""
        connection, self._connection = self._connection, None
        own: Deferred[Any] = maybeDeferred(super().stopService)
        if connection is None:
            return own
        # A datagram port has no connection to end, and says when it is closed.
        end = getattr(connection, "disconnect", None) or connection.stopListening
        return maybeDeferred(end).addCallback(lambda _: own)


class TCPServer(_Server):
    """``reactor.listenTCP`` as a service."""

    method = "TCP"


class TCPClient(_Client):
    """``reactor.connectTCP`` as a service."""

    method = "TCP"


class SSLServer(_Server):
    """``reactor.listenSSL`` as a service."""

    method = "SSL"


class SSLClient(_Client):
    """``reactor.connectSSL`` as a service."""

    method = "SSL"


class UNIXServer(_Server):
    """``reactor.listenUNIX`` as a service."""

    method = "UNIX"


class UNIXClient(_Client):
    """``reactor.connectUNIX`` as a service."""

    method = "UNIX"


class UDPServer(_Server):
    """``reactor.listenUDP`` as a service."""

    method = "UDP"


class MulticastServer(_Server):
    """``reactor.listenMulticast`` as a service."""

    method = "Multicast"


class UNIXDatagramServer(_Server):
    """``reactor.listenUNIXDatagram`` as a service."""

    method = "UNIXDatagram"


class UNIXDatagramClient(_Client):
    """``reactor.connectUNIXDatagram`` as a service."""

    method = "UNIXDatagram"
