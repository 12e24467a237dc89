"""Arguments that hold several: ListOf, and AmpList of boxes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sennit.protocols.amp._arguments import Argument
from sennit.protocols.amp._boxes import AmpBox, split
from sennit.protocols.amp._depth import nested
from sennit.protocols.amp._errors import MalformedAmpBox, TooLong
from sennit.protocols.amp._names import wire_name
from sennit.protocols.amp._wire import MAX_VALUE_LENGTH, length

if TYPE_CHECKING:
    from sennit.protocols.amp.contracts import IArgumentType

__all__ = ["AmpList", "Declared", "ListOf", "boxes_in", "objects_of", "strings_of"]

Declared = Sequence[tuple["str | bytes", "IArgumentType"]]
"""Names and their types."""


def objects_of(strings: AmpBox, declared: Declared, proto: Any) -> dict[str, Any]:
    """Make the values of a box, which is not changed."""
    left = strings.copy()
    objects: dict[str, Any] = {}
    for name, kind in declared:
        kind.fromBox(wire_name(name), left, objects, proto)
    return objects


def strings_of(
    objects: dict[str, Any], declared: Declared, strings: AmpBox, proto: Any
) -> AmpBox:
    """Fill a box with values, which are not changed."""
    left = objects.copy()
    for name, kind in declared:
        kind.toBox(wire_name(name), strings, left, proto)
    return strings


class ListOf(Argument):
    """A list of values of one type.

    Each is written with its length before it; all together have 65,535 bytes at most,
    or as many as the other side takes.
    """

    def __init__(self, elementType: Argument, optional: bool = False) -> None:
        """Make a type.

        Args:
            elementType: The type of each value.
            optional: Whether the list may be missing.
        """
        super().__init__(optional)
        self.elementType: Argument = elementType

    def fromStringProto(self, inString: bytes, proto: Any) -> Any:
        """Read the list.

        Raises:
            MalformedAmpBox: It ends within an element.
            NestedTooDeep: It is in too many others.
        """
        read = self.elementType.fromStringProto
        size, at, values = len(inString), 0, []
        with nested:
            while at < size:
                begin = at + 2
                at = begin + int.from_bytes(inString[at:begin], "big")
                if at > size or begin > size:
                    raise MalformedAmpBox("a list that ends within an element")
                values.append(read(inString[begin:at], proto))
        return values

    def toStringProto(self, inObject: Iterable[Any], proto: Any) -> bytes:
        """Write the list.

        Raises:
            TooLong: An element has more than 65,535 bytes.
        """
        pieces: list[bytes] = []
        with nested:
            for value in inObject:
                string = self.elementType.toStringProto(value, proto)
                if len(string) > MAX_VALUE_LENGTH:
                    raise TooLong(False, True, string, b"an element")
                pieces += (length(len(string)), string)
        return b"".join(pieces)

    def fromString(self, inString: bytes) -> Any:
        """Read the list, where no protocol is needed."""
        return self.fromStringProto(inString, None)

    def toString(self, inObject: Iterable[Any]) -> bytes:
        """Write the list, where no protocol is needed."""
        return self.toStringProto(inObject, None)


class AmpList(Argument):
    """A list of dictionaries, each of the same arguments: boxes in a value."""

    def __init__(self, subargs: Declared, optional: bool = False) -> None:
        """Make a type.

        Args:
            subargs: Names and types, as a command's arguments.
            optional: Whether the list may be missing.
        """
        super().__init__(optional)
        self.subargs: Declared = subargs

    def fromStringProto(self, inString: bytes, proto: Any) -> Any:
        """Read the list.

        Raises:
            MalformedAmpBox: It is no list of boxes.
            NestedTooDeep: It is in too many others.
        """
        with nested:
            return [objects_of(box, self.subargs, proto) for box in boxes_in(inString)]

    def toStringProto(self, inObject: Iterable[dict[str, Any]], proto: Any) -> bytes:
        """Write the list."""
        with nested:
            return b"".join(
                strings_of(each, self.subargs, AmpBox(), proto).serialize()
                for each in inObject
            )


def boxes_in(string: bytes) -> list[AmpBox]:
    """Read boxes that are a value.

    Raises:
        MalformedAmpBox: They are none, or do not end where the value does.
    """
    boxes, rest = split(string)
    if rest:
        raise MalformedAmpBox("a list that ends within a box")
    return boxes
