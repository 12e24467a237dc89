"""The ways in which objects travel, by the name of the field's module for them.

All of these are in `sennit.spread.pb`, which is the better place to import them from.
"""

from __future__ import annotations

from sennit.spread.interfaces import IPBRoot as IPBRoot
from sennit.spread.jelly import (
    Jellyable as Jellyable,
    Unjellyable as Unjellyable,
    setUnjellyableFactoryForClass as setUnjellyableFactoryForClass,
    setUnjellyableForClass as setUnjellyableForClass,
    setUnjellyableForClassTree as setUnjellyableForClassTree,
)
from sennit.spread.pb import (
    Cacheable as Cacheable,
    Copyable as Copyable,
    NoSuchMethod as NoSuchMethod,
    Referenceable as Referenceable,
    RemoteCache as RemoteCache,
    RemoteCacheMethod as RemoteCacheMethod,
    RemoteCacheObserver as RemoteCacheObserver,
    RemoteCopy as RemoteCopy,
    Root as Root,
    Serializable as Serializable,
    Viewable as Viewable,
    ViewPoint as ViewPoint,
    copyTags as copyTags,
    setCopierForClass as setCopierForClass,
    setCopierForClassTree as setCopierForClassTree,
    setFactoryForClass as setFactoryForClass,
)

__all__ = [
    "Cacheable",
    "Copyable",
    "IPBRoot",
    "Jellyable",
    "NoSuchMethod",
    "Referenceable",
    "RemoteCache",
    "RemoteCacheMethod",
    "RemoteCacheObserver",
    "RemoteCopy",
    "Root",
    "Serializable",
    "Unjellyable",
    "ViewPoint",
    "Viewable",
    "copyTags",
    "setCopierForClass",
    "setCopierForClassTree",
    "setFactoryForClass",
    "setUnjellyableFactoryForClass",
    "setUnjellyableForClass",
    "setUnjellyableForClassTree",
]
