"""Coroutines that wait by ``await``, driven by a Deferred instead of asyncio's Task.

``await deferred`` is driven as everywhere here. What asyncio itself offers is built on
two further things, and both are given:

* a future that is yielded with ``_asyncio_future_blocking``: its done-callback resumes
  the coroutine, and cancelling the Deferred cancels the future;
* ``asyncio.current_task()``, which ``asyncio.timeout`` and ``TaskGroup`` want: while a
  loop runs, each step presents the Deferred of the coroutine as the current task, by
  the hooks that asyncio documents for task implementations of others
  (``_enter_task``, ``_leave_task``), and answers `cancelling` and `uncancel`.

Whoever has asked for `cancelling` watches how cancelling ends. It expects that `cancel`
returns before the coroutine knows of it, so such a one is cancelled by the loop's next
turn; and it compares the class of the error with asyncio's by identity (before Python
3.13), so there exactly that class is raised. All other coroutines get our
`CancelledError`, which is a subclass of it; and out of a coroutine comes only ours.
"""

from __future__ import annotations

import asyncio
from asyncio import _enter_task, _get_running_loop, _leave_task, current_task
from collections.abc import Awaitable, Coroutine, Generator
from contextvars import Context
from types import CoroutineType, GeneratorType
from typing import Any, TypeVar, overload

from sennit.core.defer._deferred import Deferred
from sennit.core.defer._driver import PENDING, Driver
from sennit.core.defer._errors import CancelledError, NotACoroutineError
from sennit.core.defer._future import exceptionFor
from sennit.core.defer._inline import InlineDeferred
from sennit.core.defer._loop import caught
from sennit.core.failure import Failure

__all__ = ["CoroutineDeferred", "ensureDeferred", "start"]

T = TypeVar("T")

_new = object.__new__


class CoroutineDeferred(Driver[T]):
    """The Deferred of a coroutine; to asyncio, the task that runs it."""

    __slots__ = ()

    _name: str | None = None
    _cancel_requests: int = 0
    _is_watched: bool = False

    def _resume(self, value: Any, failure: Failure | None = None) -> Any:
        given = value
        yielded: Any = None
        while True:
            self._waiter = None
            loop = self._loop
            outer = None
            if loop is None or self._is_nested:
                loop, outer = self._enter_over_others()
            else:
                try:
                    _enter_task(loop, self)  # type: ignore[arg-type]
                except RuntimeError:
                    # Resumed by another task. That may happen again, and to ask is
                    # cheaper than this error, whose text shows both tasks.
                    self._is_nested = True
                    loop, outer = self._enter_over_others()
            try:
                if failure is None:
                    yielded = self._context.run(self._generator.send, value)
                else:
                    error = exceptionFor(failure, self._is_watched)
                    yielded = self._context.run(self._generator.throw, error)
            except StopIteration as stop:
                outcome = stop.value
            except asyncio.CancelledError as error:
                outcome = _ours(error)
            except BaseException as error:
                outcome = caught(error, self.debug)
            else:
                outcome = PENDING
            finally:
                if loop is not None:
                    _leave_task(loop, self)  # type: ignore[arg-type]
                    if outer is not None:
                        _enter_task(loop, outer)
            if outcome is not PENDING:
                self._finish(outcome)
            elif isinstance(yielded, Deferred):
                yielded._asyncio_future_blocking = None
                if yielded._chain is None and not (yielded.called or self._must_cancel):
                    self._waiter = yielded
                    yielded._chain = self
                else:
                    self._wait_for(yielded)
            elif not self._wait_for_other(yielded):
                value = yielded
                failure = None
                continue
            break
        del self, value, failure, yielded, outcome
        return given

    def _enter_over_others(
        self,
    ) -> tuple[asyncio.AbstractEventLoop | None, asyncio.Task[Any] | None]:
        """Become the current task of the loop that runs, if one does.

        Returns:
            The loop, and the task that was the current one.
        """
        loop = self._loop = _get_running_loop()
        if loop is None:
            return None, None
        outer = current_task(loop)
        if outer is not None:
            _leave_task(loop, outer)
        _enter_task(loop, self)  # type: ignore[arg-type]
        return loop, outer

    def _wait_for_other(self, yielded: Any) -> bool:
        """Wait for what asyncio has yielded; tell if it is that."""
        if getattr(yielded, "_asyncio_future_blocking", None):
            yielded._asyncio_future_blocking = False
            yielded.add_done_callback(self._wake)
            self._waiter = yielded
            if self._must_cancel:
                self._must_cancel = False
                yielded.cancel()
        elif yielded is None and self._loop is not None:
            # ``asyncio.sleep(0)``: let the others have their turn.
            self._loop.call_soon(self._wake)
        else:
            return False
        return True

    def _wake(self, _: object = None) -> None:
        """Go on, what asyncio had to do being done; the outcome is picked up there."""
        if self._must_cancel:
            self._must_cancel = False
            self._resume(None, Failure(CancelledError()))
        else:
            self._resume(None)

    def _resume_failed(self, failure: Failure) -> Any:
        """Go on, what was waited for having failed; that counts as handled now."""
        if isinstance(self._waiter, Deferred):
            self._waiter._told = failure
        self._resume(None, failure)
        return failure

    # What else asyncio asks of a task

    def cancel(self, msg: object = None) -> bool:
        """Cancel what the coroutine waits for; it may handle that and go on.

        Returns:
            Whether it had not ended yet.
        """
        self._cancel_requests += 1
        if self._is_watched and self._loop is not None and not self.called:
            self._loop.call_soon(self._cancel_wait)
            return True
        return super().cancel(msg)

    def _cancel_wait(self) -> None:
        if not self.called:
            super().cancel()

    def cancelling(self) -> int:
        """Count the cancellations asked for and not taken back."""
        self._is_watched = True
        return self._cancel_requests

    def uncancel(self) -> int:
        """Take back one cancellation that was handled.

        Returns:
            How many are left.
        """
        self._cancel_requests = max(0, self._cancel_requests - 1)
        return self._cancel_requests

    def get_coro(self) -> Coroutine[Any, Any, T] | None:
        """Give the coroutine; None when it has ended."""
        coroutine: Coroutine[Any, Any, T] | None = self._generator
        return coroutine

    def get_context(self) -> Context:
        """Give the context the coroutine runs in."""
        return self._context

    def get_name(self) -> str:
        """Give the name, by default that of the coroutine function."""
        return self._name or str(getattr(self._generator, "__qualname__", "coroutine"))

    def set_name(self, value: object) -> None:
        """Give the task another name."""
        self._name = str(value)


