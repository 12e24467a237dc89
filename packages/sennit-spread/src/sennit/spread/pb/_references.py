"""References to objects of the other side, and how they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core.defer import Deferred
from sennit.spread.jelly import Unjellyable
from sennit.spread.pb._errors import NotSerializable
from sennit.spread.pb._flavors import Referenceable, Serializable

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from sennit.spread.pb._flavors import Answering, Expression
    from sennit.spread.pb._tables import LUID

__all__ = ["AsReferenceable", "RemoteMethod", "RemoteReference"]


class RemoteReference(Serializable, Unjellyable):
    """A reference to an object of the other side.

    While it lives here, the object lives there. Sent back, it is the object itself
    again; to a third side it cannot be sent. Two references are equal that refer to one
    object by one connection.

    Attributes:
        broker: The connection's broker.
        luid: The object's number, or its name.
        perspective: Whom arguments are made for; see `Viewable`.
    """

    def __init__(
        self, perspective: Any, broker: Any, luid: LUID, doRefCount: bool | int = True
    ) -> None:
        """Refer to an object; brokers make references.

        Args:
            perspective: Whom arguments are made for.
            broker: The connection's broker.
            luid: The object's number, or its name.
            doRefCount: Whether the other side counts this reference.
        """
        self.perspective: Any = perspective
        self.broker: Any = broker
        self.luid: LUID = luid
        self.doRefCount: bool = bool(doRefCount)
        self._watchers: list[Callable[[RemoteReference], object]] = []

    def callRemote(
        self, _name: str | bytes, /, *args: Any, timeout: float | None = None, **kw: Any
    ) -> Any:
        """Call a method of the object.

        Cancelling the Deferred drops the call: its result is not waited for, and the
        other side, if it is one of ours, is told and cancels what it still does for it.

        Args:
            _name: The method's name, without the prefix that it has over there.
            args: The positional arguments.
            timeout: Seconds that the call may take; None for any number. To send an
                argument of this name, call ``remoteMethod(name)(timeout=…)``.
            kw: The others. ``pbanswer=False`` asks for no answer.

        Returns:
            A Deferred of the result; None if no answer was asked for. It fails with a
            `CopiedFailure` where the method has failed, which is raised as a
            `RemoteError`; with `PBConnectionLost`; with a `BananaError
            <sennit.spread.banana.BananaError>` or `InsecureJelly
            <sennit.spread.jelly.InsecureJelly>` where arguments or result cannot go;
            with `TimeoutError <sennit.core.defer.TimeoutError>`.

        Raises:
            DeadReferenceError: The connection is over.
        """
        return self.broker.calls.ask(
            b"message", self.luid, _name, self.perspective, args, kw, timeout
        )

    def remoteMethod(self, key: str | bytes) -> RemoteMethod:
        """Give a method of the object, to be called like one of here."""
        return RemoteMethod(self, key)

    def notifyOnDisconnect(self, callback: Callable[[RemoteReference], object]) -> None:
        """Have a function called when the connection ends.

        Args:
            callback: Called with this reference.
        """
        if not self._watchers:
            self.broker.notifyOnDisconnect(self._disconnected)
        self._watchers.append(callback)

    def dontNotifyOnDisconnect(
        self, callback: Callable[[RemoteReference], object]
    ) -> None:
        """Take back one `notifyOnDisconnect`.

        Raises:
            ValueError: It was not asked for.
        """
        self._watchers.remove(callback)
        if not self._watchers:
            self.broker.dontNotifyOnDisconnect(self._disconnected)

    def _disconnected(self) -> None:
        for callback in self._watchers[:]:
            callback(self)

    def jellyFor(self, jellier: Any) -> Any:
        """Go home: the object itself arrives there.

        Raises:
            NotSerializable: It is sent to another side.
        """
        if jellier.invoker is not self.broker:
            raise NotSerializable(
                "a reference goes only to the side that has the object, "
                f"not to {getattr(jellier.invoker, 'peer', 'nobody')}"
            )
        return [b"local", self.luid]

    def unjellyFor(self, unjellier: Any, jellyList: list[Any]) -> RemoteReference:
        """Refer to the object of this number."""
        broker = unjellier.invoker
        reference: RemoteReference = broker.borrow(jellyList[1])
        return reference

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RemoteReference):
            return NotImplemented
        return self.broker is other.broker and self.luid == other.luid

    def __hash__(self) -> int:
        return hash(self.luid)

    def __repr__(self) -> str:
        peer = getattr(self.broker, "peer", None)
        return f"<{type(self).__name__} {self.luid!r} at {peer}>"


class RemoteMethod:
    """A method of an object of the other side."""

    def __init__(self, obj: RemoteReference, name: str | bytes) -> None:
        self.obj: RemoteReference = obj
        self.name: str | bytes = name

    def __call__(self, *args: Any, **kw: Any) -> Deferred[Any]:
        """Call it: as `RemoteReference.callRemote`, but all arguments go to it."""
        obj = self.obj
        called: Deferred[Any] = obj.broker.calls.ask(
            b"message", obj.luid, self.name, obj.perspective, args, kw, None
        )
        return called

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RemoteMethod):
            return NotImplemented
        return (self.obj, self.name) == (other.obj, other.name)

    def __hash__(self) -> int:
        return hash((self.obj, self.name))


class AsReferenceable(Referenceable):
    """A reference to an object that has messages of its own kind, as avatars have."""

    def __init__(self, object: Any, messageType: str = "remote") -> None:
        """Lend an object.

        Args:
            object: The object.
            messageType: Its method ``…MessageReceived`` takes the messages.
        """
        self.object: Any = object
        self.messageType: str = messageType

    def remoteMessageReceived(
        self, broker: Any, message: bytes, args: Expression, kw: Expression
    ) -> Expression:
        """Have the object answer a call."""
        answer = getattr(self.object, f"{self.messageType}MessageReceived")
        return answer(broker, message, args, kw)

    def pb_method(self, message: bytes) -> Answering | None:
        """Find the object's method, where that is known to be all it does."""
        find = getattr(self.object, "pb_method", None)
        return None if find is None else find(message)

    def processUniqueID(self) -> Hashable:
        """Identify it: one object by one kind of message."""
        return (id(self.object), self.messageType)
