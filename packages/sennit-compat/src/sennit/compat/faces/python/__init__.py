"""Faces of ``twisted.python``."""

from __future__ import annotations

__all__: list[str] = []
