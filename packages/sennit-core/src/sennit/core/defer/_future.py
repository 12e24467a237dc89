"""A Deferred as asyncio wants to see it: a future that is finished."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context
from typing import TYPE_CHECKING, Any

from sennit.core.failure import Failure

if TYPE_CHECKING:
    from sennit.core.defer._deferred import Deferred

__all__ = ["Finished", "errorIn", "exceptionFor"]


def exceptionFor(failure: Failure, exactly: bool) -> BaseException:
    """Give the exception of a failure, ready to be raised.

    Args:
        failure: The failure.
        exactly: Let a cancellation be asyncio's own class and not a subclass:
            ``asyncio.timeout`` compares the class by identity before Python 3.13.
    """
    value = failure.value
    if exactly and isinstance(value, asyncio.CancelledError):
        return asyncio.CancelledError(*value.args).with_traceback(failure.tb)
    return failure._raisable()


def errorIn(outcome: object) -> BaseException | None:
    """Give the error of an outcome that is a Failure."""
    return exceptionFor(outcome, False) if isinstance(outcome, Failure) else None


class Finished:
    """What waits for a Deferred on behalf of asyncio, and then is the finished future.

    A Deferred cannot have a future's methods all itself: its `result` is an attribute.
    So this is what a done-callback is called with. A Task asks it for `result` and
    resumes its coroutine in the same breath, with None: so the value is laid down where
    the coroutine's ``await`` picks it up.

    Attributes:
        outcome: The result or the Failure that was met at this place of the chain.
    """

    __slots__ = ("_context", "_deferred", "_loop", "callback", "outcome")

    def __init__(
        self,
        deferred: Deferred[Any],
        loop: asyncio.AbstractEventLoop,
        callback: Callable[[Any], object],
        context: Context | None,
    ) -> None:
        self._deferred = deferred
        self._loop = loop
        self.callback = callback
        self._context = context
        self.outcome: Any = None

    def __call__(self, outcome: Any) -> Any:
        """Meet the outcome; it stays what it is, but counts as handled."""
        self.outcome = outcome
        self._loop.call_soon(self.callback, self, context=self._context)
        if isinstance(outcome, Failure):
            self._deferred._told = outcome
        return outcome

    def result(self) -> Any:
        """Give the value or raise the error."""
        outcome = self.outcome
        if isinstance(outcome, Failure):
            raise exceptionFor(outcome, self._is_wanted_by_cancelled_task())
        self._deferred._handed = self
        return outcome

    def exception(self) -> BaseException | None:
        """Give the error, None where there is none."""
        return errorIn(self.outcome)

    def done(self) -> bool:
        """Tell that this has its outcome."""
        return True

    def cancelled(self) -> bool:
        """Tell whether the Deferred was cancelled."""
        return isinstance(errorIn(self.outcome), asyncio.CancelledError)

    def _is_wanted_by_cancelled_task(self) -> bool:
        """Tell whether who waits is a Task that somebody asked to cancel."""
        task = getattr(self.callback, "__self__", None)
        cancelling: Callable[[], int] | None = getattr(task, "cancelling", None)
        return cancelling is not None and bool(cancelling())
