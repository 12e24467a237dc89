"""From the reactor's thread into others and back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

import sennit.core
from sennit.core.defer import Deferred, maybeDeferred
from sennit.core.failure import Failure
from sennit.core.threadpool import ThreadPool

if TYPE_CHECKING:
    from sennit.core.contracts import IReactorFromThreads

__all__ = [
    "blockingCallFromThread",
    "callMultipleInThread",
    "deferToThread",
    "deferToThreadPool",
]

_A = ParamSpec("_A")
_R = TypeVar("_R")


def deferToThreadPool(
    reactor: IReactorFromThreads,
    threadpool: ThreadPool,
    f: Callable[_A, _R],
    *args: _A.args,
    **kwargs: _A.kwargs,
) -> Deferred[_R]:
    """Call something in a thread of a pool of your own.

    It is called in a copy of the context (``contextvars``) of now; what it sets there
    is gone with it.

    Args:
        reactor: Where the Deferred is to fire.
        threadpool: The pool.
        f: What is called.
        *args: For the call.
        **kwargs: For the call.

    Returns:
        A Deferred of the result. To cancel it does not stop the call, whose result
        is dropped.
    """
    done: Deferred[_R] = Deferred()

    def told(success: bool, result: _R | Failure) -> None:
        reactor.callFromThread(_fire, done, result)

    threadpool.callInThreadWithCallback(told, f, *args, **kwargs)
    return done


def _fire(done: Deferred[_R], result: _R | Failure) -> None:
    if isinstance(result, Failure):
        done.errback(result)
    else:
        done.callback(result)


def deferToThread(
    f: Callable[_A, _R], *args: _A.args, **kwargs: _A.kwargs
) -> Deferred[_R]:
    """Call something in a thread of the reactor's pool.

    Args:
        f: What is called.
        *args: For the call.
        **kwargs: For the call.

    Returns:
        A Deferred as that of `deferToThreadPool`.
    """
    reactor = sennit.core.reactor
    return deferToThreadPool(reactor, reactor.getThreadPool(), f, *args, **kwargs)


def callMultipleInThread(
    tupleList: Iterable[tuple[Callable[..., object], Sequence[Any], Mapping[str, Any]]],
) -> None:
    """Call several things in one thread of the reactor's pool, one after another.

    An error is logged, and ends the row.

    Args:
        tupleList: Of each call the function, its positional and its keyword arguments.
    """
    sennit.core.reactor.callInThread(_call_all, list(tupleList))


def _call_all(
    calls: Iterable[tuple[Callable[..., object], Sequence[Any], Mapping[str, Any]]],
) -> None:
    for f, args, kw in calls:
        f(*args, **kw)


@overload
def blockingCallFromThread(
    reactor: IReactorFromThreads,
    f: Callable[_A, Deferred[_R]] | Callable[_A, Coroutine[Any, Any, _R]],
    *a: _A.args,
    **kw: _A.kwargs,
) -> _R: ...


@overload
def blockingCallFromThread(
    reactor: IReactorFromThreads,
    f: Callable[_A, _R],
    *a: _A.args,
    **kw: _A.kwargs,
) -> _R: ...


def blockingCallFromThread(
    reactor: IReactorFromThreads, f: Callable[..., Any], *a: Any, **kw: Any
) -> Any:
    """Call something in the reactor's thread from another, and wait for its result.

    Args:
        reactor: The reactor.
        f: What is called; perhaps a coroutine function, or one that returns a Deferred:
            that is waited for.
        *a: For the call.
        **kw: For the call.

    Returns:
        The result.

    Raises:
        BaseException: What the call, or its Deferred, has failed with; its traceback
            leads to where it was raised.
        RuntimeError: When this is the reactor's own thread, which would wait for ever.
    """
    if _runs_here(reactor):
        raise RuntimeError("the reactor's own thread would wait for itself, for ever")
    results: SimpleQueue[Any] = SimpleQueue()

    def call() -> None:
        maybeDeferred(f, *a, **kw).addBoth(results.put)

    reactor.callFromThread(call)
    result = results.get()
    if isinstance(result, Failure):
        result.raiseException()
    return result


def _runs_here(reactor: IReactorFromThreads) -> bool:
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return False
    return getattr(reactor, "loop", None) is loop
