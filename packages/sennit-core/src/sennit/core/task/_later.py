"""A result that comes after a while."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

from sennit.core.defer import Deferred, maybeDeferred

if TYPE_CHECKING:
    from sennit.core.contracts import IReactorTime

__all__ = ["deferLater"]

_A = ParamSpec("_A")
_T = TypeVar("_T")


@overload
def deferLater(clock: IReactorTime, delay: float) -> Deferred[None]: ...


@overload
def deferLater(clock: IReactorTime, delay: float, callable: None) -> Deferred[None]: ...


@overload
def deferLater(
    clock: IReactorTime,
    delay: float,
    callable: Callable[_A, Deferred[_T]] | Callable[_A, Coroutine[Any, Any, _T]],
    *args: _A.args,
    **kw: _A.kwargs,
) -> Deferred[_T]: ...


@overload
def deferLater(
    clock: IReactorTime,
    delay: float,
    callable: Callable[_A, _T],
    *args: _A.args,
    **kw: _A.kwargs,
) -> Deferred[_T]: ...


def deferLater(
    clock: IReactorTime,
    delay: float,
    callable: Callable[..., Any] | None = None,
    *args: Any,
    **kw: Any,
) -> Deferred[Any]:
    """Call something later; ``await deferLater(reactor, 1)`` waits for a second.

    Args:
        clock: The reactor, or another clock.
        delay: How much later, in seconds.
        callable: What is called, perhaps a coroutine function; None for nothing.
        *args: For the call.
        **kw: For the call.

    Returns:
        A Deferred of the call's result. To cancel it calls the call off.
    """
    done: Deferred[Any] = Deferred(lambda _: call.cancel())
    if callable is not None:
        done.addCallback(lambda _: maybeDeferred(callable, *args, **kw))
    call = clock.callLater(delay, done.callback, None)
    return done
