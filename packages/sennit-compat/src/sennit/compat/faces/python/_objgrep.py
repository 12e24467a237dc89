"""Search for an object inside of others: a tool for who debugs."""

from __future__ import annotations

import sys
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

__all__ = [
    "findInstances",
    "isLike",
    "isOfType",
    "isSame",
    "modgrep",
    "objgrep",
]

# What holds nothing that is worth a search.
PLAIN = (
    str,
    bytes,
    int,
    float,
    complex,
    type(None),
    type,
    BuiltinFunctionType,
    FunctionType,
)


def isSame(a: object, b: object) -> bool:
    """Whether two objects are one."""
    return a is b


def isLike(a: object, b: object) -> bool:
    """Whether two objects are equal."""
    return bool(a == b)


def isOfType(start: object, goal: object) -> bool:
    """Whether an object is of exactly this class."""
    return type(start) is goal


def objgrep(
    start: object,
    goal: object,
    eq: Callable[[Any, Any], bool] = isLike,
    path: str = "",
    paths: list[str] | None = None,
    seen: dict[int, object] | None = None,
    showUnknowns: bool | int = 0,
    maxDepth: int | None = None,
) -> list[str]:
    """Find the ways that lead from one object to another.

    Args:
        start: Where to begin.
        goal: What to find.
        eq: Called with an object and the goal: whether this is it.
        path: How the start is written in the answer.
        paths: The answer is added to these.
        seen: Objects not to look into, by ``id``; those looked into are added.
        showUnknowns: Whether to print which kinds of object were not looked into.
        maxDepth: How many steps to go.

    Returns:
        The ways, as in ``.users['joe'][2]``; ``{value}`` leads to the key of a value.
    """
    found = [] if paths is None else paths
    looked = {} if seen is None else seen
    # A stack of our own: objects may be linked more deeply than calls may be nested.
    ahead = [(start, path, 0)]
    while ahead:
        thing, way, depth = ahead.pop()
        if eq(thing, goal):
            found.append(way)
        if id(thing) in looked or depth == maxDepth:
            continue
        # Kept, so that its id is not given to another one meanwhile.
        looked[id(thing)] = thing
        inside = [(each, way + step, depth + 1) for step, each in _inside(thing)]
        if not inside and showUnknowns and not isinstance(thing, PLAIN):
            sys.stdout.write(f"nothing to look into: {way} is {type(thing)}\n")
        ahead.extend(reversed(inside))
    return found


def _inside(thing: Any) -> Iterator[tuple[str, object]]:
    """What an object holds, and the step that leads there."""
    if isinstance(thing, dict):
        for key, value in list(thing.items()):
            yield f"[{key!r}]", value
            yield f"{{{value!r}}}", key
    elif isinstance(thing, list | tuple | deque):
        for place, each in enumerate(list(thing)):
            yield f"[{place}]", each
    elif isinstance(thing, MethodType):
        yield ".__self__", thing.__self__
        yield ".__func__", thing.__func__
    elif isinstance(thing, weakref.ref):
        yield "()", thing()
    elif not isinstance(thing, PLAIN):
        for name, value in list(getattr(thing, "__dict__", {}).items()):
            yield f".{name}", value


def findInstances(start: object, t: type[object]) -> list[str]:
    """Find the ways that lead to objects of exactly this class."""
    return objgrep(start, t, isOfType)


def modgrep(goal: object) -> list[str]:
    """Find the ways that lead to an object from the imported modules."""
    return objgrep(sys.modules, goal, isLike, "sys.modules")
