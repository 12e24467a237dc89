"""The body of a request on its way out: as many bytes as were promised, or in chunks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sennit.core.defer import Deferred, maybeDeferred
from sennit.core.failure import Failure
from sennit.web.client._errors import ExcessWrite, WrongBodyLength
from sennit.web.client.contracts import UNKNOWN_LENGTH

if TYPE_CHECKING:
    from sennit.core.contracts import IPullProducer, IPushProducer
    from sennit.web.client.contracts import IBodyProducer

__all__ = ["Upload"]


class Upload:
    """What the producer of a body writes to.

    Attributes:
        sent: Fires when all is written. Cancelling stops the producer.
    """

    def __init__(self, producer: IBodyProducer, transport: Any) -> None:
        """Begin.

        Args:
            producer: Writes the body.
            transport: Where the head was written to.
        """
        self.sent: Deferred[None] = Deferred(self._cancelled)
        self._producer = producer
        self._transport = transport
        # How many bytes are still to come; None where they go in chunks.
        self._left = None if producer.length is UNKNOWN_LENGTH else producer.length
        # Set to None when it is over: what is written later is dropped.
        self._take: Callable[[bytes], None] | None = (
            self._chunk if self._left is None else self._piece
        )
        transport.registerProducer(self, True)
        maybeDeferred(producer.startProducing, self).addCallbacks(
            self._produced, self._failed
        )

    # What the producer calls

    def write(self, data: bytes) -> None:
        """Take some of the body.

        Raises:
            ExcessWrite: It is over already, or there is more than was promised.
        """
        if self._take is None:
            raise ExcessWrite("the body was complete, or nobody wants it any more")
        self._take(data)

    def registerProducer(
        self, producer: IPushProducer | IPullProducer, streaming: bool
    ) -> None:
        """Pace this one in the place of the body's producer."""
        self._transport.unregisterProducer()
        self._transport.registerProducer(producer, streaming)

    def unregisterProducer(self) -> None:
        """Pace the body's producer again."""
        self._transport.unregisterProducer()
        if self._take is not None:
            self._transport.registerProducer(self, True)

    # What the transport calls

    def pauseProducing(self) -> None:
        """The transport is full."""
        self._producer.pauseProducing()

    def resumeProducing(self) -> None:
        """The transport has room again."""
        self._producer.resumeProducing()

    def stopProducing(self) -> None:
        """The connection is gone. `sent` does not fire any more."""
        if self._take is not None:
            self._take = None
            self._producer.stopProducing()

    # Within

    def _chunk(self, data: bytes) -> None:
        # A chunk of no bytes would end the body (RFC 9112 §7.1).
        if data:
            self._transport.writeSequence((b"%x\r\n" % len(data), data, b"\r\n"))

    def _piece(self, data: bytes) -> None:
        assert self._left is not None
        if len(data) > self._left:
            self._over()
            self._producer.stopProducing()
            self.sent.errback(WrongBodyLength("too many bytes written"))
            raise ExcessWrite(f"{len(data)} bytes where {self._left} were left to come")
        self._left -= len(data)
        self._transport.write(data)

    def _over(self) -> None:
        self._take = None
        self._transport.unregisterProducer()

    def _produced(self, _: object) -> None:
        if self._take is None:
            return
        if self._left:
            self._over()
            self.sent.errback(WrongBodyLength("too few bytes written"))
            return
        if self._left is None:
            self._transport.write(b"0\r\n\r\n")
        self._over()
        self.sent.callback(None)

    def _failed(self, reason: Failure) -> None:
        if self._take is not None:
            self._over()
            self.sent.errback(reason)

    def _cancelled(self, sent: Deferred[None]) -> None:
        if self._take is not None:
            self._over()
            self._producer.stopProducing()
