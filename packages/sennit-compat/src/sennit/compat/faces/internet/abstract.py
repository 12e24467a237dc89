"""``twisted.internet.abstract``: the base of users' own descriptors."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Any

from zope.interface import implementer

import sennit.core
from sennit.core.errors import CONNECTION_DONE
from sennit.core.failure import Failure
from sennit.core.interfaces import (
    IConsumer,
    IHalfCloseableDescriptor,
    IPushProducer,
    IReadWriteDescriptor,
    ITransport,
)

__all__ = ["FileDescriptor", "isIPAddress", "isIPv6Address"]


def isIPAddress(addr: str | bytes, family: int = socket.AF_INET) -> bool:
    """Whether a text is an address, rather than a name.

    Args:
        addr: The text; an IPv6 address may have a scope, as in ``fe80::1%eth0``.
        family: `socket.AF_INET` or `socket.AF_INET6`.

    Raises:
        ValueError: The family is neither.
    """
    if family not in (socket.AF_INET, socket.AF_INET6):
        raise ValueError(f"an address of family {family} cannot be told from a name")
    try:
        text = addr.decode("ascii") if isinstance(addr, bytes) else addr
        if family == socket.AF_INET6:
            text = text.partition("%")[0]
        socket.inet_pton(family, text)
    except (OSError, ValueError):
        return False
    return True


def isIPv6Address(addr: str | bytes) -> bool:
    """Whether a text is an IPv6 address, rather than a name."""
    return isIPAddress(addr, socket.AF_INET6)


def _refuse_text(*pieces: object) -> None:
    if any(isinstance(piece, str) for piece in pieces):
        raise TypeError("bytes are written, not str: encode it")


@implementer(
    IPushProducer, IReadWriteDescriptor, IConsumer, ITransport, IHalfCloseableDescriptor
)
class FileDescriptor:
    """A descriptor that the reactor watches, with a buffer of what is to be written.

    A subclass supplies ``fileno``, ``doRead`` and ``writeSomeData``.

    Args:
        reactor: The reactor; the global one if there is none.

    Attributes:
        SEND_LIMIT: Bytes offered to ``writeSomeData`` at once, at most.
        bufferSize: Bytes kept back before a push producer is told to pause.
    """

    SEND_LIMIT: int = 128 * 1024
    bufferSize: int = 64 * 1024

    connected: bool | int = False
    disconnected: bool | int = False
    disconnecting: bool | int = False
    producer: Any = None
    producerPaused: bool = False
    streamingProducer: bool = False

    _write_disconnected = False
    _write_disconnecting = False

    def __init__(self, reactor: Any = None) -> None:
        self.reactor: Any = sennit.core.reactor if reactor is None else reactor
        self._buffer = bytearray()

    # What a subclass supplies

    def fileno(self) -> int:
        """The number of the descriptor; -1 once it is gone."""
        raise NotImplementedError(f"{type(self).__name__} lacks fileno")

    def doRead(self) -> Exception | None:
        """Read what is there; None, or why there will be nothing more."""
        raise NotImplementedError(f"{type(self).__name__} lacks doRead")

    def writeSomeData(self, data: bytes) -> int | Exception:
        """Write the beginning of the data; how many bytes, or why it is over."""
        raise NotImplementedError(f"{type(self).__name__} lacks writeSomeData")

    def getHost(self) -> Any:
        """The address of this side."""
        raise NotImplementedError(f"{type(self).__name__} lacks getHost")

    def getPeer(self) -> Any:
        """The address of the other side."""
        raise NotImplementedError(f"{type(self).__name__} lacks getPeer")

    def logPrefix(self) -> str:
        """What stands for this object in the log."""
        return "-"

    # What is being waited for

    def startReading(self) -> None:
        """Have `doRead` called."""
        self.reactor.addReader(self)

    def stopReading(self) -> None:
        """Have `doRead` called no more."""
        self.reactor.removeReader(self)

    def startWriting(self) -> None:
        """Have `doWrite` called."""
        self.reactor.addWriter(self)

    def stopWriting(self) -> None:
        """Have `doWrite` called no more."""
        self.reactor.removeWriter(self)

    # Writing

    def write(self, data: bytes) -> None:
        """Write the data in time; what comes after the end is dropped.

        Raises:
            TypeError: The data is `str`.
        """
        _refuse_text(data)
        if not self.connected or self._write_disconnected or not data:
            return
        self._buffer += data
        if self.streamingProducer and len(self._buffer) > self.bufferSize:
            self.producerPaused = True
            self.producer.pauseProducing()
        self.startWriting()

    def writeSequence(self, iovec: Iterable[bytes]) -> None:
        """Write several pieces of data."""
        pieces = list(iovec)
        _refuse_text(*pieces)
        self.write(b"".join(pieces))

    def doWrite(self) -> Exception | None:
        """Write what can be written now; None, or why it is over."""
        written = self.writeSomeData(bytes(self._buffer[: self.SEND_LIMIT]))
        if not isinstance(written, int):
            return written
        del self._buffer[:written]
        if self._buffer:
            return None
        self.stopWriting()
        if self.producer is not None and (
            self.producerPaused or not self.streamingProducer
        ):
            self.producerPaused = False
            self.producer.resumeProducing()
            return None
        if self.disconnecting:
            return CONNECTION_DONE
        if self._write_disconnecting:
            self._write_disconnected = True
            self._closeWriteConnection()
        return None

    # The end

    def loseConnection(self) -> None:
        """End once everything is written."""
        if self.connected and not self.disconnecting:
            self.disconnecting = True
            self.stopReading()
            # So that doWrite says it, even where nothing is to be written.
            self.startWriting()

    def loseWriteConnection(self) -> None:
        """End the writing alone, once everything is written."""
        self._write_disconnecting = True
        self.startWriting()

    def _closeWriteConnection(self) -> None:
        """Nothing more will be written: for subclasses, under Twisted's name."""

    def connectionLost(self, reason: Failure) -> None:
        """The descriptor is gone: stop the producer and everything else."""
        self.disconnected = True
        self.connected = False
        if self.producer is not None:
            self.producer.stopProducing()
            self.producer = None
        self.stopReading()
        self.stopWriting()

    def readConnectionLost(self, reason: Failure) -> None:
        """There is nothing more to read: for this class the end."""
        self.connectionLost(reason)

    def writeConnectionLost(self, reason: Failure) -> None:
        """Nothing more can be written: for this class the end."""
        self.connectionLost(reason)

    # As a producer, and as the consumer of another

    def resumeProducing(self) -> None:
        """Read on."""
        if self.connected and not self.disconnecting:
            self.startReading()

    def pauseProducing(self) -> None:
        """Read no more for now."""
        self.stopReading()

    def stopProducing(self) -> None:
        """End."""
        self.loseConnection()

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Let a producer write here.

        Args:
            producer: The producer.
            streaming: Whether it goes on until paused (a push producer), or has
                to be asked for each piece (a pull producer).

        Raises:
            RuntimeError: There is one already.
        """
        if self.producer is not None:
            raise RuntimeError(
                f"{producer!r} cannot be registered: {self.producer!r} is"
            )
        if self.disconnected:
            producer.stopProducing()
            return
        self.producer = producer
        self.streamingProducer = streaming
        if not streaming:
            producer.resumeProducing()

    def unregisterProducer(self) -> None:
        """The producer is through."""
        self.producer = None
        self.streamingProducer = False
        if self.connected and self.disconnecting:
            self.startWriting()

    def stopConsuming(self) -> None:
        """Take nothing more, and end."""
        self.unregisterProducer()
        self.loseConnection()
