"""One request and its response, on a connection that is theirs meanwhile.

Here everybody is told: who asked, by a Deferred that fires once the head is there; who
takes the body, by `Response`. The connection is told first, so that whoever asks the next
thing from a callback finds it free.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sennit.core.defer import CancelledError, Deferred
from sennit.core.errors import ConnectionDone
from sennit.core.failure import Failure
from sennit.web.client._errors import (
    ParseError,
    RequestCancelled,
    RequestTransmissionFailed,
    ResponseFailed,
    ResponseNeverReceived,
)
from sennit.web.client._reader import Head, ResponseReader
from sennit.web.client._response import WHOLE, Response
from sennit.web.client.contracts import UNKNOWN_LENGTH
from sennit.web.http import PotentialDataLoss

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress
    from sennit.web.client._request import Request
    from sennit.web.headers import Headers

__all__ = ["BodyTransport", "Exchange"]


class Exchange:
    """One request and its response.

    Attributes:
        request: The request.
        answered: Fires with the response.
        response: The response, once its head has come.
        over: Whether nothing more will be told.
        sending: Whether the request is not sent yet.
    """

    def __init__(
        self,
        request: Request,
        reader: ResponseReader,
        transport: Any,
        complete: Callable[[bool], None],
        breakOff: Callable[[], None],
    ) -> None:
        """Begin.

        Args:
            request: What is sent.
            reader: What reads the response.
            transport: What it comes by.
            complete: Called when the response is complete, with whether the connection
                may be used again.
            breakOff: Called when it is to be given up; ends the connection.
        """
        self.request = request
        self.answered: Deferred[Response] = Deferred(self._cancelled)
        self.response: Response | None = None
        self.over: bool = False
        self.sending: bool = True
        self._reader = reader
        reader.begin(self, request.method)
        self._body = BodyTransport(transport, request.patience)
        self._complete = complete
        self._break_off = breakOff
        self._keep_alive = False
        # What ends a body that nothing but the connection's end does.
        self._end: Failure = WHOLE
        if request.patience is not None:
            request.patience.giveUp = self.giveUp
            request.patience.sending()

    def wasSent(self) -> None:
        """Take note that the request is sent."""
        self.sending = False
        if self.request.patience is not None and self.response is None:
            self.request.patience.waiting()

    def feed(self, data: bytes) -> None:
        """Take some of the response."""
        try:
            self._reader.feed(data)
        except ParseError as error:
            self.fail([Failure(error)])
            self._break_off()
        if not self.answered.called and self.response is not None:
            self.answered.callback(self.response)
        if not self.over and self.response is not None:
            self._body.pace(self.response.wanted)

    # How it ends

    def lost(self, reason: Failure) -> None:
        """Take note that the connection has ended."""
        if self.response is None or self._body.dropped or not _is_clean(reason):
            self.fail([reason])
            return
        self._end = Failure(PotentialDataLoss())
        try:
            self._reader.endOfInput()
        except ParseError as error:
            self.fail([reason, Failure(error)])

    def fail(
        self, reasons: Sequence[Failure], error: BaseException | None = None
    ) -> None:
        """Tell that it has failed.

        Args:
            reasons: Why.
            error: The error to tell; one made of the reasons if None.
        """
        if self.over:
            return
        self._is_over()
        if self.response is not None:
            self.response.end(Failure(error or ResponseFailed(reasons, self.response)))
        else:
            self.answered.errback(error or self._error_of(reasons))

    def giveUp(self, error: BaseException) -> None:
        """End it, and the connection, with an error."""
        self.fail([], error)
        self._break_off()

    def _error_of(self, reasons: Sequence[Failure]) -> BaseException:
        if self._reader.begun:
            return ResponseFailed(reasons)
        if self.sending:
            return RequestTransmissionFailed(reasons)
        return ResponseNeverReceived(reasons)

    def _cancelled(self, answered: object) -> None:
        self.giveUp(RequestCancelled([Failure(CancelledError())]))

    def _is_over(self) -> None:
        self.over = True
        self._body.end()
        if self.request.patience is not None:
            self.request.patience.end()

    # What the reader tells

    def headReceived(self, head: Head) -> None:
        """Keep the response: whoever asked is told when all that came was read."""
        if self.over:
            return
        self._keep_alive = head.keepAlive
        self.response = response = Response(
            head.version, head.code, head.phrase, head.headers, self._body
        )
        response.length = UNKNOWN_LENGTH if head.length is None else head.length
        response.request = self.request
        self._body.receiving()

    def bodyReceived(self, data: bytes) -> None:
        """Pass some of the body on."""
        if not self.over and self.response is not None:
            self._body.receiving()
            self.response.take(data)

    def bodyEnded(self, trailers: Headers | None) -> None:
        """Let go of the connection, then tell of the end."""
        if self.over or self.response is None:
            return
        self._is_over()
        self.response.trailers = trailers
        self._complete(self._keep_alive and not self._reader.excess)
        self.response.end(self._end)


class BodyTransport:
    """What the taker of a body has for a transport, until the body ends.

    Attributes:
        isPaused: Whether who takes the body has paused it.
        dropped: Whether they want no more of it.
    """

    __slots__ = ("_over", "_patience", "_stopped", "_transport", "dropped", "isPaused")

    def __init__(self, transport: Any, patience: Any) -> None:
        self._transport = transport
        self._patience = patience
        self._stopped = False
        self._over = False
        self.isPaused: bool = False
        self.dropped: bool = False

    # What the taker calls

    def pauseProducing(self) -> None:
        """Read no more until `resumeProducing`."""
        self.isPaused = True
        self._stop()

    def resumeProducing(self) -> None:
        """Read on."""
        self.isPaused = False
        self._go_on()

    def stopProducing(self) -> None:
        """Want no more of the body: the connection is ended."""
        if not self._over and not self.dropped:
            self.dropped = True
            self._transport.abortConnection()

    loseConnection = stopProducing
    abortConnection = stopProducing

    def getPeer(self) -> IAddress:
        """Where the body comes from."""
        address: IAddress = self._transport.getPeer()
        return address

    def getHost(self) -> IAddress:
        """Our own address."""
        address: IAddress = self._transport.getHost()
        return address

    # What the exchange calls

    def receiving(self) -> None:
        """Something has come."""
        if self._patience is not None:
            self._patience.receiving()

    def pace(self, wanted: bool) -> None:
        """Read on only if somebody takes what comes."""
        if not wanted:
            self._stop()

    def end(self) -> None:
        """The body has ended: from now on, the transport is somebody else's."""
        self._go_on()
        self._over = True

    def _stop(self) -> None:
        if not (self._over or self._stopped or self.dropped):
            self._stopped = True
            self._transport.pauseProducing()
            if self._patience is not None:
                self._patience.pause()

    def _go_on(self) -> None:
        if self._stopped and not self._over:
            self._stopped = False
            self._transport.resumeProducing()
            if self._patience is not None:
                self._patience.resume()


def _is_clean(reason: Failure) -> bool:
    return reason.check(ConnectionDone) is not None
