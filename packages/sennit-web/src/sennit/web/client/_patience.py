"""The time a request has: one timer for the stage it is in, one for all of it."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from sennit.core.failure import Failure
from sennit.web.client._errors import (
    BodyTimeout,
    ConnectTimeout,
    HeadersTimeout,
    TotalTimeout,
)

if TYPE_CHECKING:
    from sennit.core.contracts import IDelayedCall, IReactorTime
    from sennit.core.defer import Deferred
    from sennit.web.client._budgets import Timeouts

__all__ = ["Patience", "total_over"]

T = TypeVar("T")


class Patience:
    """Counts the time of one request.

    Attributes:
        giveUp: Called with the error when a time is over: what ends the stage.
    """

    __slots__ = (
        "_begun",
        "_clock",
        "_due",
        "_over",
        "_paused",
        "_seconds",
        "_stage",
        "_timeouts",
        "_total",
        "giveUp",
    )

    def __init__(self, clock: IReactorTime, timeouts: Timeouts) -> None:
        """Have it, from now on.

        Args:
            clock: What counts.
            timeouts: How long each stage may take.
        """
        self._clock = clock
        self._timeouts = timeouts
        self._stage: IDelayedCall | None = None
        self._total: IDelayedCall | None = None
        self._paused = False
        # Of the stage: how long it may take, until when, and the error if it takes more.
        self._seconds: float | None = None
        self._due = 0.0
        self._over: Callable[[float], BaseException] = _connect_over
        self.giveUp: Callable[[BaseException], Any] = _ignore
        self._begun = clock.seconds()

    def connecting(self, made: Deferred[T]) -> Deferred[T]:
        """Count while a connection is made; it is given up when the time is over.

        Args:
            made: Fires when it is there.
        """
        over: list[BaseException] = []

        def give_up(error: BaseException) -> None:
            over.append(error)
            made.cancel()

        def judge(outcome: T | Failure) -> T | Failure:
            if isinstance(outcome, Failure):
                self.end()
                return Failure(over[0]) if over else outcome
            return outcome

        if not made.called:
            self.giveUp = give_up
            self._begin(self._timeouts.connect, _connect_over)
        if self._timeouts.total is not None and self._total is None:
            left = self._timeouts.total - (self._clock.seconds() - self._begun)
            self._total = self._clock.callLater(max(left, 0), self._all_over)
        made.addBoth(judge)
        return made

    def sending(self) -> None:
        """There is a connection, and the request is being sent."""
        self._begin(None, _connect_over)

    def waiting(self) -> None:
        """The request was sent, the head of the response has not come."""
        self._begin(self._timeouts.headers, _headers_over)

    def receiving(self) -> None:
        """Something of the body has come, or is awaited from now on."""
        if not self._paused:
            self._begin(self._timeouts.body, _body_over)

    def pause(self) -> None:
        """Nothing of the body is taken for the time being: the server cannot help it."""
        self._paused = True
        self._begin(None, _body_over)

    def resume(self) -> None:
        """The body is taken again."""
        self._paused = False
        self.receiving()

    def end(self) -> None:
        """It is over, one way or the other."""
        self._seconds = None
        stage, self._stage = self._stage, None
        total, self._total = self._total, None
        for timer in (stage, total):
            if timer is not None and timer.active():
                timer.cancel()
        self.giveUp = _ignore

    def _begin(
        self, seconds: float | None, over: Callable[[float], BaseException]
    ) -> None:
        """Begin a stage; a timer that runs already looks again when it is due."""
        self._over = over
        self._seconds = seconds
        if seconds is None:
            return
        self._due = self._clock.seconds() + seconds
        if self._stage is None:
            self._stage = self._clock.callLater(seconds, self._look)
        elif self._stage.getTime() > self._due:
            self._stage.cancel()
            self._stage = self._clock.callLater(seconds, self._look)

    def _look(self) -> None:
        """See whether the time of the stage is over."""
        self._stage = None
        if self._seconds is None:
            return
        left = self._due - self._clock.seconds()
        if left > 0:
            self._stage = self._clock.callLater(left, self._look)
        else:
            self.giveUp(self._over(self._seconds))

    def _all_over(self) -> None:
        self.giveUp(total_over(self._timeouts.total or 0))


def _ignore(error: BaseException) -> None:
    """Nobody waits any more."""


def _reasons(text: str) -> list[Failure]:
    return [Failure(builtins.TimeoutError(text))]


def _connect_over(seconds: float) -> BaseException:
    return ConnectTimeout(string=f"no connection in {seconds:g} seconds")


def _headers_over(seconds: float) -> BaseException:
    return HeadersTimeout(_reasons(f"no response in {seconds:g} seconds"))


def _body_over(seconds: float) -> BaseException:
    return BodyTimeout(_reasons(f"nothing of the body in {seconds:g} seconds"))


def total_over(seconds: float) -> BaseException:
    """Make the error of a request that has had all its time."""
    return TotalTimeout(_reasons(f"not complete in {seconds:g} seconds"))
