"""``twisted``: which version of Twisted's API is answered for."""

from __future__ import annotations

from sennit.compat.faces.python.versions import Version

__all__ = ["__version__", "version"]

#: The Twisted whose public API and tests this distribution is held against.
version: Version = Version("Twisted", 26, 10, 0)

__version__: str = version.short()
