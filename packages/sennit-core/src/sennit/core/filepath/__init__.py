"""Paths of files and folders, from which no name leads out.

    from sennit.core.filepath import FilePath

    root = FilePath("/srv/www")
    root.child(name).getContent()         # InsecurePath if name is "../../etc/passwd"
    root.child("motd").setContent(b"…")   # whoever reads it sees the old or the new

`sennit.core.filepath.zippath` shows the inside of a zip archive in the same way, and
`AbstractFilePath` is a base for trees of your own making.
"""

from __future__ import annotations

from sennit.core.filepath._abstract import AbstractFilePath as AbstractFilePath
from sennit.core.filepath._contract import IFilePath as IFilePath
from sennit.core.filepath._errors import (
    InsecurePath as InsecurePath,
    LinkError as LinkError,
    UnlistableError as UnlistableError,
)
from sennit.core.filepath._path import FilePath as FilePath
from sennit.core.filepath._permissions import RWX as RWX, Permissions as Permissions
from sennit.core.filepath._text import (
    FileMode as FileMode,
    OtherAnyStr as OtherAnyStr,
)

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
