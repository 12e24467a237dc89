"""Components: objects that a session or a request carries for parts of a program."""

from __future__ import annotations

from typing import Any, TypeVar, overload

__all__ = ["Componentized"]

T = TypeVar("T")


class Componentized:
    """Carries objects, by the class or the zope Interface that they are asked for by.

    Who asks for a class gets an object of it, made with this one as its only argument
    when it is asked for first. Who asks for an Interface, or calls it with this object,
    gets the adapter that is registered for it, and the same each time.
    """

    # Made when first needed: most requests carry nothing.
    _components: dict[Any, Any] | None = None

    @overload
    def getComponent(self, interface: type[T]) -> T: ...
    @overload
    def getComponent(self, interface: Any, default: Any = ...) -> Any: ...

    def getComponent(self, interface: Any, default: Any = None) -> Any:
        """The object for a class or an Interface.

        Args:
            interface: The class or the Interface.
            default: What to return for an Interface that there is no adapter for.
        """
        if self._components is not None and interface in self._components:
            return self._components[interface]
        if isinstance(interface, type):
            made = interface(self)
        else:
            # What it does when it is called, but for asking us.
            made = interface.__adapt__(self)
            if made is None:
                return default
        self.setComponent(interface, made)
        return made

    def __conform__(self, interface: Any) -> Any:
        """What calling an Interface with this object gives."""
        return self.getComponent(interface)

    def setComponent(self, interfaceClass: Any, component: Any) -> None:
        """Carry an object for a class or an Interface, in the place of any other."""
        if self._components is None:
            self._components = {}
        self._components[interfaceClass] = component

    def unsetComponent(self, interfaceClass: Any) -> None:
        """Carry none any more.

        Raises:
            KeyError: There is none.
        """
        del (self._components or {})[interfaceClass]
