"""A meta-path finder that answers to ``twisted`` and every name below it.

The problem: a program says ``import twisted.internet.defer`` and is to get the
very module ``sennit.core.defer``, whether or not the real Twisted is installed or
already imported, and until `uninstall` only.

The rule: importlib makes an empty module for the twisted name, and while that is
"executed" it puts ours in its place in `sys.modules`; importlib returns what it
finds there. Handing ours out of ``create_module`` was rejected: importlib would
overwrite its ``__spec__``, and then ``importlib.reload`` and ``pickle`` go astray.

A twisted name that is not in the table is an error at once, never a search along
`sys.path`: half a program on the real Twisted would have two reactors. The one
exception are plug-ins, modules that others put below ``twisted/plugins``.

The only mutable state is `_state`, which `install` and `uninstall` alone touch.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

from sennit.compat._contexts import takeContexts
from sennit.compat.aliases import ALIASES, PACKAGES

__all__ = ["install", "installed", "uninstall"]

ROOT = "twisted"
PLUGINS = "twisted.plugins"


def is_ours(name: str) -> bool:
    """Whether a module's name lies in the tree that the finder answers for."""
    return name == ROOT or name.startswith(f"{ROOT}.")


def missing(name: str) -> str:
    """The sentence that tells somebody of a name that is not there."""
    return (
        f"{name} is not provided by sennit.compat"
        " (its names are in the table sennit.compat.aliases)"
    )


class AliasLoader(Loader):
    """Puts a module of ours in the place of the one that importlib has made."""

    def __init__(self, target: str) -> None:
        self._target = target

    def exec_module(self, module: ModuleType) -> None:
        """Replace the empty module of the twisted name."""
        name = module.__name__
        try:
            sys.modules[name] = importlib.import_module(self._target)
        except ModuleNotFoundError as error:
            # Only where that very module, or a package it is in, is not there.
            if error.name is None or not f"{self._target}.".startswith(
                f"{error.name}."
            ):
                raise
            raise ImportError(
                f"{name} is {self._target} here, which is not installed", name=name
            ) from error


class PackageLoader(Loader):
    """Fills a package that only holds others."""

    def __init__(self, shown: str | None) -> None:
        self._shown = shown

    def exec_module(self, module: ModuleType) -> None:
        """Give the package its names, and its word for those it lacks."""
        name = module.__name__
        if self._shown is not None:
            shop = importlib.import_module(self._shown)
            vars(module).update({each: getattr(shop, each) for each in shop.__all__})

        def absent(attribute: str) -> object:
            raise AttributeError(
                missing(f"{name}.{attribute}"), name=attribute, obj=module
            )

        vars(module)["__getattr__"] = absent


class AliasFinder(MetaPathFinder):
    """Finds every twisted name, or says that it is missing."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """What importlib asks of a finder.

        Raises:
            ModuleNotFoundError: The name is Twisted's and not in the table.
        """
        if not is_ours(fullname):
            return None
        if fullname in PACKAGES:
            spec = ModuleSpec(
                fullname, PackageLoader(PACKAGES[fullname]), is_package=True
            )
            spec.submodule_search_locations = search_path(fullname)
            return spec
        if fullname in ALIASES:
            return ModuleSpec(fullname, AliasLoader(ALIASES[fullname]))
        if fullname.startswith(f"{PLUGINS}."):
            return None
        # Without the error's `name`: with it, "from package import name" would
        # swallow the error, and its sentence.
        raise ModuleNotFoundError(missing(fullname))


def search_path(package: str) -> list[str]:
    """Where the modules of a package may lie that the table does not name."""
    if package != PLUGINS:
        return []
    folders = (
        os.path.join(entry or os.curdir, *PLUGINS.split(".")) for entry in sys.path
    )
    # A folder with an __init__ is a real Twisted's own: its plug-ins are for it.
    return [
        folder
        for folder in folders
        if os.path.isdir(folder)
        and not os.path.exists(os.path.join(folder, "__init__.py"))
    ]


class State:
    """What `install` has changed."""

    def __init__(self) -> None:
        self.finder: AliasFinder | None = None
        self.aside: dict[str, ModuleType] = {}


_state = State()


def take(belongs: Callable[[str], bool]) -> dict[str, ModuleType]:
    """Take the modules of a tree out of `sys.modules`."""
    return {name: sys.modules.pop(name) for name in list(sys.modules) if belongs(name)}


def install() -> None:
    """Let every import of ``twisted`` from now on find Sennit.

    Modules of the real Twisted that are imported already are put aside; who holds
    one of them keeps it. A second call changes nothing.
    """
    if _state.finder is not None:
        return
    _state.aside = take(is_ours)
    _state.finder = AliasFinder()
    sys.meta_path.insert(0, _state.finder)
    takeContexts()


def uninstall() -> None:
    """Undo `install`: ``twisted`` means again what it meant before."""
    if _state.finder is None:
        return
    sys.meta_path.remove(_state.finder)
    _state.finder = None
    take(is_ours)
    sys.modules.update(_state.aside)
    _state.aside = {}


def installed() -> bool:
    """Whether ``twisted`` means Sennit now."""
    return _state.finder is not None
