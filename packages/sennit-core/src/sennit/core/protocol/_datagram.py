"""Protocols of datagrams: one object per port, told of each packet and its sender."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core import log

if TYPE_CHECKING:
    from sennit.core.contracts import IUDPTransport
    from sennit.core.failure import Failure

__all__ = ["AbstractDatagramProtocol", "ConnectedDatagramProtocol", "DatagramProtocol"]


class AbstractDatagramProtocol:
    """What protocols of datagrams have in common.

    Attributes:
        transport: The port; not to be used before `startProtocol`, when it is None.
            An `IUDPTransport`, or what the port's kind offers.
        numPorts: How many ports use this protocol now.
        noisy: Whether starting and stopping are logged.
    """

    transport: Any = None
    numPorts: int = 0
    noisy: bool = True

    def makeConnection(self, transport: Any) -> None:
        """Attach the port, then start; the port calls this.

        Args:
            transport: The port that was just opened.

        Raises:
            RuntimeError: When another port is attached.
        """
        if self.transport is not None:
            raise RuntimeError(f"{self!r} already has a port: {self.transport!r}")
        self.transport = transport
        self.doStart()

    def doStart(self) -> None:
        """Count one port more, and start with the first; ports call this."""
        if self.numPorts == 0:
            if self.noisy:
                log.msg(format="Starting protocol %(protocol)r", protocol=self)
            self.startProtocol()
        self.numPorts += 1

    def doStop(self) -> None:
        """Count one port less, and stop with the last; ports call this.

        Raises:
            RuntimeError: When it was not started.
        """
        if self.numPorts == 0:
            raise RuntimeError(f"{self!r} was stopped without having been started")
        self.numPorts -= 1
        self.transport = None
        if self.numPorts == 0:
            if self.noisy:
                log.msg(format="Stopping protocol %(protocol)r", protocol=self)
            self.stopProtocol()

    def startProtocol(self) -> None:
        """Begin: the port is open, datagrams can be sent."""

    def stopProtocol(self) -> None:
        """End: the port is closed, nothing can be sent any more."""

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        """Take a datagram.

        Args:
            datagram: One whole datagram, as it was sent; it may be empty.
            addr: Who sent it, in the form that ``transport.write`` takes: for UDP the
                pair of host and port.
        """


class DatagramProtocol(AbstractDatagramProtocol):
    """A protocol for UDP: it is told who sent each datagram.

    A port that was connected by ``transport.connect(host, port)`` has one peer only.
    """

    transport: IUDPTransport = None  # type: ignore[assignment]

    def logPrefix(self) -> str:
        """Name this protocol in the log's lines."""
        return type(self).__name__

    def connectionRefused(self) -> None:
        """Take note that nobody listens at the other side of a connected port.

        The network says so (ICMP) of an earlier datagram, not of the last.
        """


class ConnectedDatagramProtocol(DatagramProtocol):
    """A protocol of datagrams from and to one peer, as for connected UNIX sockets."""

    def datagramReceived(  # type: ignore[override]
        self, datagram: bytes
    ) -> None:
        """Take a datagram of the peer.

        Args:
            datagram: One whole datagram, as it was sent.
        """

    def connectionFailed(self, failure: Failure) -> None:
        """Take note that the peer could not be connected to.

        Args:
            failure: Why; mostly its name could not be resolved.
        """
