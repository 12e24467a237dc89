"""The loop that walks the chain of a Deferred, and the chains that wait for it.

A chain is one flat list. A plain callable in it is a callback; whatever concerns
failures too is a tuple of two, one of which is called; None passes the result by. The
list is there only while something is left to do, and it is walked in place: what a
callback adds to its own Deferred is met at the end of the same walk. (Mostly only one
coroutine waits: then its driver stands in the place of the list, see `Sole`.)

When a callback returns a Deferred that has no result yet, the outer one is paused and
the inner one is given a step that hands its result over. That step does not run the
outer chain: it returns a `Handover`, and the loop here goes on with the outer chain and
comes back to the inner one after. So the stack does not grow with the number of
Deferreds that wait for each other. (Rejected: to run the outer chain from the step,
which is recursion.)

An error that a step raises becomes a Failure here, and the frame of this loop is taken
off its traceback, being of no interest. A frame that is left over after an error holds
on to its callers, and all of them to their variables: Deferred, failure, traceback,
frame, Deferred would be a circle, and an unhandled error be reported only when the
garbage collector comes by. So here and in the methods that call this, the variables are
let go of at the end (``del self``). Where nobody else on the stack holds the Deferred,
as with coroutines and timers, its error is reported at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import Context, copy_context
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from sennit.core.defer._debug import hold
from sennit.core.failure import Failure
from sennit.core.failure._special import Special

if TYPE_CHECKING:
    from sennit.core.defer._chain import Chain

__all__ = ["Handover", "Pair", "Sole", "Step", "Steps", "caught", "go", "run", "within"]

Step: TypeAlias = Callable[[Any], Any]
"""Called with a result, returns the next."""

Pair: TypeAlias = tuple[Step | None, Step | None]
"""A callback and an errback; None passes the result by."""

Steps: TypeAlias = list[Step | Pair]
"""A chain: plain callbacks, and pairs of callback and errback."""


class Sole(Protocol):
    """A coroutine that is the only one to wait: it stands in the place of a chain."""

    def append(self, step: Step | Pair, /) -> None:
        """Put a list in its place, with its own steps and a further one."""
        ...

    def _resume(self, value: Any) -> Any: ...

    def _resume_failed(self, failure: Failure) -> Any: ...


class Handover(Special):
    """The step that ends a wait, and what it returns: go on with the outer chain."""

    __slots__ = ("outer",)

    def __init__(self, outer: Chain[Any]) -> None:
        self.outer = outer

    def __call__(self, result: object) -> Handover:
        self.outer.result = result
        return self


def caught(error: BaseException, captureVars: bool) -> Failure:
    """Make a failure of an error caught in the calling frame, which is left out."""
    tb = error.__traceback__
    if tb is not None and tb.tb_next is not None:
        error.__traceback__ = tb.tb_next
    return Failure(error, None, None, captureVars)


def go(deferred: Any) -> None:
    """Let the chain of a Deferred have its result: it is fired and not held up."""
    chain = deferred._chain
    result = deferred.result
    failed = isinstance(result, Failure)
    if chain.__class__ is list:
        if deferred._within is None:
            run(deferred, chain, result, failed)
        else:
            # A copy: the context itself may be entered somewhere up the stack.
            deferred._within.copy().run(run, deferred, chain, result, failed)
    else:
        deferred._chain = None
        if failed:
            if deferred._info is not None:
                deferred._info.failResult = None
            chain._resume_failed(result)
        else:
            chain._resume(result)
    del deferred, chain, result


def run(current: Any, chain: Any, result: Any, failed: bool) -> None:
    """Walk the chain of a Deferred that is fired, not held up and not being walked.

    Args:
        current: The Deferred.
        chain: Its chain, a list.
        result: Its result.
        failed: Whether that is a Failure.
    """
    if failed and current._info is not None:
        current._info.failResult = None
    steps = iter(chain)
    step: Any = None
    current._running = True
    # The inner chains whose walk goes on when the outer ones had their turn.
    interrupted: _Interrupted | None = None
    while current is not None:
        for step in steps:
            if step.__class__ is tuple:
                step = step[1] if failed else step[0]
                if step is None:
                    continue
            elif failed:
                continue
            try:
                current.result = result = step(result)
            except BaseException as error:
                current.result = result = caught(error, current.debug)
                failed = True
                continue
            failed = False
            if issubclass(result.__class__, Special):
                if isinstance(result, Failure):
                    failed = True
                    continue
                if interrupted is None:
                    interrupted = []
                current, steps = _divert(current, steps, result, interrupted)
                result = None if current is None else current.result
                failed = isinstance(result, Failure)
                break
        else:
            current._chain = None
            current._running = False
            if failed and result is not current._told:
                hold(current, result)
            if interrupted:
                current, steps = interrupted.pop()
                result = None
                failed = False
            else:
                if failed:
                    del current, chain, steps, step, result
                return


_Interrupted: TypeAlias = list[tuple["Chain[Any]", Iterator[Any]]]


def _divert(
    current: Any, steps: Iterator[Any], met: Any, interrupted: _Interrupted
) -> tuple[Any, Iterator[Any]]:
    """Go on after a step has returned a Deferred, or ended a wait.

    Returns:
        The Deferred whose chain is walked now, None if none can be, and its steps.
    """
    if met.__class__ is Handover:
        outer: Any = met.outer
        current.result = None
        outer.paused -= 1
        if not outer.paused:
            interrupted.append((current, steps))
            outer._running = True
            return outer, _steps_within(outer)
    elif met is current:
        current.result = Failure(
            RuntimeError("A callback returned the Deferred it was added to.")
        )
    elif met.called and not met.paused and met._chain is None:
        current.result = _taken(met)
    else:
        current._chain = list(steps) or None
        current._running = False
        current.paused += 1
        handover = Handover(current)
        met._add((handover, handover))
        return interrupted.pop() if interrupted else (None, steps)
    return current, steps


def _steps_within(outer: Any) -> Iterator[Any]:
    """What is left of a chain, to be walked in its own context by another's walk."""
    steps = iter(outer._chain or ())
    context = outer._within
    if context is None or copy_context() == context:
        return steps
    return (within(context.copy(), step) for step in steps)


def within(context: Context, step: Any) -> Any:
    """Bind a step to a context."""
    if step.__class__ is not tuple:
        return partial(context.run, step)
    callback, errback = step
    return (
        callback and partial(context.run, callback),
        errback and partial(context.run, errback),
    )


def _taken(inner: Chain[Any]) -> Any:
    """Take over the result of a Deferred that has one; None is left in its place."""
    result = inner.result
    inner.result = None
    if inner._info is not None:
        inner._info.failResult = None
    return result
