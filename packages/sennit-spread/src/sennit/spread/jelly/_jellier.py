"""Objects to expressions.

An object that comes again is not written again. So each object that others may refer to
is remembered, with the list that is its expression; when it comes for the second time,
that list becomes, where it stands, ``[reference, number, as it was]``, and what is
written now is ``[dereference, number]``. An object that comes from within itself has no
expression yet, so a list stands for it, to which it is added when it is there.

Nothing recurses but the user's methods: what an object contains is worked on in a loop,
with a stack of the objects that are not complete.

`_fused` does the same for bytes. It has the numbers and the remembered objects in common
with what is here, and leaves to it what it does not know.
"""

from __future__ import annotations

from itertools import chain
from types import (
    BuiltinFunctionType,
    FunctionType,
    MethodType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any, Final, TypeAlias

from sennit.spread.banana import DEFAULT_LIMITS, NestedTooDeep, Unsendable
from sennit.spread.jelly._atoms import (
    None_atom,
    boolean_atom,
    class_atom,
    dereference_atom,
    dictionary_atom,
    frozenset_atom,
    function_atom,
    list_atom,
    method_atom,
    module_atom,
    name_bytes,
    persistent_atom,
    reference_atom,
    set_atom,
    tuple_atom,
    unicode_atom,
    unpersistable_atom,
)
from sennit.spread.jelly._flavors import plain_state
from sennit.spread.jelly._opened import Opened
from sennit.spread.jelly._policy import DummySecurityOptions
from sennit.spread.jelly._values import VALUES

__all__ = ["Expression", "Jellier", "jelly", "too_deep"]

Expression: TypeAlias = Any
"""Bytes, integers, floats, and lists of expressions."""

_SERIES: Final[dict[Any, bytes]] = {
    list: list_atom,
    tuple: tuple_atom,
    set: set_atom,
    frozenset: frozenset_atom,
}


class Jellier:
    """Works on one message: what ``jellyFor`` methods are given.

    Attributes:
        taster: The security options.
        persistentStore: Asked for each instance, with it and this; if it gives
            something, that is sent instead of the instance.
        invoker: Whom the message is for, a broker; None if nobody.
        strict: Whether what cannot travel is an error here; otherwise it becomes an
            `Unpersistable` on the other side.
    """

    def __init__(
        self,
        taster: Any,
        persistentStore: Any = None,
        invoker: Any = None,
        *,
        maxDepth: int = DEFAULT_LIMITS.maxDepth,
        strict: bool = False,
    ) -> None:
        self.taster = taster
        self.persistentStore = persistentStore
        self.invoker = invoker
        self.strict = strict
        self.maxDepth = maxDepth
        # How many lists may yet be nested where we are.
        self.left: int = maxDepth
        # Where each object was written, by its id: its expression; or its place among
        # bytes; or, when it was referred to, its number times -1.
        self.seen: dict[int, Any] = {}
        self.references: int = 0
        # Expressions of objects that are referred to from within themselves.
        self._under_way: dict[int, list[Any]] = {}
        # What is only made to be sent must live until then: its id would come again.
        self.kept: list[Any] = []

    def jelly(self, obj: Any) -> Expression:
        """Make the expression of an object, or of a part of one.

        Raises:
            NestedTooDeep: Objects are nested deeper than they may be.
            Unsendable: Something cannot travel, and ``strict`` is set.
        """
        made = self._open(obj)
        if type(made) is not Opened:
            return made
        left = self.left
        around: list[Opened] = []
        try:
            self._enter(made)
            while True:
                for part in made.parts:
                    opened = self._open(part)
                    if type(opened) is Opened:
                        self._enter(opened)
                        around.append(made)
                        made = opened
                        break
                    made.done.append(opened)
                else:
                    finished = made.finish(made.done)
                    self.left += made.levels
                    if not around:
                        return finished
                    made = around.pop()
                    made.done.append(finished)
        finally:
            self.left = left

    def _enter(self, opened: Opened) -> None:
        self.left -= opened.levels
        if self.left < 0:
            raise too_deep(self.maxDepth)

    def _open(self, obj: Any) -> Expression | Opened:
        """Make an expression, or begin with one that has parts."""
        kind = type(obj)
        if kind is bytes or kind is int or kind is float:
            return obj
        if kind is str:
            try:
                return [unicode_atom, obj.encode()]
            except UnicodeEncodeError as error:
                raise Unsendable(f"no text in UTF-8: {error}") from None
        if obj is None:
            return [None_atom]
        if kind is bool:
            return [boolean_atom, b"true" if obj else b"false"]
        if kind in VALUES:
            return VALUES[kind](obj)
        if id(obj) in self.seen:
            return [dereference_atom, self.refer(obj)]
        if kind in _SERIES:
            self.prepare(obj)
            return Opened(obj, [_SERIES[kind]], lambda done: self.preserve(obj, done))
        if kind is dict:
            self.prepare(obj)
            parts = chain.from_iterable(obj.items())
            return Opened(
                parts, [], lambda done: self.preserve(obj, _dictionary(done)), 2
            )
        return self._other(obj)

    # What is shared

    def prepare(self, obj: Any) -> list[Any]:
        """Begin with an object that others may refer to, itself included.

        Args:
            obj: The object.

        Returns:
            A list for its expression, to be handed to `preserve` when it is complete.
        """
        self.kept.append(obj)
        self.seen[id(obj)] = self._under_way[id(obj)] = []
        return []

    def preserve(self, obj: Any, sexp: Expression) -> Expression:
        """Be done with an object that `prepare` has begun with.

        Args:
            obj: The object.
            sexp: Its expression.

        Returns:
            What stands for it in the message.
        """
        node = self._under_way.pop(id(obj), None)
        if node:
            node[2] = sexp
            return node
        if not isinstance(sexp, list):
            sexp = list(sexp)
        self.seen[id(obj)] = sexp
        return sexp

    def refer(self, obj: Any) -> int:
        """Give the number of an object that is here already."""
        where = self.seen[id(obj)]
        if type(where) is int and where < 0:
            return -where
        self.references += 1
        number = self.references
        if type(where) is int:
            self.mark(where, number)
        else:
            where[:] = [reference_atom, number, where[:]]
        self.seen[id(obj)] = -number
        return number

    def mark(self, where: int, number: int) -> None:
        """Write before an object's bytes, at their place, that it has a number."""
        raise LookupError("only objects that become bytes have places")

    def unpersistable(self, reason: str | bytes) -> Expression:
        """Make the expression of something that cannot travel.

        Args:
            reason: Why, for people.

        Raises:
            Unsendable: ``strict`` is set.
        """
        if self.strict:
            raise Unsendable(
                reason.decode(errors="replace") if isinstance(reason, bytes) else reason
            )
        return [unpersistable_atom, name_bytes(reason)]

    # What is not plain

    def _other(self, obj: Any) -> Expression | Opened:
        if isinstance(obj, type):
            return [class_atom, name_bytes(obj)]
        kind = type(obj)
        if hasattr(kind, "jellyFor"):
            self.kept.append(obj)
            return obj.jellyFor(self)
        if kind is ModuleType:
            return [module_atom, name_bytes(obj.__name__)]
        if kind is MethodType:
            owner = obj.__self__
            cls = owner if isinstance(owner, type) else type(owner)
            head = [method_atom, name_bytes(obj.__func__.__name__)]
            return Opened((owner, cls), head, lambda done: done)
        if kind is FunctionType or (
            kind is BuiltinFunctionType and isinstance(obj.__self__, ModuleType)
        ):
            return [function_atom, name_bytes(f"{obj.__module__}.{obj.__qualname__}")]
        return self._instance(obj)

    def _instance(self, obj: Any) -> Expression | Opened:
        self.prepare(obj)
        if self.persistentStore is not None:
            key = self.persistentStore(obj, self)
            if key is not None:
                return self.preserve(obj, [persistent_atom, key])
        kind = type(obj)
        name = name_bytes(kind)
        if not self.taster.isClassAllowed(kind):
            reason = f"instance of class {name.decode()} deemed insecure"
            return self.preserve(obj, self.unpersistable(reason))
        if not _has_plain_state(kind):
            reason = f"instance of class {name.decode()} has contents that are no state"
            return self.preserve(obj, self.unpersistable(reason))
        state = plain_state(obj)
        self.kept.append(state)
        return Opened((state,), [name], lambda done: self.preserve(obj, done))


def _dictionary(done: list[Any]) -> list[Any]:
    pairs = iter(done)
    return [
        dictionary_atom,
        *([key, value] for key, value in zip(pairs, pairs, strict=True)),
    ]


def _has_plain_state(kind: type) -> bool:
    """Whether all that is in an object is its state.

    Not so with numbers, collections and what else is built in and has no attributes, nor
    with what is derived from these, unless it has a ``__getstate__`` of its own.
    """
    if getattr(kind, "__getstate__", None) is not object.__getstate__:
        return True
    if isinstance(getattr(kind, "__len__", None), WrapperDescriptorType):
        return False
    return all(
        base.__flags__ & _HEAP_TYPE or base.__dictoffset__ for base in kind.__mro__[:-1]
    )


# Py_TPFLAGS_HEAPTYPE: what is not built in.
_HEAP_TYPE: Final = 1 << 9


def too_deep(maxDepth: int) -> NestedTooDeep:
    """The error for objects that are nested deeper than so."""
    return NestedTooDeep(
        f"nested more than {maxDepth} lists deep, or than Python's stack has room for"
    )


def jelly(
    object: Any,
    taster: Any = None,
    persistentStore: Any = None,
    invoker: Any = None,
    *,
    maxDepth: int = DEFAULT_LIMITS.maxDepth,
    strict: bool = False,
) -> Expression:
    """Make the expression of an object.

    Args:
        object: The object.
        taster: The `SecurityOptions`; None allows everything.
        persistentStore: Asked for each instance, with it and the `Jellier`; what it
            gives is sent instead, unless it is None.
        invoker: Whom it is for: what ``jellyFor`` methods find as ``jellier.invoker``.
        maxDepth: How deep lists of the expression may be nested.
        strict: Whether what cannot travel is an error; otherwise it becomes an
            `Unpersistable` on the other side.

    Returns:
        Bytes, integers, floats, and lists of these.

    Raises:
        NestedTooDeep: The object is nested deeper than it may be.
        Unsendable: Something cannot travel: if ``strict`` is set; and text that is no
            Unicode, times with a zone, decimals that are not finite, at any rate.
    """
    taster = DummySecurityOptions() if taster is None else taster
    jellier = Jellier(
        taster, persistentStore, invoker, maxDepth=maxDepth, strict=strict
    )
    try:
        return jellier.jelly(object)
    except RecursionError:
        raise too_deep(maxDepth) from None
