"""Classes, modules and functions by their names, none but those that are allowed.

A name is no path through objects: what a module has imported from another is not its own,
so that whoever allows a module does not allow all that it uses.
"""

from __future__ import annotations

import importlib
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any, Final

from sennit.spread._names import main_module
from sennit.spread.jelly._errors import InsecureJelly, UnknownName

__all__ = ["class_named", "function_named", "module_named"]

# Characters. Every place where a module's name may end is tried, each with a copy of what
# is before it: a name of half a million dots would cost minutes.
_LONGEST: Final = 1000


def module_named(name: str, taster: Any) -> ModuleType:
    """Import a module.

    Raises:
        InsecureJelly: It is not allowed.
        UnknownName: There is none.
    """
    name = _known(name)
    if not taster.isModuleAllowed(name):
        raise InsecureJelly(f"module not allowed: {name:.200}")
    try:
        return importlib.import_module(name)
    except (ModuleNotFoundError, TypeError, ValueError) as error:
        raise UnknownName(f"no module {name!r:.200}: {error}") from None


def class_named(name: str, taster: Any) -> Any:
    """Give a class by its module's name and its own.

    Raises:
        InsecureJelly: The module or the class is not allowed, or it is no class.
        UnknownName: There is none.
    """
    known = getattr(taster, "classNamed", None)
    cls = None if known is None else known(name)
    if cls is None:
        cls = _attribute(name, taster)
        if not isinstance(cls, type):
            raise InsecureJelly(f"not a class: {name:.200}")
    if not taster.isClassAllowed(cls):
        raise InsecureJelly(f"class not allowed: {name:.200}")
    return cls


def function_named(name: str, taster: Any) -> Any:
    """Give a function by its module's name and its own.

    Raises:
        InsecureJelly: The module is not allowed, the function is of another that is not,
            or it is no function.
        UnknownName: There is none.
    """
    function = _attribute(name, taster)
    if type(function) not in (FunctionType, BuiltinFunctionType):
        raise InsecureJelly(f"not a function: {name:.200}")
    if not taster.isModuleAllowed(function.__module__ or ""):
        raise InsecureJelly(f"a function of a module that is not allowed: {name:.200}")
    return function


def _known(module: str) -> str:
    """Give the name that a module has here: the program would be imported twice."""
    return "__main__" if module == main_module() else module


def _attribute(name: str, taster: Any) -> Any:
    """Give what a module has by a name, methods of its classes included."""
    if len(name) > _LONGEST:
        raise InsecureJelly(f"a name of more than {_LONGEST} characters: {name:.200}")
    parts = name.split(".")
    at = len(parts) - 1
    while at > 0 and not taster.isModuleAllowed(_known(".".join(parts[:at]))):
        at -= 1
    if at <= 0 or not all(parts):
        raise InsecureJelly(f"module not allowed: {name.rpartition('.')[0]:.200}")
    # Whoever allows everything allows names that are none of modules.
    while True:
        try:
            found: Any = module_named(".".join(parts[:at]), taster)
            break
        except UnknownName:
            at -= 1
            if at <= 0:
                raise UnknownName(f"nothing is called {name:.200}") from None
    for step, part in enumerate(parts[at:]):
        if step and not isinstance(found, type):
            raise InsecureJelly(f"not allowed: {name:.200}")
        try:
            found = getattr(found, part)
        except AttributeError:
            raise UnknownName(f"nothing is called {name:.200}") from None
    return found
