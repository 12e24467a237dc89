"""Paths are `str` or `bytes`: what turns one into the other."""

from __future__ import annotations

import os
from typing import Literal, TypeVar

__all__ = ["FileMode", "OtherAnyStr", "same_type"]

# Of a path that another is made from, which may be of the other type.
OtherAnyStr = TypeVar("OtherAnyStr", str, bytes)

# How a file is opened: as the built-in does it, but always for bytes.
FileMode = Literal["r", "w", "a", "r+", "w+", "a+"]


def same_type(like: OtherAnyStr, path: str | bytes) -> OtherAnyStr:
    """Return *path* in the type of *like*, in the encoding of the file system."""
    return os.fsencode(path) if isinstance(like, bytes) else os.fsdecode(path)
