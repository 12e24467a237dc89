"""How the values of a command become bytes, and bytes values: found out once a class.

Most arguments are of types that need neither the connection nor the whole box: then a
command's box is written straight from the values, with all that is constant joined
beforehand, and read without a copy. A command with one argument that needs more is
written and read by way of `AmpBox`, as each argument's ``toBox`` and ``fromBox`` want it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sennit.protocols.amp._arguments import Argument, Integer, String, Unicode
from sennit.protocols.amp._boxes import AmpBox
from sennit.protocols.amp._errors import InvalidSignature
from sennit.protocols.amp._lists import Declared, ListOf, objects_of, strings_of
from sennit.protocols.amp._names import identifier
from sennit.protocols.amp._unrolled import Field, Read, Write, caller, reader, writer
from sennit.protocols.amp._wire import length

__all__ = ["Plan", "entry"]

# The methods by which an argument may see more than its own bytes.
_SEEING: Final = ("retrieve", "fromBox", "toBox", "fromStringProto", "toStringProto")

# For the types that most arguments have, what does the same without a call in Python.
_WRITERS: Final[dict[type, Callable[[Any], bytes]]] = {
    Integer: b"%d".__mod__,
    Unicode: str.encode,
}
_READERS: Final[dict[type, Callable[[bytes], Any]]] = {
    String: bytes.__bytes__,
    Unicode: bytes.decode,
}


def entry(key: bytes, value: bytes) -> bytes:
    """A key and a short value, as they are written."""
    return b"".join((length(len(key)), key, length(len(value)), value))


def _is_plain(kind: Any) -> bool:
    """Whether a type needs its own bytes only."""
    if type(kind) is ListOf:
        return _is_plain(kind.elementType)
    return isinstance(kind, Argument) and all(
        getattr(type(kind), name) is getattr(Argument, name) for name in _SEEING
    )


class Plan:
    """The arguments, or the response, of one command.

    Attributes:
        declared: Names as bytes, and types.
        size: How many there are.
        known: The names in Python of all values.
        needed: Those that may not be missing.
        defaults: What stands for those that are, where it is not None.
        write: Makes the bytes of a box; None if types need more than their own bytes.
        read: Makes the values of a box; None in the same case.
        calls: Of arguments: the command's key and name as they are written, whether it
            is answered, and what ``reads`` the answer; None if it cannot be asked by
            ``write``.
        reads: Of a response: ``read``, if nothing is to be made of what that gives.
    """

    def __init__(self, declared: Declared, defaults: Any = None) -> None:
        """Find out.

        Args:
            declared: Names as bytes, and types.
            defaults: What has the values that are missing, as attributes.
        """
        self.declared = declared
        self.size: int = len(declared)
        self._fields = [_field(name, kind, defaults) for name, kind in declared]
        self.known: frozenset[str] = frozenset(field.known for field in self._fields)
        self.needed: tuple[str, ...] = tuple(
            each.known for each in self._fields if not each.optional
        )
        self.defaults: dict[str, Any] = {
            field.known: field.default
            for field in self._fields
            if field.default is not None
        }
        self.write: Write | None = None
        self.read: Read | None = None
        self.calls: tuple[bytes, bool, Read | None] | None = None
        self.reads: Read | None = None
        if all(_is_plain(kind) for _, kind in declared):
            self.write, self.read = writer(self._fields), reader(self._fields)

    def caller_of(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Make what calls a method with the values of a box, given its object and that."""
        return caller(self._fields, function)

    def check(self, objects: Mapping[str, Any], command: str) -> None:
        """See that values are those of the command.

        Raises:
            InvalidSignature: One is missing, or unknown.
        """
        for name in self.needed:
            if name not in objects:
                raise InvalidSignature(f"{command} needs the argument {name}")
        for name in objects:
            if name not in self.known:
                raise InvalidSignature(f"{command} has no argument {name}")

    def fill(self, objects: dict[str, Any], box: AmpBox, proto: Any) -> AmpBox:
        """Put the values into a box, whatever their types need."""
        return strings_of(objects, self.declared, box, proto)

    def take(self, box: AmpBox, proto: Any) -> dict[str, Any]:
        """Make the values of a box, whatever their types need."""
        objects = objects_of(box, self.declared, proto)
        for name, value in self.defaults.items():
            if objects[name] is None:
                objects[name] = value
        return objects


def _field(name: Any, kind: Any, defaults: Any) -> Field:
    known = identifier(name)
    return Field(
        name,
        known,
        getattr(kind, "optional", False),
        getattr(defaults, known, None),
        _WRITERS.get(type(kind), getattr(kind, "toString", None)),
        _READERS.get(type(kind), getattr(kind, "fromString", None)),
    )
