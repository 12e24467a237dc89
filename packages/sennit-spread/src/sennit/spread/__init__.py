"""Remote objects: Perspective Broker, and the codecs Banana and Jelly beneath it.

Each is a module: ``from sennit.spread import pb``.
"""

from __future__ import annotations

__all__: list[str] = []
