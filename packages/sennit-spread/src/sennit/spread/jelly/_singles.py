"""Objects made of nothing else: text, and what the program itself has by a name.

Each function gets the `Unjellier`, what is behind the name, and a number that is of no
use here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import MethodType, ModuleType
from typing import TYPE_CHECKING, Any

from sennit.spread.jelly._atoms import name_text
from sennit.spread.jelly._errors import (
    InsecureJelly,
    MalformedJelly,
    UnknownMethod,
)
from sennit.spread.jelly._flavors import Unpersistable
from sennit.spread.jelly._named import class_named, function_named, module_named
from sennit.spread.jelly._opened import Opened
from sennit.spread.jelly._unknown import when_known
from sennit.spread.jelly._values import VALUE_ATOMS, value_of

if TYPE_CHECKING:
    from sennit.spread.jelly._unjellier import Unjellier

__all__ = ["SINGLES", "only"]


def only(name: str, rest: list[Any]) -> Any:
    """Give the one thing that is behind a name.

    Raises:
        MalformedJelly: There is none, or are several.
    """
    if len(rest) != 1:
        raise MalformedJelly(f"one thing is behind {name!r:.200}, not {len(rest)}")
    return rest[0]


def _none(unjellier: Unjellier, rest: list[Any], number: Any) -> None:
    return None


def _unicode(unjellier: Unjellier, rest: list[Any], number: Any) -> str:
    text = only("unicode", rest)
    if type(text) is str:
        return text
    if type(text) is bytes:
        try:
            return text.decode()
        except UnicodeDecodeError as error:
            raise MalformedJelly(f"no text in UTF-8: {error}") from None
    raise MalformedJelly(f"text is bytes, not {type(text).__name__}")


def _boolean(unjellier: Unjellier, rest: list[Any], number: Any) -> bool:
    value = only("boolean", rest)
    if value in (b"true", "true"):
        return True
    if value in (b"false", "false"):
        return False
    raise MalformedJelly(f"neither true nor false: {value!r:.100}")


def _module(unjellier: Unjellier, rest: list[Any], number: Any) -> ModuleType:
    return module_named(name_text(only("module", rest)), unjellier.taster)


def _class(unjellier: Unjellier, rest: list[Any], number: Any) -> Any:
    return class_named(name_text(only("class", rest)), unjellier.taster)


def _function(unjellier: Unjellier, rest: list[Any], number: Any) -> Any:
    return function_named(name_text(only("function", rest)), unjellier.taster)


def _method(unjellier: Unjellier, rest: list[Any], number: Any) -> Opened:
    if len(rest) != 3:
        raise MalformedJelly("a method has a name, an object and a class")
    make = partial(_method_of, name_text(rest[0]))
    return Opened(rest[1:], [], partial(when_known, make=make))


def _method_of(name: str, items: list[Any]) -> Any:
    """Give a method of an object, one that its class has.

    Raises:
        UnknownMethod: There is none.
    """
    owner, cls = items
    is_of = cls is owner or (isinstance(cls, type) and isinstance(owner, cls))
    function = getattr(owner, name, None) if is_of else None
    if type(function) is not MethodType or function.__self__ is not owner:
        raise UnknownMethod(f"no method {name!r:.100} of {type(owner).__name__}")
    return function


def _instance(unjellier: Unjellier, rest: list[Any], number: Any) -> Opened:
    if len(rest) != 2:
        raise MalformedJelly("an instance has a class and a state")
    cls = unjellier.unjelly(rest[0])
    if not isinstance(cls, type):
        raise MalformedJelly("an instance has a class")
    if not unjellier.taster.isClassAllowed(cls):
        raise InsecureJelly(f"class not allowed: {cls.__qualname__}")
    return unjellier.instance(cls, rest[1:], number)


def _persistent(unjellier: Unjellier, rest: list[Any], number: Any) -> Any:
    key = only("persistent", rest)
    if unjellier.persistentLoad is None:
        return Unpersistable("Persistent callback not found")
    return unjellier.persistentLoad(key, unjellier)


def _unpersistable(unjellier: Unjellier, rest: list[Any], number: Any) -> Unpersistable:
    reason = only("unpersistable", rest)
    if isinstance(reason, bytes):
        reason = reason.decode("utf-8", "backslashreplace")
    return Unpersistable(f"Unpersistable data: {reason}")


def _value(atom: bytes) -> Callable[[Unjellier, list[Any], Any], Any]:
    return lambda unjellier, rest, number: value_of(atom, rest)


SINGLES: dict[bytes, Callable[[Unjellier, list[Any], Any], Any]] = {
    b"None": _none,
    b"boolean": _boolean,
    b"class": _class,
    b"function": _function,
    b"instance": _instance,
    b"method": _method,
    b"module": _module,
    b"persistent": _persistent,
    b"unicode": _unicode,
    b"unpersistable": _unpersistable,
    **{atom: _value(atom) for atom in VALUE_ATOMS},
}
"""The functions by the names that begin expressions."""
