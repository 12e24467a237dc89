"""``twisted.python.filepath``: the heart of ``FilePath``.

A path whose ``child`` never leads out of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import IO, Any

__all__ = ["FilePath", "InsecurePath"]


class InsecurePath(Exception):
    """A name would have led out of the folder it was asked of."""


class FilePath:
    """The path of a file or folder, `str` or `bytes` throughout.

    Args:
        path: The path; made absolute.
        alwaysCreate: Ignored.
    """

    def __init__(self, path: Any, alwaysCreate: bool = False) -> None:
        self.path: Any = os.path.abspath(os.fspath(path))

    # Other paths

    def child(self, path: Any) -> FilePath:
        """The path of one name in this folder.

        Raises:
            InsecurePath: The name leads elsewhere.
        """
        below = FilePath(os.path.join(self.path, path))
        if below.dirname() != self.path:
            raise InsecurePath(f"{path!r} is not a child of {self.path!r}")
        return below

    def preauthChild(self, path: Any) -> FilePath:
        """The path of something anywhere below this folder.

        Raises:
            InsecurePath: It is not below.
        """
        below = FilePath(os.path.join(self.path, path))
        if os.path.commonpath([below.path, self.path]) != self.path:
            raise InsecurePath(f"{path!r} is not below {self.path!r}")
        return below

    def descendant(self, segments: Any) -> FilePath:
        """The path at the end of a row of names."""
        path = self
        for name in segments:
            path = path.child(name)
        return path

    def sibling(self, path: Any) -> FilePath:
        """The path of another name in the same folder."""
        return self.parent().child(path)

    def parent(self) -> FilePath:
        """The folder this lies in."""
        return FilePath(self.dirname())

    def dirname(self) -> Any:
        """The path of the folder this lies in."""
        return os.path.dirname(self.path)

    def basename(self) -> Any:
        """The last name of the path."""
        return os.path.basename(self.path)

    def splitext(self) -> Any:
        """The path without, and, its extension."""
        return os.path.splitext(self.path)

    def asBytesMode(self, encoding: str | None = None) -> FilePath:
        """The same path in `bytes`."""
        return FilePath(os.fsencode(self.path))

    def asTextMode(self, encoding: str | None = None) -> FilePath:
        """The same path in `str`."""
        return FilePath(os.fsdecode(self.path))

    # What is there

    def exists(self) -> bool:
        """Whether there is anything."""
        return os.path.exists(self.path)

    def isdir(self) -> bool:
        """Whether it is a folder."""
        return os.path.isdir(self.path)

    def isfile(self) -> bool:
        """Whether it is a regular file."""
        return os.path.isfile(self.path)

    def getsize(self) -> int:
        """Bytes of the file."""
        return os.path.getsize(self.path)

    def listdir(self) -> list[Any]:
        """The names in the folder."""
        return os.listdir(self.path)

    def children(self) -> list[FilePath]:
        """The paths in the folder."""
        return [self.child(name) for name in self.listdir()]

    def walk(self) -> Iterator[FilePath]:
        """This path and all below."""
        yield self
        if self.isdir():
            for below in self.children():
                yield from below.walk()

    # Reading and changing

    def open(self, mode: str = "r") -> IO[bytes]:
        """Open the file, for bytes."""
        return open(self.path, mode.replace("b", "") + "b")

    def getContent(self) -> bytes:
        """The bytes of the file."""
        with self.open() as file:
            return file.read()

    def setContent(self, content: bytes, ext: str | bytes = ".new") -> None:
        """Replace the bytes of the file, whole or not at all.

        Args:
            content: The bytes.
            ext: Extension of the file that they are written to first.
        """
        end = os.fsencode(ext) if isinstance(self.path, bytes) else os.fsdecode(ext)
        beside = self.path + end
        with open(beside, "wb") as file:
            file.write(content)
        os.replace(beside, self.path)

    def makedirs(self, ignoreExistingDirectory: bool = False) -> None:
        """Make the folder and those above it."""
        os.makedirs(self.path, exist_ok=ignoreExistingDirectory)

    def remove(self) -> None:
        """Remove the file, or the folder with all it holds."""
        if self.isdir() and not os.path.islink(self.path):
            for below in self.children():
                below.remove()
            os.rmdir(self.path)
        else:
            os.remove(self.path)

    def moveTo(self, destination: FilePath) -> None:
        """Rename the file or folder."""
        os.replace(self.path, destination.path)

    def __fspath__(self) -> Any:
        return self.path

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FilePath):
            return NotImplemented
        return bool(self.path == other.path)

    def __lt__(self, other: FilePath) -> bool:
        return bool(self.path < other.path)

    def __hash__(self) -> int:
        return hash((FilePath, self.path))

    def __repr__(self) -> str:
        return f"FilePath({self.path!r})"
