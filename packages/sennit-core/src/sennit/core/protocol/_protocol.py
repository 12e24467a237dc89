"""The protocol: one object per connection, told what happens on it.

This is the class everybody subclasses, and one is made for each connection: it has no
``__init__`` of its own (a subclass need not call one) and sets nothing before
`BaseProtocol.makeConnection` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core.errors import ConnectionDone
from sennit.core.failure import Failure

if TYPE_CHECKING:
    from sennit.core.contracts import ITransport

__all__ = ["BaseProtocol", "Protocol", "connectionDone"]

# The reason of every clean end, shared; its name is the field's.
connectionDone: Failure = Failure(ConnectionDone())


class BaseProtocol:
    """What protocols of every kind have in common: a transport.

    Attributes:
        connected: Whether there is a connection.
        transport: The way to the other side; not to be used before
            `connectionMade`, when it is None.
    """

    connected: bool = False
    # Not "| None": each use would have to be guarded, and none happens without one.
    transport: ITransport = None  # type: ignore[assignment]

    def makeConnection(self, transport: ITransport) -> None:
        """Attach the transport, then call `connectionMade`; the reactor calls this.

        Args:
            transport: The connection that was just made.
        """
        self.connected = True
        self.transport = transport
        self.connectionMade()

    def connectionMade(self) -> None:
        """Greet the other side: the connection is there, both ways are open."""


class Protocol(BaseProtocol):
    """A stream of bytes: override what you want to be told.

    Attributes:
        factory: The factory that made this protocol. It may be of any class, and
            protocols use what their own factory offers; a subclass may annotate it.
    """

    factory: Any = None

    def dataReceived(self, data: bytes) -> None:
        """Take bytes that have arrived.

        A stream has no message borders: a message may come in pieces, and several in
        one piece. An error raised here is logged and ends this connection only.

        Args:
            data: At least one byte, in the order they were sent.
        """

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Let go of what belongs to the connection: it is over.

        Args:
            reason: Why, as a Failure of `sennit.core.errors.ConnectionDone` when it
                ended as it should, or else of ``ConnectionLost``.
        """

    def logPrefix(self) -> str:
        """Name this protocol in the log's lines."""
        return type(self).__name__
