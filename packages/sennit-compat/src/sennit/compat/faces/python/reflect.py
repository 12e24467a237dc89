"""``twisted.python.reflect``: objects by their names, and names of objects."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from types import FunctionType, MethodType, ModuleType
from typing import Any

from sennit.compat.faces.python._objgrep import (
    findInstances as findInstances,
    isLike as isLike,
    isOfType as isOfType,
    isSame as isSame,
    modgrep as modgrep,
    objgrep as objgrep,
)
from sennit.compat.faces.python._safe import (
    safe_repr as safe_repr,
    safe_str as safe_str,
)

__all__ = [
    "InvalidName",
    "ModuleNotFound",
    "ObjectNotFound",
    "QueueMethod",
    "accumulateClassDict",
    "accumulateClassList",
    "accumulateMethods",
    "addMethodNamesToDict",
    "filenameToModuleName",
    "findInstances",
    "fullFuncName",
    "fullyQualifiedName",
    "getClass",
    "isLike",
    "isOfType",
    "isSame",
    "modgrep",
    "namedAny",
    "namedClass",
    "namedModule",
    "namedObject",
    "objgrep",
    "prefixedMethodNames",
    "prefixedMethods",
    "qual",
    "requireModule",
    "safe_repr",
    "safe_str",
]


class InvalidName(ValueError):
    """A text is no dotted name."""


class ModuleNotFound(InvalidName):
    """A name is that of a module, and there is none."""


class ObjectNotFound(InvalidName):
    """A dotted name leads to no object."""


# Objects by name


def namedModule(name: str) -> ModuleType:
    """Import a module by its dotted name."""
    return importlib.import_module(name)


def namedObject(name: str) -> Any:
    """Get an object of a module by its dotted name."""
    module, _, attribute = name.rpartition(".")
    return getattr(namedModule(module), attribute)


namedClass = namedObject


def namedAny(name: str) -> Any:
    """Get a module, an object of a module, or an attribute of one, by dotted name.

    Raises:
        InvalidName: The name is empty, or has an empty part.
        ModuleNotFound: A name without dots is that of no module.
        ObjectNotFound: Not even the first part is a module.
        AttributeError: A module was found, the rest in it not.
    """
    if not name:
        raise InvalidName("Empty module name")
    parts = name.split(".")
    if "" in parts:
        raise InvalidName(
            "name must be a string giving a '.'-separated list of Python "
            f"identifiers, not {name!r}"
        )
    found: Any = None
    for end in range(len(parts), 0, -1):
        found = _module_or_none(".".join(parts[:end]))
        if found is not None:
            break
    else:
        if len(parts) == 1:
            raise ModuleNotFound(f"No module named {name!r}")
        raise ObjectNotFound(f"{name!r} does not name an object")
    for part in parts[end:]:
        found = getattr(found, part)
    return found


def _module_or_none(name: str) -> ModuleType | None:
    """Import a module; None where there is none of that name.

    An ImportError that comes out of a module's own code is not taken for absence.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_name == "<module>":
                raise
            trace = trace.tb_next
        return None


def requireModule(name: str, default: Any = None) -> Any:
    """Import a module, or give a default where it cannot be imported."""
    try:
        return namedModule(name)
    except ImportError:
        return default


# Names of objects


def qual(clazz: type[object]) -> str:
    """The module and the name of a class, as peers call it on the wire."""
    return f"{clazz.__module__}.{clazz.__name__}"


def fullyQualifiedName(obj: Any) -> str:
    """The dotted name of a module, class, function or method."""
    name: str = getattr(obj, "__qualname__", None) or obj.__name__
    if isinstance(obj, type | FunctionType | MethodType):
        return f"{obj.__module__}.{name}"
    return name


fullFuncName = fullyQualifiedName


def getClass(obj: object) -> type[object]:
    """The class of an object."""
    return type(obj)


def filenameToModuleName(fn: str | bytes) -> str:
    """The dotted name of the module that a file or a package's folder holds."""
    path = os.path.abspath(os.fsdecode(fn))
    folder, name = os.path.split(os.path.splitext(path)[0])
    parts = [] if name == "__init__" else [name]
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder, name = os.path.split(folder)
        parts.insert(0, name)
    return ".".join(parts)


# Methods by the beginning of their names


def prefixedMethodNames(classObj: type[object], prefix: str) -> list[str]:
    """What follows a prefix in the names of a class' methods."""
    found: dict[str, int] = {}
    addMethodNamesToDict(classObj, found, prefix)
    return list(found)


def addMethodNamesToDict(
    classObj: type[object],
    dict: dict[str, int],
    prefix: str,
    baseClass: type[object] | None = None,
) -> None:
    """Note what follows a prefix in the names of methods.

    Args:
        classObj: The class, looked at with its bases.
        dict: Gets a 1 for each name.
        prefix: The prefix.
        baseClass: Only methods of classes that have it among their bases count.
    """
    for base in reversed(classObj.__mro__):
        if baseClass is not None and baseClass not in base.__bases__:
            continue
        for name, value in vars(base).items():
            if _is_method(value) and name.startswith(prefix):
                dict[name[len(prefix) :]] = 1


def prefixedMethods(obj: object, prefix: str = "") -> list[Callable[..., Any]]:
    """The bound methods of an object whose names begin so."""
    found: dict[str, Callable[..., Any]] = {}
    accumulateMethods(obj, found, prefix)
    return list(found.values())


def accumulateMethods(
    obj: object,
    dict: dict[str, Callable[..., Any]],
    prefix: str = "",
    curClass: type[object] | None = None,
) -> None:
    """Note the bound methods of an object by what follows a prefix in their names."""
    for base in reversed((curClass or type(obj)).__mro__):
        for name, value in vars(base).items():
            if _is_method(value) and name.startswith(prefix):
                dict[name[len(prefix) :]] = getattr(obj, name)


def _is_method(value: object) -> bool:
    return isinstance(value, FunctionType)


class QueueMethod:
    """A method that notes how it is called.

    Args:
        name: Its name.
        calls: Gets the name and the arguments of each call.
    """

    def __init__(self, name: str, calls: list[tuple[str, tuple[Any, ...]]]) -> None:
        self.name = name
        self.calls = calls

    def __call__(self, *args: Any) -> None:
        """Note a call."""
        self.calls.append((self.name, args))


# Attributes that every class of a row adds to


def accumulateClassDict(
    classObj: type[object],
    attr: str,
    adict: dict[Any, Any],
    baseClass: type[object] | None = None,
) -> None:
    """Join a mapping that classes and their bases each have under one name."""
    for base in reversed(classObj.__mro__):
        if baseClass is None or baseClass in base.__bases__:
            adict.update(vars(base).get(attr, {}))


def accumulateClassList(
    classObj: type[object],
    attr: str,
    listObj: list[Any],
    baseClass: type[object] | None = None,
) -> None:
    """Join a list that classes and their bases each have under one name."""
    for base in reversed(classObj.__mro__):
        if baseClass is None or baseClass in base.__bases__:
            listObj.extend(vars(base).get(attr, ()))
