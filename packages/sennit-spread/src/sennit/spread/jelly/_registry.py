"""Which local class, or function, makes an object of a name that has come."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from sennit.spread.jelly._atoms import name_bytes

__all__ = [
    "Registry",
    "defaultRegistry",
    "setUnjellyableFactoryForClass",
    "setUnjellyableForClass",
    "setUnjellyableForClassTree",
    "unjellyableFactoryRegistry",
    "unjellyableRegistry",
]


class Registry:
    """Names, and what makes objects of them: whoever is registered is allowed to come.

    A name is that of a class of the other side, or any that both sides have agreed on.

    Attributes:
        classes: Classes that have an ``unjellyFor``, by names. An instance is made
            without its ``__init__``.
        factories: Functions by names. They get the state.
    """

    def __init__(self) -> None:
        self.classes: dict[bytes, Any] = {}
        self.factories: dict[bytes, Callable[[Any], Any]] = {}

    def setUnjellyableForClass(
        self, classname: str | bytes | type, unjellyable: Any
    ) -> None:
        """Have a class made of what comes by a name.

        Args:
            classname: The name, or a class whose name is taken.
            unjellyable: A class that has an ``unjellyFor``.
        """
        for name in _names(classname):
            self.classes[name] = unjellyable

    def setUnjellyableFactoryForClass(
        self, classname: str | bytes | type, copyFactory: Callable[[Any], Any]
    ) -> None:
        """Have a function called with the state that comes by a name.

        Args:
            classname: The name, or a class whose name is taken.
            copyFactory: It returns the object.
        """
        for name in _names(classname):
            self.factories[name] = copyFactory

    def setUnjellyableForClassTree(
        self, module: ModuleType, baseClass: type, prefix: str | None = None
    ) -> None:
        """Have all classes of a module made that are derived from one.

        Args:
            module: The module.
            baseClass: The class.
            prefix: What is before a class's name and a dot; the module's name if None,
                and nothing if it is empty.
        """
        if prefix is None:
            prefix = module.__name__
        if prefix:
            prefix += "."
        for name, value in list(vars(module).items()):
            if isinstance(value, type) and issubclass(value, baseClass):
                self.setUnjellyableForClass(prefix + name, value)

    def copy(self) -> Registry:
        """Give another registry of the same names."""
        other = Registry()
        other.classes.update(self.classes)
        other.factories.update(self.factories)
        return other


def _names(classname: str | bytes | type) -> list[bytes]:
    """Give the names that a class may come by: the program's has two."""
    if isinstance(classname, type) and classname.__module__ == "__main__":
        plain = f"__main__.{classname.__name__}"
        return [name_bytes(classname), plain.encode()]
    return [name_bytes(classname)]


if TYPE_CHECKING:
    from typing import Protocol

    class _SetClass(Protocol):
        def __call__(self, classname: str | bytes | type, unjellyable: Any) -> None: ...

    class _SetFactory(Protocol):
        def __call__(
            self, classname: str | bytes | type, copyFactory: Callable[[Any], Any]
        ) -> None: ...

    class _SetTree(Protocol):
        def __call__(
            self, module: ModuleType, baseClass: type, prefix: str | None = None
        ) -> None: ...


defaultRegistry: Registry = Registry()
"""The registry of those who have none of their own, and of the functions below."""

setUnjellyableForClass: _SetClass = defaultRegistry.setUnjellyableForClass
setUnjellyableFactoryForClass: _SetFactory = (
    defaultRegistry.setUnjellyableFactoryForClass
)
setUnjellyableForClassTree: _SetTree = defaultRegistry.setUnjellyableForClassTree
unjellyableRegistry: dict[bytes, Any] = defaultRegistry.classes
unjellyableFactoryRegistry: dict[bytes, Callable[[Any], Any]] = (
    defaultRegistry.factories
)
