"""``twisted.python.reflect``: objects by their names, and names of objects."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Callable
from types import MethodType, ModuleType
from typing import Any

__all__ = [
    "InvalidName",
    "ModuleNotFound",
    "ObjectNotFound",
    "accumulateClassDict",
    "accumulateClassList",
    "accumulateMethods",
    "addMethodNamesToDict",
    "filenameToModuleName",
    "fullFuncName",
    "fullyQualifiedName",
    "getClass",
    "namedAny",
    "namedClass",
    "namedModule",
    "namedObject",
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
    """The dotted name of a class."""
    return f"{clazz.__module__}.{clazz.__qualname__}"


def fullyQualifiedName(obj: Any) -> str:
    """The dotted name of a module, class, function or method."""
    if isinstance(obj, ModuleType):
        return obj.__name__
    if isinstance(obj, MethodType):
        return f"{qual(type(obj.__self__))}.{obj.__name__}"
    return f"{obj.__module__}.{obj.__qualname__}"


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


# Texts of objects that may refuse


def safe_repr(o: object) -> str:
    """The ``repr`` of an object, or a text with the traceback that it raised."""
    try:
        return repr(o)
    except Exception:
        return _broken(o, "repr")


def safe_str(o: object) -> str:
    """The text of an object, or one with the traceback that it raised.

    Bytes are decoded as UTF-8 where they are.
    """
    if isinstance(o, bytes):
        try:
            return o.decode()
        except UnicodeDecodeError:
            return repr(o)
    try:
        return str(o)
    except Exception:
        return _broken(o, "str")


def _broken(o: object, what: str) -> str:
    """What is shown of an object whose text cannot be had."""
    trace = traceback.format_exception(*sys.exc_info(), chain=False)
    try:
        name = type(o).__name__
        shown = f"<{name} instance at 0x{id(o):x} with {what} error:"
    except Exception:
        shown = f"<BROKEN CLASS AT 0x{id(type(o)):x} with {what} error:"
    return f"{shown}\n{''.join(trace)}>"


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
    return isinstance(value, type(_is_method))


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
