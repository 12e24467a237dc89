"""The names that begin expressions."""

from __future__ import annotations

from typing import Any, Final

from sennit.spread._names import wire_name
from sennit.spread.jelly._errors import MalformedJelly

__all__ = [
    "None_atom",
    "boolean_atom",
    "class_atom",
    "date_atom",
    "datetime_atom",
    "decimal_atom",
    "dereference_atom",
    "dictionary_atom",
    "frozenset_atom",
    "function_atom",
    "instance_atom",
    "list_atom",
    "method_atom",
    "module_atom",
    "name_bytes",
    "name_text",
    "persistent_atom",
    "qualified",
    "reference_atom",
    "set_atom",
    "time_atom",
    "timedelta_atom",
    "tuple_atom",
    "unicode_atom",
    "unpersistable_atom",
]

None_atom: Final = b"None"
boolean_atom: Final = b"boolean"
unicode_atom: Final = b"unicode"
decimal_atom: Final = b"decimal"
date_atom: Final = b"date"
time_atom: Final = b"time"
datetime_atom: Final = b"datetime"
timedelta_atom: Final = b"timedelta"

list_atom: Final = b"list"
tuple_atom: Final = b"tuple"
dictionary_atom: Final = b"dictionary"
set_atom: Final = b"set"
frozenset_atom: Final = b"frozenset"

class_atom: Final = b"class"
module_atom: Final = b"module"
function_atom: Final = b"function"
method_atom: Final = b"method"
instance_atom: Final = b"instance"

reference_atom: Final = b"reference"
dereference_atom: Final = b"dereference"
persistent_atom: Final = b"persistent"
unpersistable_atom: Final = b"unpersistable"


def name_bytes(name: Any) -> bytes:
    """Give a name as it travels; from a class, the name of that.

    Raises:
        MalformedJelly: It is neither bytes, nor text, nor a class.
    """
    if isinstance(name, bytes):
        return name
    if isinstance(name, type):
        name = qualified(name)
    if isinstance(name, str):
        return name.encode("utf-8", "surrogatepass")
    raise MalformedJelly(f"a name is bytes, or text, not {type(name).__name__}")


def name_text(name: Any) -> str:
    """Give a name as Python has it.

    Raises:
        MalformedJelly: It is neither bytes nor text, or no text in UTF-8.
    """
    if isinstance(name, str):
        return name
    if isinstance(name, bytes):
        try:
            return name.decode()
        except UnicodeDecodeError:
            raise MalformedJelly(
                f"a name is text in UTF-8, not {name!r:.100}"
            ) from None
    raise MalformedJelly(f"a name is bytes, or text, not {type(name).__name__}")


def qualified(cls: type) -> str:
    """The name by which instances of a class travel."""
    return wire_name(cls)
