"""``twisted.python.filepath``: the paths, and their contract as an Interface."""

from __future__ import annotations

from sennit.core.filepath import (
    RWX as RWX,
    AbstractFilePath as AbstractFilePath,
    FileMode as FileMode,
    FilePath as FilePath,
    InsecurePath as InsecurePath,
    LinkError as LinkError,
    OtherAnyStr as OtherAnyStr,
    Permissions as Permissions,
    UnlistableError as UnlistableError,
)
from sennit.core.interfaces import IFilePath as IFilePath

__all__ = [
    "AbstractFilePath",
    "FileMode",
    "FilePath",
    "IFilePath",
    "InsecurePath",
    "LinkError",
    "OtherAnyStr",
    "Permissions",
    "RWX",
    "UnlistableError",
]
