"""Protocols that can be paused as producers, and pause their connection with them."""

from __future__ import annotations

from typing import Any

from sennit.core.protocol import Protocol

__all__ = ["PausableProtocol"]


class PausableProtocol(Protocol):
    """A protocol that delivers nothing while it is paused.

    Attributes:
        paused: Whether it is.
    """

    paused: bool = False

    def pauseProducing(self) -> None:
        """Deliver nothing, and receive nothing, until `resumeProducing`."""
        self.paused = True
        self._flow("pauseProducing")

    def resumeProducing(self) -> None:
        """Go on, first with what was received already."""
        self.paused = False
        self._flow("resumeProducing")
        self.dataReceived(b"")

    def stopProducing(self) -> None:
        """Deliver nothing more, and end the connection."""
        self.paused = True
        self._flow("stopProducing")

    def _flow(self, what: str) -> None:
        # Transports that are no push producers cannot be a protocol's at all, but
        # the contract of a transport does not say so.
        transport: Any = self.transport
        getattr(transport, what)()
