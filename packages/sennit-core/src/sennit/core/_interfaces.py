"""Zope Interfaces, made from contracts: so each contract is written once.

A ``typing.Protocol`` says all that an Interface says: methods with their arguments and
documentation, properties, and what it extends. Protocols are what type checkers read;
Interfaces are what code of the field asks at run time. zope has the like for abstract
base classes (``zope.interface.common.ABCInterface``), from which the idea is taken;
here every base but ``Protocol`` itself is a contract and becomes a base again.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Any, Protocol

from zope.interface import Attribute, Interface, classImplements
from zope.interface.adapter import AdapterRegistry
from zope.interface.interface import InterfaceClass, adapter_hooks, fromFunction

__all__ = ["Declarations", "declare", "derive", "derive_all", "register_adapter"]

# Which class, by its full name, provides which Interfaces.
Declarations = Iterable[tuple[str, tuple[Any, ...]]]


def derive_all(contracts: Any, module: str) -> dict[str, Any]:
    """Make the Interface of each contract.

    Args:
        contracts: The module whose ``__all__`` names them.
        module: Where the Interfaces will be found, which is part of their identity.
    """
    made: dict[Any, Any] = {Protocol: Interface}
    return {
        name: derive(getattr(contracts, name), module, made)
        for name in contracts.__all__
    }


def derive(contract: type, module: str, made: dict[Any, Any]) -> Any:
    """Make the Interface of a contract, after those it extends.

    Args:
        contract: The Protocol class.
        module: Where the Interface will be found.
        made: What was made before, by contract; what is made now is added.
    """
    if contract not in made:
        bases = [derive(base, module, made) for base in contract.__bases__]
        if len(bases) > 1:
            bases.remove(Interface)
        made[contract] = InterfaceClass(
            contract.__name__,
            tuple(bases),
            dict(_members(contract)),
            __doc__=contract.__doc__,
            __module__=module,
        )
    return made[contract]


def _members(contract: type) -> Iterable[tuple[str, Any]]:
    for name, member in vars(contract).items():
        if name.startswith("_") and name != "__call__":
            continue
        if isinstance(member, FunctionType):
            # One argument fewer: Interfaces do not write "self".
            yield name, fromFunction(member, imlevel=1, name=name)
        elif isinstance(member, property):
            yield name, Attribute(member.__doc__ or "")


def declare(declarations: Declarations) -> None:
    """Declare which of our classes provide which Interfaces."""
    for path, interfaces in declarations:
        module, _, name = path.rpartition(".")
        found = getattr(importlib.import_module(module), name)
        classImplements(found, *interfaces)


_adapters: Any = AdapterRegistry()
adapter_hooks.append(lambda wanted, thing: _adapters.queryAdapter(thing, wanted))


def register_adapter(
    adapter: Callable[[Any], object], original: Any, wanted: Any
) -> None:
    """Have ``wanted(thing)`` make an adapter for whatever provides ``original``."""
    _adapters.register([original], wanted, "", adapter)
