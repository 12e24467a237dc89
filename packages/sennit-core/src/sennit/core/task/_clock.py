"""Time for tests: a number that moves only when it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ParamSpec

from sennit.core._timers import DelayedCall, TimerQueue

__all__ = ["Clock"]

_A = ParamSpec("_A")


class Clock:
    """A clock to pass where a reactor is wanted for its time.

    What is due is called inside `advance`, and so are the calls that these make, as far
    as they are due by then. An error that one of them raises comes out of `advance`.

    Attributes:
        rightNow: The time, in seconds.
    """

    def __init__(self) -> None:
        self.rightNow: float = 0.0
        # By way of a lambda, so that a `seconds` set on the clock is heeded.
        self._queue = TimerQueue(lambda: self.seconds(), lambda when: None)

    @property
    def calls(self) -> list[DelayedCall]:
        """The calls that wait, the one due first at the beginning."""
        return self._queue.getDelayedCalls()

    def seconds(self) -> float:
        """Tell the time, in seconds since the clock was made."""
        return self.rightNow

    def callLater(
        self,
        delay: float,
        callable: Callable[_A, object],
        *args: _A.args,
        **kwargs: _A.kwargs,
    ) -> DelayedCall:
        """Call something later, in the context (``contextvars``) of now.

        Args:
            delay: How much later, in seconds.
            callable: What is called.
            *args: For the call.
            **kwargs: For the call.

        Raises:
            ValueError: When the delay is negative.
        """
        return self._queue.callLater(delay, callable, *args, **kwargs)

    def getDelayedCalls(self) -> list[DelayedCall]:
        """Give the calls that wait, the one due first at the beginning."""
        return self._queue.getDelayedCalls()

    def advance(self, amount: float) -> None:
        """Let time pass, and call what is due by then.

        Args:
            amount: How much, in seconds.
        """
        self.rightNow += amount
        while self._queue.runNext(self.seconds()):
            pass

    def pump(self, timings: Iterable[float]) -> None:
        """Let time pass in steps.

        Args:
            timings: The steps, in seconds: an `advance` for each.
        """
        for amount in timings:
            self.advance(amount)
