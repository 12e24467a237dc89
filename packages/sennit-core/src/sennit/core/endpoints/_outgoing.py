"""From a factory and a connector to a Deferred of the protocol.

The factory given to the reactor builds a `_StandIn` for the protocol. When its
connection is made it connects the real protocol, steps aside (the transport's protocol
is the real one from then on), and fires the Deferred. On a transport whose protocol
cannot be replaced it stays, and passes on what it is told.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sennit.core.defer import Deferred
from sennit.core.errors import (
    ConnectingCancelledError,
    NoProtocol,
    NotConnectingError,
)
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory, connectionDone

if TYPE_CHECKING:
    from sennit.core.contracts import (
        IConnector,
        IProtocol,
        IProtocolFactory,
        ITransport,
    )

__all__ = ["connecting"]


def connecting(
    factory: IProtocolFactory, connect: Callable[[ClientFactory], IConnector]
) -> Deferred[Any]:
    """Connect once.

    Args:
        factory: Builds the protocol.
        connect: Starts connecting with the factory it is given.

    Returns:
        A Deferred of the protocol, once its connection is made. Cancelling it gives
        the attempt up (`ConnectingCancelledError`).
    """
    try:
        outgoing = _Outgoing(factory)
        outgoing.connector = connect(outgoing)
    except Exception:
        failed: Deferred[Any] = Deferred()
        failed.errback(Failure())
        return failed
    return outgoing.made


class _Outgoing(ClientFactory):
    """The factory that the reactor sees."""

    noisy = False

    def __init__(self, factory: IProtocolFactory) -> None:
        self.wrapped = factory
        self.made: Deferred[Any] = Deferred(self._cancelled)
        self.connector: IConnector | None = None
        self._given_up = False
        if hasattr(factory, "acceptableProtocols"):
            self.acceptableProtocols = factory.acceptableProtocols

    def doStart(self) -> None:
        """Start the real factory."""
        self.wrapped.doStart()

    def doStop(self) -> None:
        """Stop the real factory."""
        self.wrapped.doStop()

    def logPrefix(self) -> str:
        """The real factory's."""
        told = getattr(self.wrapped, "logPrefix", None)
        return str(told()) if callable(told) else type(self.wrapped).__name__

    def startedConnecting(self, connector: IConnector) -> None:
        """Keep what cancelling needs."""
        self.connector = connector

    def buildProtocol(self, addr: Any) -> Any:
        """A stand-in for the protocol; a factory that builds none has failed."""
        try:
            protocol = self.wrapped.buildProtocol(addr)
            if protocol is None:
                raise NoProtocol(f"{self.wrapped!r} built no protocol for {addr!r}")
        except Exception:
            self._fail(Failure())
            return None
        return _StandIn(protocol, self._succeed)

    def clientConnectionFailed(self, connector: IConnector, reason: Failure) -> None:
        """There will be no connection."""
        self._fail(reason)

    def _succeed(self, protocol: Any) -> None:
        if not self.made.called:
            self.made.callback(protocol)

    def _fail(self, reason: Failure) -> None:
        if not self.made.called and not self._given_up:
            self.made.errback(reason)

    def _cancelled(self, made: Deferred[Any]) -> None:
        assert self.connector is not None
        # First all is let go of, then who waits is told.
        self._given_up = True
        try:
            self.connector.stopConnecting()
        except NotConnectingError:
            # It is connected: the protocol's ``connectionMade`` has cancelled.
            self.connector.disconnect()
        made.errback(ConnectingCancelledError(self.connector.getDestination()))


class _StandIn:
    """In the place of a protocol until its connection is made."""

    def __init__(self, protocol: IProtocol, connected: Callable[[Any], None]) -> None:
        self._protocol: Any = protocol
        self._connected = connected
        for method in ("readConnectionLost", "writeConnectionLost"):
            half = getattr(protocol, method, None)
            if half is not None:
                setattr(self, method, half)

    def makeConnection(self, transport: ITransport) -> None:
        """Connect the protocol, and step aside."""
        if getattr(transport, "protocol", None) is self:
            transport.protocol = self._protocol  # type: ignore[attr-defined]
        self._protocol.makeConnection(transport)
        self._connected(self._protocol)

    def dataReceived(self, data: bytes) -> None:
        """Pass it on."""
        self._protocol.dataReceived(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Pass it on."""
        self._protocol.connectionLost(reason)

    def logPrefix(self) -> str:
        """The protocol's."""
        told = getattr(self._protocol, "logPrefix", None)
        return str(told()) if callable(told) else type(self._protocol).__name__
