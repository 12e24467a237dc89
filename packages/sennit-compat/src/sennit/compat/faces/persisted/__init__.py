"""Faces of ``twisted.persisted``."""

from __future__ import annotations

__all__: list[str] = []
