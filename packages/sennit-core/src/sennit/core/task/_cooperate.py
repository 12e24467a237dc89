"""Long work in small steps, side by side with everything else.

A task is an iterator; each ``next()`` is a step. A `Cooperator` runs the steps of its
tasks in turn for a hundredth of a second, and then leaves the reactor to others for a
turn. A task that yields a Deferred takes no further step until that has fired.

The tasks that may run are in one queue, which rotates before each step; a task that is
paused, waits or is finished is not in it. The next round is scheduled only while there
are tasks in it, so an idle cooperator leaves nothing behind in the reactor.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Generic, Literal, Protocol, TypeVar
from weakref import WeakSet

import sennit.core
from sennit.core.defer import Deferred
from sennit.core.failure import Failure
from sennit.core.task._errors import (
    NotPaused,
    SchedulerError,
    SchedulerStopped,
    TaskDone,
    TaskFailed,
    TaskStopped,
)

__all__ = ["CooperativeTask", "Cooperator", "coiterate", "cooperate"]

_I = TypeVar("_I", bound=Iterator[Any])

# For how long steps are taken before others get their turn: short enough not to be
# noticed by clients, long enough for the turns themselves not to matter.
_SLICE = 0.01


class Cancellable(Protocol):
    """What a scheduler returns: a call that can be called off."""

    def cancel(self) -> None:
        """Call it off."""


class CooperativeTask(Generic[_I]):
    """An iterator whose steps a `Cooperator` takes."""

    def __init__(self, iterator: _I, cooperator: Cooperator) -> None:
        """Make a task; users call `Cooperator.cooperate`.

        Args:
            iterator: The steps.
            cooperator: Takes them.
        """
        self._iterator = iterator
        self._cooperator = cooperator
        self._pauses = 0
        # Why nothing is left to be done, and the result; None and any before.
        self._finished: SchedulerError | None = None
        self._result: _I | Failure = iterator
        self._waiting: list[Deferred[_I]] = []
        cooperator._begin(self)

    def whenDone(self) -> Deferred[_I]:
        """Wait for the end.

        Returns:
            A new Deferred of the iterator. It fails with what the iterator, or a
            Deferred that it yielded, has failed with; with `TaskStopped`; or with
            `SchedulerStopped`.
        """
        done: Deferred[_I] = Deferred()
        if self._finished is None:
            self._waiting.append(done)
        else:
            self._tell(done)
        return done

    def pause(self) -> None:
        """Take no further step until resumed, as often as paused.

        Raises:
            TaskFinished: When it is finished: `TaskDone`, `TaskStopped`, `TaskFailed`.
            SchedulerStopped: When its cooperator was stopped.
        """
        self._check_unfinished()
        self._hold()

    def resume(self) -> None:
        """Take back a `pause`; does nothing more if it was stopped meanwhile.

        Raises:
            NotPaused: When it is not paused.
        """
        if not self._pauses:
            raise NotPaused()
        self._pauses -= 1
        if not self._pauses and self._finished is None:
            self._cooperator._add(self)

    def stop(self) -> None:
        """Take no further step; who waits for the end gets `TaskStopped`.

        Raises:
            TaskFinished: When it is finished: `TaskDone`, `TaskStopped`, `TaskFailed`.
            SchedulerStopped: When its cooperator was stopped.
        """
        self._check_unfinished()
        self._finish(TaskStopped(), Failure(TaskStopped()))

    def _check_unfinished(self) -> None:
        if self._finished is not None:
            raise self._finished

    def _hold(self) -> None:
        self._pauses += 1
        if self._pauses == 1:
            self._cooperator._hold(self)

    def _step(self) -> None:
        """Take a step."""
        try:
            result = next(self._iterator)
        except StopIteration:
            end: _I | Failure = self._iterator
        except BaseException:
            end = Failure()
        else:
            if isinstance(result, Deferred):
                self._hold()
                result.addCallbacks(self._go_on, self._give_up)
            return
        # Out here, so that the StopIteration is not the context of others' errors.
        self._finish(TaskFailed() if isinstance(end, Failure) else TaskDone(), end)

    def _go_on(self, result: object) -> None:
        self.resume()

    def _give_up(self, failure: Failure) -> Failure | None:
        if self._finished is not None:
            return failure
        self._finish(TaskFailed(), failure)
        return None

    def _finish(self, why: SchedulerError, result: _I | Failure) -> None:
        self._finished, self._result = why, result
        if self._pauses:
            self._cooperator._held.discard(self)
        else:
            self._cooperator._remove(self)
        waiting, self._waiting = self._waiting, []
        for done in waiting:
            self._tell(done)

    def _tell(self, done: Deferred[_I]) -> None:
        if isinstance(self._result, Failure):
            done.errback(self._result)
        else:
            done.callback(self._result)


def _time_slice() -> Callable[[], bool]:
    end = time.monotonic() + _SLICE
    return lambda: time.monotonic() > end


def _next_turn(step: Callable[[], None]) -> Cancellable:
    call: Cancellable = sennit.core.reactor.callLater(0, step)
    return call


class Cooperator:
    """Takes the steps of its tasks in turn."""

    def __init__(
        self,
        terminationPredicateFactory: Callable[[], Callable[[], bool]] = _time_slice,
        scheduler: Callable[[Callable[[], None]], Cancellable] = _next_turn,
        started: bool = True,
    ) -> None:
        """Make a cooperator without tasks.

        Args:
            terminationPredicateFactory: Called when a round begins; returns a function
                that is called after each step and tells whether the round is over. By
                default it is after 0.01 seconds.
            scheduler: Has a function called later, for the next round, and returns
                something with a ``cancel()``. By default it is in the reactor's next
                turn.
            started: Whether tasks begin as they come; else with `start`.
        """
        self._round_begins = terminationPredicateFactory
        self._scheduler = scheduler
        self._state: Literal["new", "running", "stopped"] = (
            "running" if started else "new"
        )
        # All that are to take steps; only `_add` and `_remove` change who is in it.
        self._tasks: deque[CooperativeTask[Any]] = deque()
        # Those that are paused or wait: kept by whoever will resume them, not by us.
        self._held: WeakSet[CooperativeTask[Any]] = WeakSet()
        self._call: Cancellable | None = None

    @property
    def running(self) -> bool:
        """True while steps are taken: from `start` until `stop`."""
        return self._state == "running"

    def start(self) -> None:
        """Begin to take steps, also again after a `stop`."""
        self._state = "running"
        self._schedule()

    def stop(self) -> None:
        """Take no further step; who waits for a task gets `SchedulerStopped`."""
        self._state = "stopped"
        tasks = [*self._tasks, *self._held]
        self._tasks.clear()
        self._held.clear()
        for task in tasks:
            task._finish(SchedulerStopped(), Failure(SchedulerStopped()))
        self._unschedule()

    def cooperate(self, iterator: _I) -> CooperativeTask[_I]:
        """Take the steps of an iterator.

        Args:
            iterator: Each item it gives is a step; what they are does not matter, but
                a Deferred is waited for.
        """
        return CooperativeTask(iterator, self)

    def coiterate(
        self, iterator: _I, doneDeferred: Deferred[_I] | None = None
    ) -> Deferred[_I]:
        """Take the steps of an iterator, and tell when that is done.

        Args:
            iterator: As for `cooperate`.
            doneDeferred: The Deferred to return; None for a new one.

        Returns:
            A Deferred as that of `CooperativeTask.whenDone`.
        """
        done: Deferred[_I] = Deferred() if doneDeferred is None else doneDeferred
        self.cooperate(iterator).whenDone().chainDeferred(done)
        return done

    def _begin(self, task: CooperativeTask[Any]) -> None:
        """Take in a new task, or finish it at once if we are stopped."""
        if self._state == "stopped":
            task._pauses = 1
            task._finish(SchedulerStopped(), Failure(SchedulerStopped()))
        else:
            self._add(task)

    def _hold(self, task: CooperativeTask[Any]) -> None:
        self._remove(task)
        self._held.add(task)

    def _add(self, task: CooperativeTask[Any]) -> None:
        self._held.discard(task)
        self._tasks.append(task)
        self._schedule()

    def _remove(self, task: CooperativeTask[Any]) -> None:
        if task in self._tasks:
            self._tasks.remove(task)
        if not self._tasks:
            self._unschedule()

    def _schedule(self) -> None:
        if self._call is None and self._tasks and self.running:
            self._call = self._scheduler(self._tick)

    def _unschedule(self) -> None:
        call, self._call = self._call, None
        if call is not None:
            call.cancel()

    def _tick(self) -> None:
        """Run a round."""
        self._call = None
        is_over = self._round_begins()
        while self._tasks and self.running:
            task = self._tasks[0]
            self._tasks.rotate(-1)
            task._step()
            if is_over():
                break
        self._schedule()


# Idle until it has a task, and then bound to no reactor for longer than a turn.
_theCooperator = Cooperator()


def cooperate(iterator: _I) -> CooperativeTask[_I]:
    """Take the steps of an iterator in the cooperator of the main thread's reactor.

    Args:
        iterator: As for `Cooperator.cooperate`.
    """
    return _theCooperator.cooperate(iterator)


def coiterate(iterator: _I) -> Deferred[_I]:
    """Take the steps of an iterator in the cooperator of the main thread's reactor.

    Args:
        iterator: As for `Cooperator.cooperate`.

    Returns:
        A Deferred as that of `CooperativeTask.whenDone`.
    """
    return _theCooperator.coiterate(iterator)
