"""Objects to expressions and back, for one connection.

``jellyFor`` and ``unjellyFor`` methods find this as ``invoker``. What is counted while a
message is made is taken back if the message comes to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core.defer import Deferred, ensureDeferred
from sennit.spread.banana import Banana
from sennit.spread.jelly import (
    MalformedJelly,
    defaultRegistry,
    globalSecurity,
    jelly,
    unjelly,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sennit.spread.jelly import Registry, SecurityOptions
    from sennit.spread.pb._flavors import Expression

__all__ = ["Exchange"]


class Exchange(Banana):
    """Makes messages of objects, and objects of messages.

    Attributes:
        security: What may come.
        registry: What becomes of it.
        serializingPerspective: Whom a message is being made for.
        unserializingPerspective: By whom one has come.
        counted: How to take back what was counted for the message that is being made.
        behind: What was sent meanwhile; None while none is being made.
    """

    registry: Registry = defaultRegistry

    def __init__(
        self,
        isClient: bool | int = True,
        security: SecurityOptions = globalSecurity,
    ) -> None:
        """Begin with no message.

        Args:
            isClient: Whether this end chooses the dialect.
            security: What may come.
        """
        super().__init__(bool(isClient))
        self.security = security
        self.serializingPerspective: Any = None
        self.unserializingPerspective: Any = None
        self.counted: list[tuple[Callable[[Any], object], Any]] = []
        self.behind: list[bytes] | None = None

    @property
    def peer(self) -> str:
        """Where the other side is, for people."""
        return "nobody" if self.transport is None else str(self.transport.getPeer())

    def serialize(
        self,
        object: Any,
        perspective: Any = None,
        method: Any = None,
        args: Any = None,
        kw: Any = None,
    ) -> Expression:
        """Make the expression of an object.

        Args:
            object: The object; or a Deferred or coroutine of it.
            perspective: Whom it is made for.
            method: Not used; some old callers tell what they answer.
            args: Not used.
            kw: Not used.

        Returns:
            The expression; or a Deferred of it.

        Raises:
            sennit.spread.banana.BananaError: Something in it cannot travel. Nothing
                counts as lent then.
        """
        if isinstance(object, Deferred):
            return object.addCallback(self.serialize, perspective)
        outer = self.begin_message(perspective)
        try:
            return jelly(
                object,
                self.security,
                None,
                self,
                maxDepth=self.maxDepth,
                strict=True,
            )
        except BaseException:
            self.take_back()
            raise
        finally:
            for each in self.end_message(outer):
                self.sendBytes(each)

    def begin_message(self, perspective: Any) -> Any:
        """Begin to make a message.

        Args:
            perspective: Whom it is for.

        Returns:
            What `end_message` wants back.
        """
        outer = (self.serializingPerspective, self.counted, self.behind)
        self.serializingPerspective, self.counted = perspective, []
        self.behind = []
        return outer

    def end_message(self, outer: Any) -> list[bytes]:
        """Be done with a message, and go on with the one that it was made within.

        Returns:
            What was sent meanwhile, which is to go after this message.
        """
        behind = self.behind or []
        self.serializingPerspective, self.counted, self.behind = outer
        return behind

    def take_back(self) -> None:
        """Nothing of the message that is being made is sent."""
        while self.counted:
            undo, luid = self.counted.pop()
            undo(luid)

    def unserialize(self, sexp: Expression, perspective: Any = None) -> Any:
        """Make the object of an expression.

        Args:
            sexp: The expression.
            perspective: By whom it has come.

        Raises:
            sennit.spread.jelly.JellyError: Something in it is not allowed, or is no
                Jelly.
        """
        outer = self.unserializingPerspective
        self.unserializingPerspective = perspective
        try:
            return unjelly(
                sexp,
                self.security,
                None,
                self,
                registry=self.registry,
                maxDepth=self.maxDepth,
            )
        finally:
            self.unserializingPerspective = outer

    def arguments(
        self, args: Expression, kw: Expression, perspective: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Make the arguments of a call.

        Raises:
            sennit.spread.jelly.JellyError: They are not allowed, or no arguments.
        """
        positional = self.unserialize(args, perspective)
        named = self.unserialize(kw, perspective)
        if not isinstance(positional, tuple | list) or not isinstance(named, dict):
            raise MalformedJelly("arguments are a tuple and a dictionary")
        if all(type(name) is str for name in named):
            return positional, named
        return positional, {_argument_name(name): named[name] for name in named}

    def answer_by(
        self,
        method: Callable[..., Any],
        perspective: Any,
        args: Expression,
        kw: Expression,
    ) -> Expression:
        """Call a method with arguments that have come, and make its result ready to go.

        Args:
            method: The method.
            perspective: By whom the call has come, and whom the result is for.
            args: The positional arguments.
            kw: The others.
        """
        positional, named = self.arguments(args, kw, perspective)
        result = method(*positional, **named)
        if hasattr(result, "__await__"):
            result = ensureDeferred(result)
        return self.serialize(result, perspective)


def _argument_name(name: Any) -> str:
    if type(name) is bytes:
        return name.decode("utf-8", "backslashreplace")
    if type(name) is not str:
        raise MalformedJelly(f"an argument has a name, not {name!r:.100}")
    return name
