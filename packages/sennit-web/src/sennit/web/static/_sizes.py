"""Sizes as people read them."""

from __future__ import annotations

from typing import Final

__all__ = ["formatFileSize", "shownSize"]

_UNITS: Final = ("kB", "MB", "GB", "TB", "PB", "EB")


def formatFileSize(size: int) -> str:
    """Write a size in a few characters: whole units of 1024, rounded down.

    Args:
        size: Bytes.

    Returns:
        Such as ``"117M"``; ``B``, ``K``, ``M`` or ``G`` is the unit.
    """
    for unit in "BKM":
        if size < 1024:
            return f"{size}{unit}"
        size //= 1024
    return f"{size}G"


def shownSize(size: int) -> str:
    """Write a size with two figures at least: units of 1000, as system tools show it.

    Args:
        size: Bytes.
    """
    if size < 1000:
        return f"{size} B"
    shown = float(size)
    for unit in _UNITS:
        shown /= 1000
        # What is rounded up to 1000 has the next unit.
        if shown < 999.5 or unit == _UNITS[-1]:
            break
    return f"{shown:.1f} {unit}" if shown < 9.95 else f"{shown:.0f} {unit}"
