"""Which functions wait."""

from __future__ import annotations

import inspect
from collections.abc import Callable

__all__ = ["isAsynchronous"]


def isAsynchronous(function: Callable[..., object]) -> bool:
    """Whether a function waits when called: it has to be called in a running loop.

    It is a coroutine function, an asynchronous generator, or decorated with
    ``inlineCallbacks``: no generator function, but a generator function within.
    """
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        return True
    inner = inspect.unwrap(function)
    return (
        inner is not function
        and inspect.isgeneratorfunction(inner)
        and not inspect.isgeneratorfunction(function)
    )
