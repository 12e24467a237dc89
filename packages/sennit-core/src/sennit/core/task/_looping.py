"""Calling something over and over, at a steady pace.

The beats are at ``starttime + n * interval``, whatever the calls themselves take: after
each call the next one is set for the first beat still to come. So the pace does not
drift, no two calls overlap, and a call that takes long costs beats but leaves no queue
of late ones behind it. `LoopingCall.withCount` tells the function how many beats have
passed since its last call.

Rejected: to wait an interval after each call, which drifts by what the call takes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

import sennit.core
from sennit.core.defer import Deferred, maybeDeferred
from sennit.core.failure import Failure

if TYPE_CHECKING:
    from sennit.core.contracts import IDelayedCall, IReactorTime

__all__ = ["LoopingCall"]


class LoopingCall:
    """Calls a function every so many seconds.

    If it returns a Deferred, or is a coroutine function, it is not called again before
    that has its result; which is dropped.

    Attributes:
        f: What is called.
        a: The positional arguments.
        kw: The keyword arguments.
        running: True from `start` until `stop`, or until the function has failed.
        interval: From one beat to the next, in seconds; 0 means as often as possible,
            with a turn of the reactor between; None before `start`.
        starttime: The time from which beats are counted; None before `start`.
        call: The call that is waited for; None if there is none.
        deferred: What `start` returned; None when not running.
    """

    def __init__(self, f: Callable[..., object], *a: Any, **kw: Any) -> None:
        """Make a loop that is not running yet.

        Args:
            f: What is called.
            *a: Its positional arguments.
            **kw: Its keyword arguments.
        """
        self.f: Callable[..., object] = f
        self.a: tuple[Any, ...] = a
        self.kw: dict[str, Any] = kw
        self.running: bool = False
        self.interval: float | None = None
        self.starttime: float | None = None
        self.call: IDelayedCall | None = None
        self.deferred: Deferred[Self] | None = None
        self._clock: IReactorTime | None = None
        self._counting = False
        # The time up to which beats were counted, and told; None for none yet, not
        # even the one at the start.
        self._counted_until: float | None = None

    @classmethod
    def withCount(cls, countCallable: Callable[[int], object]) -> Self:
        """Make a loop that tells how many beats there were since the last call.

        Args:
            countCallable: Called with 1, or more where calls came too late or took too
                long to meet each beat. With an interval of 0 it is always 1.
        """
        self = cls(countCallable)
        self._counting = True
        return self

    @property
    def clock(self) -> IReactorTime:
        """The clock: the reactor, unless another is set."""
        return sennit.core.reactor if self._clock is None else self._clock

    @clock.setter
    def clock(self, clock: IReactorTime) -> None:
        self._clock = clock

    def start(self, interval: float, now: bool = True) -> Deferred[Self]:
        """Begin to call.

        Args:
            interval: From one beat to the next, in seconds.
            now: Whether the first call is made at once; else after an interval.

        Returns:
            A Deferred of this loop, which fires when it is stopped, and fails with
            what the function has failed with, which ends the loop.

        Raises:
            RuntimeError: When it is running.
            ValueError: When the interval is negative.
        """
        if self.running:
            raise RuntimeError(f"{self!r} is running already")
        if not interval >= 0:
            raise ValueError(f"the interval is {interval} seconds: must not be < 0")
        deferred: Deferred[Self] = Deferred()
        self.deferred = deferred
        self.running = True
        self.interval = interval
        self.starttime = self._counted_until = self.clock.seconds()
        if now:
            self._counted_until = None
            self()
        else:
            self._schedule()
        return deferred

    def stop(self) -> None:
        """Call no more; a call that is on its way is let to its end.

        Raises:
            RuntimeError: When it is not running.
        """
        if not self.running:
            raise RuntimeError(f"{self!r} is not running")
        self.running = False
        if self.call is not None:
            self.call.cancel()
            self.call = None
            self._end(self)

    def reset(self) -> None:
        """Count the beats from now: the next call is an interval away.

        Raises:
            RuntimeError: When it is not running.
        """
        if not self.running:
            raise RuntimeError(f"{self!r} is not running")
        self.starttime = self._counted_until = self.clock.seconds()
        if self.call is not None:
            self.call.cancel()
            self._schedule()

    def __call__(self) -> None:
        """Make the call of this beat."""
        self.call = None
        args = self.a
        if self._counting:
            now = self.clock.seconds()
            until = self._counted_until
            count = self._beat(now) - (-1 if until is None else self._beat(until))
            if self.interval == 0:
                count = 1
            elif count < 1:
                # The clock's rounding woke us a hair before the beat.
                self._schedule()
                return
            self._counted_until = now
            args = (count, *args)
        maybeDeferred(self.f, *args, **self.kw).addCallbacks(self._called, self._failed)

    def _called(self, result: object) -> None:
        if self.running:
            self._schedule()
        else:
            self._end(self)

    def _failed(self, failure: Failure) -> None:
        self.running = False
        self._end(failure)

    def _end(self, result: Self | Failure) -> None:
        deferred, self.deferred = self.deferred, None
        if deferred is None:
            return
        if isinstance(result, Failure):
            deferred.errback(result)
        else:
            deferred.callback(result)

    def _schedule(self) -> None:
        """Wait for the first beat that is still to come."""
        clock, interval = self.clock, self.interval or 0.0
        if not interval:
            self.call = clock.callLater(0, self)
            return
        now, start = clock.seconds(), self.starttime or 0.0
        beat = self._beat(now) + 1
        when = start + beat * interval
        if when <= now:
            # By rounding only: this very beat, of which the call was just made.
            when += interval
        self.call = clock.callLater(when - now, self)

    def _beat(self, time: float) -> int:
        """Tell which was the last beat at that time; the start is beat 0."""
        if not self.interval:
            return 0
        return math.floor((time - (self.starttime or 0.0)) / self.interval)

    def __repr__(self) -> str:
        name = getattr(self.f, "__qualname__", None) or repr(self.f)
        return f"LoopingCall<{self.interval}>({name}, *{self.a!r}, **{self.kw!r})"
