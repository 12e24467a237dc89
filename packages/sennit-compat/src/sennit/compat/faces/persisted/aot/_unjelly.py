"""From nodes to objects.

An object may be wanted before it is there: by itself, or by one of its parts. Whoever
wants it says where it belongs, and it is put there, at once or when it has been made.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MethodType
from typing import Any

from sennit.compat.faces.persisted.aot._nodes import (
    Copyreg,
    Deref,
    Instance,
    InstanceMethod,
    Named,
    Ref,
)
from sennit.compat.faces.python.reflect import namedAny

__all__ = ["AOTUnjellier"]


class AOTUnjellier:
    """Makes objects of nodes."""

    def __init__(self) -> None:
        self._refs: dict[int, Any] = {}
        # What is to be done with an object once it is there, by its number.
        self._waiting: dict[int, list[Callable[[Any], object]]] = {}
        self._last: list[Callable[[], object]] = []

    def unjelly(self, ao: Any) -> Any:
        """The object that nodes and literals stand for.

        Raises:
            TypeError: A class has no such method any more.
            ValueError: A number is of no object.
        """
        made: list[Any] = []
        self._put(ao, made.append)
        if self._waiting:
            numbers = ", ".join(map(str, self._waiting))
            raise ValueError(f"there are no objects of the numbers {numbers}")
        while self._last:
            self._last.pop(0)()
        return made[0]

    def _put(self, node: Any, place: Callable[[Any], object]) -> None:
        """Make what a node stands for, and put it where it belongs, now or later."""
        if isinstance(node, Deref):
            if node.refnum in self._refs:
                place(self._refs[node.refnum])
            else:
                self._waiting.setdefault(node.refnum, []).append(place)
        elif isinstance(node, Ref):
            self._make(node.obj, lambda made: self._made(node.refnum, made, place))
        else:
            self._make(node, place)

    def _made(
        self, number: int | None, made: Any, place: Callable[[Any], object]
    ) -> None:
        if number is None:
            place(made)
            return
        self._refs[number] = made
        place(made)
        for each in self._waiting.pop(number, ()):
            each(made)

    def _make(self, node: Any, place: Callable[[Any], object]) -> None:
        if isinstance(node, Named):
            place(namedAny(node.name))
        elif isinstance(node, Instance):
            self._instance(node, place)
        elif isinstance(node, InstanceMethod):
            function = _method(node)
            self._put(node.instance, lambda made: place(MethodType(function, made)))
        elif isinstance(node, Copyreg):
            self._copyreg(node, place)
        elif isinstance(node, list):
            items: list[Any] = [None] * len(node)
            place(items)
            for at, each in enumerate(node):
                self._put(each, lambda made, at=at: items.__setitem__(at, made))  # type: ignore[misc]
        elif isinstance(node, dict):
            self._dict(node, place)
        elif isinstance(node, tuple | set):
            self._frozen(node, place)
        else:
            place(node)

    def _dict(self, node: dict[Any, Any], place: Callable[[Any], object]) -> None:
        made: dict[Any, Any] = {}
        place(made)
        for key, value in node.items():
            self._put(
                key,
                lambda k, value=value: self._put(  # type: ignore[misc]
                    value, lambda v: made.__setitem__(k, v)
                ),
            )

    def _frozen(
        self, node: tuple[Any, ...] | set[Any], place: Callable[[Any], object]
    ) -> None:
        """A tuple or set is made when all its items are there."""
        items: dict[int, Any] = {}
        size = len(node)

        def arrived(at: int, made: Any) -> None:
            items[at] = made
            if len(items) == size:
                place(type(node)(items[each] for each in range(size)))

        if not size:
            place(type(node)())
        for at, each in enumerate(node):
            self._put(each, lambda made, at=at: arrived(at, made))  # type: ignore[misc]

    def _copyreg(self, node: Copyreg, place: Callable[[Any], object]) -> None:
        """What a function makes is made when its arguments have all their items."""
        load, arrived = namedAny(node.loadfunc), []
        complete = False

        def arrive(arguments: Any) -> None:
            if complete:
                place(load(*arguments))
            else:
                arrived.append(arguments)

        self._put(node.state, arrive)
        complete = True
        for arguments in arrived:
            place(load(*arguments))

    def _instance(self, node: Instance, place: Callable[[Any], object]) -> None:
        kind = namedAny(node.klass)
        made = kind.__new__(kind)
        place(made)

        def set_state(found: Any) -> None:
            if hasattr(made, "__setstate__"):
                self._last.append(lambda: made.__setstate__(found))
            elif found is not None:
                self._last.append(lambda: vars(made).update(found))

        self._put(node.state, set_state)


def _method(node: InstanceMethod) -> Any:
    function = getattr(namedAny(node.klass), node.name, None)
    if function is None:
        raise TypeError(f"{node.klass} has no method {node.name} any more")
    return function
