"""Records: values with named fields of their own, in a command or as its response.

A record goes as a box within a value, a list of records as an `AmpList`: a peer that
knows no records declares ``AmpList([...])``, which for a single one has one element.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Final, dataclass_transform, get_origin, get_type_hints

from sennit.protocols.amp._arguments import Argument
from sennit.protocols.amp._boxes import AmpBox
from sennit.protocols.amp._depth import nested
from sennit.protocols.amp._errors import MalformedAmpBox
from sennit.protocols.amp._lists import Declared, boxes_in, objects_of, strings_of

__all__ = [
    "Record",
    "RecordArgument",
    "RecordList",
    "has_default",
    "hints_of",
    "is_record",
    "made",
    "values_of_record",
]

# In which place a class was defined, for annotations that name what is local there.
_LOCALS: Final = "_amp_locals"


@dataclass_transform(kw_only_default=True)
class Record:
    """Named values: subclass it, and annotate the fields.

    A record is made with its fields by name; two of a class with equal fields are equal.
    A field with a default may be left out.
    """

    _amp_locals: ClassVar[Mapping[str, Any]] = {}

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        if _LOCALS not in vars(cls):
            cls._amp_locals = dict(sys._getframe(1).f_locals)

    def __init__(self, **fields: Any) -> None:
        known = _names_of(type(self))
        if unknown := [name for name in fields if name not in known]:
            raise TypeError(f"{type(self).__name__} has no field {unknown[0]}")
        for name in known:
            if name in fields:
                setattr(self, name, fields[name])
            elif not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} needs the field {name}")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return values_of_record(self) == values_of_record(other)

    def __repr__(self) -> str:
        fields = ", ".join(
            f"{name}={value!r}" for name, value in values_of_record(self).items()
        )
        return f"{type(self).__qualname__}({fields})"


def is_record(kind: Any) -> bool:
    """Whether a class is a `Record` or a dataclass."""
    if not isinstance(kind, type):
        return False
    return issubclass(kind, Record) or hasattr(kind, "__dataclass_fields__")


def hints_of(cls: type, local: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The annotated fields of a class and its bases, with what they are of.

    Args:
        cls: The class.
        local: Names that its annotations may use, beside those of its module.

    Raises:
        NameError: An annotation names what is not there.
    """
    known = {**getattr(cls, _LOCALS, {}), **(local or {}), cls.__name__: cls}
    hints = get_type_hints(cls, localns=known, include_extras=True)
    return {
        name: hint
        for name, hint in hints.items()
        if not name.startswith("_") and get_origin(hint) is not ClassVar
    }


def values_of_record(record: Any) -> dict[str, Any]:
    """The fields of a record, by name."""
    return {name: getattr(record, name) for name in _names_of(type(record))}


def made(kind: Any, objects: Mapping[str, Any]) -> Any:
    """Make a record of values; where one is None and the field has a default, of that."""
    given = {
        name: value
        for name, value in objects.items()
        if value is not None or not has_default(kind, name)
    }
    return kind(**given)


def has_default(kind: Any, name: str) -> bool:
    """Whether a field may be left out."""
    field = getattr(kind, "__dataclass_fields__", {}).get(name)
    if field is None:
        return hasattr(kind, name)
    # Not imported: who has a dataclass has paid for it.
    missing = sys.modules["dataclasses"].MISSING
    return field.default is not missing or field.default_factory is not missing


def _names_of(kind: Any) -> Iterable[str]:
    if hasattr(kind, "__dataclass_fields__"):
        return kind.__dataclass_fields__  # type: ignore[no-any-return]
    if "_amp_names" not in vars(kind):
        kind._amp_names = tuple(hints_of(kind))
    return kind._amp_names  # type: ignore[no-any-return]


class _OfRecords(Argument):
    """What records of one class, alone or many, have in common.

    The fields are looked up when they are first needed: a record may contain itself.
    """

    def __init__(
        self, kind: Any, declare: Callable[[Any], Declared], optional: bool = False
    ) -> None:
        """Make a type.

        Args:
            kind: The class of the records.
            declare: Finds their fields.
            optional: Whether it may be missing.
        """
        super().__init__(optional)
        self.kind: Any = kind
        self._declare = declare
        self._declared: Declared | None = None

    @property
    def declared(self) -> Declared:
        """The fields, as a command's arguments."""
        if self._declared is None:
            self._declared = self._declare(self.kind)
        return self._declared

    def _box(self, record: Any, proto: Any) -> bytes:
        if not isinstance(record, self.kind):
            raise TypeError(f"{record!r} is no {self.kind.__name__}")
        return strings_of(
            values_of_record(record), self.declared, AmpBox(), proto
        ).serialize()

    def _record(self, box: AmpBox, proto: Any) -> Any:
        return made(self.kind, objects_of(box, self.declared, proto))


class RecordArgument(_OfRecords):
    """A record: one box."""

    def fromStringProto(self, inString: bytes, proto: Any) -> Any:
        """Read the record.

        Raises:
            MalformedAmpBox: It is not one box.
        """
        with nested:
            boxes = boxes_in(inString)
            if len(boxes) != 1:
                raise MalformedAmpBox(f"a record of {len(boxes)} boxes")
            return self._record(boxes[0], proto)

    def toStringProto(self, inObject: Any, proto: Any) -> bytes:
        """Write the record.

        Raises:
            TypeError: It is of another class.
        """
        with nested:
            return self._box(inObject, proto)


class RecordList(_OfRecords):
    """A list of records of one class: boxes one after another."""

    def fromStringProto(self, inString: bytes, proto: Any) -> Any:
        """Read the list."""
        with nested:
            return [self._record(box, proto) for box in boxes_in(inString)]

    def toStringProto(self, inObject: Iterable[Any], proto: Any) -> bytes:
        """Write the list.

        Raises:
            TypeError: One of them is of another class.
        """
        with nested:
            return b"".join(self._box(each, proto) for each in inObject)
