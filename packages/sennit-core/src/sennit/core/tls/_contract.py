"""What the engine asks of one side of TLS."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from typing import Protocol

__all__ = ["TLSOptions"]


class TLSOptions(Protocol):
    """One side of TLS: what it shows, whom it trusts, how long it waits.

    `ClientOptions` and `ServerOptions` are such; so may be something of your own, as
    long as what it begins behaves as the standard library's `ssl.SSLObject` does.

    One whose ``tellsEarly`` is true has connections told to their protocols before the
    handshake; one that fails is then a connection that is lost.
    """

    @property
    def handshakeTimeout(self) -> float:
        """Seconds that a handshake may take."""
        ...

    @property
    def shutdownTimeout(self) -> float:
        """Seconds that the other side may take to agree that it is over."""
        ...

    def begin(self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO) -> ssl.SSLObject:
        """Begin one connection.

        Args:
            incoming: Where the bytes of the other side are put.
            outgoing: Where those for the other side are taken from.
        """
        ...

    def offer(self, protocols: Sequence[bytes]) -> None:
        """Offer these application protocols, the most wanted first (RFC 7301)."""
