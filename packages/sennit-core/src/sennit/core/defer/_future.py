"""A Deferred that has its result, as asyncio wants to see it: a finished future."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sennit.core.failure import Failure

if TYPE_CHECKING:
    from sennit.core.defer._deferred import Deferred

__all__ = ["Finished", "exceptionFor"]


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


class Finished:
    """The outcome of a Deferred at one place of its chain, with a future's methods.

    A Deferred cannot have them all itself: its `result` is an attribute. So this is
    what a done-callback is called with. A Task asks for `result` and resumes its
    coroutine in the same breath, with None: so the value is laid down where the
    coroutine's ``await`` picks it up.

    Attributes:
        outcome: The result or the Failure.
    """

    __slots__ = ("_callback", "_deferred", "outcome")

    def __init__(
        self,
        deferred: Deferred[Any],
        outcome: Any,
        callback: Callable[[Any], object],
    ) -> None:
        self._deferred = deferred
        self.outcome = outcome
        self._callback = callback

    def result(self) -> Any:
        """Give the value or raise the error."""
        outcome = self.outcome
        if isinstance(outcome, Failure):
            raise exceptionFor(outcome, self._is_wanted_by_cancelled_task())
        self._deferred._handed = self
        return outcome

    def exception(self) -> BaseException | None:
        """Give the error, None where there is none."""
        outcome = self.outcome
        return exceptionFor(outcome, False) if isinstance(outcome, Failure) else None

    def done(self) -> bool:
        """Tell that this has its outcome."""
        return True

    def cancelled(self) -> bool:
        """Tell whether the Deferred was cancelled."""
        outcome = self.outcome
        return isinstance(outcome, Failure) and isinstance(
            outcome.value, asyncio.CancelledError
        )

    def _is_wanted_by_cancelled_task(self) -> bool:
        """Tell whether who waits is a Task that somebody asked to cancel."""
        task = getattr(self._callback, "__self__", None)
        cancelling: Callable[[], int] | None = getattr(task, "cancelling", None)
        return cancelling is not None and bool(cancelling())
