"""Wire protocols on the engine: lines, length-prefixed strings, files, AMP.

Each is a module: ``from sennit.protocols import basic``.
"""

from __future__ import annotations

__all__: list[str] = []
