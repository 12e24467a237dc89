"""Deferred: a result that will be there later, and the ways to wait for it.

Callbacks and firing are in `Chain` and `Fired`. Here is how everything else waits. The problem: ``await`` must
work in a coroutine that asyncio's Task drives (in C, also under uvloop) and in one that
we drive, and must cost nothing where the result is there already. The rule:

* ``await d`` yields the Deferred itself. Our driver knows it by its class, adds a step
  to its chain and sends the value in. A Task knows it by `_asyncio_future_blocking`,
  calls `add_done_callback`, and later is called with a `Finished`, which has the methods
  of a future that is done.
* `_asyncio_future_blocking` is None but in that moment. So ``asyncio.isfuture`` says no,
  and ``gather``, ``wait_for``, ``shield`` and ``ensure_future`` wrap the Deferred in a
  Task as they do with any awaitable. They must: they would call ``d.result()``, which
  is an attribute here.

Awaiting leaves a value where it is, so that it can be awaited again. A failure counts
as handled once it was raised in a coroutine. (Rejected: an adapter object for each
``await``, which costs our own driver a fifth of its time.)
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context
from typing import Any, ClassVar, Protocol, TypeVar

from sennit.core.defer._errors import CancelledError, TimeoutError
from sennit.core.defer._fired import Fired
from sennit.core.defer._future import Finished, errorIn, exceptionFor
from sennit.core.failure import Failure

__all__ = ["Deferred"]

T = TypeVar("T")
U = TypeVar("U")


class _DelayedCall(Protocol):
    def active(self) -> bool: ...

    def cancel(self) -> None: ...


class _Clock(Protocol):
    def callLater(
        self, delay: float, callable: Callable[..., object], /, *args: Any
    ) -> _DelayedCall: ...


class Deferred(Fired[T]):
    """A result that will be there later.

    Whoever asked for it adds callbacks, or awaits it; whoever has promised it calls
    `callback` or `errback`, once. Each callback gets what the one before it returned;
    an exception raised, or a Failure returned, goes on to the errbacks. A callback may
    return another Deferred, whose result is then waited for.

    Attributes:
        called: Whether it was fired.
        result: What the last callback gave; missing before it is fired.
        paused: How many hold the chain up: calls of `pause`, and the Deferred that is
            being waited for.
        debug: Whether Deferreds record where they are made and fired.
    """

    __slots__ = ()

    _asyncio_future_blocking: bool | None = None
    # Laid down by a Task for the ``await`` it resumes.
    _handed: Finished | None = None
    # Starts a coroutine. The starter is made of Deferreds, so it comes to this class.
    _start: ClassVar[Callable[[Any], Any]]

    def __await__(self) -> Generator[Deferred[T], Any, T]:
        """Wait for the result; the same as ``yield from`` in a generator."""
        if self.called and not self.paused and self._chain is None:
            value = self.result
        else:
            self._asyncio_future_blocking = True
            value = yield self
            if value is None and self._handed is not None:
                value = self._handed.outcome
                self._handed = None
            return value  # type: ignore[no-any-return]
        if isinstance(value, Failure):
            if self._info is not None:
                self._info.failResult = None
            raise exceptionFor(value, exactly=False)
        return value  # type: ignore[no-any-return]

    __iter__ = __await__

    # What asyncio asks of what it waits for

    def add_done_callback(
        self, fn: Callable[[Any], object], *, context: Context | None = None
    ) -> None:
        """Let the running loop call a function soon after the result is there.

        Args:
            fn: Called with an object that has the methods of a finished future.
            context: Where it runs; the current context if None.
        """
        self._asyncio_future_blocking = None
        finished = Finished(self, asyncio.get_running_loop(), fn, context)
        self._add((finished, finished))

    def remove_done_callback(self, fn: Callable[[Any], object]) -> int:
        """Forget a function that was given to `add_done_callback`.

        Returns:
            How often it had been added.
        """
        chain = self._chain if isinstance(self._chain, list) else []
        found = [
            index
            for index, step in enumerate(chain)
            if isinstance(step, tuple)
            and isinstance(step[0], Finished)
            and step[0].callback == fn
        ]
        for index in found:
            chain[index] = (None, None)
        return len(found)

    def get_loop(self) -> asyncio.AbstractEventLoop:
        """Give the loop that runs in this thread: a Deferred belongs to none."""
        return asyncio.get_running_loop()

    def done(self) -> bool:
        """Tell whether there is a result that waits for nothing more."""
        return self.called and not self.paused and self._chain is None

    def cancelled(self) -> bool:
        """Tell whether the result is a cancellation."""
        return self.done() and isinstance(errorIn(self.result), asyncio.CancelledError)

    def exception(self) -> BaseException | None:
        """Give the error that is the result, None where it is a value.

        Raises:
            asyncio.InvalidStateError: There is no result yet.
        """
        if not self.done():
            raise asyncio.InvalidStateError("The Deferred has no result yet.")
        return errorIn(self.result)

    # From and to the other kinds

    @staticmethod
    def fromCoroutine(
        coro: Coroutine[Any, Any, U] | Generator[Any, Any, U],
    ) -> Deferred[U]:
        """Run a coroutine; the Deferred fires with what it returns.

        It may await Deferreds, and while a loop runs also what asyncio offers. It runs
        at once up to its first wait, in a copy of the current context. Cancelling the
        Deferred cancels what the coroutine waits for.

        Args:
            coro: A coroutine, or a generator that waits by ``yield from``.

        Raises:
            NotACoroutineError: It is neither.
        """
        started: Deferred[U] = Deferred._start(coro)
        return started

    @classmethod
    def fromFuture(cls, future: asyncio.Future[U]) -> Deferred[U]:
        """Make a Deferred of an asyncio future; cancelling it cancels the future."""
        return cls.fromCoroutine(_result_of(future))

    def asFuture(self, loop: asyncio.AbstractEventLoop) -> asyncio.Future[T]:
        """Make an asyncio future of this; cancelling it cancels the Deferred.

        The result goes to the future, and None is left of it here.

        Args:
            loop: The loop the future belongs to.
        """
        future: asyncio.Future[T] = loop.create_future()

        def given_up(_: object) -> None:
            if future.cancelled():
                self.cancel()

        def settle(outcome: Any) -> None:
            if future.done():
                return
            if not isinstance(outcome, Failure):
                future.set_result(outcome)
            elif isinstance(outcome.value, asyncio.CancelledError):
                future.cancel()
            else:
                future.set_exception(exceptionFor(outcome, exactly=False))

        future.add_done_callback(given_up)
        self.addBoth(settle)
        return future

    def addTimeout(
        self,
        timeout: float,
        clock: _Clock,
        onTimeoutCancel: Callable[[T | Failure, float], U] | None = None,
    ) -> Deferred[T | U]:
        """Cancel this if it has no result in time.

        What was added before this takes part in the time; what is added after does not.

        Args:
            timeout: Seconds.
            clock: What measures them: a reactor or a `task.Clock`.
            onTimeoutCancel: Called with what the cancelling gave and the seconds; what
                it returns is the result. If omitted, a `CancelledError` becomes a
                `TimeoutError`, and all else stays.

        Returns:
            This Deferred.
        """
        late = False

        def cancel() -> None:
            nonlocal late
            late = True
            self.cancel()

        def judge(outcome: Any) -> Any:
            if timer.active():
                timer.cancel()
            return (
                (onTimeoutCancel or _timed_out)(outcome, timeout) if late else outcome
            )

        timer = clock.callLater(timeout, cancel)
        self.addBoth(judge)
        return self  # type: ignore[return-value]


def _timed_out(outcome: Any, timeout: float) -> Any:
    if isinstance(outcome, Failure):
        outcome.trap(CancelledError)
        raise TimeoutError(f"The Deferred had no result in {timeout} seconds.")
    return outcome


async def _result_of(future: asyncio.Future[U]) -> U:
    return await future
