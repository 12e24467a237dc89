"""Who has a copy of what: our originals over there, and the other side's here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core import log
from sennit.spread.pb._caches import Cacheable, RemoteCache, RemoteCacheObserver
from sennit.spread.pb._errors import Error, ProtocolError, TooManyReferences
from sennit.spread.pb._tables import Borrowed, Local

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from sennit.spread.pb._tables import LUID

__all__ = ["CachedAway", "CachedHere", "Observed"]


class Observed(Local):
    """An original whose state the other side has.

    Attributes:
        observer: What it was given to tell of changes.
    """

    __slots__ = ("observer",)

    object: Cacheable

    def __init__(
        self, object: Cacheable, perspective: Any, observer: RemoteCacheObserver
    ) -> None:
        super().__init__(object, perspective)
        self.observer: RemoteCacheObserver = observer

    def stopped(self) -> None:
        """Nobody over there has a cache of it any more: tell it."""
        try:
            self.object.stoppedObserving(self.perspective, self.observer)
        except Exception:
            log.err(None, f"{self.object!r}.stoppedObserving has failed")


class CachedAway:
    """The originals of ours that the other side has caches of.

    Attributes:
        objects: They, by the numbers they go by.
        luids: Their numbers, by what identifies them.
        limit: How many there may be.
    """

    def __init__(self, limit: int, new_luid: Callable[[], int]) -> None:
        self.objects: dict[LUID, Observed] = {}
        self.luids: dict[Hashable, int] = {}
        self.limit = limit
        self._new_luid = new_luid

    def number_of(self, original: Cacheable, incref: int = 0) -> int | None:
        """Give the number that an original goes by; None if it was not sent.

        Args:
            original: The original.
            incref: How many times it is now sent again.
        """
        luid = self.luids.get(original.processUniqueID())
        if luid is not None:
            self.objects[luid].refcount += incref
        return luid

    def add(self, original: Cacheable, perspective: Any, broker: Any) -> int:
        """Count an original that is sent for the first time, and give it a number.

        Raises:
            TooManyReferences: The other side has as many caches as it may have.
        """
        if len(self.objects) >= self.limit:
            raise TooManyReferences("Maximum PB cache count exceeded.")
        luid = self._new_luid()
        observer = RemoteCacheObserver(broker, original, perspective)
        self.objects[luid] = Observed(original, perspective, observer)
        self.luids[original.processUniqueID()] = luid
        return luid

    def find(self, luid: LUID) -> Observed:
        """Give the original of a number.

        Raises:
            ProtocolError: There is none.
        """
        found = self.objects.get(luid)
        if found is None:
            raise ProtocolError(f"cache {luid!r} is spoken of, and there is none")
        return found

    def give_back(self, luid: LUID) -> Observed | None:
        """Count one cache that has died over there.

        Returns:
            The original, if it was the last.

        Raises:
            ProtocolError: There was none.
        """
        found = self.find(luid)
        if found.decref():
            return None
        self.drop(luid)
        return found

    def drop(self, luid: LUID) -> None:
        """Forget that an original was sent."""
        found = self.objects.pop(luid)
        self.luids.pop(found.object.processUniqueID(), None)

    def clear(self) -> list[Observed]:
        """Forget all, and return them."""
        all_of_them = list(self.objects.values())
        self.objects.clear()
        self.luids.clear()
        return all_of_them


class _Kept:
    """The state of a cache, which outlives it until the other side says ``uncache``."""

    __slots__ = ("kind", "state")

    def __init__(self, cache: RemoteCache) -> None:
        self.kind = type(cache)
        self.state = cache.__dict__


class CachedHere:
    """The caches of the other side's originals that are here.

    Attributes:
        held: Those that somebody here holds.
        kept: The states of all, by their numbers.
        limit: How many there may be: only the other side can say that one is over.
    """

    def __init__(self, limit: int, died: Callable[[], object]) -> None:
        """Begin with none.

        Args:
            limit: How many there may be.
            died: Called, in any thread, when one has died.
        """
        self.held: Borrowed[RemoteCache] = Borrowed(died)
        self.kept: dict[LUID, _Kept] = {}
        self.limit = limit

    def begin(self, luid: LUID, cache: RemoteCache) -> None:
        """A cache has come for the first time; its state is not there yet.

        Raises:
            ProtocolError: There is one of this number.
            TooManyReferences: There are as many as may be.
        """
        if luid in self.kept:
            raise ProtocolError(f"cache {luid!r} has come with its state twice")
        if len(self.kept) >= self.limit:
            raise TooManyReferences("Maximum PB cache count exceeded.")
        self.kept[luid] = _Kept(cache)
        self.held.add(luid, luid, cache)

    def complete(self, luid: LUID, cache: RemoteCache) -> None:
        """Its state is there, perhaps in another dictionary."""
        kept = self.kept.get(luid)
        if kept is not None:
            kept.state = cache.__dict__

    def fail(self, luid: LUID) -> None:
        """Its state did not come to anything."""
        self.kept.pop(luid, None)

    def again(self, luid: LUID) -> RemoteCache:
        """A cache has come again, without its state.

        Raises:
            Error: There is none of this number: its state was not allowed, perhaps.
        """
        cache = self.held.get(luid)
        if cache is not None:
            self.held.again(luid)
            return cache
        return self._reborn(luid, 1)

    def find(self, luid: LUID) -> RemoteCache | None:
        """Give the cache of a number, to be told of a change; None if there is none."""
        cache = self.held.get(luid)
        if cache is None and luid in self.kept:
            cache = self._reborn(luid, 0)
        return cache

    def _reborn(self, luid: LUID, owed: int) -> RemoteCache:
        kept = self.kept.get(luid)
        if kept is None:
            raise Error(f"cache {luid!r} is spoken of, and there is none")
        cache: RemoteCache = kept.kind.__new__(kept.kind)
        cache.__dict__ = kept.state
        self.held.add(luid, luid, cache, owed)
        return cache

    def forget(self, luid: LUID) -> None:
        """The other side has let the original go."""
        self.kept.pop(luid, None)

    def clear(self) -> None:
        """Forget all."""
        self.held.clear()
        self.kept.clear()
