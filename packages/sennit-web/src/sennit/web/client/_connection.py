"""One connection to a server, for one request after another.

Sending and receiving go on at the same time, and either may be done first:

    idle --ask--> sending --sent--> waiting --answered--> idle
                     |
                     +--answered--> early --sent--> idle

From each state, *end* leads to closing and *lost* to lost. A connection that is idle
again takes another request, unless one side has said that it will not, or the server has
sent more than the response: the rest could be taken for the answer to the next request.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from sennit.core.defer import Deferred, fail, succeed
from sennit.core.errors import ConnectionAborted
from sennit.core.failure import Failure
from sennit.core.protocol import Protocol, connectionDone
from sennit.web.client._budgets import DEFAULT_LIMITS, ResponseLimits
from sennit.web.client._errors import RequestGenerationFailed, RequestNotSent
from sennit.web.client._exchange import Exchange
from sennit.web.client._reader import ResponseReader

if TYPE_CHECKING:
    from sennit.web.client._request import Request
    from sennit.web.client._response import Response

__all__ = ["STEPS", "HTTP11ClientProtocol", "State"]


class State(enum.StrEnum):
    """What a connection is at."""

    IDLE = "idle"
    SENDING = "sending"
    WAITING = "waiting"
    EARLY = "early"
    CLOSING = "closing"
    LOST = "lost"


IDLE, SENDING, WAITING, EARLY, CLOSING, LOST = State

STEPS: Final = {
    (IDLE, "ask"): SENDING,
    (SENDING, "sent"): WAITING,
    (SENDING, "answered"): EARLY,
    (EARLY, "sent"): IDLE,
    (WAITING, "answered"): IDLE,
    **{(state, "end"): CLOSING for state in State if state is not LOST},
    **{(state, "lost"): LOST for state in State},
}
"""The table of its states: what leads from which to which."""


class HTTP11ClientProtocol(Protocol):
    """A connection to a server, for one request after another.

    Attributes:
        state: What it is at.
        whenLost: Called with it when it has ended; None calls nothing.
    """

    whenLost: Callable[[HTTP11ClientProtocol], object] | None = None

    def __init__(
        self,
        quiescentCallback: Callable[[HTTP11ClientProtocol], object] | None = None,
        limits: ResponseLimits = DEFAULT_LIMITS,
    ) -> None:
        """Make one that is not connected yet.

        Args:
            quiescentCallback: Called with it each time it can take another request;
                without one it takes a single one.
            limits: The budgets of each response.
        """
        self.state: State = IDLE
        self._on_idle = quiescentCallback
        self._reader = ResponseReader(limits)
        self._exchange: Exchange | None = None
        self._sent: Deferred[None] | None = None
        self._closed: list[Deferred[None]] = []

    def request(self, request: Request) -> Deferred[Response]:
        """Send a request.

        Returns:
            The response, when its head is there. It fails with `RequestNotSent`,
            `RequestGenerationFailed`, `RequestTransmissionFailed`,
            `ResponseNeverReceived` or `ResponseFailed`. Cancelling ends the connection.
        """
        if self.state is not IDLE or not self.connected:
            return fail(RequestNotSent(f"the connection is {self.state.value}"))
        self._step("ask")
        exchange = self._exchange = Exchange(
            request, self._reader, self.transport, self._answered, self._break_off
        )
        try:
            sent = request.writeTo(self.transport)
        except Exception:
            self._not_generated(Failure())
            return exchange.answered
        if request.bodyProducer is None:
            self._was_sent(None)
        else:
            self._sent = sent
            sent.addCallbacks(self._was_sent, self._not_generated)
        return exchange.answered

    def abort(self) -> Deferred[None]:
        """End the connection, whatever it is at.

        Returns:
            It fires when it has ended.
        """
        if self.state is LOST or not self.connected:
            return succeed(None)
        closed: Deferred[None] = Deferred()
        self._closed.append(closed)
        if self._exchange is not None:
            self._exchange.fail([Failure(ConnectionAborted())])
        self._break_off()
        return closed

    # What the transport tells

    def dataReceived(self, data: bytes) -> None:
        """Take some of a response."""
        exchange = self._exchange
        if exchange is None or exchange.over:
            # Nobody has asked: a server ends a connection that was idle for too long,
            # or puts an answer there for the next request.
            self._break_off()
        else:
            exchange.feed(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Tell whoever waits for something, and be done."""
        self.connected = False
        self._leave("lost")
        exchange, self._exchange = self._exchange, None
        if exchange is not None and not exchange.over:
            exchange.lost(reason)
        if self.whenLost is not None:
            self.whenLost(self)
        closed, self._closed = self._closed, []
        for each in closed:
            each.callback(None)

    # How an exchange goes on

    def _was_sent(self, _: object) -> None:
        self._sent = None
        if (self.state, "sent") not in STEPS:
            return
        self._step("sent")
        if self.state is IDLE:
            self._rest()
        elif self._exchange is not None:
            self._exchange.wasSent()

    def _not_generated(self, reason: Failure) -> None:
        if self.state in (CLOSING, LOST):
            return
        self._sent = None
        if self._exchange is not None:
            self._exchange.fail([reason], RequestGenerationFailed([reason]))
        self._break_off()

    def _answered(self, reusable: bool) -> None:
        """The response is complete."""
        if self.state is LOST:
            return
        self._step("answered")
        if not reusable:
            self._close()
        elif self.state is IDLE:
            self._rest()

    def _rest(self) -> None:
        """Take another request, if there is somebody who keeps connections for it."""
        assert self._exchange is not None
        persistent = self._exchange.request.persistent
        self._exchange = None
        if persistent and self._on_idle is not None:
            self._on_idle(self)
        else:
            self._close()

    def _close(self) -> None:
        """End the connection when all is sent that was written."""
        self._leave("end")
        self.transport.loseConnection()

    def _break_off(self) -> None:
        """End the connection at once."""
        if self.state is LOST:
            return
        self._leave("end")
        self.transport.abortConnection()  # type: ignore[attr-defined]

    def _leave(self, event: str) -> None:
        self._step(event)
        sent, self._sent = self._sent, None
        if sent is not None:
            sent.cancel()

    def _step(self, event: str) -> None:
        self.state = STEPS[self.state, event]

    def logPrefix(self) -> str:
        """Name it in the log's lines."""
        return "HTTP client"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.state.value}>"
