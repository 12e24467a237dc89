"""Protocols as consumers, and consumers as protocols: bytes go in at either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sennit.core.protocol._protocol import connectionDone

if TYPE_CHECKING:
    from sennit.core.contracts import (
        IConsumer,
        IProtocol,
        IPullProducer,
        IPushProducer,
        ITransport,
    )
    from sennit.core.failure import Failure

__all__ = ["ConsumerToProtocolAdapter", "ProtocolToConsumerAdapter"]


class ProtocolToConsumerAdapter:
    """A consumer that gives a protocol what is written to it.

    Attributes:
        original: The protocol.
    """

    def __init__(self, original: IProtocol) -> None:
        """Put a consumer before a protocol."""
        self.original: IProtocol = original

    def write(self, data: bytes) -> None:
        """Give the protocol bytes to receive."""
        self.original.dataReceived(data)

    def registerProducer(
        self, producer: IPushProducer | IPullProducer, streaming: bool
    ) -> None:
        """Accept a producer: a protocol takes everything at once and never pauses it."""

    def unregisterProducer(self) -> None:
        """Accept the end of a producer."""


class ConsumerToProtocolAdapter:
    """A protocol that writes to a consumer what it receives.

    Attributes:
        original: The consumer.
    """

    def __init__(self, original: IConsumer) -> None:
        """Put a protocol before a consumer."""
        self.original: IConsumer = original

    def dataReceived(self, data: bytes) -> None:
        """Write to the consumer what has arrived."""
        self.original.write(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Accept the end of the connection, which is nothing to a consumer."""

    def makeConnection(self, transport: ITransport) -> None:
        """Accept the connection, which is nothing to a consumer."""

    def connectionMade(self) -> None:
        """Accept the beginning of the connection."""
