"""The faces: modules that show our names under one of Twisted's module names.

A face re-exports, and holds at most small helpers that old programs know and the
native API leaves out. Each is reached through `sennit.compat.aliases`.
"""

from __future__ import annotations

__all__: list[str] = []
