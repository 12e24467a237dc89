"""The Deferred of a function that waits: it drives the function's generator itself.

A coroutine in flight *is* a Deferred: one object holds the generator, what it waits for
and what waits for it. The rules that both kinds of generator share:

* The first step and all that follow run in one copy of the context the function was
  called in.
* A Deferred that has its result is not waited for: the generator goes on.
* Mostly nobody but one coroutine waits for a Deferred. Then the driver itself stands in
  the place of the chain, and is resumed by the firing without any list being made or
  walked. As soon as something else is added, a list with its two steps takes that place.
* The generator is advanced outside of any ``except`` clause, so that what it raises has
  no false context.
* Cancelling goes to what is waited for, and the outcome of that into the generator,
  which may go on: so cancelling does not by itself fire this Deferred.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop
from contextvars import Context, copy_context
from typing import Any, TypeVar

from sennit.core import log
from sennit.core.defer._debug import debugging
from sennit.core.defer._deferred import Deferred
from sennit.core.defer._errors import AlreadyCalledError
from sennit.core.defer._loop import Pair, Step
from sennit.core.failure import Failure

__all__ = ["PENDING", "Driver"]

T = TypeVar("T")

PENDING: Any = object()
"""What advancing a generator gives when it waits again."""


class Driver(Deferred[T]):
    """The Deferred that fires with what a generator returns."""

    __slots__ = (
        "_context",
        "_generator",
        "_is_nested",
        "_loop",
        "_must_cancel",
        "_waiter",
    )

    _generator: Any
    _context: Context
    # What the generator waits for; None while it runs.
    _waiter: Any
    # Whether to cancel what is waited for next: cancelled while the generator ran.
    _must_cancel: bool
    # The loop of asyncio that runs it, and whether it may be resumed by another task:
    # at the beginning it mostly is.
    _loop: AbstractEventLoop | None
    _is_nested: bool

    def _take_on(self, generator: Any) -> None:
        """Begin to be, without ``__init__``: its call costs as much as all it does."""
        self.called = False
        self.paused = 0
        self._chain = None
        self._generator = generator
        self._context = copy_context()
        self._waiter = None
        self._must_cancel = False
        self._loop = None
        self._is_nested = True
        if debugging.on:
            self.__init__()  # type: ignore[misc]

    def _resume(self, value: Any, failure: Failure | None = None) -> Any:
        """Begin, or go on with what was waited for.

        Returns:
            What is to be the result of what was waited for.
        """
        raise NotImplementedError  # pragma: no cover

    def _resume_failed(self, failure: Failure) -> Any:
        """Go on, what was waited for having failed."""
        raise NotImplementedError  # pragma: no cover

    def _wait_for(self, deferred: Deferred[Any]) -> None:
        """Be resumed by a Deferred that has no result yet."""
        self._waiter = deferred
        chain = deferred._chain
        if chain is not None:
            chain.append((self._resume, self._resume_failed))
        elif deferred.called:
            deferred._chain = [(self._resume, self._resume_failed)]
            deferred._within = None
        else:
            deferred._chain = self
        if self._must_cancel:
            self._must_cancel = False
            deferred.cancel()

    def append(self, step: Step | Pair) -> None:
        """Give way to a list: what is waited for has a further step."""
        self._waiter._within = None
        self._waiter._chain = [(self._resume, self._resume_failed), step]

    def _finish(self, outcome: Any) -> None:
        self._generator = None
        try:
            self.callback(outcome)
        except AlreadyCalledError:
            log.err(None, f"{self!r} was fired by another than its coroutine")

    def cancel(self, msg: object = None) -> bool:
        """Cancel what the function waits for; it may handle that and go on.

        Returns:
            Whether it had not ended yet.
        """
        if self.called:
            return super().cancel(msg)
        if self._waiter is None or not self._waiter.cancel():
            self._must_cancel = True
        return True
