"""The heap of the calls that wait."""

from __future__ import annotations

from builtins import callable as is_callable
from collections.abc import Callable
from contextvars import copy_context
from heapq import heapify, heappop, heappush, heapreplace
from itertools import count
from math import inf
from typing import ParamSpec

from sennit.core import log
from sennit.core._timers._call import NO_KW, DelayedCall, Keeper

__all__ = ["TimerQueue"]

_A = ParamSpec("_A")

_new = object.__new__

# No sweep for so few dead entries: they cost less than to look for them.
_FEW = 256


class TimerQueue(Keeper):
    """Calls in the order they are due.

    It has no timer of its own. Whoever drives it arms one for the time that it is told,
    calls `runDue` then, and arms it again for the time that `runDue` returns.

    Attributes:
        seconds: The clock.
    """

    __slots__ = ("_armed", "_dead", "_heap", "_number", "_rearm")

    def __init__(
        self, seconds: Callable[[], float], rearm: Callable[[float], object]
    ) -> None:
        """Make an empty queue.

        Args:
            seconds: The clock.
            rearm: Told the time at which `runDue` is to be called, whenever a call
                is made or moved so that it is due before all others.
        """
        super().__init__(seconds)
        self._rearm = rearm
        self._heap: list[tuple[float, int, DelayedCall]] = []
        self._number = count().__next__
        # For when the driver's timer is armed; while `runDue` runs, for right now.
        self._armed = inf
        # How many entries are not valid any more.
        self._dead = 0

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
            TypeError: When it cannot be called.
            ValueError: When the delay is negative, or no number (NaN).
        """
        if not delay >= 0:
            raise ValueError(f"the delay of a call is {delay} seconds: must not be < 0")
        if not is_callable(callable):
            raise TypeError(f"{callable!r} is not callable")
        # Made without `__init__`, which would cost a third of all this.
        call = _new(DelayedCall)
        call.time = call._entry = time = self.seconds() + delay
        call.func = callable
        call.args = args
        call.kw = kwargs or NO_KW
        call._owner = self
        call._context = copy_context() or None
        if DelayedCall.debug:
            call._remember_creator()
        heap = self._heap
        heappush(heap, (time, self._number(), call))
        if time < self._armed:
            self._armed = time
            self._rearm(time)
        return call

    def runDue(self, now: float) -> float | None:
        """Call all that is due, and log what goes wrong.

        Calls that are made or moved meanwhile wait for the next time.

        Args:
            now: The time, in seconds of the clock.

        Returns:
            When to come again, in seconds of the clock; None if nothing waits.
        """
        self._armed = -inf
        since = self._number()
        try:
            while (call := self._pop(now, since)) is not None:
                try:
                    call._run()
                except (SystemExit, KeyboardInterrupt):
                    raise
                except BaseException:
                    log.err(None, f"a delayed call has failed: {call!r}")
        except BaseException:
            self._armed = inf
            if self._heap:
                self._armed = self._heap[0][0]
                self._rearm(self._armed)
            raise
        if not self._heap:
            self._armed = inf
            return None
        self._armed = self._heap[0][0]
        return self._armed

    def runNext(self, now: float) -> bool:
        """Call the one that comes first, if it is due; errors are the caller's.

        Args:
            now: The time, in seconds of the clock.

        Returns:
            Whether one was due.
        """
        call = self._pop(now)
        if call is None:
            return False
        call._run()
        return True

    def _pop(self, now: float, before: float = inf) -> DelayedCall | None:
        """Take out the call that comes first, if it is due.

        Args:
            now: The time, in seconds of the clock.
            before: The number up to which entries are looked at.
        """
        heap = self._heap
        while heap:
            time, number, call = heap[0]
            if time != call._entry:
                heappop(heap)
                self._dead -= 1
            elif call.time > time:
                call._entry = call.time
                heapreplace(heap, (call.time, number, call))
            elif time > now or number > before:
                return None
            else:
                heappop(heap)
                return call
        return None

    def getDelayedCalls(self) -> list[DelayedCall]:
        """Give the calls that wait, the one due first at the beginning."""
        waiting = {
            call: number for time, number, call in self._heap if time == call._entry
        }
        return sorted(waiting, key=lambda call: (call.time, waiting[call]))

    def cancelled(self, call: DelayedCall) -> None:
        """Take note that a call of ours was cancelled: its entry is dead."""
        self._dead = dead = self._dead + 1
        if dead > _FEW and dead * 2 > len(self._heap):
            self._sweep()

    def moved(self, call: DelayedCall) -> None:
        """Take note that a call of ours was moved to before its entry."""
        time = call._entry = call.time
        heappush(self._heap, (time, self._number(), call))
        if time < self._armed:
            self._armed = time
            self._rearm(time)
        self.cancelled(call)

    def _sweep(self) -> None:
        """Throw out the entries that are dead."""
        heap = self._heap
        heap[:] = [entry for entry in heap if entry[0] == entry[2]._entry]
        heapify(heap)
        self._dead = 0
