"""Expressions to objects, none but those that are allowed.

What is referred to from within itself is registered before its contents are made, where
it can be; `_unknown` tells what happens where it cannot. Nothing recurses but the user's
methods: what an expression contains is worked on in a loop, with a stack of those that
are not complete.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from sennit.spread.banana import DEFAULT_LIMITS
from sennit.spread.jelly._atoms import name_text
from sennit.spread.jelly._containers import CONTAINERS
from sennit.spread.jelly._errors import (
    InsecureJelly,
    MalformedJelly,
    UnresolvedReference,
)
from sennit.spread.jelly._flavors import Unjellyable, blank, set_plain_state
from sennit.spread.jelly._jellier import Expression, too_deep
from sennit.spread.jelly._keys import KeyBudget
from sennit.spread.jelly._named import class_named
from sennit.spread.jelly._opened import Opened
from sennit.spread.jelly._policy import DummySecurityOptions
from sennit.spread.jelly._registry import Registry, defaultRegistry
from sennit.spread.jelly._singles import SINGLES, only
from sennit.spread.jelly._unknown import NotKnown, when_known

__all__ = ["Unjellier", "unjelly"]


class Unjellier:
    """Works on one message: what ``unjellyFor`` methods are given.

    Attributes:
        taster: The security options.
        persistentLoad: Makes objects of what a ``persistentStore`` has given; called
            with that and this. None makes them `Unpersistable`.
        invoker: Whose message it is, a broker; None if nobody's.
        registry: Which classes and functions make objects of which names.
        references: The objects by their numbers.
    """

    def __init__(
        self,
        taster: Any,
        persistentLoad: Any = None,
        invoker: Any = None,
        *,
        registry: Registry = defaultRegistry,
        maxDepth: int = DEFAULT_LIMITS.maxDepth,
    ) -> None:
        self.taster = taster
        self.persistentLoad = persistentLoad
        self.invoker = invoker
        self.registry = registry
        self.references: dict[Any, Any] = {}
        self.postCallbacks: list[Callable[[], object]] = []
        self._left = self._max_depth = maxDepth
        # The number of the object that is to be made next.
        self.number: Any = None
        self.late_keys = 0
        self.key_budget: KeyBudget = KeyBudget()

    def unjellyFull(self, obj: Expression) -> Any:
        """Make the object of a whole message.

        Raises:
            InsecureJelly: Something in it is not allowed.
            MalformedJelly: It is no Jelly.
            NestedTooDeep: It is nested deeper than it may be.
        """
        made = self.unjelly(obj)
        for number, there in self.references.items():
            if isinstance(there, NotKnown):
                if not there.resolved:
                    raise UnresolvedReference(
                        f"there is no object number {number!r:.100}"
                    )
                self.references[number] = there.resolvedObject
        if isinstance(made, NotKnown):
            made = made.resolvedObject
        for callback in self.postCallbacks:
            callback()
        return made

    def unjelly(self, obj: Expression) -> Any:
        """Make the object of a part of the message.

        Returns:
            The object; or a `NotKnown` that stands for it, if it refers to one that is
            being made.
        """
        if type(obj) is not list:
            return obj
        made = self._open(obj)
        if type(made) is not Opened:
            return made
        left = self._left
        around: list[Opened] = []
        try:
            self._enter(made)
            while True:
                for part in made.parts:
                    if type(part) is list:
                        part = self._open(part)
                        if type(part) is Opened:
                            self._enter(part)
                            around.append(made)
                            made = part
                            break
                    made.done.append(part)
                else:
                    finished = made.finish(made.done)
                    self._left += made.levels
                    if not around:
                        return finished
                    made = around.pop()
                    made.done.append(finished)
        finally:
            self._left = left

    def _enter(self, opened: Opened) -> None:
        self._left -= opened.levels
        if self._left < 0:
            raise too_deep(self._max_depth)

    def _open(self, obj: list[Any]) -> Any:
        """Make an object of an expression, or begin with one that has parts."""
        number, self.number = self.number, None
        if not obj:
            raise MalformedJelly("an empty list is no Jelly")
        name, rest = obj[0], obj[1:]
        if type(name) is str:
            name = name.encode()
        elif type(name) is not bytes:
            raise MalformedJelly(f"a name begins a list, not {type(name).__name__}")
        cls = self.registry.classes.get(name)
        if cls is not None:
            return self._by_itself(cls, obj, number)
        factory = self.registry.factories.get(name)
        if factory is not None:
            only(name_text(name), rest)

            def make(items: list[Any]) -> Any:
                return self._later(factory(items[0]))

            return Opened(rest, [], partial(when_known, make=make))
        if not self.taster.isTypeAllowed(name):
            raise InsecureJelly(f"type not allowed: {name_text(name):.200}")
        opener = _OPENERS.get(name)
        if opener is not None:
            return opener(self, rest, number)
        cls = class_named(name_text(name), self.taster)
        if hasattr(cls, "unjellyFor"):
            return self._by_itself(cls, obj, number)
        only(name_text(name), rest)
        return self.instance(cls, rest, number)

    def unjellyInto(self, obj: Any, loc: Any, jel: Expression) -> Any:
        """Make an object and put it somewhere, when it is there.

        Args:
            obj: A list, a dictionary, or what else has ``__setitem__``.
            loc: The place in it.
            jel: The object's expression.

        Returns:
            The object, or the `NotKnown` that stands for it.
        """
        made = self.unjelly(jel)
        if isinstance(made, NotKnown):
            made.addDependant(obj, loc)
        obj[loc] = made
        return made

    def register(self, number: Any, made: Any) -> None:
        """An object is there, though perhaps without its contents.

        Args:
            number: The number by which it will be referred to, or None.
            made: The object.
        """
        if number is not None:
            earlier = self.references.get(number)
            self.references[number] = made
            if isinstance(earlier, NotKnown):
                earlier.resolveDependants(made)

    def _by_itself(self, cls: Any, obj: list[Any], number: Any) -> Any:
        """Have an object made of an expression by its ``unjellyFor``."""
        made = blank(cls)
        if getattr(cls, "unjellyFor", None) is Unjellyable.unjellyFor:
            self.register(number, made)
        return self._later(made.unjellyFor(self, obj))

    def instance(self, cls: type, state: list[Any], number: Any) -> Opened:
        """Begin with an instance that gets its plain state.

        Args:
            cls: Its class, which is allowed.
            state: The state's expression, in a list.
            number: The number by which it will be referred to, or None.
        """
        made = blank(cls)
        self.register(number, made)

        def end(done: list[Any]) -> Any:
            when_known(done, lambda items: set_plain_state(made, items[0]))
            return self._later(made)

        return Opened(state, [], end)

    def _later(self, made: Any) -> Any:
        """An object is made; if it has a ``postUnjelly``, that is called at the end."""
        if hasattr(made, "postUnjelly"):
            self.postCallbacks.append(made.postUnjelly)
        return made


_OPENERS: Final = {**CONTAINERS, **SINGLES}


def unjelly(
    sexp: Expression,
    taster: Any = None,
    persistentLoad: Any = None,
    invoker: Any = None,
    *,
    registry: Registry = defaultRegistry,
    maxDepth: int = DEFAULT_LIMITS.maxDepth,
) -> Any:
    """Make the object of an expression.

    Args:
        sexp: Bytes, integers, floats, and lists of these.
        taster: The `SecurityOptions`. None allows everything, code included: only for
            what this program has made itself.
        persistentLoad: Makes objects of what a ``persistentStore`` has given; called
            with that and the `Unjellier`.
        invoker: Whose message it is: what ``unjellyFor`` methods find as
            ``unjellier.invoker``.
        registry: Which classes and functions make objects of which names.
        maxDepth: How deep lists of the expression may be nested.

    Raises:
        InsecureJelly: Something in it is not allowed.
        MalformedJelly: It is no Jelly.
        NestedTooDeep: It is nested deeper than it may be.
    """
    taster = DummySecurityOptions() if taster is None else taster
    unjellier = Unjellier(
        taster, persistentLoad, invoker, registry=registry, maxDepth=maxDepth
    )
    try:
        return unjellier.unjellyFull(sexp)
    except RecursionError:
        raise too_deep(maxDepth) from None
