"""``twisted.persisted.crefutil``: what stands for an object that is not there yet."""

from __future__ import annotations

from typing import Any

__all__ = ["NotKnown"]


class NotKnown:
    """Stands for an object in containers; they get the object when it is there."""

    def __init__(self) -> None:
        self.dependants: list[tuple[Any, Any]] = []
        self.resolved: bool = False
        self.resolvedObject: Any = None

    def addDependant(self, mutableObject: Any, key: Any) -> None:
        """Have ``mutableObject[key]`` be the object, now or when it is there."""
        if self.resolved:
            mutableObject[key] = self.resolvedObject
        else:
            self.dependants.append((mutableObject, key))

    def resolveDependants(self, newObject: Any) -> None:
        """The object is there."""
        self.resolved = True
        self.resolvedObject = newObject
        for mutableObject, key in self.dependants:
            mutableObject[key] = newObject

    def __hash__(self) -> int:
        # Of this kind, as programs of that time caught it.
        raise AssertionError("an object that is not there yet is no key")
