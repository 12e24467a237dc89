"""``twisted.persisted.styles``: classes whose pickles outlive their old forms."""

from __future__ import annotations

import copyreg
from io import StringIO
from types import MethodType, ModuleType
from typing import Any, ClassVar

from sennit.compat.faces.python.reflect import namedModule
from sennit.core import log

__all__ = [
    "Ephemeral",
    "Versioned",
    "doUpgrade",
    "pickleMethod",
    "pickleModule",
    "pickleStringI",
    "pickleStringO",
    "requireUpgrade",
    "unpickleMethod",
    "unpickleModule",
    "unpickleStringI",
    "unpickleStringO",
]

# Objects that were unpickled, and not brought to today's form yet, by identity.
_waiting: dict[int, Versioned] = {}


class Ephemeral:
    """An object that leaves a trace in a pickle, but nothing of what it holds."""

    def __reduce__(self) -> tuple[Any, tuple[()]]:
        return Ephemeral, ()

    def __getstate__(self) -> None:
        log.msg(f"WARNING: serializing ephemeral {self!r}")

    def __setstate__(self, state: Any) -> None:
        log.msg(f"WARNING: unserializing ephemeral {type(self)}")
        self.__class__ = Ephemeral


class Versioned:
    """An object that brings itself to today's form when it was pickled in an older one.

    A class says its version, and for each after the first has a method
    ``upgradeToVersionN``.

    Attributes:
        persistenceVersion: The version of the class.
        persistenceForgets: Attributes that are not pickled.
    """

    persistenceVersion = 0
    persistenceForgets: ClassVar[tuple[str, ...] | list[str]] = ()

    def __setstate__(self, state: dict[str, Any]) -> None:
        _waiting[id(self)] = self
        vars(self).update(state)

    def __getstate__(self, dict: dict[str, Any] | None = None) -> dict[str, Any]:
        state = {**(vars(self) if dict is None else dict)}
        for base in _versioned_bases(type(self)):
            for name in vars(base).get("persistenceForgets", ()):
                state.pop(name, None)
            if "persistenceVersion" in vars(base):
                state[_key(base)] = base.persistenceVersion
        return state

    def versionUpgrade(self) -> None:
        """Bring it to today's form, class by class, the most general one first."""
        for base in _versioned_bases(type(self)):
            self._upgrade(base)

    def _upgrade(self, base: type[Versioned]) -> None:
        key = _key(base)
        if "persistenceVersion" not in vars(base):
            return
        version = vars(self).pop(key, vars(self).pop("persistenceVersion", 0))
        while version < base.persistenceVersion:
            version += 1
            method = vars(base).get(f"upgradeToVersion{version}")
            if method is None:
                log.msg(f"WARNING: {base.__name__} cannot become of version {version}")
            else:
                method(self)


def pickleMethod(method: MethodType) -> tuple[Any, tuple[str, Any, type]]:
    """What `pickle` keeps of a method, in the form of old pickles."""
    owner = method.__self__
    return unpickleMethod, (method.__name__, owner, type(owner))


def pickleModule(module: ModuleType) -> tuple[Any, tuple[str]]:
    """What `pickle` keeps of a module: its name."""
    return unpickleModule, (module.__name__,)


def unpickleModule(name: str) -> ModuleType:
    """The module of a pickle."""
    return namedModule(name)


# As importing this module has always done.
copyreg.pickle(ModuleType, pickleModule)


def unpickleMethod(im_name: str, im_self: Any, im_class: type) -> Any:
    """The method of a pickle.

    Args:
        im_name: Its name.
        im_self: The object that it is bound to; None for none.
        im_class: The object's class then; by now, the object may be of another.
    """
    if im_self is None:
        return getattr(im_class, im_name)
    function = getattr(im_class, im_name, None)
    if function is None:
        return getattr(im_self, im_name)
    return MethodType(function, im_self)


def pickleStringO(stringo: StringIO) -> tuple[Any, tuple[str, int]]:
    """What old pickles keep of a text in memory: it, and how far it was read."""
    return unpickleStringO, (stringo.getvalue(), stringo.tell())


def pickleStringI(stringi: StringIO) -> tuple[Any, tuple[str, int]]:
    """What old pickles keep of a text in memory that could only be read."""
    return unpickleStringI, (stringi.getvalue(), stringi.tell())


def unpickleStringO(val: str, sek: int) -> StringIO:
    """The text in memory of an old pickle."""
    made = StringIO(val)
    made.seek(sek)
    return made


unpickleStringI = unpickleStringO


def _key(base: type) -> str:
    return f"{base.__module__}.{base.__qualname__}.persistenceVersion"


def _versioned_bases(kind: type) -> list[type[Versioned]]:
    """The class and those it is made of, the most general one first."""
    found = [base for base in reversed(kind.__mro__) if issubclass(base, Versioned)]
    return [base for base in found if base is not Versioned]


def requireUpgrade(obj: Any) -> Any:
    """Bring an object that was unpickled to today's form now.

    Returns:
        The object, if it had to be.
    """
    if _waiting.pop(id(obj), None) is not None:
        obj.versionUpgrade()
        return obj
    return None


def doUpgrade() -> None:
    """Bring all that was unpickled to today's form."""
    while _waiting:
        _, obj = _waiting.popitem()
        obj.versionUpgrade()
