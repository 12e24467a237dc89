"""The loop that walks the chain of a Deferred, and the chains that wait for it.

A chain is one flat list. A plain callable in it is a callback; whatever concerns
failures too is a tuple of two, so that one of the two is called, None to
pass by. The list is there only while something is left to do, and it is walked in
place: what a callback adds to its own Deferred is met at the end of the same walk.

When a callback returns a Deferred that has no result yet, the outer one is paused and
the inner one is given a step that hands its result over. That step does not run the
outer chain: it returns a `Handover`, and the loop here goes on with the outer chain and
comes back to the inner one after. So the stack does not grow with the number of
Deferreds that wait for each other. (Rejected: to run the outer chain from the step,
which is recursion.)

An error that a step raises becomes a Failure here, and the frame of this loop is taken
off its traceback: the frame would hold the Deferred, which holds the failure, which
holds the traceback. Without that circle an unhandled error is reported at once, not at
the next garbage collection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from sennit.core.defer._debug import hold
from sennit.core.failure import Failure
from sennit.core.failure._special import Special

if TYPE_CHECKING:
    from sennit.core.defer._chain import Chain

__all__ = ["Handover", "Pair", "Sole", "Step", "Steps", "caught", "go", "run", "take"]

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


def take(inner: Chain[Any]) -> Any:
    """Take over the result of a Deferred that has one; None is left in its place."""
    result = inner.result
    inner.result = None
    if inner._info is not None:
        inner._info.failResult = None
    return result


def go(deferred: Chain[Any]) -> None:
    """Let the chain of a Deferred have its result: it is fired and not held up."""
    chain: Any = deferred._chain
    result = deferred.result
    failed = isinstance(result, Failure)
    if chain.__class__ is list:
        run(deferred, chain, result, failed)
        return
    deferred._chain = None
    if failed:
        if deferred._info is not None:
            deferred._info.failResult = None
        chain._resume_failed(result)
    else:
        chain._resume(result)


def run(current: Chain[Any], chain: Steps, result: Any, failed: bool) -> None:
    """Walk the chain of a Deferred that is fired, not held up and not being walked.

    Args:
        current: The Deferred.
        chain: Its chain.
        result: Its result.
        failed: Whether that is a Failure.
    """
    if failed and current._info is not None:
        current._info.failResult = None
    steps: Iterator[Any] = iter(chain)
    current._running = True
    # The inner chains whose walk goes on when the outer ones had their turn.
    interrupted: list[tuple[Chain[Any], Iterator[Any]]] | None = None
    while True:
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
            if not issubclass(result.__class__, Special):
                continue
            if isinstance(result, Failure):
                failed = True
            elif isinstance(result, Handover):
                outer = result.outer
                current.result = result = None
                outer.paused -= 1
                if not outer.paused:
                    if interrupted is None:
                        interrupted = []
                    interrupted.append((current, steps))
                    current = outer
                    current._running = True
                    steps = iter(current._chain or ())  # type: ignore[arg-type]
                    result = current.result
                    failed = isinstance(result, Failure)
                    break
            elif result is current:
                result = current.result = Failure(
                    RuntimeError("A callback returned the Deferred it was added to.")
                )
                failed = True
            elif result.called and not result.paused and result._chain is None:
                current.result = result = take(result)
                failed = isinstance(result, Failure)
            else:
                _wait(current, result, steps)
                if not interrupted:
                    return
                current, steps = interrupted.pop()
                result = None
                break
        else:
            current._chain = None
            current._running = False
            if failed and result is not current._told:
                hold(current, result)
            if not interrupted:
                return
            current, steps = interrupted.pop()
            result = None
            failed = False


def _wait(outer: Chain[Any], inner: Chain[Any], steps: Iterator[Any]) -> None:
    """Let `outer` wait for `inner`; only the steps that are still to come are kept."""
    chain: Steps = list(steps)
    outer._chain = chain or None
    outer._running = False
    outer.paused += 1
    handover = Handover(outer)
    inner._add((handover, handover))
