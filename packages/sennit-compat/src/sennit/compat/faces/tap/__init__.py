"""Faces of ``twisted.tap``: commands of ``twistd``."""

from __future__ import annotations

__all__: list[str] = []
