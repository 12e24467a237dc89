"""From annotations to types of arguments."""

from __future__ import annotations

import copy
import datetime
import decimal
import types
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, Union, get_args, get_origin

from sennit.core.filepath import FilePath
from sennit.protocols.amp._arguments import (
    Argument,
    Boolean,
    Decimal,
    Float,
    Integer,
    Path,
    String,
    Unicode,
)
from sennit.protocols.amp._lists import ListOf
from sennit.protocols.amp._records import (
    RecordArgument,
    RecordList,
    has_default,
    hints_of,
    is_record,
)
from sennit.protocols.amp._times import DateTime

__all__ = ["argument_for", "fields_of"]


class _Real(Float):
    """A number that is annotated as a float, which an integer may stand for."""

    def toString(self, inObject: float) -> bytes:
        return super().toString(
            float(inObject) if isinstance(inObject, int) else inObject
        )


_KINDS: Final[Mapping[Any, type[Argument]]] = {
    bool: Boolean,
    bytes: String,
    datetime.datetime: DateTime,
    decimal.Decimal: Decimal,
    FilePath: Path,
    float: _Real,
    int: Integer,
    str: Unicode,
}


def argument_for(hint: Any) -> Argument:
    """The type of argument for what a name is annotated with.

    Args:
        hint: ``int``, ``str``, ``bytes``, ``bool``, ``float``, ``Decimal``,
            ``datetime``, ``FilePath``; a record; a ``list`` of one of these; one of
            these ``| None``; or ``Annotated[…, an Argument]``.

    Raises:
        TypeError: There is none for it.
    """
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        for note in parts[1:]:
            if isinstance(note, Argument):
                return note
        return argument_for(parts[0])
    if origin in (Union, types.UnionType):
        kinds = [part for part in parts if part is not type(None)]
        if len(kinds) == 1:
            return _optional(argument_for(kinds[0]))
    elif origin is list:
        if is_record(parts[0]):
            return RecordList(parts[0], fields_of)
        element = argument_for(parts[0])
        if not element.optional:
            return ListOf(element)
    elif (origin or hint) in _KINDS:  # FilePath[str]
        return _KINDS[origin or hint]()
    elif is_record(hint):
        return RecordArgument(hint, fields_of)
    raise TypeError(
        f"AMP has no type of argument for {hint!r}: "
        "write Annotated[..., an amp.Argument of your own]"
    )


def _optional(kind: Argument) -> Argument:
    optional = copy.copy(kind)
    optional.optional = True
    return optional


def fields_of(
    cls: Any, local: Mapping[str, Any] | None = None, leave: Iterable[str] = ()
) -> list[tuple[str, Argument]]:
    """Names and types of the annotated fields of a class.

    Args:
        cls: The class.
        local: Names that its annotations may use, beside those of its module.
        leave: Names that are no fields.

    Raises:
        TypeError: There is no type of argument for one of them.
    """
    fields = []
    for name, hint in hints_of(cls, local).items():
        if name in leave:
            continue
        try:
            kind = argument_for(hint)
        except TypeError as error:
            raise TypeError(f"{cls.__qualname__}.{name}: {error}") from None
        fields.append((name, _optional(kind) if has_default(cls, name) else kind))
    return fields
