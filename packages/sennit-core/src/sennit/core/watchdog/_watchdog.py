"""The watchdog: a thread that looks at what the loop's thread is doing.

**The problem.** A callback that computes or blocks holds up everything that the loop
serves, and cannot say so itself. Somebody else has to see it; and seeing must cost
next to nothing, harm nothing, and not keep an idle loop from sleeping.

**The rule.** A thread of its own looks, twice per threshold, at the frames of the loop's
thread. While these show that the loop waits for something to happen, there is
nothing to do. If a callback is running, the loop is sent a *ping*, a call from another
thread, and the callback's outermost frame is kept. The loop answers the ping as soon as
it turns, at once in a healthy program. As long as it does not answer and the
frame is still the same one, it is the same callback that runs; so what is reported has
held the loop for the threshold at least, and what holds it for half as long again is
reported for sure.

* Where the loop's waiting cannot be seen (uvloop waits in C, and calls C in just the
  same way), it is pinged once a second: an idle loop of this kind is woken that often.
* What holds the interpreter's lock, such as a long match of a regular expression, holds
  us as well. That we were kept from looking, while the loop's thread was computing,
  is how we know of it when it is over.
* A process that was stopped, or a machine that slept, has not computed: no report.

**Rejected.** A heartbeat, by which the loop moves a counter in a timer: it wakes an
idle loop ten times a second, tells of a turn that is long as it does of a callback
that is, and yet has to look at the frames to say which. ``loop.slow_callback_duration``:
asyncio's alone, in its debug mode alone, and only told when the callback is over. A
signal (``setitimer``): for the main thread only, and it interrupts system calls.

**Who holds it** is read from the frames: the first object among the methods' own that
has a name in the log, be it a connection or a protocol whose transport is one, and the
first function of the program. A context variable would say it too, but cannot be
read from another thread, and is set only while logs show systems.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
from contextlib import suppress
from math import inf
from types import CodeType
from typing import TYPE_CHECKING

from sennit.core import log
from sennit.core.watchdog._frames import (
    At,
    Holder,
    baseOf,
    callbackOf,
    computedBy,
    describe,
    topOf,
)
from sennit.core.watchdog._settings import checked

if TYPE_CHECKING:
    from sennit.core.engine import Reactor

__all__ = ["Watchdog", "watch"]

# Looks per threshold: what is seen at one look and still there so many later has taken
# that long. Twice as many cost a busy server another per cent.
_LOOKS = 2

# Seconds between two pings to a loop whose waiting cannot be seen.
_SELDOM = 1.0


# Seconds that stopping waits for the thread: it is one look away from its end, unless
# a handler of the log holds it.
_FAREWELL = 1.0


class _Hold:
    """A callback that has been seen in the loop, at one look or more.

    Attributes:
        root: The identity of its outermost frame.
        since: When it was seen first.
        due: How long it has to go on to be reported (again).
        holder: Who it is, once that was reported.
    """

    def __init__(self, root: int, since: float, due: float) -> None:
        self.root = root
        self.since = since
        self.due = due
        self.holder: Holder | None = None


class Watchdog:
    """Watches one loop, from `begin` until `stop` or the loop's end.

    Attributes:
        threshold: Seconds that a callback may hold the loop unnoticed.
    """

    def __init__(self, threshold: float) -> None:
        """Make a watchdog that sleeps.

        Raises:
            BadThreshold: The threshold is no number of seconds, or below 0.01.
        """
        self.threshold: float = checked(threshold)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = threading.Event()
        self._watching: threading.Thread | None = None
        # Written by the loop's thread, at the beginning and in answering a ping.
        self._thread = 0
        self._base: CodeType | None = None
        self._answered = 0.0
        # Set when a ping is sent, and taken back by the answer to it.
        self._pinged = False
        # What was taken from the loop's thread; the answer drops it there.
        self._borrowed: list[At] = []
        # The rest is the watching thread's.
        self._hold: _Hold | None = None
        self._looked = 0.0
        self._computed = 0.0

    def stop(self) -> None:
        """Watch no more; nothing happens if it does not."""
        self._stopped.set()
        if self._watching is not None:
            # What it has to say of the last callback is said then.
            self._watching.join(_FAREWELL)

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Watch a loop from now on; to be called in its thread.

        Args:
            loop: The loop, which may be anybody's; it runs, or is about to.
        """
        self._loop = loop
        self._thread = threading.get_ident()
        self._ping()
        watching = threading.Thread(
            target=self._watch, name="sennit-watchdog", daemon=True
        )
        # While the interpreter ends, a thread cannot be had, nor is it missed.
        with suppress(RuntimeError):
            watching.start()
            self._watching = watching

    # In the loop's thread

    def _answer(self) -> None:
        self._borrowed.clear()
        self._answered = time.monotonic()
        self._thread = threading.get_ident()
        self._base = baseOf(sys._getframe(1))
        self._pinged = False

    # In the thread that watches

    def _watch(self) -> None:
        assert self._loop is not None
        while not self._stopped.wait(self.threshold / _LOOKS):
            if self._loop.is_closed():
                break
            if self._loop.is_running():
                self._look()
            else:
                self._over()
                self._looked = 0.0
        self._over()

    def _ping(self) -> None:
        self._pinged = True
        # The loop may be closed by now.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._answer)  # type: ignore[union-attr]

    def _look(self) -> None:
        now = time.monotonic()
        since = now - self._kept_from_looking(now)
        if not self._pinged:
            self._over()
        frames = self._frames()
        if not (frames or self._pinged or self._is_due_for_a_ping(now)):
            return
        # The outermost frame is kept until the answer: no other is taken for it.
        root = id(frames[0].frame) if frames else 0
        if self._hold is None or self._hold.root != root:
            self._over()
            self._hold = _Hold(root, since, self.threshold)
            self._borrow(frames[:1])
        if now - self._hold.since >= self._hold.due:
            self._report(now, self._hold, frames)

    def _frames(self) -> list[At]:
        top = topOf(self._thread)
        return [] if top is None else callbackOf(top, self._base)

    def _borrow(self, frames: list[At]) -> None:
        """Keep frames until the loop's thread drops them, which it is asked to."""
        self._borrowed.extend(frames)
        if not self._pinged:
            self._ping()

    def _is_due_for_a_ping(self, now: float) -> bool:
        seen_to_wait = isinstance(self._loop, asyncio.BaseEventLoop)
        return not seen_to_wait and now - self._answered >= _SELDOM

    def _kept_from_looking(self, now: float) -> float:
        """Seconds for which the loop's thread has let no other run, not even this."""
        looked, self._looked = self._looked, now
        computed, self._computed = self._computed, computedBy(self._thread)
        gap = now - looked
        if not looked or gap < self.threshold:
            return 0.0
        # Half, since on a busy machine it has to wait for its turn as well.
        if self._computed - computed >= self.threshold / 2:
            return gap
        # The process was stopped: for that long, nobody has held anything.
        if self._hold is not None:
            self._hold.since += gap
        return 0.0

    def _report(self, now: float, hold: _Hold, frames: list[At]) -> None:
        first = hold.holder is None
        holder = hold.holder = describe(frames)
        # To read the lines of files has taken its time: frames may have ended.
        self._borrow(frames)
        frames.clear()
        # A person at a debugger knows, and takes more than any threshold.
        hold.due = inf if holder.debugged else 2 * (now - hold.since)
        so_far = "" if first else "still "
        where = f"; it is here:\n{holder.stack}" if holder.stack else ""
        _say(
            holder,
            f"the event loop is {so_far}held by {_who(holder)}, for "
            f"{now - hold.since:.2f} s by now{where}",
        )

    def _over(self) -> None:
        """The callback that was seen has ended."""
        hold, self._hold = self._hold, None
        if hold is None or hold.holder is None:
            return
        ended = time.monotonic() if self._pinged else self._answered
        _say(
            hold.holder,
            f"the event loop turns again; it was held by {_who(hold.holder)}, for "
            f"at least {ended - hold.since:.2f} s",
        )


def _who(holder: Holder) -> str:
    if not holder.call:
        return f"[{holder.system}]" if holder.system else "a call that has no lines"
    return f"[{holder.system}] in {holder.call}" if holder.system else holder.call


def _say(holder: Holder, text: str) -> None:
    about = {"system": holder.system} if holder.system else {}
    log.msg(text, logLevel=logging.WARNING, **about)


def watch(reactor: Reactor, threshold: float = 0.1) -> Watchdog:
    """Have a reactor's loop watched as long as it runs.

    What holds the loop longer is logged as a warning, by a thread of its own.

    Args:
        reactor: The reactor; it runs already, or will.
        threshold: Seconds that one callback may take; 0.01 at least.

    Returns:
        What stops the watching, if not the reactor's end does.

    Raises:
        BadThreshold: The threshold is no such number.
    """
    watchdog = Watchdog(threshold)

    def begin() -> None:
        if reactor.loop is not None:
            watchdog.begin(reactor.loop)

    reactor.callWhenRunning(begin)
    reactor.addSystemEventTrigger("after", "shutdown", watchdog.stop)
    return watchdog
