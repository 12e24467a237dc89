"""What may travel: nothing that was not allowed is imported or made.

Names of types are checked before anything else, names of modules before they are
imported, and classes before an instance is made.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

from sennit.spread.jelly._atoms import name_bytes, qualified

__all__ = ["DummySecurityOptions", "SecurityOptions", "globalSecurity"]

# What is made of itself only, and cannot name code.
_HARMLESS: Final = (
    b"None",
    b"bool",
    b"boolean",
    b"string",
    b"str",
    b"int",
    b"float",
    b"datetime",
    b"time",
    b"date",
    b"timedelta",
    b"NoneType",
    b"unicode",
    b"decimal",
    b"set",
    b"frozenset",
)


class SecurityOptions:
    """A list of what is allowed; at first, only values that contain no others and sets.

    It works on what comes. Of what is to be sent, instances whose class is not allowed
    become `Unpersistable` on the other side.

    Attributes:
        allowedTypes: Names of types.
        allowedModules: Names of modules.
        allowedClasses: Classes. The values of these three say nothing.
        basicTypes: What `allowBasicTypes` adds.
    """

    basicTypes: tuple[str, ...] = (
        "dictionary",
        "list",
        "tuple",
        "reference",
        "dereference",
        "unpersistable",
        "persistent",
        "long_int",
        "long",
        "dict",
    )

    def __init__(self) -> None:
        self.allowedTypes: dict[bytes, int] = dict.fromkeys(_HARMLESS, 1)
        self.allowedModules: dict[bytes, int] = {}
        self.allowedClasses: dict[type, int] = {}
        self._classes: dict[str, type] = {}

    def allowBasicTypes(self) -> None:
        """Allow lists, tuples, dictionaries, and references among them."""
        self.allowTypes(*self.basicTypes)

    def allowTypes(self, *types: str | bytes | type) -> None:
        """Allow types by name.

        Args:
            types: Names that begin expressions, such as ``function``; or classes, whose
                names are taken.
        """
        for each in types:
            self.allowedTypes[name_bytes(each)] = 1

    def allowModules(self, *modules: str | bytes | ModuleType) -> None:
        """Allow modules: to be imported, and sent if the type ``module`` is allowed.

        Args:
            modules: Names, or the modules themselves.
        """
        for each in modules:
            name = each.__name__ if isinstance(each, ModuleType) else each
            self.allowedModules[name_bytes(name)] = 1

    def allowInstancesOf(self, *classes: type) -> None:
        """Allow classes, their instances, and therefore their modules.

        An instance gets whatever state the other side sends, without a call of
        ``__init__``: have its methods expect that.
        """
        self.allowBasicTypes()
        self.allowTypes("instance", "class", "classobj", "module")
        for each in classes:
            self.allowTypes(each)
            self.allowModules(each.__module__)
            self.allowedClasses[each] = 1
            # The program's own module has two names.
            self._classes[qualified(each)] = each
            self._classes[f"{each.__module__}.{each.__name__}"] = each

    def isTypeAllowed(self, typeName: str | bytes) -> bool:
        """Whether a type may come.

        A name with a dot is of a class. It passes here: its module is checked, and when
        that is imported, the class.
        """
        name = name_bytes(typeName)
        return name in self.allowedTypes or b"." in name

    def isModuleAllowed(self, moduleName: str | bytes) -> bool:
        """Whether a module may be imported."""
        return name_bytes(moduleName) in self.allowedModules

    def isClassAllowed(self, klass: type) -> bool:
        """Whether instances of a class may be made, or sent."""
        return klass in self.allowedClasses

    def classNamed(self, name: str) -> type | None:
        """Give the allowed class of this name, without importing anything."""
        return self._classes.get(name)


class DummySecurityOptions:
    """Allows everything: any code of any module may be run by what comes.

    It is for what this program has made itself. Never have it read what has come from
    another.
    """

    def isTypeAllowed(self, typeName: Any) -> bool:
        """Yes."""
        return True

    def isModuleAllowed(self, moduleName: Any) -> bool:
        """Yes."""
        return True

    def isClassAllowed(self, klass: Any) -> bool:
        """Yes."""
        return True


globalSecurity: SecurityOptions = SecurityOptions()
"""The options of brokers that have none of their own: basic types."""

globalSecurity.allowBasicTypes()
