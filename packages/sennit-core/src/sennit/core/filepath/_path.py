"""The path of a file or folder, through which all that is done to it is done."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from typing import IO, TYPE_CHECKING, Any, AnyStr

from sennit.core.filepath._text import FileMode, OtherAnyStr, same_type
from sennit.core.filepath._transfer import copy, move
from sennit.core.filepath._tree import TreePath

if TYPE_CHECKING:
    from os import PathLike

__all__ = ["FilePath"]


class FilePath(TreePath[AnyStr]):
    """The path of a file or folder, from which no `child` leads out.

    A path made of `str` is `str` throughout, one of `bytes` is `bytes`; one made from
    another has the type of the name that leads to it. It is an ``os.PathLike``: `open`,
    `os` and `pathlib.Path` take it as it is.

    A kind of your own overrides `clonePath`; otherwise paths made from it are plain
    ones.

    Attributes:
        path: The path, from the root.
        alwaysCreate: Whether `open` makes a new file, or fails.
    """

    _tree = "files"

    def __init__(
        self, path: AnyStr | PathLike[AnyStr], alwaysCreate: bool = False
    ) -> None:
        """Name a file or folder, there or not.

        Args:
            path: The path; one that does not begin at the root begins at the current
                folder.
            alwaysCreate: Whether `open` makes a new file, or fails.
        """
        self.path: AnyStr = os.path.abspath(path)
        self.alwaysCreate: bool = alwaysCreate

    def clonePath(
        self, path: OtherAnyStr, alwaysCreate: bool = False
    ) -> FilePath[OtherAnyStr]:
        """Make another path of this kind: all that are made from it go through here.

        Args:
            path: The path.
            alwaysCreate: As `FilePath` takes it.
        """
        return FilePath(path, alwaysCreate)

    def requireCreate(self, val: bool = True) -> None:
        """Have `open` make a new file or fail, or not any more."""
        self.alwaysCreate = val

    # Content

    def open(self, mode: FileMode = "r") -> IO[bytes]:
        """Open the file, for bytes.

        Args:
            mode: As the built-in of that name takes it. Of no account where
                `alwaysCreate` is set: then it is as `create` has it.

        Raises:
            OSError: It could not be opened.
            ValueError: It was to be appended to, and to be new.
        """
        if not self.alwaysCreate:
            return open(self.path, mode.replace("b", "") + "b")
        if "a" in mode:
            raise ValueError("Nothing can be appended to a file that must be new")
        return self.create()

    def create(self) -> IO[bytes]:
        """Make a new file, and open it for reading and writing bytes.

        Raises:
            FileExistsError: There is one.
            OSError: It could not be made.
        """
        self.changed()
        return open(self.path, "x+b")

    def setContent(
        self, content: bytes, ext: str | bytes = ".new", fsync: bool = False
    ) -> None:
        """Replace the content of the file: whoever reads it sees the old or the new.

        The bytes are written to a new file beside it, which then takes its place, with
        the modes and the owner that a new file has. If that fails, all is as before.

        Args:
            content: The bytes.
            ext: What the name of the file beside ends with, for whoever finds one that
                a crash has left.
            fsync: Whether to return only when the disk has it, so that it outlasts
                a loss of power.

        Raises:
            OSError: It could not be written.
        """
        fresh = self.temporarySibling(same_type(self.path, ext))
        try:
            with fresh.open("w") as file:
                file.write(content)
                if fsync:
                    file.flush()
                    os.fsync(file.fileno())
            os.replace(fresh.path, self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.remove(fresh.path)
            raise
        self.changed()
        if fsync:
            _sync_folder(self.dirname())

    def touch(self) -> None:
        """Set the times of the file to now; an empty one is made if there is none.

        Raises:
            OSError: Neither could be done.
        """
        self.changed()
        try:
            os.utime(self.path)
        except FileNotFoundError:
            open(self.path, "ab").close()

    # Folders

    def createDirectory(self) -> None:
        """Make the folder, in one that is there.

        Raises:
            OSError: It could not be made.
        """
        os.mkdir(self.path)
        self.changed()

    def makedirs(self, ignoreExistingDirectory: bool = False) -> None:
        """Make the folder, and those above it that are not there.

        Args:
            ignoreExistingDirectory: Whether it is well if the folder is there.

        Raises:
            FileExistsError: There is something else of that name, or the folder and
                that is not to be ignored.
            OSError: It could not be made.
        """
        self.changed()
        try:
            os.makedirs(self.path)
        except FileExistsError:
            if not (ignoreExistingDirectory and self.isdir()):
                raise

    # All of it

    def remove(self) -> None:
        """Remove the file, the folder with all it holds, or the symbolic link.

        Raises:
            OSError: It could not be removed.
        """
        self.changed()
        if stat.S_ISDIR(os.lstat(self.path).st_mode):
            # Not child by child: a link that is put there meanwhile is not followed.
            shutil.rmtree(self.path)
        else:
            os.remove(self.path)

    def copyTo(
        self, destination: FilePath[OtherAnyStr], followLinks: bool = True
    ) -> None:
        """Copy the file, or the folder with all it holds.

        A file replaces the content of one that is there; what a folder holds joins what
        is in a folder that is there. Modes and owners are those of new files.

        Args:
            destination: The path of the copy, not of the folder to copy into.
            followLinks: Whether what symbolic links lead to is copied, rather than
                the links.

        Raises:
            LinkError: A symbolic link leads back to a folder that it is in.
            NotImplementedError: It is neither file nor folder.
            OSError: It could not be copied: to itself, for one.
        """
        copy(self, destination, followLinks)

    def moveTo(
        self, destination: FilePath[OtherAnyStr], followLinks: bool = True
    ) -> None:
        """Move the file or folder, in one step if the destination is on its device.

        To another it is copied with its modes, and removed when it has arrived.

        Args:
            destination: Its new path. A file there is replaced (not on Windows), so is
                an empty folder by a folder.
            followLinks: As `copyTo` takes it, if it must be copied.

        Raises:
            OSError: It could not be moved.
        """
        move(self, destination, followLinks)

    def linkTo(self, linkFilePath: FilePath[AnyStr]) -> None:
        """Make a symbolic link that leads here.

        Args:
            linkFilePath: The path of the link.

        Raises:
            OSError: It could not be made: something is there already, for one.
        """
        os.symlink(self.path, linkFilePath.path)
        linkFilePath.changed()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_statinfo": None}


def _sync_folder(path: str | bytes) -> None:
    """Have the disk know which names are in a folder; Windows has no such call."""
    if os.name == "nt":
        return
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
