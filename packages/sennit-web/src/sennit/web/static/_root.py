"""Opening files below a folder, from which nothing leads out.

That a path's text stays below the root (`sennit.core.filepath` sees to that) is not all:
a symbolic link on the way may lead out. To look at each step before it is taken would
not help against who changes them meanwhile. So the file is opened first, and then the
*descriptor* is asked where its file is; nothing that happens to the path after that
matters.

To ask costs as much as to read a small file. One right in the root that was opened
without following a link is inside in any case, and is not asked.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import IO, Final, Literal, TypeAlias

if sys.platform == "darwin":
    import fcntl

__all__ = ["Links", "OutsideRoot", "Root"]

Links: TypeAlias = Literal["inside", "anywhere", "nowhere"]
"""Which symbolic links are followed: those that stay below the root, all, or none."""


# Opening a pipe must not wait for somebody to write to it.
_FLAGS: Final = os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK
_PATH_MAX: Final = 1024


class OutsideRoot(FileNotFoundError):
    """A symbolic link leads out of the folder that is served."""


class Root:
    """A folder whose files are opened.

    Attributes:
        path: Its path, which may be a link, and lead elsewhere tomorrow.
        links: Which symbolic links below it are followed.
    """

    __slots__ = ("_place", "_top", "links", "path")

    def __init__(self, path: str, links: Links = "inside") -> None:
        """Name the folder.

        Raises:
            ValueError: There are no such links.
        """
        if links not in ("inside", "anywhere", "nowhere"):
            raise ValueError(f"links are inside, anywhere or nowhere, not {links!r}")
        self.path = path
        # What follows is right in the root if there is no separator in it.
        self._top = len(path.rstrip(os.sep)) + 1
        self.links: Links = links
        # Where it was when somebody looked last.
        self._place: str | None = None

    def open(self, path: str) -> int:
        """Open a file or a folder for reading.

        Args:
            path: The root's path, or that of something below it by its text.

        Returns:
            A descriptor.

        Raises:
            OutsideRoot: A link that is not to be followed leads to it.
            OSError: It could not be opened.
            ValueError: It is a path that no file can have.
        """
        if self.links == "anywhere" or path == self.path:
            return os.open(path, _FLAGS)
        try:
            fd = os.open(path, _FLAGS | os.O_NOFOLLOW)
        except OSError:
            if self.links == "nowhere" or not os.path.islink(path):
                raise
            fd = os.open(path, _FLAGS)
        else:
            if path.find(os.sep, self._top) < 0:
                return fd
        try:
            self._prove(fd, path)
        except BaseException:
            os.close(fd)
            raise
        return fd

    def file(self, path: str) -> IO[bytes]:
        """Open a file for reading: as `open` does, and with the same errors."""
        fd = self.open(path)
        try:
            return os.fdopen(fd, "rb")
        except OSError:  # it is a folder
            os.close(fd)
            raise

    def shows(self, path: str) -> bool:
        """Whether something below may be seen: no proof, but for a name in a list."""
        if self.links == "anywhere":
            return True
        try:
            return self._has(os.path.realpath(path), path)
        except ValueError:
            return False

    def _prove(self, fd: int, path: str) -> None:
        if not self._has(_place_of(fd, path), path):
            raise OutsideRoot(errno.ENOENT, "a link leads out of the root", path)

    def _has(self, place: str, path: str) -> bool:
        """Whether a place is below ours, which is looked up anew before we say no."""
        if self._place is not None and self._leads(self._place, place, path):
            return True
        self._place = _find(self.path)
        return self._leads(self._place, place, path)

    def _leads(self, root: str, place: str, path: str) -> bool:
        below = path[len(self.path) :].lstrip(os.sep)
        if self.links == "nowhere":
            return place == os.path.join(root, below)
        return place == root or place.startswith(root.rstrip(os.sep) + os.sep)


def _find(root: str) -> str:
    """Where a folder is."""
    try:
        fd = os.open(root, _FLAGS)
    except OSError:
        # It may be entered, but not be read.
        return os.path.realpath(root)
    try:
        return _place_of(fd, root)
    finally:
        os.close(fd)


def _place_of(fd: int, path: str) -> str:
    """Where an open file is: from the descriptor, where the system knows that."""
    if sys.platform == "darwin":
        found = fcntl.fcntl(fd, fcntl.F_GETPATH, bytes(_PATH_MAX))
        return os.fsdecode(found.rstrip(b"\0"))
    if sys.platform == "linux":
        try:
            return os.readlink(f"/proc/self/fd/{fd}")
        except OSError:
            pass  # /proc is not there: the next best
    place = os.path.realpath(path)
    if not os.path.samestat(os.fstat(fd), os.stat(place)):
        raise OutsideRoot(errno.ENOENT, "it leads elsewhere by now", path)
    return place
