"""The tasks of a service: what it has begun, and what must be over when it stops.

A task is cancelled, and may take its time to clean up. One that goes on regardless is
waited for until a deadline, and then named in the log: it is not killed, as nothing can
kill a coroutine, but who reads the log knows what to mend.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from sennit.core import log
from sennit.core.defer import CancelledError, Deferred, ensureDeferred
from sennit.core.failure import Failure

if TYPE_CHECKING:
    from sennit.core.contracts import IReactorTime

__all__ = ["Tasks"]

T = TypeVar("T")


class Tasks:
    """The coroutines of one owner that have not ended.

    Args:
        owner: What the log calls whoever they belong to.
    """

    def __init__(self, owner: object) -> None:
        self._owner = owner
        # By the Deferred of each; changed by spawn and _ended only.
        self._names: dict[Deferred[Any], str] = {}
        self._over: list[Deferred[None]] = []

    def names(self) -> list[str]:
        """What those are called that have not ended, in the order of their start."""
        return list(self._names.values())

    def spawn(self, coroutine: Coroutine[Any, Any, T], name: str | None) -> Deferred[T]:
        """Run a coroutine; see `Service.spawn`."""
        task = ensureDeferred(coroutine)
        self._names[task] = name or str(getattr(coroutine, "__qualname__", coroutine))
        told: Deferred[T] = Deferred(lambda _: task.cancel())
        task.addBoth(self._ended, task, told)
        return told

    def cancelAll(self, clock: IReactorTime, deadline: float) -> Deferred[None]:
        """Cancel all of them, and wait until they have ended.

        Args:
            clock: Measures the deadline.
            deadline: Seconds that they may take; then those left are named in the log.

        Returns:
            Fires with None in any case.
        """
        over: Deferred[None] = Deferred()
        if not self._names:
            over.callback(None)
            return over
        self._over.append(over)
        waiting = clock.callLater(deadline, self._give_up, deadline)

        def off(result: None) -> None:
            if waiting.active():
                waiting.cancel()

        over.addCallback(off)
        for task in list(self._names):
            task.cancel()
        return over

    def _ended(self, result: Any, task: Deferred[Any], told: Deferred[Any]) -> None:
        del self._names[task]
        if not told.called:
            told.callback(result)
        if self._over:
            # Cancelled by us: who does not wait for it need not hear of that.
            told.addErrback(_unless_cancelled)
        if not self._names:
            self._all_over()

    def _give_up(self, deadline: float) -> None:
        left = ", ".join(self._names.values())
        log.msg(
            f"{self._owner!r} has stopped without these tasks, which were cancelled "
            f"{deadline:g} seconds ago and go on: {left}",
            isError=1,
        )
        self._all_over()

    def _all_over(self) -> None:
        over, self._over = self._over, []
        for each in over:
            each.callback(None)


def _unless_cancelled(failure: Failure) -> None:
    failure.trap(CancelledError)
