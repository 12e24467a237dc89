"""Objects made of others: what begins with them when their expression has come.

Each function gets the `Unjellier`, what is behind the name, and the number by which the
object will be referred to, or None.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from sennit.spread.jelly._errors import MalformedJelly, UnresolvedReference
from sennit.spread.jelly._keys import FEW_KEYS, check_keys, put, put_into
from sennit.spread.jelly._opened import Opened
from sennit.spread.jelly._unknown import NotKnown, Pending, when_known

if TYPE_CHECKING:
    from sennit.spread.jelly._unjellier import Unjellier

__all__ = ["CONTAINERS"]


def _list(unjellier: Unjellier, rest: list[Any], number: Any) -> Opened:
    made: list[Any] = []
    unjellier.register(number, made)

    def finish(made: list[Any]) -> list[Any]:
        if unjellier.references:
            for at, item in enumerate(made):
                if isinstance(item, NotKnown):
                    item.addDependant(made, at)
        return made

    return Opened(rest, made, finish)


def _tuple(unjellier: Unjellier, rest: list[Any], number: Any) -> Opened:
    return Opened(rest, [], partial(when_known, make=tuple))


def _frozenset(unjellier: Unjellier, rest: list[Any], number: Any) -> Opened:
    def frozen(items: list[Any]) -> frozenset[Any]:
        check_keys(items, unjellier.key_budget)
        try:
            return frozenset(items)
        except TypeError as error:
            raise MalformedJelly(f"no element of a set: {error}") from None

    return Opened(rest, [], partial(when_known, make=frozen))


def _dictionary(unjellier: Unjellier, rest: list[Any], number: Any) -> Opened:
    made: dict[Any, Any] = {}
    unjellier.register(number, made)
    parts: list[Any] = []
    for pair in rest:
        if type(pair) is not list or len(pair) != 2:
            raise MalformedJelly("a dictionary has pairs")
        parts += pair

    def finish(done: list[Any]) -> dict[Any, Any]:
        keys, values = done[::2], done[1::2]
        check_keys(keys, unjellier.key_budget if unjellier.references else None)
        for key, value in zip(keys, values, strict=True):
            if isinstance(key, NotKnown):
                _put_late(unjellier, [key, value], lambda items: put(made, *items))
                continue
            put(made, key, value)
            if isinstance(value, NotKnown):
                value.addDependant(made, key)
        return made

    return Opened(parts, [], finish, 2)


def _set(unjellier: Unjellier, rest: list[Any], number: Any) -> Opened:
    made: set[Any] = set()
    unjellier.register(number, made)

    def finish(done: list[Any]) -> set[Any]:
        check_keys(done, unjellier.key_budget if unjellier.references else None)
        for item in done:
            if isinstance(item, NotKnown):
                _put_late(unjellier, [item], lambda items: put_into(made, items[0]))
            else:
                put_into(made, item)
        return made

    return Opened(rest, [], finish)


def _put_late(
    unjellier: Unjellier, items: list[Any], how: Callable[[list[Any]], None]
) -> None:
    """Put a key somewhere when it is known, which happens in odd cycles only."""
    unjellier.late_keys += 1
    if unjellier.late_keys > FEW_KEYS:
        raise MalformedJelly("too many keys that are referred to before they come")

    def put_now(items: list[Any]) -> None:
        check_keys(items[:1], unjellier.key_budget)
        how(items)

    Pending(items, put_now)


def _reference(unjellier: Unjellier, rest: list[Any], number: Any) -> Opened:
    if len(rest) != 2:
        raise MalformedJelly("a reference has a number and an object")
    number = _checked(rest[0])
    there = unjellier.references.get(number)
    if number in unjellier.references and (
        type(there) is not NotKnown or there.resolved
    ):
        raise MalformedJelly(f"there are two objects number {number!r:.100}")
    unjellier.number = number

    def finish(done: list[Any]) -> Any:
        unjellier.number = None
        made, there = done[0], unjellier.references.get(number)
        if isinstance(made, NotKnown) and there is not None:
            if there is made:
                raise UnresolvedReference(
                    f"object number {number!r:.100} is itself only"
                )
            # A tuple with something in it that refers to it, or to what comes later.
            made.addDependant(there, None)
        elif there is not made:
            unjellier.register(number, made)
        return made

    return Opened(rest[1:], [], finish)


def _dereference(unjellier: Unjellier, rest: list[Any], number: Any) -> Any:
    if len(rest) != 1:
        raise MalformedJelly("a reference to an object has its number")
    wanted = _checked(rest[0])
    if wanted not in unjellier.references:
        unjellier.references[wanted] = NotKnown()
    there = unjellier.references[wanted]
    if isinstance(there, NotKnown) and there.resolved:
        return there.resolvedObject
    return there


def _checked(number: Any) -> Any:
    if type(number) is not int and type(number) is not bytes:
        raise MalformedJelly(f"no number of an object: {number!r:.100}")
    return number


CONTAINERS: dict[bytes, Callable[[Unjellier, list[Any], Any], Any]] = {
    b"dereference": _dereference,
    b"dictionary": _dictionary,
    b"frozenset": _frozenset,
    b"list": _list,
    b"reference": _reference,
    b"set": _set,
    b"tuple": _tuple,
}
"""The functions by the names that begin expressions."""
