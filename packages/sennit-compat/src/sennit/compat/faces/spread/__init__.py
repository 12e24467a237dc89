"""Faces of ``twisted.spread``."""

from __future__ import annotations

__all__: list[str] = []
