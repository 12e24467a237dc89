"""Objects that are referred to before they are there.

A list or a dictionary is there before its elements are: a reference to it from within
gets it. A tuple is not, nor is what the user's code makes; a reference from within gets
a `NotKnown` instead, which knows all the places where it stands. When the object is there
it goes to these places; a tuple that lacks nothing now is made, and goes to its places.

That is a loop over a list of what is to do, not a recursion: a chain of tuples may be as
long as the message has items.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sennit.spread.jelly._errors import MalformedJelly

__all__ = ["NotKnown", "Pending", "when_known"]


class NotKnown:
    """Stands for an object that is not there yet.

    Attributes:
        resolved: Whether it is there by now.
        resolvedObject: The object, then.
    """

    __slots__ = ("_dependants", "resolved", "resolvedObject")

    def __init__(self) -> None:
        self.resolved: bool = False
        self.resolvedObject: Any = None
        self._dependants: list[tuple[Any, Any]] = []

    def addDependant(self, mutableObject: Any, key: Any) -> None:
        """Put the object somewhere as soon as it is there.

        Args:
            mutableObject: A list, a dictionary, or what else has ``__setitem__``; or
                another `NotKnown`, which stands for the same.
            key: The place in it.
        """
        if self.resolved and isinstance(mutableObject, NotKnown):
            mutableObject.resolveDependants(self.resolvedObject)
        elif self.resolved:
            mutableObject[key] = self.resolvedObject
        else:
            self._dependants.append((mutableObject, key))

    def resolveDependants(self, newObject: Any) -> None:
        """The object is there: put it where it is missing."""
        known: list[tuple[NotKnown, Any]] = [(self, newObject)]
        while known:
            unknown, value = known.pop()
            unknown.resolved = True
            unknown.resolvedObject = value
            dependants, unknown._dependants = unknown._dependants, []
            for place, key in dependants:
                if isinstance(place, Pending):
                    place.items[key] = value
                    place.missing -= 1
                    if not place.missing:
                        known.append((place, place.make(place.items)))
                elif isinstance(place, NotKnown):
                    known.append((place, value))
                else:
                    place[key] = value

    def __hash__(self) -> int:
        raise MalformedJelly("an object is a key, or in a set, within itself")


class Pending(NotKnown):
    """Stands for what is made of several objects, some of which are not known.

    Attributes:
        items: All of them.
        missing: How many are not known.
        make: Makes it of them.
    """

    __slots__ = ("items", "make", "missing")

    def __init__(self, items: list[Any], make: Callable[[list[Any]], Any]) -> None:
        super().__init__()
        self.items = items
        self.missing = 0
        self.make = make
        for key, item in enumerate(items):
            if isinstance(item, NotKnown):
                self.missing += 1
                item.addDependant(self, key)


def when_known(items: list[Any], make: Callable[[list[Any]], Any]) -> Any:
    """Make something of objects: now, or give what stands for it until all are known."""
    for at, item in enumerate(items):
        if isinstance(item, NotKnown) and item.resolved:
            items[at] = item.resolvedObject
    if any(isinstance(item, NotKnown) for item in items):
        return Pending(items, make)
    return make(items)
