"""Plug-ins: modules in folders, and entry points."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from zope.interface import Interface, providedBy

from sennit.compat.faces.plugin._notes import Notes
from sennit.compat.faces.python.components import getAdapterFactory
from sennit.compat.faces.python.modules import PythonModule, getModule
from sennit.compat.faces.python.reflect import namedAny
from sennit.core import log

if TYPE_CHECKING:
    from typing import Protocol

    class IPlugin(Protocol):
        """What `getPlugins` finds."""

else:

    class IPlugin(Interface):
        """What `getPlugins` finds."""


__all__ = [
    "CachedDropin",
    "CachedPlugin",
    "IPlugin",
    "getCache",
    "getPlugIns",
    "getPlugins",
    "pluginPackagePaths",
]

T = TypeVar("T")

_PACKAGE = "twisted.plugins"

# Modules of that package that are in no folder.
_BUILT_IN = (
    "sennit.compat.faces.plugins.commands",
    "sennit.compat.faces.plugins.reactors",
)


class CachedPlugin:
    """A plug-in that was found.

    Args:
        dropin: The module that it is in.
        name: Its name there.
        description: Its documentation.
        provided: The Interfaces that it provides.
    """

    def __init__(
        self, dropin: CachedDropin, name: str, description: str | None, provided: Any
    ) -> None:
        self.dropin = dropin
        self.name = name
        self.description = description
        self.provided: list[Any] = list(provided)
        self.dropin.plugins.append(self)

    def __repr__(self) -> str:
        names = ", ".join(each.__name__ for each in self.provided)
        return (
            f"<CachedPlugin {self.name!r}/{self.dropin.moduleName!r} "
            f"(provides {names!r})>"
        )

    def load(self) -> Any:
        """The plug-in itself."""
        return namedAny(f"{self.dropin.moduleName}.{self.name}")

    def getComponent(
        self, interface: Any, registry: Any = None, default: Any = None
    ) -> Any:
        """The plug-in as an Interface: itself, or an adapter; else a default."""
        for provided in self.provided:
            if provided.isOrExtends(interface):
                return self.load()
            if getAdapterFactory(provided, interface, None) is not None:
                return interface(self.load(), default)
        return default

    __conform__ = getComponent


class CachedDropin:
    """A module with plug-ins.

    Args:
        moduleName: Its name.
        description: Its documentation.
    """

    def __init__(self, moduleName: str, description: str | None) -> None:
        self.moduleName = moduleName
        self.description = description
        self.plugins: list[CachedPlugin] = []


def getCache(module: ModuleType) -> dict[str, CachedDropin]:
    """The modules of a package that have plug-ins, by the last part of their names.

    A module that cannot be imported is logged, and left out.

    Args:
        module: The package.
    """
    notes = {os.path.abspath(each): Notes(each) for each in module.__path__}
    found: dict[str, CachedDropin] = {}
    for each in getModule(module.__name__).iterModules():
        name = each.name.rpartition(".")[2]
        if name in found:
            # An earlier folder has it.
            continue
        folder = os.path.dirname(each.filePath.path)
        if each.isPackage():
            folder = os.path.dirname(folder)
        try:
            found[name] = _found(each, name, notes.setdefault(folder, Notes(folder)))
        except Exception:
            log.err(None, f"the plug-in module {each.name} cannot be imported")
    for noted in notes.values():
        noted.save(found)
    return found


def _found(module: PythonModule, name: str, noted: Notes) -> CachedDropin:
    """What is known of a module, or what it says when it is imported."""
    path = module.filePath.path
    known = noted.get(name, path)
    if known is not None:
        # An Interface that is noted may be gone.
        with suppress(Exception):
            return _remembered(known)
    dropin = _dropin(module.load())
    noted.put(name, path, _remembrance(dropin))
    return dropin


def _dropin(module: ModuleType) -> CachedDropin:
    dropin = CachedDropin(module.__name__, module.__doc__)
    for name, value in vars(module).items():
        provided = list(providedBy(value))
        if any(each.isOrExtends(IPlugin) for each in provided):
            CachedPlugin(dropin, name, getattr(value, "__doc__", None), provided)
    return dropin


def _remembrance(dropin: CachedDropin) -> list[Any]:
    """What is noted of a module: all that can be said without importing it."""
    plugins = [
        [each.name, each.description, [kind.__identifier__ for kind in each.provided]]
        for each in dropin.plugins
    ]
    return [dropin.moduleName, dropin.description, plugins]


def _remembered(known: list[Any]) -> CachedDropin:
    module, description, plugins = known
    dropin = CachedDropin(module, description)
    for name, said, provided in plugins:
        CachedPlugin(dropin, name, said, [namedAny(each) for each in provided])
    return dropin


def getPlugins(interface: Any, package: ModuleType | None = None) -> Iterator[Any]:
    """All plug-ins that are something.

    Args:
        interface: The Interface that they provide, or can be adapted to.
        package: Where they are; ``twisted.plugins`` and entry points if None.
    """
    found: list[CachedDropin] = []
    if package is None:
        yield from _entry_points(interface)
        found = [_dropin(namedAny(name)) for name in _BUILT_IN]
        package = namedAny(_PACKAGE)
    for dropin in (*found, *getCache(package).values()):
        for each in dropin.plugins:
            try:
                adapted = interface(each, None)
            except Exception:
                log.err(None, f"the plug-in {each!r} cannot be used")
            else:
                if adapted is not None:
                    yield adapted


def _entry_points(interface: Any) -> Iterator[Any]:
    # A slow module, and few programs look for plug-ins.
    from importlib.metadata import entry_points

    for point in entry_points(group=_PACKAGE):
        try:
            adapted = interface(point.load(), None)
        except Exception:
            log.err(None, f"the plug-in {point.value} cannot be used")
        else:
            if adapted is not None:
                yield adapted


getPlugIns = getPlugins


def pluginPackagePaths(name: str) -> list[str]:
    """The folders on `sys.path` that have plug-ins of a package, without being it.

    Args:
        name: The package's name.
    """
    parts = name.split(".")
    folders = (os.path.abspath(os.path.join(each, *parts)) for each in sys.path)
    return [
        folder
        for folder in folders
        if not os.path.exists(os.path.join(folder, "__init__.py"))
    ]
