"""Functions that wait by ``yield``: each is a generator, each wait a yielded Deferred.

What is yielded comes back as its result: a Deferred, a coroutine or an asyncio future
is waited for, a Failure is raised at the ``yield``, and any other object comes back as
it is. The result of a yielded Deferred is taken: None is left of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from functools import wraps
from types import CoroutineType, GeneratorType
from typing import Any, NoReturn, ParamSpec, TypeVar

from sennit.core.defer._debug import hold
from sennit.core.defer._deferred import Deferred
from sennit.core.defer._driver import PENDING, Driver
from sennit.core.defer._future import exceptionFor
from sennit.core.defer._loop import caught
from sennit.core.failure import Failure

__all__ = ["InlineDeferred", "inlineCallbacks", "returnValue"]

T = TypeVar("T")
P = ParamSpec("P")

_new = object.__new__


class _Return(BaseException):
    """Carries the value of `returnValue` out of its generator."""


def returnValue(val: object) -> NoReturn:
    """End a function decorated with `inlineCallbacks`: the old form of ``return val``."""
    raise _Return(val)


class InlineDeferred(Driver[T]):
    """The Deferred of a generator that waits by ``yield``."""

    __slots__ = ()

    def _advance(self, value: Any, failure: Failure | None = None) -> Any:
        """Resume the generator with a value or a failure until it waits or ends.

        Returns:
            `PENDING`, or the outcome.
        """
        generator = self._generator
        send = generator.send
        try:
            while True:
                if failure is None:
                    yielded = send(value)
                else:
                    yielded = generator.throw(exceptionFor(failure, exactly=False))
                    failure = None
                if yielded.__class__ is not Deferred and (
                    not isinstance(yielded, Deferred)
                ):
                    yielded = _as_deferred(yielded)
                    if isinstance(yielded, Failure):
                        failure = yielded
                        continue
                    if not isinstance(yielded, Deferred):
                        value = yielded
                        continue
                if yielded._chain is None and yielded.called and not yielded.paused:
                    value = yielded.result
                    yielded.result = None
                    if issubclass(value.__class__, Failure):
                        failure = value
                        if yielded._info is not None:
                            yielded._info.failResult = None
                else:
                    yielded._asyncio_future_blocking = None
                    self._wait_for(yielded)
                    return PENDING
        except StopIteration as stop:
            return stop.value
        except _Return as returned:
            return returned.args[0]
        except BaseException as error:
            return caught(error, self.debug)
        finally:
            del self

    def _resume(self, value: Any, failure: Failure | None = None) -> Any:
        waited = self._waiter
        self._waiter = None
        if waited is not None:
            waited.result = None
        outcome = self._context.run(self._advance, value, failure)
        if outcome is not PENDING:
            self._finish(outcome)
        del self, value, failure, waited, outcome

    def _resume_failed(self, failure: Failure) -> Any:
        self._resume(None, failure)


def _as_deferred(yielded: Any) -> Any:
    """Make a Deferred of what can be waited for; leave all else as it is."""
    if isinstance(yielded, CoroutineType):
        return Deferred.fromCoroutine(yielded)
    if asyncio.isfuture(yielded):
        return Deferred.fromFuture(yielded)
    return yielded


def inlineCallbacks(
    f: Callable[P, Generator[Any, Any, T]],
) -> Callable[P, Deferred[T]]:
    """Let a generator function wait by ``yield deferred`` and return a Deferred.

    Args:
        f: The generator function; what it returns is the result of the Deferred.

    Returns:
        A function with the same arguments. It raises TypeError when `f` turns out to
        be no generator function.
    """

    @wraps(f)
    def start(*args: P.args, **kwargs: P.kwargs) -> Deferred[T]:
        try:
            generator = f(*args, **kwargs)
        except _Return:
            raise TypeError(
                f"inlineCallbacks requires {f!r} to produce a generator;"
                " instead caught returnValue being used in a non-generator"
            ) from None
        if generator.__class__ is not GeneratorType and not (
            isinstance(generator, Generator)
        ):
            raise TypeError(
                f"inlineCallbacks requires {f!r} to produce a generator;"
                f" instead got {generator!r}"
            )
        deferred: InlineDeferred[T] = _new(InlineDeferred)
        deferred._take_on(generator)
        outcome: Any = PENDING
        try:
            outcome = deferred._context.run(deferred._advance, None)
            if outcome is not PENDING:
                deferred._generator = None
                deferred.called = True
                deferred.result = outcome
                if issubclass(outcome.__class__, Failure):
                    hold(deferred, outcome)
            return deferred
        finally:
            del deferred, generator, outcome

    return start
