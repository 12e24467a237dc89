"""What every kind of path can do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any, Protocol

from sennit.core.filepath._text import FileMode

__all__ = ["IFilePath"]


class IFilePath(Protocol):
    """The place of a file or folder in a tree of names.

    The tree may be one of the file system, of an archive, or of your own making. A
    path is `str` or `bytes`; the names that lead down from it may be either.
    """

    @property
    def sep(self) -> str | bytes:
        """What stands between two names when a path is written."""
        ...

    def child(self, name: Any, /) -> IFilePath:
        """Return the path of one name in this folder, there or not.

        Raises:
            InsecurePath: The name leads elsewhere.
        """
        ...

    def sibling(self, name: Any, /) -> IFilePath:
        """Return the path of another name in the folder that this is in.

        Raises:
            InsecurePath: The name leads elsewhere.
        """
        ...

    def parent(self) -> IFilePath:
        """Return the folder that this is in; the root is its own."""
        ...

    def basename(self) -> str | bytes:
        """Return the last name."""
        ...

    def children(self) -> Iterable[IFilePath]:
        """Return the paths of all that is in this folder.

        Raises:
            UnlistableError: It is no folder.
            OSError: It could not be listed.
        """
        ...

    def open(self, mode: FileMode = "r", /) -> IO[bytes]:
        """Open the file, for bytes.

        Raises:
            OSError: It could not be opened.
        """
        ...

    def changed(self) -> None:
        """Forget what was read of its status."""
        ...

    def exists(self) -> bool:
        """Tell whether there is anything."""
        ...

    def isdir(self) -> bool:
        """Tell whether it is a folder."""
        ...

    def isfile(self) -> bool:
        """Tell whether it is a regular file."""
        ...

    def getsize(self) -> int:
        """Return the file's size, in bytes.

        Raises:
            OSError: It is not there.
        """
        ...

    def getModificationTime(self) -> float:
        """Return when its content changed last, in seconds since the epoch."""
        ...

    def getStatusChangeTime(self) -> float:
        """Return when its content or status changed last, in seconds."""
        ...

    def getAccessTime(self) -> float:
        """Return when it was read last, in seconds since the epoch."""
        ...
