"""When a request ends, who is told of it, and who writes until then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core import log
from sennit.core.defer import Deferred
from sennit.core.failure import Failure
from sennit.web.http._headers import Headers
from sennit.web.http._outgoing import Outgoing
from sennit.web.http._status import NO_BODY_CODES
from sennit.web.http._streams import BodyStream

if TYPE_CHECKING:
    from sennit.core.contracts import IPullProducer, IPushProducer

__all__ = ["Lifetime"]


class Lifetime(Outgoing):
    """A request from its head to the end of its response.

    Attributes:
        finished: Whether the response is complete.
        sentLength: Bytes of the body that were written.
        producer: The producer that writes the body; None if there is none.
        streamingProducer: Whether it writes by itself.
    """

    channel: Any
    stream: BodyStream
    trailers: Headers | None
    finished: int
    sentLength: int = 0
    producer: Any
    streamingProducer: bool = False

    _disconnected: bool
    _notifications: list[Deferred[None]] | None

    # The request's body, as it comes

    def begin_stream(self, length: int | None) -> None:
        """Have the body come by `stream`.

        Args:
            length: Its bytes; None where they are not known before its end.
        """
        self.stream = BodyStream(self.channel, length)
        # It has to be told of the end.
        self._quick = False

    def take_trailers(self, fields: list[tuple[bytes, bytes]] | None) -> None:
        """Take what came after the body."""
        if fields is not None:
            self.trailers = Headers._of_wire(fields)

    # When it is over

    def _done(self) -> None:
        """Let the connection go on."""
        channel = self.channel
        if self.producer is not None:
            log.err(
                RuntimeError(
                    f"{self!r} was finished, and {self.producer!r} was not unregistered"
                )
            )
            self.unregisterProducer()
        if self._promised is not None and not self._is_whole():
            channel.persistent = False
        if self.stream is not None:
            self.stream.fail(Failure(RuntimeError("the response is complete")))
        channel.requestDone(self)
        self.channel = None
        if self._content is not None:
            self._content.close()
        if self._notifications:
            for waiting in self._told():
                waiting.callback(None)

    def _is_whole(self) -> bool:
        """Whether as much was written as Content-Length has promised."""
        if self._promised == self.sentLength:
            return True
        if self.method == b"HEAD" or self.code in NO_BODY_CODES:
            return True
        log.msg(
            f"{self!r}: Content-Length is {self._promised}, and {self.sentLength} bytes "
            "were written; the connection is closed"
        )
        return False

    def _told(self) -> list[Deferred[None]]:
        waiting, self._notifications = self._notifications or [], None
        return waiting

    def notifyFinish(self) -> Deferred[None]:
        """Wait for the end of this request.

        Returns:
            A Deferred of None, fired when the response is complete; it fails with the
            reason when the client goes away before.
        """
        waiting: Deferred[None] = Deferred()
        if self._notifications is None:
            self._notifications = []
        self._notifications.append(waiting)
        return waiting

    def connectionLost(self, reason: Failure) -> None:
        """Take note that the client has gone away."""
        self._disconnected = True
        self._quick = False
        self.channel = None
        if self._content is not None:
            self._content.close()
        if self.stream is not None:
            self.stream.fail(reason)
        for waiting in self._told():
            waiting.errback(reason)

    def loseConnection(self) -> None:
        """Close the connection when what was written is sent."""
        if self.channel is not None:
            self.channel.loseConnection()

    # Back-pressure

    def registerProducer(
        self, producer: IPushProducer | IPullProducer, streaming: bool
    ) -> None:
        """Let a producer write the body, at the pace of the client.

        Args:
            producer: Who writes.
            streaming: Whether it writes by itself (a push producer).

        Raises:
            ValueError: There is one already.
        """
        if self.producer is not None:
            raise ValueError(
                f"{producer!r} cannot be registered: {self.producer!r} was not unregistered"
            )
        self.streamingProducer = streaming
        self.producer = producer
        self.channel.registerProducer(producer, streaming)

    def unregisterProducer(self) -> None:
        """The producer has written its last."""
        self.channel.unregisterProducer()
        self.producer = None

    def __repr__(self) -> str:
        method = self.method.decode("latin-1")
        uri = self.uri.decode("latin-1")
        proto = self.clientproto.decode("latin-1")
        return f"<{type(self).__name__} at 0x{id(self):x} method={method} uri={uri} clientproto={proto}>"
