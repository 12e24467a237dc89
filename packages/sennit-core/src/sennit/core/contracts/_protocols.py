"""Protocols and factories: what the reactor tells, and whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sennit.core.contracts._addresses import IAddress
    from sennit.core.failure import Failure

__all__ = [
    "IFileDescriptorReceiver",
    "IHalfCloseableProtocol",
    "IHandshakeListener",
    "ILoggingContext",
    "IProcessProtocol",
    "IProtocol",
    "IProtocolFactory",
    "IProtocolNegotiationFactory",
]


class ILoggingContext(Protocol):
    """Has a name in the log."""

    def logPrefix(self) -> str:
        """Give the name that log lines about this object carry."""
        ...


class IProtocol(Protocol):
    """Told what happens on one connection; see `sennit.core.protocol.Protocol`."""

    # The argument is whatever kind of transport the protocol is made for.
    def makeConnection(self, transport: Any) -> None:
        """Attach the transport, and call `connectionMade`."""

    def connectionMade(self) -> None:
        """Take note that the connection is there, both ways open."""

    def dataReceived(self, data: bytes) -> None:
        """Take bytes that have arrived, at least one.

        An error raised here is logged and ends this connection.
        """

    def connectionLost(self, reason: Failure) -> None:
        """Take note that the connection is over; nothing more will be called.

        Args:
            reason: ``ConnectionDone`` when it ended as it should, or else a
                ``ConnectionLost``.
        """


class IProtocolFactory(Protocol):
    """Makes protocols; see `sennit.core.protocol.Factory`."""

    def buildProtocol(self, addr: IAddress) -> IProtocol | None:
        """Make the protocol of a new connection.

        Args:
            addr: Where the other side is.

        Returns:
            The protocol; None refuses the connection.
        """

    def doStart(self) -> None:
        """Take note that a port or connector begins to use this factory."""

    def doStop(self) -> None:
        """Take note that a port or connector has ended using this factory."""


class IHalfCloseableProtocol(Protocol):
    """A protocol that goes on when one direction of its connection has closed.

    One that is no such protocol has its connection closed by the other side's end.
    """

    def readConnectionLost(self) -> None:
        """Take note that the other side will send nothing more."""

    def writeConnectionLost(self) -> None:
        """Take note that our direction is closed, as ``loseWriteConnection`` asked."""


class IFileDescriptorReceiver(Protocol):
    """A protocol on a UNIX connection that takes descriptors."""

    def fileDescriptorReceived(self, descriptor: int) -> None:
        """Take an open descriptor; from now on it is ours to close.

        Called before ``dataReceived`` with the byte it came with.
        """


class IHandshakeListener(Protocol):
    """A protocol on a TLS connection that wants to know when the handshake is over."""

    def handshakeCompleted(self) -> None:
        """Take note that both sides are who they must be; no data came before."""


class IProtocolNegotiationFactory(Protocol):
    """A factory that knows by which names its protocols are agreed on (ALPN)."""

    def acceptableProtocols(self) -> list[bytes]:
        """Give those names, the most wanted first (``[b"h2", b"http/1.1"]``)."""
        ...


class IProcessProtocol(Protocol):
    """Told of a child process; see `sennit.core.protocol.ProcessProtocol`."""

    def makeConnection(self, process: Any) -> None:
        """Attach the child process, which has been started."""

    def childDataReceived(self, childFD: int, data: bytes) -> None:
        """Take what the child wrote to a descriptor."""

    def childConnectionLost(self, childFD: int) -> None:
        """Take note that a descriptor of the child was closed, by either side."""

    def processExited(self, reason: Failure) -> None:
        """Take note that the child has ended; its output may still be arriving.

        Args:
            reason: ``ProcessDone`` for exit code 0, else ``ProcessTerminated``.
        """

    def processEnded(self, reason: Failure) -> None:
        """Take note that the child has ended and all its descriptors are closed."""
