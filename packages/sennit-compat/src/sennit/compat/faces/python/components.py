"""``twisted.python.components``: adapters by class and Interface, and proxies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from zope.interface import classImplements, implementedBy, providedBy
from zope.interface.adapter import AdapterRegistry
from zope.interface.interface import InterfaceClass, Method, adapter_hooks

__all__ = [
    "ALLOW_DUPLICATES",
    "Adapter",
    "Componentized",
    "ReprableComponentized",
    "getAdapterFactory",
    "getRegistry",
    "proxyForInterface",
    "registerAdapter",
]

T = TypeVar("T")

#: Whether an adapter may take the place of one that is registered.
ALLOW_DUPLICATES = 0

# All that `registerAdapter` registers; calls of an Interface look here, too.
_registry: Any = AdapterRegistry()
adapter_hooks.append(lambda wanted, thing: _registry.queryAdapter(thing, wanted))


def getRegistry() -> Any:
    """The registry that all adapters are in."""
    return _registry


def registerAdapter(
    adapterFactory: Callable[[Any], object], origInterface: Any, *interfaceClasses: Any
) -> None:
    """Have Interfaces make an adapter when they are called with such an object.

    Args:
        adapterFactory: Called with the object.
        origInterface: The object's class, or an Interface that it provides.
        interfaceClasses: The Interfaces.

    Raises:
        TypeError: No Interface is given.
        ValueError: There is an adapter for them already.
    """
    if not interfaceClasses:
        raise TypeError("an adapter needs an Interface that it is for")
    original = _as_interface(origInterface)
    for wanted in interfaceClasses:
        there = _registry.registered([original], wanted)
        if there is not None and not ALLOW_DUPLICATES:
            raise ValueError(f"an adapter ({there}) was already registered.")
    for wanted in interfaceClasses:
        _registry.register([original], wanted, "", adapterFactory)


def getAdapterFactory(fromInterface: Any, toInterface: Any, default: T) -> Any | T:
    """What makes adapters from one thing to another, or a default.

    Args:
        fromInterface: A class or an Interface.
        toInterface: An Interface.
        default: The answer where nothing is registered.
    """
    found = _registry.lookup1(_as_interface(fromInterface), toInterface)
    return default if found is None else found


def _as_interface(thing: Any) -> Any:
    return thing if isinstance(thing, InterfaceClass) else implementedBy(thing)


class Adapter:
    """Something that stands for another object, to be inherited from.

    Args:
        original: The object.
    """

    #: Whether a `Componentized` object forgets it, and makes a new one each time.
    temporaryAdapter: bool | int = 0
    #: Whether a `Componentized` object takes it for all that it is registered for.
    multiComponent: bool | int = 1

    def __init__(self, original: Any) -> None:
        self.original = original

    def __conform__(self, interface: Any) -> Any:
        """What the object itself has for an Interface."""
        conform = getattr(self.original, "__conform__", None)
        return None if conform is None else conform(interface)

    def isuper(self, iface: Any, adapter: Any) -> Any:
        """Ask the object."""
        return self.original.isuper(iface, adapter)


class Componentized:
    """Something that keeps the adapters that were made of it: they may hold state."""

    persistenceVersion = 1

    def __init__(self) -> None:
        # By an Interface's full name, for pickles.
        self._adapterCache: dict[str, Any] = {}

    def locateAdapterClass(
        self, klass: Any, interfaceClass: Any, default: T
    ) -> Any | T:
        """What makes adapters of objects of a class, or a default."""
        return getAdapterFactory(klass, interfaceClass, default)

    def getComponent(self, interface: Any, default: Any = None) -> Any:
        """The adapter for an Interface, made if there is none yet; or a default."""
        name = interface.__identifier__
        if name in self._adapterCache:
            return self._adapterCache[name]
        factory = self.locateAdapterClass(type(self), interface, None)
        made = None if factory is None else factory(self)
        if made is None:
            return default
        if not getattr(made, "temporaryAdapter", False):
            self._adapterCache[name] = made
            if getattr(made, "multiComponent", False):
                self.addComponent(made)
        return made

    def __conform__(self, interface: Any) -> Any:
        """What calling an Interface with this object gives."""
        return self.getComponent(interface)

    def setComponent(self, interfaceClass: Any, component: Any) -> None:
        """Make an object the adapter for an Interface."""
        self._adapterCache[interfaceClass.__identifier__] = component

    def unsetComponent(self, interfaceClass: Any) -> None:
        """Forget the adapter for an Interface.

        Raises:
            KeyError: There is none.
        """
        del self._adapterCache[interfaceClass.__identifier__]

    def setAdapter(
        self, interfaceClass: Any, adapterClass: Callable[[Any], Any]
    ) -> None:
        """Make an adapter for an Interface now."""
        self.setComponent(interfaceClass, adapterClass(self))

    def addAdapter(
        self, adapterClass: Callable[[Any], Any], ignoreClass: bool | int = 0
    ) -> Any:
        """Make an adapter and add it, as `addComponent` does."""
        made = adapterClass(self)
        self.addComponent(made, ignoreClass)
        return made

    def addComponent(self, component: Any, ignoreClass: bool | int = 0) -> None:
        """Make an object the adapter for the Interfaces that it provides.

        Args:
            component: The object.
            ignoreClass: For all of them; otherwise only for those for which its class
                is registered.
        """
        for iface in providedBy(component):
            factory = self.locateAdapterClass(type(self), iface, None)
            if ignoreClass or factory is type(component):
                self.setComponent(iface, component)

    def removeComponent(self, component: Any) -> list[Any]:
        """Forget an adapter.

        Returns:
            The Interfaces that it was there for.
        """
        gone = [
            iface
            for iface in providedBy(component)
            if self._adapterCache.get(iface.__identifier__) is component
        ]
        for iface in gone:
            self.unsetComponent(iface)
        return gone


class ReprableComponentized(Componentized):
    """The same, whose text shows the adapters."""

    def __repr__(self) -> str:
        shown = ", ".join(
            f"{name}: {made!r}" for name, made in self._adapterCache.items()
        )
        return f"<{type(self).__name__} {{{shown}}}>"


def proxyForInterface(iface: Any, originalAttribute: str = "original") -> type[Any]:
    """Make a class whose objects pass on all that an Interface has.

    Args:
        iface: The Interface.
        originalAttribute: Where a proxy keeps the object that it passes on to.

    Returns:
        The class, to be inherited from; it takes the object.
    """

    def keep(self: Any, original: Any) -> None:
        setattr(self, originalAttribute, original)

    members: dict[str, Any] = {"__init__": keep, "__doc__": iface.__doc__}
    for name in iface:
        kind = PassedMethod if isinstance(iface[name], Method) else PassedAttribute
        members[name] = kind(name, originalAttribute)
    proxy = type(f"(Proxy for {iface.__identifier__})", (), members)
    classImplements(proxy, iface)
    return proxy


class PassedMethod:
    """A method that is the one of another object.

    Args:
        name: Its name.
        original: The attribute that the other object is in.
    """

    def __init__(self, name: str, original: str) -> None:
        self.__name__ = name
        self._original = original

    def __get__(self, proxy: Any, owner: type[Any] | None = None) -> Any:
        if proxy is None:
            return self
        return getattr(getattr(proxy, self._original), self.__name__)

    def __call__(self, proxy: Any, *args: Any, **kwargs: Any) -> Any:
        """Call it as a class' method is called: ``Proxy.method(proxy, 1)``."""
        return self.__get__(proxy)(*args, **kwargs)


class PassedAttribute(PassedMethod):
    """An attribute that is the one of another object, to be set and deleted, too."""

    def __set__(self, proxy: Any, value: Any) -> None:
        setattr(getattr(proxy, self._original), self.__name__, value)

    def __delete__(self, proxy: Any) -> None:
        delattr(getattr(proxy, self._original), self.__name__)
