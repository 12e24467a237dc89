"""Types of arguments: a value to bytes and back.

One of your own subclasses `Argument` and overrides ``toString`` and ``fromString``; or
the methods with ``Proto`` if it has to know the connection; or ``toBox`` and ``fromBox``
if it is more than one key of the box.
"""

from __future__ import annotations

import decimal
from typing import TYPE_CHECKING, Any, Final

from sennit.core.filepath import FilePath
from sennit.protocols.amp._names import identifier

if TYPE_CHECKING:
    from sennit.protocols.amp._boxes import AmpBox

__all__ = [
    "Argument",
    "Boolean",
    "Decimal",
    "Float",
    "Integer",
    "Path",
    "String",
    "Unicode",
]

_BOOLEANS: Final = {b"True": True, b"False": False}


class Argument:
    """A type of argument: to be subclassed.

    Attributes:
        optional: Whether a value may be missing; it is None then.
    """

    optional: bool = False

    def __init__(self, optional: bool = False) -> None:
        """Make a type.

        Args:
            optional: Whether a value may be missing.
        """
        self.optional = optional

    def retrieve(self, d: dict[Any, Any], name: Any, proto: Any) -> Any:
        """Take a value out of a dictionary.

        Returns:
            The value; None where it is optional and missing.

        Raises:
            KeyError: It is missing, and not optional.
        """
        if self.optional:
            return d.pop(name, None)
        return d.pop(name)

    def fromBox(
        self, name: bytes, strings: AmpBox, objects: dict[str, Any], proto: Any
    ) -> None:
        """Take the argument out of a box, and put its value among others.

        Args:
            name: Its name on the wire.
            strings: The box that came.
            objects: The values, by their names in Python.
            proto: The AMP protocol; None if there is none.
        """
        string = self.retrieve(strings, name, proto)
        known = identifier(name)
        objects[known] = None if string is None else self.fromStringProto(string, proto)

    def toBox(
        self, name: bytes, strings: AmpBox, objects: dict[str, Any], proto: Any
    ) -> None:
        """Put the argument into a box.

        Args:
            name: Its name on the wire.
            strings: The box to be sent.
            objects: The values, by their names in Python.
            proto: The AMP protocol; None if there is none.
        """
        value = self.retrieve(objects, identifier(name), proto)
        if value is not None or not self.optional:
            strings[name] = self.toStringProto(value, proto)

    def fromStringProto(self, inString: bytes, proto: Any) -> Any:
        """Make the value of bytes, with the protocol at hand."""
        return self.fromString(inString)

    def toStringProto(self, inObject: Any, proto: Any) -> bytes:
        """Make bytes of the value, with the protocol at hand."""
        return self.toString(inObject)

    def fromString(self, inString: bytes) -> Any:
        """Make the value of bytes; to be overridden.

        Raises:
            ValueError: They stand for no value.
        """
        raise NotImplementedError(f"{type(self).__name__} has no fromString")

    def toString(self, inObject: Any) -> bytes:
        """Make bytes of the value; to be overridden.

        Raises:
            TypeError: It is of another kind.
        """
        raise NotImplementedError(f"{type(self).__name__} has no toString")


class Integer(Argument):
    """An integer of any size, in decimal digits."""

    fromString: Any = int

    def toString(self, inObject: int) -> bytes:
        """Write it in decimal digits."""
        return b"%d" % inObject


class String(Argument):
    """Bytes, as they are."""

    def fromString(self, inString: bytes) -> Any:
        """Take them as they are."""
        return inString

    def toString(self, inObject: Any) -> bytes:
        """Take them as they are.

        Raises:
            TypeError: They are no bytes.
        """
        if isinstance(inObject, bytes):
            return inObject
        if isinstance(inObject, bytearray | memoryview):
            return bytes(inObject)
        raise TypeError(f"a String is bytes, not {type(inObject).__name__}")


class Unicode(Argument):
    """Text, in UTF-8."""

    def fromString(self, inString: bytes) -> Any:
        """Decode it."""
        return inString.decode("utf-8")

    def toString(self, inObject: Any) -> bytes:
        """Encode it.

        Raises:
            TypeError: It is no text.
        """
        if not isinstance(inObject, str):
            raise TypeError(f"a Unicode is str, not {type(inObject).__name__}")
        return inObject.encode("utf-8")


class Path(Unicode):
    """A `FilePath <sennit.core.filepath.FilePath>`, by its name in UTF-8."""

    def fromString(self, inString: bytes) -> Any:
        """Make the path."""
        return FilePath(super().fromString(inString))

    def toString(self, inObject: Any) -> bytes:
        """Write its absolute name."""
        return super().toString(inObject.asTextMode().path)


class Float(Argument):
    """A floating-point number, as Python writes it: nothing of it is lost."""

    fromString: Any = float

    def toString(self, inObject: float) -> bytes:
        """Write it.

        Raises:
            ValueError: It is no number.
        """
        if not isinstance(inObject, float):
            raise ValueError(f"a Float is float, not {type(inObject).__name__}")
        return float.__repr__(inObject).encode("ascii")


class Boolean(Argument):
    """``True`` or ``False``."""

    def fromString(self, inString: bytes) -> Any:
        """Read it.

        Raises:
            TypeError: It is neither.
        """
        try:
            return _BOOLEANS[inString]
        except KeyError:
            raise TypeError(
                f"a Boolean is True or False, not {inString[:20]!r}"
            ) from None

    def toString(self, inObject: object) -> bytes:
        """Write whether the value counts as true."""
        return b"True" if inObject else b"False"


class Decimal(Argument):
    """A `decimal.Decimal`, with all its digits, also infinite or not a number."""

    def fromString(self, inString: bytes) -> Any:
        """Read it."""
        return decimal.Decimal(inString.decode("ascii"))

    def toString(self, inObject: Any) -> bytes:
        """Write it.

        Raises:
            ValueError: It is no `decimal.Decimal`.
        """
        if isinstance(inObject, decimal.Decimal):
            return str(inObject).encode("ascii")
        raise ValueError(
            f"a Decimal is a decimal.Decimal, not {type(inObject).__name__}"
        )
