"""How a connection ends: in time, after an answer, or at once.

What was waited for and did not come, or what came and is no HTTP, is answered where there
is a place for an answer; then our side is closed, and the client has a while to read.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Final

from sennit.core.logger import Logger
from sennit.web.http._budgets import Limits
from sennit.web.http._errors import BadRequest, RequestTimeout
from sennit.web.http._status import RESPONSES
from sennit.web.http._writing import Writing

__all__ = ["Ending", "State"]

_log = Logger()


class State(Enum):
    """What a connection does; the arrows are in `sennit.web.http._channel`."""

    HEAD = "waits for a head"
    BODY = "receives a body"
    RESPONDING = "is making a response"
    STREAMING = "is making a response, and receives the body for it"
    UNREAD = "has made a response, and receives a body that nobody reads"
    CLOSING = "is about to close"


_CLOSING: Final = State.CLOSING


class Ending(Writing):
    """The time limits of a connection, and its end.

    Attributes:
        limits: The budgets. Without a factory there are no limits of time.
        requests: The request that is being answered, or none.
        abortTimeout: Seconds after which a connection that timed out, and does not close
            as it should, is cut; None for never.
    """

    limits: Limits = Limits(headTimeout=None, bodyTimeout=None, stallTimeout=None)
    abortTimeout: float | None = 15
    requests: list[Any]

    _state: State = State.HEAD
    # Whether a head has begun that is not complete, and when.
    _begun: bool = False
    _begun_since: float = 0.0
    # How much came of the body that is being received, and when that has begun; while
    # closing, how much still comes.
    _received: int = 0
    _body_since: float = 0.0
    # Whether who reads the body has enough for now.
    _sated: bool = False
    # Whether the client's end is waited for when closing, and how many seconds that may
    # take; None for ever.
    _lingers: bool = False
    _grace: float | None = None

    def refusal(self, code: int) -> bytes:
        """The answer to what is no request; nothing comes after it."""
        return b"HTTP/1.1 %d %b\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" % (
            code,
            RESPONSES[code],
        )

    def refuse(self, error: BadRequest) -> None:
        """Answer what is no request, and close.

        Args:
            error: What is wrong with it.
        """
        _log.info(
            "{peer} has sent what is refused with {code}: {error}",
            peer=self.getPeer(),
            code=error.code,
            error=error,
        )
        if any(request.startedWriting for request in self.requests):
            # There is no place for an answer: a response is under way.
            self.abortConnection()
        else:
            self.write(self.refusal(error.code))
            self._hang_up()

    def loseConnection(self) -> None:
        """Close when everything written is sent; what comes is not looked at any more."""
        self._state = _CLOSING
        self._received = 0
        super().loseConnection()

    def _hang_up(self) -> None:
        """Close after an answer, and let the client read it.

        A socket that is closed while bytes wait in it resets the connection, and the
        answer may be lost with it (RFC 9112 §9.6). So only our side is closed at first.
        """
        self._lingers = True
        self.loseConnection()

    def _end(self) -> None:
        half = getattr(self.transport, "loseWriteConnection", None)
        if half is None or not self._lingers:
            self._grace = self.abortTimeout
            super()._end()
        else:
            self._grace = self.limits.stallTimeout
            self._let_go()
            half()
        self.await_more()

    def writeConnectionLost(self) -> None:
        """All is sent: wait a little for the client to close, too."""
        self._grace = self.limits.lingerTimeout
        self.await_more()

    def due(self) -> float | None:
        """When the limit of now is over; None if there is none."""
        state, limits = self._state, self.limits
        period: float | None
        if self._full:
            since, period = self._full_since, limits.stallTimeout
        else:
            since = self._since
            if state is _CLOSING:
                period = self._grace
            elif state is State.HEAD:
                period = self.timeOut
                if self._begun and limits.headTimeout is not None:
                    since, period = self._begun_since, limits.headTimeout
            elif state is State.RESPONDING or self._sated:
                period = None
            else:
                return self._body_due()
        return None if period is None else since + period

    def _body_due(self) -> float | None:
        """When a body is late: nothing came for long, or too little in all."""
        limits = self.limits
        ends = []
        if self.timeOut is not None:
            ends.append(self._since + self.timeOut)
        if limits.bodyTimeout is not None:
            allowed = limits.bodyTimeout + self._received / limits.bodyRate
            ends.append(self._body_since + allowed)
        return min(ends, default=None)

    def timeoutConnection(self) -> None:
        """Close: what was waited for did not come in time."""
        if self._state is _CLOSING or self._full:
            self.forceAbortClient()
            return
        _log.info("Timing out client: {peer}", peer=self.getPeer())
        if self._begun or self._state is State.BODY:
            # RFC 9110 §15.5.9
            self.write(self.refusal(RequestTimeout.code))
            self._hang_up()
        else:
            self.loseConnection()
