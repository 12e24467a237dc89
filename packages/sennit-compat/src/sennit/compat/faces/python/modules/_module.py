"""A module, one entry of the search path, and what is in a module."""

from __future__ import annotations

import inspect
import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

from sennit.compat.faces.python.modules._listed import INIT, PYTHON_EXTENSIONS, listed
from sennit.core.filepath import AbstractFilePath

if TYPE_CHECKING:
    from sennit.compat.faces.python.modules._path import PythonPath

__all__ = ["Holder", "PathEntry", "PythonAttribute", "PythonModule"]

# Stands for "no default given": None may be one.
_NOTHING = object()


class Holder(ABC):
    """Something that has modules in it."""

    @abstractmethod
    def iterModules(self) -> Iterator[PythonModule]:
        """The modules right in it."""

    def walkModules(self, importPackages: bool = False) -> Iterator[PythonModule]:
        """The modules in it, and in the packages in it, at any depth.

        Args:
            importPackages: Import each package before it is looked into, for packages
                that change their own path.
        """
        for module in self.iterModules():
            yield from module.walkModules(importPackages)

    def __iter__(self) -> NoReturn:
        # Without it, a loop would try __getitem__ with 0, 1, 2.
        raise NotImplementedError("say what to loop over: iterModules, iterAttributes")


class PathEntry(Holder):
    """One entry of the search path.

    Args:
        filePath: The folder or archive.
        pythonPath: The search path.
    """

    def __init__(self, filePath: AbstractFilePath[str], pythonPath: PythonPath) -> None:
        self.filePath = filePath
        self.pythonPath = pythonPath

    def __repr__(self) -> str:
        return f"PathEntry<{self.filePath!r}>"

    def iterModules(self) -> Iterator[PythonModule]:
        """The modules and packages at the top of this entry."""
        for name, file in listed([self.filePath]):
            yield PythonModule(name, file, self)

    def __getitem__(self, modname: str) -> PythonModule:
        """The module of that name right in here.

        Raises:
            KeyError: There is none.
        """
        return _pick(self, modname, modname)


class PythonModule(Holder):
    """A module that could be imported, or was.

    Args:
        name: Its dotted name.
        filePath: The file that its code is in.
        pathEntry: The entry of the search path that it was found by.
    """

    def __init__(
        self, name: str, filePath: AbstractFilePath[str], pathEntry: PathEntry
    ) -> None:
        self.name = name
        self.filePath = filePath
        self.pathEntry = pathEntry

    def __repr__(self) -> str:
        return f"PythonModule<{self.name!r}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PythonModule):
            return NotImplemented
        return self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def isPackage(self) -> bool:
        """Whether there may be modules in it."""
        name, extension = os.path.splitext(self.filePath.basename())
        return name == INIT and extension in PYTHON_EXTENSIONS

    def isLoaded(self) -> bool:
        """Whether it was imported."""
        return self._loaded() is not None

    def _loaded(self) -> ModuleType | None:
        return self.pathEntry.pythonPath.moduleDict.get(self.name)

    def load(self, default: Any = _NOTHING) -> Any:
        """Import it.

        Args:
            default: Given back if that fails; without one the error is raised.
        """
        try:
            return self.pathEntry.pythonPath.moduleLoader(self.name)
        except Exception:
            if default is _NOTHING:
                raise
            return default

    def _folders(self) -> Iterable[AbstractFilePath[str]]:
        """Where the modules of a package lie; one that was imported tells by itself."""
        if not self.isPackage():
            return
        own = self.filePath.parent()
        loaded = self._loaded()
        paths = [own.path] if loaded is None else getattr(loaded, "__path__", ())
        for path in paths:
            is_own = path == own.path
            yield own if is_own else self.pathEntry.pythonPath.entry_path(path)

    def iterModules(self) -> Iterator[PythonModule]:
        """The modules right in this package; none in a plain module."""
        for name, file in listed(self._folders()):
            yield PythonModule(f"{self.name}.{name}", file, self.pathEntry)

    def walkModules(self, importPackages: bool = False) -> Iterator[PythonModule]:
        """This module, the modules in it, and those in packages in it, at any depth.

        Args:
            importPackages: Import each package before it is looked into, for packages
                that change their own path.
        """
        if importPackages and self.isPackage():
            self.load()
        yield self
        yield from super().walkModules(importPackages)

    def __getitem__(self, modname: str) -> PythonModule:
        """The module of that name (the last part of the dotted one) right in here.

        Raises:
            KeyError: There is none.
        """
        return _pick(self, modname, f"{self.name}.{modname}")

    def iterAttributes(self) -> Iterator[PythonAttribute]:
        """What is in this module, which must have been imported.

        Raises:
            NotImplementedError: It was not: only an imported module tells.
        """
        if not self.isLoaded():
            raise NotImplementedError(
                f"{self.name} was not imported; only then its attributes are known"
            )
        yield from _attributes(self.name, self, self._loaded())


def _pick(holder: Holder, name: str, dotted: str) -> PythonModule:
    for module in holder.iterModules():
        if module.name == dotted:
            return module
    raise KeyError(name)


def _attributes(
    name: str, holder: PythonModule | PythonAttribute, value: object
) -> Iterator[PythonAttribute]:
    for each, inner in inspect.getmembers(value):
        yield PythonAttribute(f"{name}.{each}", holder, True, inner)


class PythonAttribute:
    """What a module or class has under a name.

    Args:
        name: The dotted name.
        onObject: The module or attribute that has it.
        loaded: Whether it is there, which it always is.
        pythonValue: It.
    """

    def __init__(
        self,
        name: str,
        onObject: PythonModule | PythonAttribute,
        loaded: bool,
        pythonValue: object,
    ) -> None:
        self.name = name
        self.onObject = onObject
        self.pythonValue = pythonValue
        self._loaded = loaded

    def __repr__(self) -> str:
        return f"PythonAttribute<{self.name!r}>"

    def isLoaded(self) -> bool:
        """Whether it is there, which it always is."""
        return self._loaded

    def load(self, default: Any = None) -> Any:
        """It."""
        return self.pythonValue

    def iterAttributes(self) -> Iterator[PythonAttribute]:
        """What it has in turn."""
        return _attributes(self.name, self, self.pythonValue)
