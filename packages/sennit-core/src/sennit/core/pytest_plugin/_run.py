"""One test on a reactor of its own, from its first fixture to its last teardown.

The default reactor (``sennit.core.reactor``) attaches to the same loop if the program
uses it: it is watched as well, and is let go of with the loop.
"""

from __future__ import annotations

import asyncio
import importlib
from contextlib import suppress
from threading import Thread

import pytest

from sennit.core._stacks import recording
from sennit.core._timers import DelayedCall
from sennit.core.defer._debug import debugging
from sennit.core.engine import Reactor, newLoop
from sennit.core.errors import ReactorNotRunning
from sennit.core.pytest_plugin._drive import Drive
from sennit.core.pytest_plugin._errors import Errors
from sennit.core.pytest_plugin._report import Left, report
from sennit.core.pytest_plugin._watch import Watch

__all__ = ["Run"]

# Turns of the loop in which what is being closed ends on both of its sides: the one
# tells the other, which closes in its turn, and uvloop takes two turns more for each.
_TURNS = 12

# Seconds for what is on its way to be closed, or to end, to get there. Nothing that
# works takes as long; what does not must not hold up the tests after it.
_GRACE = 1.0

# Seconds in which nothing more is closed, after which nothing more is expected to be:
# a connection whose other end is closed may still have to read what that has sent.
_QUIET = 0.05

# Seconds for triggers and threads when the reactor is shut down after the test.
_SHUTDOWN = 5.0


class Run:
    """The run of one test.

    Attributes:
        reactor: The test's reactor.
        drive: Calls its functions.
        errors: What was logged as an error meanwhile.
        passed: Whether the test function has ended well.
    """

    def __init__(self, item: pytest.Item, loop: str | None, timeout: float) -> None:
        self._item = item
        self._loop = newLoop(loop)
        self.reactor = Reactor(self._loop)
        self.drive = Drive(self._loop, self.reactor, timeout)
        self.errors = Errors()
        self.passed = False
        self._left: list[Left] = []
        self._watches = [Watch(self.reactor)]
        default = importlib.import_module("sennit.core.reactor")
        # A test-suite may have put something else in its place.
        if isinstance(default, Reactor) and not _turns(default):
            self._watches.append(Watch(default))
        self._before = recording.places, DelayedCall.debug, debugging.on
        recording.places = DelayedCall.debug = debugging.on = True
        self.errors.start()

    # What is left behind

    def judge(self) -> None:
        """Fail if anything is left behind, and no teardown will close it.

        Raises:
            pytest.fail.Exception: There is.
        """
        __tracebackhide__ = True
        self._loop.run_until_complete(self._settle())
        self._left = [*self._left_open(), *self.errors.left()]
        self.blame()

    def blame(self) -> None:
        """Fail with what has been found to be left behind.

        Raises:
            pytest.fail.Exception: Something was.
        """
        __tracebackhide__ = True
        if self._left:
            pytest.fail(report(self._left, self._item), pytrace=False)

    def close(self) -> None:
        """Close all that is left, and the loop; note before what that is."""
        try:
            if self.passed:
                self._loop.run_until_complete(self._settle())
                self._left = self._left_open()
            self._loop.run_until_complete(self._shut_down())
            if self.passed:
                self._left += self.errors.left()
        finally:
            self.errors.stop()
            recording.places, DelayedCall.debug, debugging.on = self._before
            for watch in self._watches:
                watch.end()
            self.drive.end()
            self.reactor.close()
            self._loop.close()

    def _left_open(self) -> list[Left]:
        return [left for watch in self._watches for left in watch.left()]

    async def _settle(self) -> None:
        """Give what is being closed the time to be."""
        now = self._loop.time
        quiet, end = now(), now() + _GRACE
        left = len(self._left_open())
        while left and now() < min(quiet + _QUIET, end):
            await asyncio.sleep(0.001)
            before, left = left, len(self._left_open())
            if left != before or any(watch.isClosing() for watch in self._watches):
                quiet = now()

    # The end

    async def _shut_down(self) -> None:
        end = self._loop.time() + _GRACE
        # While there is a reactor to see that they have ended.
        while any(watch.kill() for watch in self._watches):
            if self._loop.time() > end:
                break
            await asyncio.sleep(0.001)
        for reactor in [watch.reactor for watch in self._watches]:
            if reactor.running and reactor.loop is self._loop:
                await self._stop(reactor)
        for watch in self._watches:
            watch.close()
        if self.reactor.threadpool is not None:
            # It has not run: nobody but us ends the threads.
            ending = Thread(target=self.reactor.threadpool.stop, daemon=True)
            ending.start()
            await asyncio.to_thread(ending.join, _SHUTDOWN)
            self.reactor._pool = None
        await self._end_tasks()
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        await self._loop.shutdown_asyncgens()
        await self._loop.shutdown_default_executor()

    async def _stop(self, reactor: Reactor) -> None:
        patience, reactor.shutdownTimeout = reactor.shutdownTimeout, _SHUTDOWN
        # The test may have begun to stop it.
        with suppress(ReactorNotRunning):
            reactor.stop()
        turns = 0
        while reactor.running:
            await asyncio.sleep(0 if turns < _TURNS else 0.001)
            turns += 1
        reactor.shutdownTimeout = patience

    async def _end_tasks(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        if tasks:
            ended, _ = await asyncio.wait(tasks, timeout=_GRACE)
            for task in ended:
                if not task.cancelled():
                    task.exception()


def _turns(reactor: Reactor) -> bool:
    return reactor.loop is not None and reactor.loop.is_running()
