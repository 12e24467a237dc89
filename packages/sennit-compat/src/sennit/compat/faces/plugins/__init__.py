"""Plug-ins that are there without any folder."""

from __future__ import annotations

__all__: list[str] = []
