"""What the file system says of a path: read once, kept until it is asked for anew.

Most of what a server asks of a file (is it there, how large, since when) comes from one
call of ``stat``, so its answer is kept with the path. That nothing is there is not kept:
a file that was made since is seen. What changes a file through its path forgets the
answer; what may have been changed by others is for `FilePath.changed` and
`FilePath.restat`.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from typing import AnyStr

from sennit.core.filepath._abstract import AbstractFilePath
from sennit.core.filepath._permissions import Permissions

__all__ = ["StatPath"]


class StatPath(AbstractFilePath[AnyStr]):
    """A path of the file system, as far as its status goes."""

    _statinfo: os.stat_result | None = None

    def changed(self) -> None:
        """Forget what is known of the file: it is looked at anew when asked for."""
        self._statinfo = None

    def restat(self, reraise: bool = True) -> None:
        """Look at the file anew, now.

        Args:
            reraise: Whether it is an error that there is none.

        Raises:
            OSError: It could not be looked at.
        """
        self._statinfo = None
        try:
            self._statinfo = os.stat(self.path)
        except (OSError, ValueError):
            # ValueError: a path that no file can have, with a NUL in it.
            if reraise:
                raise

    def _status(self) -> os.stat_result:
        if self._statinfo is None:
            self.restat()
        assert self._statinfo is not None
        return self._statinfo

    def _is(self, kind: Callable[[int], bool]) -> bool:
        return self.exists() and kind(self._status().st_mode)

    def exists(self) -> bool:
        """Tell whether there is anything; a symbolic link to nothing is nothing."""
        if self._statinfo is None:
            self.restat(reraise=False)
        return self._statinfo is not None

    def isdir(self) -> bool:
        """Tell whether it is a folder, or a symbolic link to one."""
        return self._is(stat.S_ISDIR)

    def isfile(self) -> bool:
        """Tell whether it is a regular file, or a symbolic link to one."""
        return self._is(stat.S_ISREG)

    def isBlockDevice(self) -> bool:
        """Tell whether it is a block device."""
        return self._is(stat.S_ISBLK)

    def isSocket(self) -> bool:
        """Tell whether it is a UNIX socket."""
        return self._is(stat.S_ISSOCK)

    def islink(self) -> bool:
        """Tell whether it is a symbolic link; never kept, always looked at."""
        return os.path.islink(self.path)

    def isabs(self) -> bool:
        """Tell whether the path begins at the root: always."""
        return True

    def getsize(self) -> int:
        """Return the size of the file, in bytes.

        Raises:
            OSError: There is none. So too with all that follow.
        """
        return self._status().st_size

    def getModificationTime(self) -> float:
        """Return when its content changed last, in seconds since the epoch."""
        return float(self._status().st_mtime)

    def getStatusChangeTime(self) -> float:
        """Return when its content or status changed last, in seconds.

        Windows says when it was made.
        """
        return float(self._status().st_ctime)

    def getAccessTime(self) -> float:
        """Return when it was read last, in seconds since the epoch."""
        return float(self._status().st_atime)

    def getInodeNumber(self) -> int:
        """Return what tells the file from all others on its device."""
        return self._status().st_ino

    def getDevice(self) -> int:
        """Return the number of the device it is on."""
        return self._status().st_dev

    def getNumberOfHardLinks(self) -> int:
        """Return how many names it has; symbolic links do not count."""
        return self._status().st_nlink

    def getUserID(self) -> int:
        """Return the number of its owner; 0 on Windows."""
        return self._status().st_uid

    def getGroupID(self) -> int:
        """Return the number of its group; 0 on Windows."""
        return self._status().st_gid

    def getPermissions(self) -> Permissions:
        """Return who may do what with it."""
        return Permissions(stat.S_IMODE(self._status().st_mode))

    def chmod(self, mode: int) -> None:
        """Set who may do what with it.

        Args:
            mode: As the command of that name takes it, such as ``0o640``.

        Raises:
            OSError: It is not there, or not yours.
        """
        os.chmod(self.path, mode)
        self.changed()

    def _identity(self) -> object:
        return self.getDevice(), self.getInodeNumber()
