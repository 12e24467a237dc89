"""From objects to nodes."""

from __future__ import annotations

import copyreg
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from sennit.compat.faces.persisted.aot._nodes import (
    Class,
    Copyreg,
    Deref,
    Function,
    Instance,
    InstanceMethod,
    Module,
    Ref,
)
from sennit.compat.faces.python.reflect import qual

__all__ = ["AOTJellier"]

_LITERALS = (type(None), bool, int, float, complex, str, bytes)
_SHARED = (list, tuple, dict, set)


class AOTJellier:
    """Makes nodes of objects, of which some may be parts of others, or of themselves."""

    def __init__(self) -> None:
        # By identity: the node of an object, kept with it so that it stays alive.
        self._seen: dict[int, tuple[Ref, Any]] = {}
        self._numbers = 0

    def jelly(self, obj: Any) -> Any:
        """Nodes and literals that stand for an object.

        Raises:
            TypeError: Nothing can stand for a part of it.
        """
        return self.jellyToAO(obj)

    def jellyToAO(self, obj: Any) -> Any:
        """Nodes and literals that stand for an object, perhaps one of those before.

        Raises:
            TypeError: Nothing can stand for a part of it.
        """
        if type(obj) in _LITERALS:
            return obj
        named = _named(obj)
        if named is not None:
            return named
        known = self._seen.get(id(obj))
        if known is not None:
            return Deref(self._number(known[0]))
        ref = Ref()
        self._seen[id(obj)] = ref, obj
        ref.setObj(self._parts(obj))
        return ref

    def _number(self, ref: Ref) -> int:
        if ref.refnum is None:
            self._numbers += 1
            ref.setRef(self._numbers)
        number = ref.refnum
        assert number is not None
        return number

    def _parts(self, obj: Any) -> Any:
        kind = type(obj)
        if kind is dict:
            return {self.jellyToAO(k): self.jellyToAO(v) for k, v in obj.items()}
        if kind in _SHARED:
            return kind(map(self.jellyToAO, obj))
        if kind is MethodType:
            owner = obj.__self__
            return InstanceMethod(
                obj.__name__, qual(type(owner)), self.jellyToAO(owner)
            )
        reduce: Any = copyreg.dispatch_table.get(kind)
        if reduce is None and not hasattr(obj, "__dict__"):
            reduce = kind.__reduce__
            if reduce is object.__reduce__:
                raise TypeError(f"there is no source for {obj!r}")
        if reduce is not None:
            return self._reduced(obj, reduce(obj))
        state = obj.__getstate__() if hasattr(obj, "__getstate__") else vars(obj)
        return Instance(qual(kind), self._state(state))

    def _state(self, state: Any) -> Any:
        """What stands for an object's state: it belongs to that object alone."""
        if type(state) is dict:
            return {self.jellyToAO(k): self.jellyToAO(v) for k, v in state.items()}
        return self.jellyToAO(state)

    def _reduced(self, obj: Any, made: Any) -> Any:
        if isinstance(made, str):
            # The only one of its kind, by its name.
            return Function(f"{type(obj).__module__}.{made}")
        function, arguments = made[:2]
        return Copyreg(self.jellyToAO(function).name, self.jellyToAO(arguments))


def _named(obj: Any) -> Class | Function | Module | None:
    if isinstance(obj, type):
        return Class(qual(obj))
    if isinstance(obj, ModuleType):
        return Module(obj.__name__)
    if isinstance(obj, FunctionType | BuiltinFunctionType):
        return Function(f"{obj.__module__}.{obj.__qualname__}")
    return None
