"""Faces of ``twisted.scripts``."""

from __future__ import annotations

__all__: list[str] = []