def _ours(error: asyncio.CancelledError) -> Failure:
    """Make a failure of a cancellation, of our class in any case."""
    if isinstance(error, CancelledError):
        return caught(error, False)
    return Failure(CancelledError(*error.args).with_traceback(error.__traceback__))


def start(coro: Any) -> Deferred[Any]:
    """Run a coroutine, or a generator that waits by ``yield from``."""
    driver: Driver[Any]
    if coro.__class__ is CoroutineType or isinstance(coro, Coroutine):
        driver = _new(CoroutineDeferred)
    elif isinstance(coro, GeneratorType):
        driver = _new(InlineDeferred)
    else:
        raise NotACoroutineError(f"{coro!r} is not a coroutine")
    driver._take_on(coro)
    try:
        driver._resume(None)
        # It was as good as called from here; what resumes it now is mostly the loop.
        driver._is_nested = False
        return driver
    finally:
        del driver, coro


Deferred._start = staticmethod(start)


async def _result_of(awaitable: Awaitable[T]) -> T:
    return await awaitable


@overload
def ensureDeferred(coro: Deferred[T]) -> Deferred[T]: ...


@overload
def ensureDeferred(coro: Generator[Any, Any, T]) -> Deferred[T]: ...


@overload
def ensureDeferred(coro: Awaitable[T]) -> Deferred[T]: ...


def ensureDeferred(coro: Any) -> Deferred[Any]:
    """Make a Deferred of whatever can be awaited.

    Args:
        coro: A coroutine, which is run as by `Deferred.fromCoroutine`; a Deferred,
            which is given back; an asyncio future, or anything else with ``__await__``.

    Raises:
        NotACoroutineError: It is none of these.
    """
    if coro.__class__ is CoroutineType:
        return start(coro)
    if isinstance(coro, Deferred):
        return coro
    if isinstance(coro, Coroutine | Generator):
        return start(coro)
    if isinstance(coro, Awaitable):
        return start(_result_of(coro))
    raise NotACoroutineError(f"{coro!r} is not a coroutine or a Deferred")
