"""Transports that only take notes: for tests that look at what a protocol writes."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any, Literal

from sennit.core.address import IPv4Address
from sennit.core.errors import ConnectionDone
from sennit.core.failure import Failure

__all__ = [
    "FakeDatagramTransport",
    "StringIOWithoutClosing",
    "StringTransport",
    "StringTransportWithDisconnection",
]


class StringIOWithoutClosing(BytesIO):
    """A file in memory that can be read after it was closed."""

    def close(self) -> None:
        """Do nothing."""


class StringTransport:
    """Keeps what is written, and notes what else it is told; nothing happens by itself.

    The attributes are for tests; other transports do not have them.

    Attributes:
        io: What was written since the last `clear`; mostly read by `value`.
        connected: Always True here.
        disconnecting: Whether `loseConnection` or `abortConnection` was called.
        disconnected: Whether `abortConnection` was called.
        producer: The producer that is registered; None if none is.
        streaming: What it was registered with.
        producerState: The state of the transport as a producer: ``"producing"``,
            ``"paused"`` or ``"stopped"``.
        hostAddr: What `getHost` gives; None for some address.
        peerAddr: What `getPeer` gives; None for some address.
    """

    connected: bool = True
    disconnecting: bool = False
    disconnected: bool = False
    producer: Any = None
    streaming: bool | None = None
    producerState: Literal["producing", "paused", "stopped"] = "producing"
    hostAddr: Any = None
    peerAddr: Any = None

    def __init__(
        self, hostAddress: Any = None, peerAddress: Any = None, lenient: bool = False
    ) -> None:
        """Make a transport with nothing written.

        Args:
            hostAddress: What `getHost` gives.
            peerAddress: What `getPeer` gives.
            lenient: Whether a producer may be registered in the place of another, and
                unregistered when there is none.
        """
        self.io: BytesIO = BytesIO()
        self._lenient = lenient
        if hostAddress is not None:
            self.hostAddr = hostAddress
        if peerAddress is not None:
            self.peerAddr = peerAddress

    def clear(self) -> None:
        """Forget what was written."""
        self.io = BytesIO()

    def value(self) -> bytes:
        """Give what was written since the last `clear`."""
        return self.io.getvalue()

    def write(self, data: bytes) -> None:
        """Keep bytes.

        Raises:
            TypeError: When it is not bytes.
        """
        if not isinstance(data, bytes | bytearray | memoryview):
            raise TypeError(f"data must be bytes, not {type(data).__name__}")
        self.io.write(data)

    def writeSequence(self, data: Iterable[bytes]) -> None:
        """Keep several pieces.

        Raises:
            TypeError: When one of them is not bytes.
        """
        self.io.write(b"".join(data))

    def loseConnection(self) -> None:
        """Note it in ``disconnecting``."""
        self.disconnecting = True

    def abortConnection(self) -> None:
        """Note it in ``disconnected``, and close as `loseConnection` does."""
        self.disconnected = True
        self.loseConnection()

    def getPeer(self) -> Any:
        """Give ``peerAddr``, or some address."""
        if self.peerAddr is not None:
            return self.peerAddr
        return IPv4Address("TCP", "192.168.1.1", 54321)

    def getHost(self) -> Any:
        """Give ``hostAddr``, or some address."""
        if self.hostAddr is not None:
            return self.hostAddr
        return IPv4Address("TCP", "10.0.0.1", 12345)

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Note a producer.

        Raises:
            RuntimeError: When there is one, unless lenient.
        """
        if self.producer is not None and not self._lenient:
            raise RuntimeError("a second producer cannot be registered")
        self.producer = producer
        self.streaming = streaming

    def unregisterProducer(self) -> None:
        """Forget the producer.

        Raises:
            RuntimeError: When there is none, unless lenient.
        """
        if self.producer is None and not self._lenient:
            raise RuntimeError("there is no producer to unregister")
        self.producer = None
        self.streaming = None

    def pauseProducing(self) -> None:
        """Note it in ``producerState``.

        Raises:
            RuntimeError: When it is stopped or closing.
        """
        self._must_produce()
        self.producerState = "paused"

    def resumeProducing(self) -> None:
        """Note it in ``producerState``.

        Raises:
            RuntimeError: When it is stopped or closing.
        """
        self._must_produce()
        self.producerState = "producing"

    def stopProducing(self) -> None:
        """Note it in ``producerState``.

        Raises:
            RuntimeError: When it is stopped or closing.
        """
        self._must_produce()
        self.producerState = "stopped"

    def _must_produce(self) -> None:
        if self.producerState == "stopped":
            raise RuntimeError("a stopped producer neither pauses nor resumes")
        if self.disconnecting:
            raise RuntimeError("a closing transport neither pauses nor resumes")


class StringTransportWithDisconnection(StringTransport):
    """Keeps what is written, and tells its protocol when it is closed.

    Attributes:
        protocol: Who is told; to be set by the test.
    """

    protocol: Any = None

    def loseConnection(self) -> None:
        """Close at once, with the reason `ConnectionDone`."""
        if self.connected:
            self.connected = False
            self.protocol.connectionLost(Failure(ConnectionDone("Bye.")))


class FakeDatagramTransport:
    """A UDP port that keeps what is written.

    Attributes:
        noAddr: What stands for the address of a datagram written without one.
        written: The pairs of datagram and address that were written.
        connectedTo: The pair of host and port given to `connect`.
        stopped: Whether `stopListening` was called.
        broadcastAllowed: What was set last.
    """

    noAddr: object = object()

    def __init__(self) -> None:
        self.written: list[tuple[bytes, Any]] = []
        self.connectedTo: tuple[str, int] | None = None
        self.stopped: bool = False
        self.broadcastAllowed: bool = False

    def write(self, packet: bytes, addr: Any = noAddr) -> None:
        """Keep a datagram."""
        self.written.append((packet, addr))

    def connect(self, host: str, port: int) -> None:
        """Note the peer."""
        self.connectedTo = (host, port)

    def getHost(self) -> IPv4Address:
        """Give some address."""
        return IPv4Address("UDP", "10.0.0.1", 12345)

    def stopListening(self) -> None:
        """Note it in ``stopped``."""
        self.stopped = True

    def setBroadcastAllowed(self, enabled: bool) -> None:
        """Note it in ``broadcastAllowed``."""
        self.broadcastAllowed = enabled

    def getBroadcastAllowed(self) -> bool:
        """Give what was set last."""
        return self.broadcastAllowed
