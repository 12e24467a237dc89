"""Protocols and producers that take notes, for tests to look at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sennit.core.defer import Deferred
from sennit.core.failure import Failure
from sennit.core.protocol import Protocol, connectionDone

__all__ = ["AccumulatingProtocol", "LineSendingProtocol", "NonStreamingProducer"]

_PIECES = 10


class AccumulatingProtocol(Protocol):
    """Keeps what it receives.

    Its factory's ``protocolConnectionMade`` Deferred, if it has one, fires with it.

    Attributes:
        made: How often `connectionMade` was called.
        data: All that was received.
        closed: Whether `connectionLost` was called.
        closedReason: What it was called with.
        closedDeferred: Fires with None then; for the test to set.
    """

    made: int = 0
    data: bytes = b""
    closed: bool = False
    closedReason: Failure | None = None
    closedDeferred: Deferred[None] | None = None

    def connectionMade(self) -> None:
        """Count it, and fire the factory's Deferred."""
        self.made += 1
        waiting = getattr(self.factory, "protocolConnectionMade", None)
        if waiting is not None:
            self.factory.protocolConnectionMade = None
            waiting.callback(self)

    def dataReceived(self, data: bytes) -> None:
        """Keep it."""
        self.data += data

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Note why, and fire ``closedDeferred``."""
        self.closed = True
        self.closedReason = reason
        if self.closedDeferred is not None:
            waiting, self.closedDeferred = self.closedDeferred, None
            waiting.callback(None)


class LineSendingProtocol(Protocol):
    r"""Sends lines, and keeps the lines it receives.

    Attributes:
        delimiter: What ends a line: ``b"\r\n"``.
        lines: What is sent; emptied when it waits for the other side's first line.
        response: The lines that were received.
        start: Whether it sends first, or answers the other side's first line.
        lostConn: Whether the connection is over.
    """

    delimiter: bytes = b"\r\n"
    lostConn: bool = False

    def __init__(self, lines: Iterable[bytes], start: bool = True) -> None:
        """Set what is sent.

        Args:
            lines: The lines, without their ends.
            start: Whether they are sent at once, or after the first line received.
        """
        self.lines: list[bytes] = list(lines)
        self.response: list[bytes] = []
        self.start: bool = start
        self._rest = b""

    def connectionMade(self) -> None:
        """Send the lines, if it starts."""
        if self.start:
            self._send_lines()

    def dataReceived(self, data: bytes) -> None:
        """Keep what is a whole line now."""
        *lines, self._rest = (self._rest + data).split(self.delimiter)
        for line in lines:
            self.lineReceived(line)

    def lineReceived(self, line: bytes) -> None:
        """Keep a line; send ours after the first one, if it does not start."""
        if not self.start:
            self._send_lines()
            self.lines = []
        self.response.append(line)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Note it."""
        self.lostConn = True

    def _send_lines(self) -> None:
        self.transport.writeSequence([line + self.delimiter for line in self.lines])


class NonStreamingProducer:
    """A pull producer of ten pieces: the digits, one each time it is asked.

    Attributes:
        consumer: Who takes them; None when all are written, or it was stopped.
        counter: The next digit.
        stopped: Whether it was told to stop.
        result: Fires when it is done: with None, or the counter if it was stopped.
    """

    counter: int = 0
    stopped: bool = False

    def __init__(self, consumer: Any) -> None:
        """Set who takes the pieces; the test registers the producer there."""
        self.consumer: Any = consumer
        self.result: Deferred[Any] = Deferred()

    def resumeProducing(self) -> None:
        """Write one piece; unregister after the last.

        Raises:
            RuntimeError: When there is no more, or it was stopped.
        """
        if self.consumer is None or self.counter >= _PIECES:
            raise RuntimeError("a producer was asked for more after its end")
        self.consumer.write(b"%d" % self.counter)
        self.counter += 1
        if self.counter == _PIECES:
            self.consumer.unregisterProducer()
            self._end(None)

    def pauseProducing(self) -> None:
        """Never to be called on a pull producer.

        Raises:
            RuntimeError: Always.
        """
        raise RuntimeError("a pull producer cannot be paused")

    def stopProducing(self) -> None:
        """Note it in ``stopped``, and end."""
        self.stopped = True
        if self.consumer is not None:
            self._end(self.counter)

    def _end(self, result: int | None) -> None:
        self.consumer = None
        self.result.callback(result)
