"""A stream transport in memory, with everything a real one does.

Two of them, each other's ``other``, make a connection. What is written waits in its
transport until the `sennit.core.testing.IOPump` moves it; so back-pressure is real: who
does not read lets the other side's buffer fill, and its producer is paused. Nothing is
told from inside the call that causes it (``loseConnection`` returns before
``connectionLost`` comes): it is told by the pump.

Each direction ends on its own: *closing* says that the writer wants it to end (once the
buffer is empty and the producer is done), *closed* that the end has gone out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from sennit.core import log
from sennit.core.address import IPv4Address
from sennit.core.errors import ConnectionAborted, ConnectionDone, ConnectionLost
from sennit.core.failure import Failure

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress

__all__ = ["FakeTransport"]

# As much as asyncio keeps before it pauses a producer.
_HIGH_WATER = 64 * 1024


class FakeTransport:
    """One end of a connection in memory.

    Attributes:
        protocol: Who is served; may be replaced at any time.
        other: The other end.
        connected: Whether the connection is not over for this end.
        disconnecting: Whether this end is closing.
        producer: The producer that is registered; None if none is.
    """

    def __init__(
        self,
        protocol: Any,
        hostAddress: IAddress | None = None,
        peerAddress: IAddress | None = None,
        highWater: int = _HIGH_WATER,
    ) -> None:
        """Make an end that is not connected yet.

        Args:
            protocol: Who is served.
            hostAddress: What `getHost` gives.
            peerAddress: What `getPeer` gives.
            highWater: How many bytes wait before a producer is paused.
        """
        self.protocol: Any = protocol
        self.other: FakeTransport = self
        self.connected: bool = True
        self.disconnecting: bool = False
        self.producer: Any = None
        self._host = hostAddress or IPv4Address("TCP", "127.0.0.1", 1)
        self._peer = peerAddress or IPv4Address("TCP", "127.0.0.1", 2)
        self._high_water = highWater
        self._buffer = bytearray()
        self._streaming = False
        self._producer_paused = False
        self._reading = True
        self._write_closing = False
        self._write_closed = False
        self._read_closed = False
        # Why this end is over, to be told when the pump comes by.
        self._reason: BaseException | None = None
        self._no_delay = False
        self._keep_alive = False

    # What protocols call

    def write(self, data: bytes) -> None:
        """Keep bytes for the other side.

        Raises:
            TypeError: When it is not bytes.
        """
        if not isinstance(data, bytes | bytearray | memoryview):
            raise TypeError(f"data must be bytes, not {type(data).__name__}")
        if not self._may_write():
            return
        self._buffer += data
        self._pace()

    def writeSequence(self, data: Iterable[bytes]) -> None:
        """Keep several pieces for the other side.

        Raises:
            TypeError: When one of them is not bytes.
        """
        self.write(b"".join(data))

    def loseConnection(self) -> None:
        """Close when the buffer is empty and the producer is done."""
        self.disconnecting = True

    def loseWriteConnection(self) -> None:
        """Close this direction when the buffer is empty and the producer is done."""
        self._write_closing = True

    def abortConnection(self) -> None:
        """Close now, and drop what waits."""
        self._end(ConnectionAborted())

    def getPeer(self) -> IAddress:
        """Give the address of the other side."""
        return self._peer

    def getHost(self) -> IAddress:
        """Give the address of this side."""
        return self._host

    def getTcpNoDelay(self) -> bool:
        """Give what was set last."""
        return self._no_delay

    def setTcpNoDelay(self, enabled: bool) -> None:
        """Note it."""
        self._no_delay = bool(enabled)

    def getTcpKeepAlive(self) -> bool:
        """Give what was set last."""
        return self._keep_alive

    def setTcpKeepAlive(self, enabled: bool) -> None:
        """Note it."""
        self._keep_alive = bool(enabled)

    def pauseProducing(self) -> None:
        """Receive nothing until `resumeProducing`."""
        self._reading = False

    def resumeProducing(self) -> None:
        """Receive again."""
        self._reading = True

    def stopProducing(self) -> None:
        """Close, as `loseConnection` does."""
        self.loseConnection()

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Pace a producer.

        Raises:
            RuntimeError: When one is registered already.
        """
        if not self.connected:
            producer.stopProducing()
            return
        if self.producer is not None:
            raise RuntimeError(
                f"{producer!r} cannot be registered before {self.producer!r} is done"
            )
        self.producer = producer
        self._streaming = streaming
        self._producer_paused = False
        self._pace()

    def unregisterProducer(self) -> None:
        """Pace the producer no longer."""
        self.producer = None

    # What the pump calls

    def deliver(self) -> bool:
        """Do what is due at this end; tell whether there was anything."""
        if not self.connected:
            return False
        if self._reason is not None:
            self._lose(self._reason)
            return True
        return (
            self._ask_producer()
            or self._move()
            or self._close_writing()
            or self._notice_end()
        )

    def _ask_producer(self) -> bool:
        room = len(self._buffer) < self._high_water
        if self.producer is None or self._streaming or not room:
            return False
        self.tell(self.producer.resumeProducing)
        return True

    def _move(self) -> bool:
        """Give what waits to the other side, if it reads."""
        other = self.other
        if not self._buffer or not (other._reading or not other.connected):
            return False
        data = bytes(self._buffer)
        self._buffer.clear()
        if other.connected and not other.disconnecting and other._reason is None:
            other.tell(other.protocol.dataReceived, data)
        if self._producer_paused and not self._buffer and self.producer is not None:
            self._producer_paused = False
            self.tell(self.producer.resumeProducing)
        return True

    def _close_writing(self) -> bool:
        if self._buffer or self.producer is not None:
            return False
        if self.disconnecting:
            self._write_closed = True
            self._lose(ConnectionDone())
            return True
        if self._write_closing and not self._write_closed:
            self._write_closed = True
            if hasattr(self.protocol, "writeConnectionLost"):
                self.tell(self.protocol.writeConnectionLost)
            if self._read_closed:
                self.disconnecting = True
            return True
        return False

    def _notice_end(self) -> bool:
        """Take note that the other side sends no more."""
        other = self.other
        ended = other._write_closed and not other._buffer
        if self._read_closed or not ended or not self._reading:
            return False
        self._read_closed = True
        if hasattr(self.protocol, "readConnectionLost"):
            self.tell(self.protocol.readConnectionLost)
            if self._write_closed:
                self.disconnecting = True
        else:
            self.disconnecting = True
        return True

    # Within

    def _may_write(self) -> bool:
        if self._write_closing and self.producer is None:
            return False
        if self.disconnecting and self.producer is None:
            return False
        return self.connected and self._reason is None

    def _pace(self) -> None:
        full = len(self._buffer) >= self._high_water
        if full and self._streaming and not self._producer_paused:
            self._producer_paused = True
            self.producer.pauseProducing()

    def tell(self, call: Callable[..., object], *args: object) -> None:
        """Call the user's code; an error it raises is logged and closes this end."""
        try:
            call(*args)
        except Exception as error:
            log.err(None, f"{self.protocol!r} has failed; its connection is closed")
            self._end(error)

    def _end(self, reason: BaseException) -> None:
        if self.connected and self._reason is None:
            self._reason = reason
            self._buffer.clear()
            self.other._reset()

    def _reset(self) -> None:
        """Take note that the other side is gone, without having closed."""
        if self.connected and self._reason is None:
            self._reason = ConnectionLost("Connection reset by peer")

    def _lose(self, reason: BaseException) -> None:
        self.connected = False
        self.disconnecting = True
        producer, self.producer = self.producer, None
        if producer is not None:
            self.tell(producer.stopProducing)
        self.tell(self.protocol.connectionLost, Failure(reason))
