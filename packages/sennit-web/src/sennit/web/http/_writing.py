"""What a connection sends, and the pace at which its client takes it.

What is written while a chunk is looked at is collected, and sent at once after it: a
response is one write, and so are all those to a chunk of pipelined requests. What is
large is handed over piece by piece, as the client takes it: so that a client that takes
nothing is known by it, and nothing is copied.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Final

from sennit.core.logger import Logger
from sennit.web.http._headers import checked
from sennit.web.http._pull import Pull
from sennit.web.http._status import status_line
from sennit.web.http._timeouts import Timeouts

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress, IPullProducer, IPushProducer

__all__ = ["Writing"]

_log = Logger()

# Pieces that are collected before they are sent: enough for a chunk of small requests.
_COLLECTED: Final = 64

# Bytes of a piece that is not collected: what the loop's transport holds before it says
# that it is full.
_LARGE: Final = 64 * 1024

# Bytes that are handed over at once. A client that takes them within the time that it may
# stall is slower than any that is alive: 4 kB a second.
_AT_ONCE: Final = 256 * 1024


class Writing(Timeouts):
    """The writing side of a connection.

    Attributes:
        textual: Whether a response's head is written as lines.
    """

    textual: ClassVar[bool] = True
    transport: Any

    # What was written while a chunk is being looked at; None at any other time.
    _written: list[bytes] | None
    # What the client has not taken yet; whether the transport is full, and since when.
    _backlog: deque[memoryview] | None = None
    _full: bool = False
    _full_since: float = 0.0
    # Who is paused with it; whether the transport has us for its producer; whether it is
    # to be closed when all is handed over.
    _producer: Any = None
    _registered: bool = False
    _ending: bool = False

    def write(self, data: bytes) -> None:
        """Send bytes."""
        written = self._written
        if written is not None and len(data) < _LARGE:
            written.append(data)
            if len(written) > _COLLECTED:
                self.handOver()
            return
        self.handOver()
        if self._backlog or len(data) >= _LARGE:
            self._queue(data)
        else:
            self.transport.write(data)

    def writeSequence(self, iovec: Iterable[bytes]) -> None:
        """Send several pieces, as if they had been joined."""
        pieces = tuple(iovec)
        size = sum(map(len, pieces))
        if size < _LARGE:
            self.write(b"".join(pieces))
            return
        if size <= _AT_ONCE and not self._full and not self._backlog:
            self.handOver()
            self.transport.writeSequence(pieces)
            return
        for piece in pieces:
            self.write(piece)

    def writeHeaders(
        self,
        version: bytes,
        code: bytes,
        reason: bytes,
        headers: Iterable[tuple[bytes, bytes]],
    ) -> None:
        """Send a head.

        Args:
            version: ``HTTP/1.1`` or ``HTTP/1.0``.
            code: The status, in digits.
            reason: Its phrase.
            headers: Names and values.

        Raises:
            InvalidHeaderName: A name is none.
            InvalidHeaderValue: A value has control bytes other than line breaks.
        """
        lines = [status_line(version, int(code), reason)]
        lines += [b"%b: %b\r\n" % checked(*field) for field in headers]
        self.write(b"%b\r\n" % b"".join(lines))

    def handOver(self) -> None:
        """Hand over to the transport what was collected: before it is used directly."""
        if self._written:
            self.flush()
            self._written = []

    def flush(self) -> None:
        """Hand over what was collected, and collect no more."""
        written, self._written = self._written, None
        if not written:
            return
        data = written[0] if len(written) == 1 else b"".join(written)
        if self._backlog:
            self._queue(data)
        else:
            self.transport.write(data)

    def _queue(self, data: bytes) -> None:
        if self._backlog is None:
            self._backlog = deque()
        self._backlog.append(memoryview(data))
        self._hand_over()

    def _hand_over(self) -> None:
        """Write what is waiting, as far as there is room."""
        backlog = self._backlog
        while backlog and not self._full:
            data = backlog.popleft()
            if len(data) > _AT_ONCE:
                backlog.appendleft(data[_AT_ONCE:])
                data = data[:_AT_ONCE]
            self.transport.write(bytes(data))
        if self._ending and not backlog:
            self._end()

    # The end

    def loseConnection(self) -> None:
        """Close when everything written is sent."""
        self.handOver()
        if self._backlog:
            self._ending = True
        else:
            self._end()

    def _end(self) -> None:
        self._let_go()
        self.transport.loseConnection()

    def _let_go(self) -> None:
        """Be the transport's producer no more: it would wait for us to close."""
        if self._registered:
            self._registered = False
            self.transport.unregisterProducer()

    def abortConnection(self) -> None:
        """Close at once: what the network does not take at once is lost."""
        self.handOver()
        self._backlog = None
        self._let_go()
        self.transport.abortConnection()

    def forceAbortClient(self) -> None:
        """Cut the connection: it did not close as it should."""
        _log.info("Forcibly timing out client: {peer}", peer=self.getPeer())
        self.abortConnection()

    # Back-pressure

    def registerProducer(
        self, producer: IPushProducer | IPullProducer, streaming: bool
    ) -> None:
        """Pace the producer of a response.

        Raises:
            RuntimeError: There is one already.
        """
        if self._producer is not None:
            raise RuntimeError(
                f"{producer!r} cannot be registered: {self._producer!r} was not "
                "unregistered"
            )
        self.handOver()
        if streaming:
            self._producer = producer
            if self._full:
                producer.pauseProducing()  # type: ignore[union-attr]
        else:
            self._producer = Pull(producer, self.callLater, self.loseConnection)
            if self._full:
                self._producer.pauseProducing()

    def unregisterProducer(self) -> None:
        """The producer of a response has written its last."""
        producer, self._producer = self._producer, None
        if isinstance(producer, Pull):
            producer.pauseProducing()

    def pauseProducing(self) -> None:
        """The transport is full: pause whoever writes, and read no more requests."""
        if not self._full:
            self._full = True
            self._full_since = self.seconds()
            self.arm()
        if self._producer is not None:
            self._producer.pauseProducing()
        self.pace()

    def resumeProducing(self) -> None:
        """There is room in the transport again."""
        self._full = False
        # The client has taken something: whatever is waited for now begins anew.
        self.await_more()
        if self._backlog:
            self._hand_over()
            if self._full:
                return
        if self._producer is not None:
            self._producer.resumeProducing()
        self.pace()

    def stopProducing(self) -> None:
        """The connection is gone: so is whoever writes to it."""
        producer, self._producer = self._producer, None
        if producer is not None:
            producer.stopProducing()

    def pace(self) -> None:
        """Read, or do not, as it is: overridden by who reads."""

    # What a transport tells

    def getPeer(self) -> IAddress:
        """The client's address."""
        address: IAddress = self.transport.getPeer()
        return address

    def getHost(self) -> IAddress:
        """Our own address."""
        address: IAddress = self.transport.getHost()
        return address

    def isSecure(self) -> bool:
        """Whether the connection is over TLS."""
        transport = self.transport
        return getattr(transport, "TLS", False) or hasattr(
            transport, "getPeerCertificate"
        )
