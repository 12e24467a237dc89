"""Nodes written as source: one item a line, two spaces for each bracket that is open."""

from __future__ import annotations

from collections.abc import Iterable
from keyword import iskeyword
from typing import Any

from sennit.compat.faces.persisted.aot._nodes import (
    Copyreg,
    Deref,
    Instance,
    InstanceMethod,
    Named,
    Ref,
)

__all__ = ["getSource"]


def getSource(ao: Any) -> str:
    """The source of nodes and literals: ``app=`` and an expression."""
    return f"app={_expression(ao, 1)}"


def _line(depth: int) -> str:
    return "\n" + "  " * depth


def _items(opening: str, items: Iterable[str], closing: str, depth: int) -> str:
    """Items in brackets, each at a depth, in a line of its own."""
    lines = "".join(f"{_line(depth)}{each}," for each in items)
    return f"{opening}{lines}{_line(depth) if lines else ''}{closing}"


def _expression(node: Any, depth: int) -> str:
    """The expression of a node; a bracket that it opens has this depth."""
    if isinstance(node, Named):
        return f"{type(node).__name__}({node.name!r})"
    if isinstance(node, Instance):
        return f"Instance({node.klass!r},{_state(node.state, depth)})"
    if isinstance(node, InstanceMethod):
        owner = _expression(node.instance, depth + 1)
        return f"InstanceMethod({node.name!r},{node.klass!r},{_line(depth)}{owner})"
    if isinstance(node, Copyreg):
        return f"Copyreg({node.loadfunc!r},{_expression(node.state, depth + 1)})"
    if isinstance(node, Ref):
        if node.refnum is None:
            return _expression(node.obj, depth)
        return f"Ref({node.refnum},{_line(depth)}{_expression(node.obj, depth + 1)})"
    if isinstance(node, Deref):
        return repr(node)
    return _container(node, depth)


def _container(node: Any, depth: int) -> str:
    if isinstance(node, dict):
        pairs = (
            f"{_expression(key, depth + 1)}:{_expression(value, depth + 1)}"
            for key, value in node.items()
        )
        return _items("{", pairs, "}", depth)
    if isinstance(node, set):
        return f"set({_container(list(node), depth + 1)})"
    if isinstance(node, list | tuple):
        opening, closing = "[]" if isinstance(node, list) else "()"
        return _items(
            opening, (_expression(each, depth + 1) for each in node), closing, depth
        )
    return repr(node)


def _state(state: Any, depth: int) -> str:
    """The state of an object: attributes, if they can be written as keywords."""
    if isinstance(state, dict) and state and all(map(_is_keyword, state)):
        return "".join(
            f"{_line(depth)}{name}={_expression(value, depth + 1)},"
            for name, value in state.items()
        )
    return _expression(state, depth + 1)


def _is_keyword(name: Any) -> bool:
    return isinstance(name, str) and name.isidentifier() and not iskeyword(name)
