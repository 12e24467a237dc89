"""``twisted.plugin``: objects that others put into ``twisted/plugins`` folders.

Besides the folders, the entry points of the group ``twisted.plugins`` are asked, each an
object.
"""

from __future__ import annotations

from sennit.compat.faces.plugin._plugins import (
    CachedDropin as CachedDropin,
    CachedPlugin as CachedPlugin,
    IPlugin as IPlugin,
    getCache as getCache,
    getPlugIns as getPlugIns,
    getPlugins as getPlugins,
    pluginPackagePaths as pluginPackagePaths,
)

__all__ = [
    "CachedDropin",
    "CachedPlugin",
    "IPlugin",
    "getCache",
    "getPlugIns",
    "getPlugins",
    "pluginPackagePaths",
]
