"""Objects straight to bytes, without the expression in between.

Half of what a message costs is to make lists of its objects, only to be taken apart
again. Here each object is written as the bytes that its expression would have, and these
are the same, to the byte.

What is written before an object's contents is one piece of a list; so when the object
comes again, that piece becomes ``reference``, its number, and the piece as it was.
Instances, classes and other things that are rare become expressions (`_jellier`), which
stand in the list until all is joined, as they may be referred to, too. So do objects in
more than a few others, as this recurses.
"""

from __future__ import annotations

from typing import Any, Final

from sennit.spread.banana import MessageTooLong
from sennit.spread.banana.wire import encode_expression
from sennit.spread.jelly._form import PAIR, Writing, writing
from sennit.spread.jelly._jellier import Jellier, too_deep
from sennit.spread.jelly._policy import DummySecurityOptions

__all__ = ["jellyToBytes"]

# Python's stack has a thousand frames; what is deeper than so many is written in a loop.
_FEW_LEVELS: Final = 64


class _Writer:
    """Works on one message that becomes bytes."""

    __slots__ = ("_jellier", "_options", "form", "kept", "pieces", "seen")

    def __init__(self, form: Writing, *options: Any) -> None:
        self.form = form
        self.pieces: list[Any] = []
        self.seen: dict[int, Any] = {}
        self.kept: list[Any] = []
        self._options = options
        self._jellier: Jellier | None = None

    def write(self, obj: Any, left: int, few: int) -> None:
        """Write an object that is no single one.

        Args:
            obj: The object.
            left: How many lists may yet be nested here.
            few: How many times this may yet recurse.
        """
        form, seen, pieces = self.form, self.seen, self.pieces
        kind = type(obj)
        heads = form.heads.get(kind)
        if heads is None or not few:
            pieces.append((self.jellier(left).jelly(obj), left))
            return
        if id(obj) in seen:
            number = self.jellier(left).refer(obj)
            pieces.append(form.dereference + form.single[int](number))
            return
        seen[id(obj)] = len(pieces)
        self.kept.append(obj)
        size = len(obj)
        add, single = pieces.append, form.single
        add(heads[size] if size < form.usual else form.head(kind, size))
        if kind is dict:
            if left < 2:
                raise too_deep(form.limits.maxDepth)
            left -= 2
            names = form.names
            for key, value in obj.items():
                if type(key) is str:
                    add(names[key] if key in names else form.name(key))
                else:
                    add(PAIR)
                    write = single.get(type(key))
                    if write is not None:
                        add(write(key))
                    else:
                        self.write(key, left, few - 1)
                write = single.get(type(value))
                if write is not None:
                    add(write(value))
                else:
                    self.write(value, left, few - 1)
        else:
            if left < 1:
                raise too_deep(form.limits.maxDepth)
            left -= 1
            for value in obj:
                write = single.get(type(value))
                if write is not None:
                    add(write(value))
                else:
                    self.write(value, left, few - 1)
            if len(obj) != size:
                # As a dictionary does by itself: its size was written before.
                raise RuntimeError(f"{kind.__name__} changed size during iteration")

    def jellier(self, left: int) -> Jellier:
        """Give what makes expressions, of objects of this message too."""
        jellier = self._jellier
        if jellier is None:
            jellier = self._jellier = _Jellier(self, *self._options)
        jellier.left = left
        return jellier

    def joined(self) -> bytes:
        """Give the bytes of all."""
        if self._jellier is not None:
            form = self.form
            for at, piece in enumerate(self.pieces):
                if type(piece) is tuple:
                    expression, left = piece
                    limits = form.limits._replace(maxDepth=left)
                    self.pieces[at] = encode_expression(expression, form.tokens, limits)
        return b"".join(self.pieces)


class _Jellier(Jellier):
    """Makes expressions of what is rare, and knows what was written as bytes."""

    def __init__(
        self,
        writer: _Writer,
        taster: Any,
        persistentStore: Any,
        invoker: Any,
        strict: bool,
    ) -> None:
        super().__init__(
            taster,
            persistentStore,
            invoker,
            maxDepth=writer.form.limits.maxDepth,
            strict=strict,
        )
        self.seen = writer.seen
        self.kept = writer.kept
        self._writer = writer

    def mark(self, where: int, number: int) -> None:
        form, pieces = self._writer.form, self._writer.pieces
        pieces[where] = form.reference + form.single[int](number) + pieces[where]


def jellyToBytes(
    obj: Any,
    taster: Any = None,
    persistentStore: Any = None,
    invoker: Any = None,
    *,
    form: Writing | None = None,
    strict: bool = False,
) -> bytes:
    """Make the bytes of an object's expression: ``encode(jelly(obj))`` in one step.

    Args:
        obj: The object.
        taster: The `SecurityOptions`; None allows everything.
        persistentStore: As with `jelly`.
        invoker: Whom it is for: what ``jellyFor`` methods find as ``jellier.invoker``.
        form: The dialect and the limits, from `writing`; None is the dialect ``none``.
        strict: Whether what cannot travel is an error; otherwise it becomes an
            `Unpersistable` on the other side.

    Raises:
        NestedTooDeep: The object is nested deeper than it may be.
        Unsendable: Something cannot travel.
        BananaError: A limit is exceeded: by the sizes of items or of the whole.
    """
    if form is None:
        form = writing(b"none")
    write = form.single.get(type(obj))
    if write is not None:
        return write(obj)
    if taster is None:
        taster = DummySecurityOptions()
    writer = _Writer(form, taster, persistentStore, invoker, strict)
    try:
        writer.write(obj, form.limits.maxDepth, _FEW_LEVELS)
        data = writer.joined()
    except RecursionError:
        raise too_deep(form.limits.maxDepth) from None
    if len(data) > form.limits.maxBytes:
        raise MessageTooLong(
            f"a message of {len(data)} bytes is too long to send: "
            f"{form.limits.maxBytes} are the limit"
        )
    return data
