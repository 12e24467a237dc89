"""Jelly: graphs of objects as expressions, and back, none but what is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.spread.jelly._atoms import (
    None_atom as None_atom,
    class_atom as class_atom,
    dereference_atom as dereference_atom,
    dictionary_atom as dictionary_atom,
    frozenset_atom as frozenset_atom,
    function_atom as function_atom,
    instance_atom as instance_atom,
    list_atom as list_atom,
    module_atom as module_atom,
    persistent_atom as persistent_atom,
    reference_atom as reference_atom,
    set_atom as set_atom,
    tuple_atom as tuple_atom,
    unpersistable_atom as unpersistable_atom,
)
from sennit.spread.jelly._errors import (
    InsecureJelly as InsecureJelly,
    JellyError as JellyError,
    MalformedJelly as MalformedJelly,
    NestedTooDeep as NestedTooDeep,
    UnknownMethod as UnknownMethod,
    UnknownName as UnknownName,
    UnresolvedReference as UnresolvedReference,
)
from sennit.spread.jelly._flavors import (
    Jellyable as Jellyable,
    Unjellyable as Unjellyable,
    Unpersistable as Unpersistable,
    getInstanceState as getInstanceState,
    setInstanceState as setInstanceState,
)
from sennit.spread.jelly._form import Writing as Writing, writing as writing
from sennit.spread.jelly._fused import jellyToBytes as jellyToBytes
from sennit.spread.jelly._jellier import Jellier as Jellier, jelly as jelly
from sennit.spread.jelly._plain import plainFromBytes as plainFromBytes
from sennit.spread.jelly._policy import (
    DummySecurityOptions as DummySecurityOptions,
    SecurityOptions as SecurityOptions,
    globalSecurity as globalSecurity,
)
from sennit.spread.jelly._registry import (
    Registry as Registry,
    defaultRegistry as defaultRegistry,
    setUnjellyableFactoryForClass as setUnjellyableFactoryForClass,
    setUnjellyableForClass as setUnjellyableForClass,
    setUnjellyableForClassTree as setUnjellyableForClassTree,
    unjellyableFactoryRegistry as unjellyableFactoryRegistry,
    unjellyableRegistry as unjellyableRegistry,
)
from sennit.spread.jelly._unjellier import (
    Unjellier as Unjellier,
    unjelly as unjelly,
)
from sennit.spread.jelly._unknown import NotKnown as NotKnown

if TYPE_CHECKING:
    from sennit.spread.interfaces import (
        IJellyable as IJellyable,
        IUnjellyable as IUnjellyable,
    )

__all__ = [
    "DummySecurityOptions",
    "IJellyable",
    "IUnjellyable",
    "InsecureJelly",
    "Jellier",
    "JellyError",
    "Jellyable",
    "MalformedJelly",
    "NestedTooDeep",
    "None_atom",
    "NotKnown",
    "Registry",
    "SecurityOptions",
    "Unjellier",
    "Unjellyable",
    "UnknownMethod",
    "UnknownName",
    "Unpersistable",
    "UnresolvedReference",
    "Writing",
    "class_atom",
    "defaultRegistry",
    "dereference_atom",
    "dictionary_atom",
    "frozenset_atom",
    "function_atom",
    "getInstanceState",
    "globalSecurity",
    "instance_atom",
    "jelly",
    "jellyToBytes",
    "list_atom",
    "module_atom",
    "persistent_atom",
    "plainFromBytes",
    "reference_atom",
    "setInstanceState",
    "setUnjellyableFactoryForClass",
    "setUnjellyableForClass",
    "setUnjellyableForClassTree",
    "set_atom",
    "tuple_atom",
    "unjelly",
    "unjellyableFactoryRegistry",
    "unjellyableRegistry",
    "unpersistable_atom",
    "writing",
]

# The name that a traceback shows, and that goes over the wire, is the one to import by.
for _name in __all__:
    _kind = globals().get(_name)
    if isinstance(_kind, type) and issubclass(_kind, JellyError):
        _kind.__module__ = __name__

# Made when somebody asks for them: zope is slow to import.
_INTERFACES = ("IJellyable", "IUnjellyable")


def __getattr__(name: str) -> Any:
    if name in _INTERFACES:
        from sennit.spread import interfaces

        return getattr(interfaces, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
