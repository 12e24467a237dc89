"""``twisted.persisted.aot``: objects as Python source, to be read and changed by hand.

The source is one expression, `app`: literals, and calls of the node classes below. It is
evaluated with these names only, but it names any class and function: like a pickle it
is for files that are one's own.
"""

from __future__ import annotations

from typing import IO, Any

from sennit.compat.faces.persisted.aot._jelly import AOTJellier as AOTJellier
from sennit.compat.faces.persisted.aot._nodes import (
    Class as Class,
    Copyreg as Copyreg,
    Deref as Deref,
    Function as Function,
    Instance as Instance,
    InstanceMethod as InstanceMethod,
    Module as Module,
    Named as Named,
    Ref as Ref,
)
from sennit.compat.faces.persisted.aot._source import getSource as getSource
from sennit.compat.faces.persisted.aot._unjelly import AOTUnjellier as AOTUnjellier

__all__ = [
    "AOTJellier",
    "AOTUnjellier",
    "Class",
    "Copyreg",
    "Deref",
    "Function",
    "Instance",
    "InstanceMethod",
    "Module",
    "Named",
    "Ref",
    "getSource",
    "jellyToAOT",
    "jellyToSource",
    "unjellyFromAOT",
    "unjellyFromSource",
]

_NAMES = {
    kind.__name__: kind
    for kind in (Class, Copyreg, Deref, Function, Instance, InstanceMethod, Module, Ref)
}


def jellyToAOT(obj: Any) -> Any:
    """Nodes and literals that stand for an object.

    Raises:
        TypeError: Nothing can stand for a part of it.
    """
    return AOTJellier().jelly(obj)


def jellyToSource(obj: Any, file: IO[Any] | None = None) -> str | None:
    """The source of an object.

    Args:
        obj: The object.
        file: Where it is written as UTF-8 (to a text file: as text); if None, it is
            returned.
    """
    source = getSource(jellyToAOT(obj))
    if file is None:
        return source
    try:
        file.write(source.encode("utf-8"))
    except TypeError:
        file.write(source)
    return None


def unjellyFromAOT(aot: Any) -> Any:
    """The object that nodes and literals stand for."""
    return AOTUnjellier().unjelly(aot)


def unjellyFromSource(stringOrFile: str | bytes | IO[Any]) -> Any:
    """The object of a source.

    Args:
        stringOrFile: The source, or a file that has it.

    Raises:
        ValueError: It does not say what ``app`` is.
    """
    if isinstance(stringOrFile, str | bytes):
        source: str | bytes = stringOrFile
    else:
        source = stringOrFile.read()
    names: dict[str, Any] = {**_NAMES, "__builtins__": {}, "set": set}
    exec(source, names)
    if "app" not in names:
        raise ValueError("the source does not say what 'app' is")
    return unjellyFromAOT(names["app"])
