"""The ways in which an object goes to the other side.

`Referenceable`: it stays here, the other side may call it. `Viewable`: likewise, and its
methods are told who calls. `Copyable`: its state goes. `Cacheable`: its state goes once,
and changes follow (see ``_caches``). What is none of these does not travel.

On its way, an object is asked ``jellyFor(jellier)``; there ``jellier.invoker`` is the
broker of the connection, and None where something is jellied without one.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from zope.interface import implementer

from sennit.spread._names import wire_name
from sennit.spread.interfaces import IPBRoot
from sennit.spread.jelly import Jellyable, MalformedJelly, Unjellyable
from sennit.spread.pb._errors import NoSuchMethod

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

__all__ = [
    "Answering",
    "Copyable",
    "Expression",
    "Referenceable",
    "RemoteCopy",
    "Root",
    "Serializable",
    "ViewPoint",
    "Viewable",
    "method_of",
]

Expression: TypeAlias = Any
"""What Banana sends: bytes, integers, floats, and lists of these."""

Answering: TypeAlias = "tuple[Callable[..., Any], Any]"
"""A method that answers a message, and the perspective that the message comes by."""


def method_of(thing: object, prefix: str, message: bytes) -> Callable[..., Any]:
    """Find the method that answers a message.

    Raises:
        NoSuchMethod: There is none.
    """
    name = prefix + message.decode("utf-8", "backslashreplace")
    method: Callable[..., Any] | None = getattr(thing, name, None)
    if method is None:
        raise NoSuchMethod(f"No such method: {name:.200}")
    return method


class Serializable(Jellyable):
    """An object that can go to the other side; subclass one of its subclasses."""

    def processUniqueID(self) -> Hashable:
        """Identify the object in this process.

        Returns:
            Equal for what is to be one object to the other side. It must not change.
        """
        return id(self)


class Referenceable(Serializable):
    """An object that stays here while the other side gets a reference to it.

    The other side may call its methods whose names begin with ``remote_``.

    Attributes:
        perspective: For whom results are made; see `Viewable`.
    """

    perspective: Any = None

    def remoteMessageReceived(
        self, broker: Any, message: bytes, args: Expression, kw: Expression
    ) -> Expression:
        """Answer a call; may be overridden.

        Args:
            broker: The connection's broker.
            message: The method's name.
            args: The positional arguments, for the broker's ``unserialize``.
            kw: The others.

        Returns:
            What the broker's ``serialize`` has made of the result.

        Raises:
            NoSuchMethod: There is no such method.
        """
        method = method_of(self, "remote_", message)
        return broker.answer_by(method, self.perspective, args, kw)

    def pb_method(self, message: bytes) -> Answering | None:
        """Find what answers a message, if `remoteMessageReceived` would do just that.

        Raises:
            NoSuchMethod: There is no such method.
        """
        if type(self).remoteMessageReceived is not Referenceable.remoteMessageReceived:
            return None
        return method_of(self, "remote_", message), self.perspective

    def jellyFor(self, jellier: Any) -> Expression:
        """Lend this to the other side: its number goes."""
        broker = jellier.invoker
        if broker is None:
            return jellier.unpersistable(f"{wire_name(type(self))} stays where it is")
        return [b"remote", broker.registerReference(self)]


@implementer(IPBRoot)
class Root(Referenceable):
    """The object that a client gets first."""

    def rootObject(self, broker: Any) -> Any:
        """Give the object for one connection; this one, unless overridden.

        Args:
            broker: The connection's broker.
        """
        return self


class ViewPoint(Referenceable):
    """A reference to an object as one user sees it.

    The other side may call the object's methods whose names begin with ``view_``; they
    get the perspective as their first argument.

    Attributes:
        perspective: Who calls.
        object: The object.
    """

    def __init__(self, perspective: Any, object: Any) -> None:
        """Let somebody see an object.

        Args:
            perspective: Who calls, mostly an `Avatar`.
            object: The object.
        """
        self.perspective = perspective
        self.object: Any = object

    def processUniqueID(self) -> Hashable:
        """Identify it: one user and one object are one view."""
        return (id(self.perspective), id(self.object))

    def remoteMessageReceived(
        self, broker: Any, message: bytes, args: Expression, kw: Expression
    ) -> Expression:
        """Answer a call by the object's method, which is told who calls."""
        return broker.answer_by(self._view(message), self.perspective, args, kw)

    def pb_method(self, message: bytes) -> Answering | None:
        """Find the object's method, if `remoteMessageReceived` would do just that."""
        if type(self).remoteMessageReceived is not ViewPoint.remoteMessageReceived:
            return None
        return self._view(message), self.perspective

    def _view(self, message: bytes) -> Callable[..., Any]:
        return partial(method_of(self.object, "view_", message), self.perspective)


class Viewable(Serializable):
    """An object that goes as a `ViewPoint` of whoever it goes to."""

    def jellyFor(self, jellier: Any) -> Expression:
        """Lend the view of the perspective that the message is made for."""
        broker = jellier.invoker
        perspective = None if broker is None else broker.serializingPerspective
        return ViewPoint(perspective, self).jellyFor(jellier)


class Copyable(Serializable):
    """An object whose state goes to the other side.

    There it becomes what was registered for its type by `setUnjellyableForClass`.
    """

    def getStateToCopy(self) -> Any:
        """Give the state that goes; all attributes, unless overridden."""
        return self.__dict__

    def getStateToCopyFor(self, perspective: Any) -> Any:
        """Give the state that goes to somebody; that for all, unless overridden.

        Args:
            perspective: Who gets it; None where there is no login.
        """
        return self.getStateToCopy()

    def getTypeToCopy(self) -> str | bytes:
        """Give the type's name; the full name of the class, unless overridden."""
        return wire_name(type(self))

    def getTypeToCopyFor(self, perspective: Any) -> str | bytes:
        """Give the type's name for somebody; that for all, unless overridden.

        Args:
            perspective: Who gets it; None where there is no login.
        """
        return self.getTypeToCopy()

    def jellyFor(self, jellier: Any) -> Expression:
        """Give the type's name and the state."""
        broker = jellier.invoker
        perspective = None if broker is None else broker.serializingPerspective
        kind = self.getTypeToCopyFor(perspective)
        state = self.getStateToCopyFor(perspective)
        expression = jellier.prepare(self)
        name = kind.encode() if isinstance(kind, str) else kind
        expression += [name, jellier.jelly(state)]
        return jellier.preserve(self, expression)


class RemoteCopy(Unjellyable):
    """What a `Copyable` of the other side has become here.

    It is made without a call of ``__init__``.
    """

    def setCopyableState(self, state: Any) -> None:
        """Take the state over; its items become attributes, unless overridden.

        Args:
            state: What ``getStateToCopyFor`` has given over there.
        """
        # Python's own state of an object without attributes is None.
        self.__dict__ = {} if state is None else state

    def unjellyFor(self, unjellier: Any, jellyList: list[Any]) -> Any:
        """Take the state out of the expression."""
        if len(jellyList) < 2:
            raise MalformedJelly(f"{type(self).__name__} has come without its state")
        self.setCopyableState(unjellier.unjelly(jellyList[1]))
        return self
