"""Objects whose state goes once, and whose changes follow.

The original is a `Cacheable`, over there is a `RemoteCache`. With the state goes an
observer, by which the original tells its caches of changes for as long as anybody over
there holds one.

Of each cache there is one object here, however often it comes, and each coming owes one
``decache``. When it dies, its state is kept until the other side says ``uncache``: it may
have sent the cache again, without its state, before it knew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core.defer import Deferred
from sennit.spread._names import wire_name
from sennit.spread.jelly import MalformedJelly
from sennit.spread.pb._errors import NotSerializable
from sennit.spread.pb._flavors import Copyable, RemoteCopy, Serializable, method_of

if TYPE_CHECKING:
    from sennit.spread.pb._flavors import Answering, Expression
    from sennit.spread.pb._tables import LUID

__all__ = ["Cacheable", "RemoteCache", "RemoteCacheMethod", "RemoteCacheObserver"]


class Cacheable(Copyable):
    """An object that the other side gets a copy of which is kept up to date."""

    def getStateToCacheAndObserveFor(
        self, perspective: Any, observer: RemoteCacheObserver
    ) -> Any:
        """Give the state that goes, and remember the observer; override this.

        Args:
            perspective: Who gets it; None where there is no login.
            observer: To be told of every change from now on, by ``callRemote``.
        """
        return self.getStateToCopyFor(perspective)

    def stoppedObserving(self, perspective: Any, observer: RemoteCacheObserver) -> None:
        """Forget an observer: nobody over there holds the cache any more.

        Args:
            perspective: Who had got it.
            observer: The very observer that came with it.
        """

    def jellyFor(self, jellier: Any) -> Expression:
        """Give the state the first time, and from then on the number it went by."""
        broker = jellier.invoker
        if broker is None:
            return super().jellyFor(jellier)
        known = broker.cachedRemotelyAs(self, 1)
        if known is not None:
            return [b"cached", known]
        perspective = broker.serializingPerspective
        kind = self.getTypeToCopyFor(perspective)
        luid = broker.cacheRemotely(self)
        observer = broker.observer_of(luid)
        state = self.getStateToCacheAndObserveFor(perspective, observer)
        name = kind.encode() if isinstance(kind, str) else kind
        return [name, luid, jellier.jelly(state)]


class RemoteCacheObserver:
    """The other side's cache of an object of ours, to be told of changes.

    Attributes:
        broker: The connection's broker.
        cached: The object.
        perspective: Who has the cache.
    """

    def __init__(self, broker: Any, cached: Cacheable, perspective: Any) -> None:
        self.broker: Any = broker
        self.cached: Cacheable = cached
        self.perspective: Any = perspective

    def callRemote(
        self, _name: str | bytes, /, *args: Any, timeout: float | None = None, **kw: Any
    ) -> Any:
        """Call a method of the cache whose name there begins with ``observe_``.

        Args:
            _name: The method's name, without that.
            args: The positional arguments.
            timeout: Seconds that the call may take; None for any number.
            kw: The others. ``pbanswer=False`` asks for no answer.

        Returns:
            A Deferred of the result; None if no answer was asked for. It fails as that
            of `RemoteReference.callRemote`, but whoever does not look is spared a
            connection that ended: the cache is gone then.
        """
        return self.broker.ask_cache(self, _name, args, kw, timeout)

    def remoteMethod(self, key: str | bytes) -> RemoteCacheMethod:
        """Give a method of the cache, to be called like one of here."""
        return RemoteCacheMethod(key, self.broker, self.cached, self.perspective)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RemoteCacheObserver):
            return NotImplemented
        return (
            self.broker is other.broker
            and self.cached is other.cached
            and self.perspective is other.perspective
        )

    def __hash__(self) -> int:
        return hash((id(self.broker), id(self.cached), id(self.perspective)))

    def __repr__(self) -> str:
        peer = getattr(self.broker, "peer", None)
        return f"<{type(self).__name__} of {self.cached!r} at {peer}>"


class RemoteCacheMethod:
    """A method of the other side's cache."""

    def __init__(
        self, name: str | bytes, broker: Any, cached: Cacheable, perspective: Any
    ) -> None:
        self.name: str | bytes = name
        self.observer: RemoteCacheObserver = RemoteCacheObserver(
            broker, cached, perspective
        )

    def __call__(self, *args: Any, **kw: Any) -> Deferred[Any]:
        """Call it."""
        observer = self.observer
        called: Deferred[Any] = observer.broker.ask_cache(
            observer, self.name, args, kw, None
        )
        return called

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RemoteCacheMethod):
            return NotImplemented
        return (self.name, self.observer) == (other.name, other.observer)

    def __hash__(self) -> int:
        return hash((self.name, self.observer))


class RemoteCache(RemoteCopy, Serializable):
    """What a `Cacheable` of the other side is here: its state as last heard of.

    It is made without a call of ``__init__``. The other side may call its methods whose
    names begin with ``observe_``. Sent back, it is the original.

    Attributes:
        broker: The connection's broker.
        luid: The number it goes by.
    """

    broker: Any = None
    luid: LUID | None = None

    def remoteMessageReceived(
        self, broker: Any, message: bytes, args: Expression, kw: Expression
    ) -> Expression:
        """Take note of a change; may be overridden.

        Args:
            broker: The connection's broker.
            message: The method's name.
            args: The positional arguments, for the broker's ``unserialize``.
            kw: The others.

        Returns:
            What the broker's ``serialize`` has made of the result.
        """
        return broker.answer_by(method_of(self, "observe_", message), None, args, kw)

    def pb_method(self, message: bytes) -> Answering | None:
        """Find what answers, if `remoteMessageReceived` would do just that."""
        if type(self).remoteMessageReceived is not RemoteCache.remoteMessageReceived:
            return None
        return method_of(self, "observe_", message), None

    def jellyFor(self, jellier: Any) -> Expression:
        """Go home: the original arrives there.

        Raises:
            NotSerializable: It is sent to another side.
        """
        broker = jellier.invoker
        if broker is None or broker is not self.broker:
            raise NotSerializable(
                f"a cache goes only to the side that has the original, not to "
                f"{getattr(broker, 'peer', 'nobody')}: {wire_name(type(self))}"
            )
        return [b"lcache", self.luid]

    def unjellyFor(self, unjellier: Any, jellyList: list[Any]) -> Any:
        """Take the number and the state out of the expression."""
        broker = unjellier.invoker
        if broker is None:
            return super().unjellyFor(unjellier, jellyList)
        if len(jellyList) != 3 or type(jellyList[1]) is not int:
            raise MalformedJelly("a cache has a number and a state")
        luid = jellyList[1]
        broker.cacheLocally(luid, self)
        self.setCopyableState(unjellier.unjelly(jellyList[2]))
        # Not before: that may have taken another dictionary.
        self.broker = broker
        self.luid = luid
        broker.keep_cache(luid, self)
        return self
