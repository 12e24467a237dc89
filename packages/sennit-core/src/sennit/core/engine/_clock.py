"""Time: the reactor's delayed calls, all behind one timer of the loop.

A heap of our own and one loop timer at the earliest call cost less than half of what
a loop timer for each call does, and lets a call be moved by changing a number.
"""

from __future__ import annotations

import asyncio
import math
import time

from sennit.core._timers import TimerQueue

__all__ = ["LoopClock"]

# Seconds. Loops count milliseconds in C and overflow; who waits longer is looked at
# once a day.
_LONGEST = 86400.0


class LoopClock:
    """Drives a `TimerQueue` by a loop.

    Attributes:
        queue: The delayed calls; usable before there is a loop.
    """

    def __init__(self) -> None:
        self.queue = TimerQueue(time.monotonic, self._arm)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._handle: asyncio.Handle | None = None
        self._armed_at = math.inf
        # uvloop counts whole milliseconds and would wake us up to one too early.
        self._whole_milliseconds = False

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """Be driven by *loop* from now on."""
        self._loop = loop
        self._whole_milliseconds = not isinstance(loop, asyncio.BaseEventLoop)
        self._handle = None
        self._arm(time.monotonic())

    def unbind(self) -> None:
        """Wait for another loop: this one, which may turn on a little, calls nothing."""
        if self._handle is not None:
            self._handle.cancel()
        self._loop = self._handle = None

    def _arm(self, when: float) -> None:
        """See to it that the loop wakes us at *when*, at the latest."""
        loop = self._loop
        if loop is None:
            return
        if self._handle is not None:
            if self._armed_at <= when:
                return
            self._handle.cancel()
        self._armed_at = when
        delay = min(when - time.monotonic(), _LONGEST)
        if delay <= 0:
            self._handle = loop.call_soon(self._turn)
            return
        if self._whole_milliseconds:
            delay = math.ceil(delay * 1000) / 1000
        self._handle = loop.call_later(delay, self._turn)

    def _turn(self) -> None:
        self._handle = None
        following = self.queue.runDue(time.monotonic())
        if following is not None:
            self._arm(following)
