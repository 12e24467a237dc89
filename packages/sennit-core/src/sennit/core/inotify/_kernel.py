"""The kernel's side of watching: three calls of the C library, which Python lacks."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from contextlib import suppress
from typing import Any

from sennit.core.inotify._errors import INotifyError

__all__ = ["Kernel"]

# An event is 16 bytes and a name of up to 255: what one reading gives is hundreds.
_CHUNK = 64 * 1024

_LIMITS = {
    errno.ENOSPC: "no watches are left (the limit is fs.inotify.max_user_watches)",
    errno.EMFILE: "no instances are left (the limit is fs.inotify.max_user_instances)",
}


class Kernel:
    """One queue of events in the kernel, and the watches that fill it.

    Attributes:
        fd: Its descriptor; -1 once it is closed.
    """

    def __init__(self) -> None:
        """Open it.

        Raises:
            INotifyError: This is not Linux, or no more are allowed.
        """
        self.fd = -1
        if sys.platform != "linux":
            text = "inotify is a facility of Linux, and this system is another"
            raise INotifyError(errno.ENOSYS, text)
        self._libc: Any = ctypes.CDLL(None, use_errno=True)
        fd = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        self.fd = _checked(fd, None)

    def add(self, path: bytes, mask: int) -> int:
        """Watch a path; the number of the watch is the same for the same file.

        Raises:
            INotifyError: There is no such path, or we may not read it.
        """
        number = self._libc.inotify_add_watch(self.fd, path, ctypes.c_uint32(mask))
        return _checked(number, path)

    def remove(self, number: int) -> None:
        """Watch no more; does nothing if the kernel has removed it before."""
        self._libc.inotify_rm_watch(self.fd, number)

    def read(self) -> bytes:
        """Whole events, as many as there are and fit.

        Raises:
            BlockingIOError: There is none.
        """
        return os.read(self.fd, _CHUNK)

    def close(self) -> None:
        """Let go of it, with all watches."""
        fd, self.fd = self.fd, -1
        with suppress(OSError):
            os.close(fd)


def _checked(result: int, path: bytes | None) -> int:
    if result >= 0:
        return result
    number = ctypes.get_errno()
    text = _LIMITS.get(number, os.strerror(number))
    if path is None:
        raise INotifyError(number, text)
    raise INotifyError(number, text, os.fsdecode(path))
