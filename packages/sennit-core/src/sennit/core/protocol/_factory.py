"""The factory: what outlives the connections, and makes a protocol for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sennit.core import log
from sennit.core.protocol._protocol import Protocol

if TYPE_CHECKING:
    from typing import Self

    from sennit.core.contracts import IAddress, IConnector, IProtocol
    from sennit.core.failure import Failure

__all__ = ["ClientFactory", "Factory", "ServerFactory"]


class Factory:
    """Makes the protocols of a listening port, or of a client's connections.

    Attributes:
        protocol: What is called, without arguments, for a new protocol: mostly a class.
        numPorts: How many ports and connectors use this factory now.
        noisy: Whether starting and stopping are logged.
    """

    protocol: Callable[[], Protocol] | None = None
    numPorts: int = 0
    noisy: bool = True

    @classmethod
    def forProtocol(
        cls, protocol: Callable[..., Protocol], *args: Any, **kwargs: Any
    ) -> Self:
        """Make a factory whose protocols are of the given class.

        Args:
            protocol: What is called, without arguments, for a new protocol.
            *args: For the factory itself.
            **kwargs: For the factory itself.
        """
        factory = cls(*args, **kwargs)
        factory.protocol = protocol
        return factory

    def logPrefix(self) -> str:
        """Name this factory in the log's lines."""
        return type(self).__name__

    def doStart(self) -> None:
        """Count one port more, and start with the first; ports call this."""
        if self.numPorts == 0:
            if self.noisy:
                log.msg(format="Starting factory %(factory)r", factory=self)
            self.startFactory()
        self.numPorts += 1

    def doStop(self) -> None:
        """Count one port less, and stop with the last; ports call this."""
        if self.numPorts == 0:
            # A port may stop what never came to listen.
            return
        self.numPorts -= 1
        if self.numPorts == 0:
            if self.noisy:
                log.msg(format="Stopping factory %(factory)r", factory=self)
            self.stopFactory()

    def startFactory(self) -> None:
        """Open what all connections share, before the first port listens."""

    def stopFactory(self) -> None:
        """Close what all connections share, after the last port has closed."""

    def buildProtocol(self, addr: IAddress) -> IProtocol | None:
        """Make the protocol of a new connection.

        Args:
            addr: Where the other side is.

        Returns:
            The protocol, which is given the connection next; None refuses it.

        Raises:
            TypeError: When `protocol` was not set.
        """
        if self.protocol is None:
            raise TypeError(
                f"{self!r} has no protocol: set it, or override buildProtocol"
            )
        protocol = self.protocol()
        protocol.factory = self
        return protocol


class ServerFactory(Factory):
    """A factory that is meant for servers only."""


class ClientFactory(Factory):
    """A factory for clients: it is told what becomes of each attempt to connect."""

    def startedConnecting(self, connector: IConnector) -> None:
        """Take note of an attempt to connect.

        Args:
            connector: Its ``stopConnecting()`` gives the attempt up.
        """

    def clientConnectionFailed(self, connector: IConnector, reason: Failure) -> None:
        """Take note that an attempt has failed; no protocol was made.

        Args:
            connector: Its ``connect()`` tries again.
            reason: Why, mostly a `sennit.core.errors.ConnectError`.
        """

    def clientConnectionLost(self, connector: IConnector, reason: Failure) -> None:
        """Take note that a connection is over, after its protocol was told.

        Args:
            connector: Its ``connect()`` makes a new one.
            reason: Why, as in ``connectionLost``.
        """
