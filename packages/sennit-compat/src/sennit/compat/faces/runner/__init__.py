"""Faces of ``twisted.runner``."""

from __future__ import annotations

__all__: list[str] = []
