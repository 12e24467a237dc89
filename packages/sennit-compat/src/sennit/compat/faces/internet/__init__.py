"""Faces of ``twisted.internet``."""

from __future__ import annotations

__all__: list[str] = []
