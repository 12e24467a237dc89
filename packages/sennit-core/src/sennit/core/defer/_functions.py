"""Deferreds that are fired already, and calls whose outcome becomes a Deferred."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Coroutine
from types import CoroutineType
from typing import Any, ParamSpec, TypeVar, overload

from sennit.core import log
from sennit.core.defer._debug import debugging
from sennit.core.defer._deferred import Deferred
from sennit.core.defer._errors import TimeoutError
from sennit.core.failure import Failure

__all__ = [
    "execute",
    "fail",
    "logError",
    "maybeDeferred",
    "passthru",
    "succeed",
    "timeout",
]

T = TypeVar("T")
P = ParamSpec("P")

_new = object.__new__


def succeed(result: T) -> Deferred[T]:
    """Make a Deferred that has its result."""
    if debugging.on:
        deferred: Deferred[T] = Deferred()
    else:
        # Past ``__init__``, whose call costs as much as all the rest of this.
        deferred = _new(Deferred)
        deferred.paused = 0
        deferred._chain = None
    deferred.called = True
    deferred.result = result
    return deferred


def fail(result: Failure | BaseException | None = None) -> Deferred[Any]:
    """Make a Deferred that has failed.

    Args:
        result: A Failure or an exception; the one being handled if omitted.
    """
    deferred: Deferred[Any] = Deferred()
    deferred.errback(result)
    return deferred


def execute(callable: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Deferred[T]:
    """Call a function and make a Deferred of what it returns or raises."""
    try:
        result = callable(*args, **kwargs)
    except BaseException:
        return fail()
    return succeed(result)


@overload
def maybeDeferred(
    f: Callable[P, Deferred[T]], *args: P.args, **kwargs: P.kwargs
) -> Deferred[T]: ...


@overload
def maybeDeferred(
    f: Callable[P, Coroutine[Any, Any, T]], *args: P.args, **kwargs: P.kwargs
) -> Deferred[T]: ...


@overload
def maybeDeferred(
    f: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> Deferred[T]: ...


def maybeDeferred(f: Callable[..., Any], *args: Any, **kwargs: Any) -> Deferred[Any]:
    """Call a function that may return a Deferred, or may not.

    Args:
        f: The function.
        args: Its arguments.
        kwargs: Its keyword arguments.

    Returns:
        The Deferred it returned; that of the coroutine it returned; else one that has
        fired with what it returned or raised.
    """
    try:
        result = f(*args, **kwargs)
    except BaseException:
        return fail()
    if isinstance(result, Deferred):
        return result
    if isinstance(result, Failure):
        return fail(result)
    if isinstance(result, CoroutineType):
        return Deferred.fromCoroutine(result)
    return succeed(result)


def passthru(arg: T) -> T:
    """Give back what was given: a callback that changes nothing."""
    return arg


def logError(err: Failure) -> Failure:
    """Log a failure and give it back: an errback that only looks."""
    log.err(err, None)
    return err


def timeout(deferred: Deferred[Any]) -> None:
    """Fail a Deferred with `TimeoutError`: use `Deferred.addTimeout` instead."""
    warnings.warn(
        "sennit.core.defer.timeout is deprecated; use Deferred.addTimeout instead",
        DeprecationWarning,
        stacklevel=2,
    )
    deferred.errback(TimeoutError("Callback timed out"))
