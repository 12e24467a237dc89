"""The search path: all that could be imported."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

from sennit.compat.aliases import FACES, PACKAGES
from sennit.compat.faces.python.modules._importers import entry_path
from sennit.compat.faces.python.modules._listed import INIT
from sennit.compat.faces.python.modules._module import (
    Holder,
    PathEntry,
    PythonModule,
)
from sennit.compat.faces.python.reflect import namedAny, requireModule
from sennit.core.filepath import AbstractFilePath

__all__ = ["PythonPath", "getModule", "iterModules", "theSystemPath", "walkModules"]


class PythonPath(Holder):
    """A search path and the modules that were imported from it.

    Args:
        sysPath: The path; Python's own if not given.
        moduleDict: The imported modules by name; Python's own if not given.
        sysPathHooks: What finds the importer of an entry; Python's own if not given.
        importerCache: The importers found before; Python's own if not given.
        moduleLoader: Imports a module by its name.
        sysPathFactory: In the place of ``sysPath``: gives the path as it is at the time.
    """

    def __init__(
        self,
        sysPath: Sequence[str] | None = None,
        moduleDict: Mapping[str, ModuleType] | None = None,
        sysPathHooks: Sequence[Callable[[str], Any]] | None = None,
        importerCache: Mapping[str, Any] | None = None,
        moduleLoader: Callable[[str], Any] = namedAny,
        sysPathFactory: Callable[[], Sequence[str]] | None = None,
    ) -> None:
        path = sys.path if sysPath is None else sysPath
        self._sys_path: Callable[[], Sequence[str]] = sysPathFactory or (lambda: path)
        self.moduleDict: Mapping[str, ModuleType] = (
            sys.modules if moduleDict is None else moduleDict
        )
        self.sysPathHooks: Sequence[Callable[[str], Any]] = (
            sys.path_hooks if sysPathHooks is None else sysPathHooks
        )
        self.importerCache: Mapping[str, Any] = (
            sys.path_importer_cache if importerCache is None else importerCache
        )
        self.moduleLoader = moduleLoader

    @property
    def sysPath(self) -> Sequence[str]:
        """The path as it is now."""
        return self._sys_path()

    def __repr__(self) -> str:
        return f"PythonPath({self.sysPath!r},{self.moduleDict!r})"

    def iterEntries(self) -> Iterator[PathEntry]:
        """The entries of the path."""
        for entry in self.sysPath:
            yield PathEntry(self.entry_path(entry), self)

    def entry_path(self, entry: str) -> AbstractFilePath[str]:
        """The folder or archive that an entry names."""
        importer = self.importerCache.get(entry)
        for hook in self.sysPathHooks:
            if importer is not None:
                break
            try:
                importer = hook(entry)
            except ImportError:
                continue
        return entry_path(importer, entry)

    def iterModules(self) -> Iterator[PythonModule]:
        """The modules and packages at the top."""
        for entry in self.iterEntries():
            yield from entry.iterModules()

    def __getitem__(self, modname: str) -> PythonModule:
        """A module by its dotted name.

        Raises:
            KeyError: There is none, or it is part of the interpreter and has no file.
        """
        loaded = self.moduleDict.get(modname)
        if loaded is not None:
            return self._located(modname, loaded)
        package, _, last = modname.rpartition(".")
        holders = [self[package]] if package else self.iterEntries()
        for holder in holders:
            try:
                return holder[last]
            except KeyError:
                continue
        raise KeyError(modname)

    def _located(self, modname: str, loaded: ModuleType) -> PythonModule:
        """A module that was imported, found by its file."""
        name, file = _origin(loaded)
        if file is None:
            raise KeyError(modname)
        package = os.path.splitext(os.path.basename(file))[0] == INIT
        # The module's own name: that of an old one's stand-in has other dots.
        entry = file
        for _ in range(name.count(".") + 1 + package):
            entry = os.path.dirname(entry)
        if entry not in self.importerCache:
            warnings.warn(
                f"{modname} is imported, but no importer has searched {entry},"
                " where it lies",
                stacklevel=3,
            )
        path = root = self.entry_path(entry)
        for part in os.path.relpath(file, entry).split(os.sep):
            path = path.child(part)
        return PythonModule(modname, path, PathEntry(root, self))

    def __contains__(self, module: str) -> bool:
        try:
            self[module]
        except KeyError:
            return False
        return True


def _origin(loaded: ModuleType) -> tuple[str, str | None]:
    """A module's own name, and the file that its code is in."""
    name, file = loaded.__name__, getattr(loaded, "__file__", None)
    if file is None and name in PACKAGES:
        # A package of the old names has no file: that of the faces stands for it.
        face = requireModule(FACES + name.removeprefix("twisted"))
        if face is not None:
            return _origin(face)
    return name, None if file is None else os.path.abspath(file)


#: Python's own search path, as it is at the time.
theSystemPath: PythonPath = PythonPath(sysPathFactory=lambda: sys.path)


def getModule(moduleName: str) -> PythonModule:
    """A module of Python's own search path.

    Raises:
        KeyError: There is none, or it is part of the interpreter and has no file.
    """
    return theSystemPath[moduleName]


def iterModules() -> Iterator[PythonModule]:
    """The modules and packages at the top of Python's own search path."""
    return theSystemPath.iterModules()


def walkModules(importPackages: bool = False) -> Iterator[PythonModule]:
    """All modules of Python's own search path.

    Args:
        importPackages: Import each package before it is looked into.
    """
    return theSystemPath.walkModules(importPackages)
