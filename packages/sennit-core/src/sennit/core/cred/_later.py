"""Calls of what others wrote: it may answer at once, or later, in any way there is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any, TypeVar

from sennit.core.defer import Deferred, ensureDeferred, maybeDeferred

__all__ = ["call"]

T = TypeVar("T")


def call(f: Callable[..., T | Awaitable[T]], *args: Any) -> Deferred[T]:
    """Call a function that returns a value, or what can be awaited for one.

    No awaitable may slip through for a value: each would pass for a "yes".
    """
    called: Deferred[Any] = maybeDeferred(f, *args)
    return called.addCallback(_settle)


def _settle(result: Any) -> Any:
    return ensureDeferred(_wait(result)) if isawaitable(result) else result


async def _wait(result: Awaitable[T]) -> T:
    return await result
