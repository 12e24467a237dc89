"""The one door from other threads into the reactor's.

Calls are put into a deque, which any thread may do, and the loop is woken only when
it has not been woken for this deque yet: a wake-up is a system call, an append is
not. Each call runs in the context (``contextvars``) it was made in.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from typing import Any

from sennit.core import log

__all__ = ["CallQueue"]

_Call = tuple[Context, Callable[..., object], tuple[Any, ...], dict[str, Any]]


def _nowhere(f: Callable[..., object]) -> None:
    """In the place of the loop's ``call_soon`` while there is no loop."""


class CallQueue:
    """Calls on their way into the loop's thread."""

    def __init__(self, onUnbound: Callable[[], object]) -> None:
        self._on_unbound = onUnbound
        # Appended to by any thread, emptied by the loop's alone.
        self._calls: deque[_Call] = deque()
        # Set by any thread, cleared by the loop's alone, which looks at the deque
        # once more after that: a call put in meanwhile is not forgotten.
        self._woken = False
        self._wake: Callable[..., object] | None = None
        self._soon: Callable[..., object] = _nowhere

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """Deliver to *loop* from now on, first what has waited for one."""
        self._wake = loop.call_soon_threadsafe
        self._soon = loop.call_soon
        self._woken = True
        self._wake(self._run)

    def unbind(self) -> None:
        """Keep the calls until there is another loop."""
        self._wake = None
        self._woken = False

    def put(self, f: Callable[..., object], *args: Any, **kw: Any) -> None:
        """Have ``f(*args, **kw)`` called in the loop's thread; from any thread."""
        self._calls.append((copy_context(), f, args, kw))
        if self._woken:
            return
        if self._wake is None:
            self._on_unbound()
        else:
            self._woken = True
            self._wake(self._run)

    def _run(self) -> None:
        calls = self._calls
        # Only what is there now: calls that make calls leave room for others.
        for _ in range(len(calls)):
            context, f, args, kw = calls.popleft()
            try:
                context.run(f, *args, **kw)
            except Exception:
                log.err(None, "a call from another thread has failed")
        self._woken = False
        if calls:
            self._woken = True
            self._soon(self._run)
