"""Locks between processes: a symbolic link that names the process which holds it.

Making a symbolic link either succeeds or says that there is one: so it is the lock. It
points to the number of its holder, which tells a lock that is held from one that was
left behind by a process that died.
"""

from __future__ import annotations

import contextlib
import os

__all__ = ["FilesystemLock", "isLocked"]


class FilesystemLock:
    """A lock that one process at a time may hold.

    Attributes:
        name: The path of the link.
        locked: Whether this object holds the lock.
        clean: After `lock`: whether the holder before gave it back; False means that it
            died, and what the lock protects may be half done. None before.
    """

    def __init__(self, name: str) -> None:
        """Name a lock.

        Args:
            name: The path of the link.
        """
        self.name = name
        self.locked: bool = False
        self.clean: bool | None = None

    def lock(self) -> bool:
        """Try to get the lock.

        Returns:
            Whether this object holds it now.

        Raises:
            OSError: The link could not be made for another reason than that there is
                one.
        """
        self.clean = True
        while True:
            try:
                os.symlink(str(os.getpid()), self.name)
            except FileExistsError:
                if self._is_held():
                    return False
            else:
                self.locked = True
                return True

    def _is_held(self) -> bool:
        """Tell whether the holder lives; the link of one that died is removed."""
        try:
            os.kill(int(os.readlink(self.name)), 0)
        except FileNotFoundError:
            # Given back since we saw it.
            return False
        except ProcessLookupError:
            self.clean = False
            # Another process may be as quick to remove it.
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.name)
            return False
        except PermissionError:
            # It lives, as another user.
            return True
        return True

    def unlock(self) -> None:
        """Give the lock back.

        Raises:
            ValueError: This process does not hold it.
        """
        holder = os.readlink(self.name)
        if int(holder) != os.getpid():
            raise ValueError(f"Lock {self.name!r} is held by process {holder}")
        os.unlink(self.name)
        self.locked = False


def isLocked(name: str) -> bool:
    """Tell whether some process holds the lock of that path."""
    lock = FilesystemLock(name)
    if not lock.lock():
        return True
    lock.unlock()
    return False
