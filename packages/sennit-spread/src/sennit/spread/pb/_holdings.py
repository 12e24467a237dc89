"""Who has what, for one connection: the methods that ``jellyFor`` and ``unjellyFor`` call.

The tables are in rooms of their own; here they have the names that the field knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core import log
from sennit.spread.jelly import MalformedJelly, globalSecurity
from sennit.spread.pb._cached import CachedAway, CachedHere
from sennit.spread.pb._errors import Error, TooManyReferences
from sennit.spread.pb._exchange import Exchange
from sennit.spread.pb._references import RemoteReference
from sennit.spread.pb._tables import Borrowed, Lent
from sennit.spread.pb._watchers import Deaths

if TYPE_CHECKING:
    from sennit.spread.jelly import SecurityOptions
    from sennit.spread.pb._caches import Cacheable, RemoteCache, RemoteCacheObserver
    from sennit.spread.pb._tables import LUID, Local

__all__ = ["MAX_BROKER_REFS", "Holdings"]

MAX_BROKER_REFS = 1024
"""How many objects a connection may have lent, unless it is set otherwise."""

# So many calls fail for want of references before the connection ends: whoever is only
# busy drops some in the meantime.
_VIOLATIONS = 3


class Holdings(Exchange):
    """Knows which objects are lent, borrowed and cached over a connection.

    Attributes:
        maxReferences: How many objects may be lent to the other side at a time, how many
            caches it may have, and have here: each lives as long as that side likes.
        maxBrokerRefsViolations: How often it wanted more.
    """

    maxReferences: int = MAX_BROKER_REFS
    maxBrokerRefsViolations: int = 0

    def __init__(
        self,
        isClient: bool | int = True,
        security: SecurityOptions = globalSecurity,
    ) -> None:
        """Begin with nothing known.

        Args:
            isClient: Whether this end chooses the dialect.
            security: What may come.
        """
        super().__init__(isClient, security)
        self._last_luid = 0
        self.deaths: Deaths = Deaths(self.give_back)
        self.lent: Lent = Lent(self.maxReferences, self.newLocalID)
        self.away: CachedAway = CachedAway(self.maxReferences, self.newLocalID)
        self.borrowed: Borrowed[RemoteReference] = Borrowed(self.deaths.noted)
        self.here: CachedHere = CachedHere(self.maxReferences, self.deaths.noted)

    def newLocalID(self) -> int:
        """Give a number that no other object of this side has or had."""
        self._last_luid += 1
        return self._last_luid

    def give_back(self) -> None:
        """Tell the other side what has died here; to be overridden."""

    # Objects of this side

    def setNameForLocal(self, name: str | bytes, object: Any) -> None:
        """Have an object called by a name.

        Args:
            name: The name.
            object: The object.
        """
        self.lent.name(name.encode() if isinstance(name, str) else name, object)

    def registerReference(self, object: Any) -> int:
        """Count a reference that is about to be sent.

        Args:
            object: The object; its ``processUniqueID()`` tells what it is.

        Returns:
            Its number.

        Raises:
            TooManyReferences: It is new, and as many as may be are lent.
        """
        try:
            luid = self.lent.lend(object, self.serializingPerspective)
        except TooManyReferences:
            self.maxBrokerRefsViolations += 1
            log.msg(f"{self.peer} is to be lent more than {self.lent.limit} objects")
            if not self.wants_too_much:
                raise
            raise TooManyReferences(
                "Maximum PB reference count exceeded.  Goodbye."
            ) from None
        self.counted.append((self.lent.give_back, luid))
        return luid

    @property
    def wants_too_much(self) -> bool:
        """Whether the other side has asked for more references again and again."""
        return self.maxBrokerRefsViolations > _VIOLATIONS

    def localObjectForID(self, luid: LUID) -> Any:
        """Give the object of a number or a name; None if there is none."""
        return self.lent.find(luid)

    @property
    def localObjects(self) -> dict[LUID, Local]:
        """What is lent, by numbers and names."""
        return self.lent.objects

    @property
    def luids(self) -> dict[Any, int]:
        """The numbers of what is lent, by what identifies it."""
        return self.lent.luids

    # Objects of the other side

    def remoteForName(self, name: str | bytes) -> RemoteReference:
        """Give a reference to an object by its name; whether there is one, calls tell.

        Args:
            name: The name.
        """
        luid = name.encode() if isinstance(name, str) else name
        return RemoteReference(None, self, luid, False)

    def borrow(self, luid: Any) -> RemoteReference:
        """Give the reference to the object of a number, which has come once more.

        Raises:
            MalformedJelly: It is no number.
        """
        if type(luid) is not int:
            raise MalformedJelly(f"a reference has a number, not {luid!r:.100}")
        perspective = self.unserializingPerspective
        # Arguments for one user must not be made for another.
        key = luid if perspective is None else (luid, id(perspective))
        reference = self.borrowed.get(key)
        if reference is None:
            reference = RemoteReference(perspective, self, luid)
            self.borrowed.add(key, luid, reference)
        else:
            self.borrowed.again(key)
            self.deaths.noted()
        return reference

    def come_home(self, luid: Any) -> Any:
        """Give the object of ours that the other side has sent back.

        Raises:
            Error: There is no such object.
        """
        found = self.lent.find(luid) if type(luid) in (int, bytes) else None
        if found is None:
            raise Error("Invalid Object ID")
        return found

    # Caches over there

    def cachedRemotelyAs(self, instance: Cacheable, incref: int = 0) -> int | None:
        """Give the number that an object of ours is cached by over there.

        Args:
            instance: The object.
            incref: How many times it is now sent again.

        Returns:
            The number; None if it is not cached.
        """
        luid = self.away.number_of(instance, incref)
        if luid is not None and incref:
            self.counted.append((self.away.give_back, luid))
        return luid

    def cacheRemotely(self, instance: Cacheable) -> int:
        """Give a number to an object that is sent with its state.

        Raises:
            TooManyReferences: The other side has as many caches as it may have.
        """
        luid = self.away.add(instance, self.serializingPerspective, self)
        self.counted.append((self.away.drop, luid))
        return luid

    def observer_of(self, luid: int) -> RemoteCacheObserver:
        """Give what an object tells its cache by."""
        return self.away.find(luid).observer

    def remotelyCachedForLUID(self, luid: int) -> Any:
        """Give the object of ours that is cached by a number.

        Raises:
            ProtocolError: There is none.
        """
        return self.away.find(luid).object

    @property
    def remotelyCachedObjects(self) -> dict[LUID, Any]:
        """The objects of ours that are cached over there, by numbers."""
        return self.away.objects

    # Caches here

    def cacheLocally(self, cid: LUID, instance: RemoteCache) -> None:
        """Take a cache that has come for the first time.

        Raises:
            ProtocolError: There is one of this number.
            TooManyReferences: There are as many as may be.
        """
        self.here.begin(cid, instance)

    def keep_cache(self, cid: LUID, cache: RemoteCache) -> None:
        """The state of a cache is complete."""
        self.here.complete(cid, cache)

    def cachedLocallyAs(self, cid: LUID) -> RemoteCache:
        """Give the cache of a number, which has come once more.

        Raises:
            Error: There is none.
        """
        cache = self.here.again(cid)
        self.deaths.noted()
        return cache

    @property
    def locallyCachedObjects(self) -> dict[LUID, Any]:
        """The states of the caches that are here, by numbers."""
        return self.here.kept
