"""Who holds what: the objects lent to the other side, and those borrowed from it.

An object that travels by reference stays where it is, and must stay as long as the other
side may call it. The rule: each time a reference is sent, it counts one; each reference
that dies over there gives one back (``decref``), and at zero the object is let go. Both
may be under way at the same time: an object given back and sent again in between is
counted right, because each message stands for exactly one.

On the borrower's side there is one `RemoteReference` for an object, however often its
number comes, which owes one; what comes beyond that is given back at once. The
reference may die in any thread and at any moment, also while we write to the socket: the
garbage collector comes when it likes. So its death is only put on a list, which the
owner of the table empties when nothing else is going on. (Rejected: to send from
``__del__``, which may put a message into the middle of another.)
"""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from typing import Any, Generic, TypeAlias, TypeVar

from sennit.spread.pb._errors import ProtocolError, TooManyReferences

__all__ = ["Borrowed", "LUID", "Lent", "Local"]

LUID: TypeAlias = int | bytes
"""The number of an object between two brokers; a name for those known beforehand."""

T = TypeVar("T")


class Local:
    """An object that the other side may refer to.

    Attributes:
        object: The object.
        perspective: The perspective it was given to; None without one.
        refcount: How often it was sent and not yet given back.
    """

    __slots__ = ("object", "perspective", "refcount")

    def __init__(self, object: Any, perspective: Any = None) -> None:
        self.object: Any = object
        self.perspective: Any = perspective
        self.refcount: int = 1

    def incref(self) -> int:
        """Count one more, and return the number."""
        self.refcount += 1
        return self.refcount

    def decref(self) -> int:
        """Count one less, and return the number."""
        self.refcount -= 1
        return self.refcount


class Lent:
    """The objects lent to the other side, by number and by identity.

    Attributes:
        objects: Those that can be called, by their number or name.
        luids: Their numbers, by what identifies them (`processUniqueID`).
        limit: How many may be lent at a time; of those that have a name, one is free.
    """

    def __init__(self, limit: int, new_luid: Callable[[], int]) -> None:
        """Begin with none.

        Args:
            limit: How many may be lent at a time, besides the root.
            new_luid: Gives a number that no other object has or had.
        """
        self.objects: dict[LUID, Local] = {}
        self.luids: dict[Hashable, int] = {}
        self.limit = limit
        self._new_luid = new_luid

    def lend(self, thing: Any, perspective: Any = None) -> int:
        """Count one reference that is sent.

        Args:
            thing: The object; its ``processUniqueID()`` tells what it is.
            perspective: To whom it is sent.

        Returns:
            Its number.

        Raises:
            TooManyReferences: It is new, and as many as may be are lent.
        """
        identity = thing.processUniqueID()
        luid = self.luids.get(identity)
        if luid is not None:
            self.objects[luid].refcount += 1
            return luid
        if len(self.objects) > self.limit:
            raise TooManyReferences("Maximum PB reference count exceeded.")
        luid = self._new_luid()
        self.luids[identity] = luid
        self.objects[luid] = Local(thing, perspective)
        return luid

    def name(self, name: bytes, thing: Any) -> None:
        """Have an object called by a name, for as long as the connection is there."""
        self.objects[name] = Local(thing)

    def find(self, luid: LUID) -> Any:
        """Give the object of a number or name; None if there is none."""
        local = self.objects.get(luid)
        return None if local is None else local.object

    def give_back(self, luid: LUID) -> Local | None:
        """Count one reference that has died over there.

        Returns:
            What it was, if that was the last.

        Raises:
            ProtocolError: It was not lent, or has a name, which counts nothing.
        """
        local = self.objects.get(luid)
        if local is None or isinstance(luid, bytes):
            raise ProtocolError(f"object {luid!r} is given back, and was not lent")
        if local.decref():
            return None
        del self.objects[luid]
        del self.luids[local.object.processUniqueID()]
        return local

    def clear(self) -> list[Local]:
        """Let all go, and return those that were counted."""
        counted = [self.objects[luid] for luid in self.luids.values()]
        self.objects.clear()
        self.luids.clear()
        return counted


class _Entry(weakref.ref[T]):
    """A weak reference that knows the number of what it refers to."""

    __slots__ = ("key", "luid", "owed")

    key: Hashable
    luid: LUID
    owed: int


class Borrowed(Generic[T]):
    """What we hold of the other side's objects, each as long as somebody here has it.

    Attributes:
        died: Called, in any thread, when something is to be given back.
    """

    def __init__(self, died: Callable[[], object]) -> None:
        """Begin with none.

        Args:
            died: Called when something is to be given back; it may be called in the
                middle of anything.
        """
        self.died = died
        self._entries: dict[Hashable, _Entry[T]] = {}
        # The only thing that other threads touch: the references that have died.
        self._dead: deque[_Entry[T]] = deque()
        self._surplus: deque[LUID] = deque()

    def get(self, key: Hashable) -> T | None:
        """Give what is held under a key, if somebody still has it."""
        entry = self._entries.get(key)
        return None if entry is None else entry()

    def add(self, key: Hashable, luid: LUID, thing: T, owed: int = 1) -> None:
        """Hold something new.

        Args:
            key: What it is found by.
            luid: Its number on the other side.
            thing: What stands for it here.
            owed: How many references are to be given back when it dies: 1, or 0.
        """
        entry = _Entry(thing, self._bury)
        entry.key = key
        entry.luid = luid
        entry.owed = owed
        self._entries[key] = entry

    def again(self, key: Hashable) -> None:
        """Count one more reference to what is held under a key.

        It is given back at once, if what is held owes one already.
        """
        entry = self._entries[key]
        if entry.owed:
            self._surplus.append(entry.luid)
        else:
            entry.owed = 1

    def to_give_back(self) -> Iterator[LUID]:
        """Take the references that are to be given back, one after another."""
        while self._surplus:
            yield self._surplus.popleft()
        while self._dead:
            entry = self._dead.popleft()
            if self._entries.get(entry.key) is entry:
                del self._entries[entry.key]
            if entry.owed:
                yield entry.luid

    def __bool__(self) -> bool:
        """Whether something is to be given back."""
        return bool(self._dead or self._surplus)

    def __len__(self) -> int:
        """How many are held."""
        return len(self._entries)

    def things(self) -> list[T]:
        """Give all that somebody here still has."""
        found = [entry() for entry in list(self._entries.values())]
        return [thing for thing in found if thing is not None]

    def clear(self) -> None:
        """Forget all."""
        self._entries.clear()
        self._dead.clear()
        self._surplus.clear()

    def _bury(self, entry: Any) -> None:
        self._dead.append(entry)
        self.died()
