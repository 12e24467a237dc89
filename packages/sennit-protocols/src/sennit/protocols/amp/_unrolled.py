"""Functions that are written for one command: what a loop over its fields would do.

A field costs the loop as much again as it costs itself; and to call a function with its
arguments by name is faster than with a dictionary. So the source of three functions is
made of the names of a command, which its class declares; nothing of it comes from the
wire. (Rejected: closures for each number of fields.)
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from sennit.protocols.amp._errors import TooLong
from sennit.protocols.amp._wire import MAX_VALUE_LENGTH, length

__all__ = ["Field", "Read", "Write", "caller", "reader", "writer"]

Read: TypeAlias = Callable[[Mapping[bytes, bytes]], Any]
"""From a box to the values by name; KeyError where one is missing."""

Write: TypeAlias = Callable[[Mapping[str, Any], bytes], bytes]
"""From values by name, and the special keys as they are written, to the bytes of a box."""

# Below this, the bytes before a value are joined beforehand, for each key and length.
_USUAL = 32


class Field:
    """An argument, or a value of a response.

    Attributes:
        name: Its name on the wire.
        known: Its name in Python.
        optional: Whether it may be missing.
        default: What it is then.
        write: Makes bytes of a value.
        read: Makes a value of bytes.
    """

    __slots__ = ("default", "known", "name", "optional", "read", "write")

    def __init__(
        self,
        name: bytes,
        known: str,
        optional: bool,
        default: Any,
        write: Callable[[Any], bytes] | None,
        read: Callable[[bytes], Any] | None,
    ) -> None:
        self.name = name
        self.known = known
        self.optional = optional
        self.default = default
        self.write = write
        self.read = read


def writer(fields: Sequence[Field]) -> Write:
    """Make what writes a box.

    It raises KeyError where a value is missing, and TooLong where one is too long.
    """
    lines, pieces = [], []
    space: dict[str, Any] = {"head": _head}
    # In the order of the alphabet, as boxes are serialized.
    for n, field in enumerate(sorted(fields, key=lambda field: field.name)):
        space[f"write{n}"], space[f"heads{n}"] = field.write, _heads(field.name)
        head = f"heads{n}[size{n}] if size{n} < {_USUAL} else head(heads{n}, size{n})"
        if field.optional:
            lines += [
                f"value = objects.get({field.known!r})",
                f"if value is None: piece{n} = b''",
                "else:",
                f"    string{n} = write{n}(value)",
                f"    piece{n} = head(heads{n}, len(string{n})) + string{n}",
            ]
            pieces.append(f"piece{n}")
        else:
            lines += [
                f"string{n} = write{n}(objects[{field.known!r}])",
                f"size{n} = len(string{n})",
            ]
            pieces += [head, f"string{n}"]
    joined = ", ".join(["special", *pieces, r"b'\0\0'"])
    lines.append(f"return join(({joined}))")
    write: Write = _function("write(objects, special)", lines, space)
    return write


def reader(fields: Sequence[Field]) -> Read:
    """Make what reads a box into a dictionary."""
    space: dict[str, Any] = {}
    items = (
        f"{field.known!r}: {_value(n, field, space)}" for n, field in enumerate(fields)
    )
    read: Read = _function("read(box)", [f"return {{{', '.join(items)}}}"], space)
    return read


def caller(fields: Sequence[Field], function: Callable[..., Any]) -> Callable[..., Any]:
    """Make what calls a method with the values of a box, given its object and the box."""
    space: dict[str, Any] = {"function": function}
    values = []
    for n, field in enumerate(fields):
        value = _value(n, field, space)
        if field.known.isidentifier() and not keyword.iskeyword(field.known):
            values.append(f"{field.known}={value}")
        else:
            values.append(f"**{{{field.known!r}: {value}}}")
    call = ", ".join(["this", *values])
    made: Callable[..., Any] = _function(
        "call(this, box)", [f"return function({call})"], space
    )
    return made


def _value(n: int, field: Field, space: dict[str, Any]) -> str:
    """The expression for a value that is read from a box."""
    space[f"read{n}"] = field.read
    if not field.optional:
        return f"read{n}(box[{field.name!r}])"
    space[f"default{n}"] = field.default
    return f"read{n}(box[{field.name!r}]) if {field.name!r} in box else default{n}"


def _function(signature: str, lines: list[str], space: dict[str, Any]) -> Any:
    name = signature.partition("(")[0]
    space["join"] = b"".join
    body = "\n    ".join(lines)
    exec(f"def {name}_({signature.partition('(')[2]}:\n    {body}", space)
    return space[f"{name}_"]


def _heads(name: bytes) -> tuple[bytes, ...]:
    """What is written before a value: its key, and each of the lengths that are usual."""
    start = length(len(name)) + name
    return tuple(start + length(size) for size in range(_USUAL))


def _head(heads: tuple[bytes, ...], size: int) -> bytes:
    """What is written before a value of any length.

    Raises:
        TooLong: No box can have it.
    """
    if size < _USUAL:
        return heads[size]
    start = heads[0][:-2]
    if size > MAX_VALUE_LENGTH:
        raise TooLong(False, True, None, start[2:], size)
    return start + length(size)
