"""``twisted.python.context``: values that calls see, without being handed them.

Kept in a `contextvars.ContextVar`, so they follow Deferreds, timers and threads. What
the log knows of the moment can be asked for here too, by the key `ILogContext`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from sennit.core import log

__all__ = [
    "ContextTracker",
    "ILogContext",
    "ThreadedContextTracker",
    "call",
    "defaultContextDict",
    "get",
    "setDefault",
    "theContextTracker",
]

P = ParamSpec("P")
R = TypeVar("R")

#: What `get` answers for keys that no call has set.
defaultContextDict: dict[object, Any] = {}


class ILogContext:
    """The key of what the log knows of the moment: ``system`` and other fields."""


# The values of each `call` around this one, those of the outer ones included.
_stack: ContextVar[tuple[dict[object, Any], ...]] = ContextVar(
    "_stack", default=(defaultContextDict,)
)


class ContextTracker:
    """The values that hold here."""

    @property
    def contexts(self) -> list[dict[object, Any]]:
        """The defaults, then the values of each `call` around, innermost last."""
        return list(_stack.get())

    def callWithContext(
        self,
        newContext: Mapping[object, Any],
        func: Callable[P, R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Call a function that sees these values, over those that hold already."""
        outer = _stack.get()
        values = dict(newContext)
        if len(outer) > 1:
            values = {**outer[-1], **values}
        token = _stack.set((*outer, values))
        try:
            return func(*args, **kwargs)
        finally:
            _stack.reset(token)

    def getContext(self, key: object, default: Any = None) -> Any:
        """The value of a key in the innermost call that sets it."""
        values = _stack.get()[-1]
        if key is ILogContext and key not in values:
            around = log.context.fields.get()
            return {"isError": 0, "system": log.context.system.get(), **around}
        return values[key] if key in values else defaultContextDict.get(key, default)


class ThreadedContextTracker(ContextTracker):
    """The same: each thread has its own values, or those it was started with."""

    def currentContext(self) -> ContextTracker:
        """The values of this thread."""
        return self


theContextTracker: ThreadedContextTracker = ThreadedContextTracker()


def call(
    ctx: Mapping[object, Any], func: Callable[P, R], *args: P.args, **kw: P.kwargs
) -> R:
    """Call a function that sees these values, over those that hold already."""
    return theContextTracker.callWithContext(ctx, func, *args, **kw)


def get(key: object, default: Any = None) -> Any:
    """The value of a key in the innermost call that sets it."""
    return theContextTracker.getContext(key, default)


def setDefault(key: object, value: Any) -> None:
    """Set what `get` answers for a key that no call has set."""
    defaultContextDict[key] = value
