"""What a connection is waiting for, and how long: one timer, armed seldom.

A timer that is moved for each request costs as much as reading the request. So what is
noted is when the waiting began; the timer looks at that when it fires, and is armed again
for the rest. It is moved only for a limit that ends before it would fire.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sennit.core

if TYPE_CHECKING:
    from sennit.core.contracts import IDelayedCall

__all__ = ["Timeouts"]


class Timeouts:
    """The time limits of a connection.

    Attributes:
        timeOut: Seconds that a connection may rest between requests; None for ever.
        seconds: The clock: that of `callLater`'s owner.
    """

    timeOut: float | None = None
    seconds: Callable[[], float]

    # Since when it waits for what it waits for; the timer that is armed, if one is.
    _since: float = 0.0
    _timer: IDelayedCall | None = None

    def callLater(self, period: float, func: Callable[[], object]) -> IDelayedCall:
        """Call later: replaced by a factory that has a reactor of its own."""
        call: IDelayedCall = sennit.core.reactor.callLater(period, func)
        return call

    def find_clock(self) -> None:
        """Have a clock that goes with `callLater`."""
        if not hasattr(self, "seconds"):
            owner: Any = getattr(self.callLater, "__self__", None)
            if not hasattr(owner, "seconds"):
                owner = sennit.core.reactor
            self.seconds = owner.seconds

    def setTimeout(self, period: float | None) -> float | None:
        """Set how long the connection may rest, from now on.

        Args:
            period: Seconds; None for ever.

        Returns:
            What it was.
        """
        before, self.timeOut = self.timeOut, period
        self.find_clock()
        self.await_more()
        return before

    def resetTimeout(self) -> None:
        """Let the time begin anew."""
        self.await_more()

    def await_more(self) -> None:
        """Wait from now on."""
        self._since = self.seconds()
        self.arm()

    def arm(self) -> None:
        """See to it that the timer fires when the limit is over, or before."""
        due = self.due()
        if due is None:
            return
        timer = self._timer
        if timer is None:
            self._timer = self.callLater(max(due - self.seconds(), 0), self._wake)
        elif timer.getTime() > due:
            timer.reset(max(due - self.seconds(), 0))

    def disarm(self) -> None:
        """Wait for nothing."""
        timer, self._timer = self._timer, None
        if timer is not None and timer.active():
            timer.cancel()

    def _wake(self) -> None:
        self._timer = None
        due = self.due()
        if due is not None and due <= self.seconds():
            self.timeoutConnection()
        else:
            self.arm()

    @abstractmethod
    def due(self) -> float | None:
        """When the limit of now is over; None if there is none."""

    @abstractmethod
    def timeoutConnection(self) -> None:
        """The limit is over."""
