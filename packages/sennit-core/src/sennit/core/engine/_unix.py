"""UNIX sockets: a path in the file system, its mode, its lock, its leftovers.

A program that was killed leaves its socket's file behind, and the next one cannot
bind. Two ways tell that nobody is there: the lock (`wantPID`), a symbolic link
``PATH.lock`` to the number of the process that listens, as classic programs make it;
and, without one, that connecting to the file is refused.
"""

from __future__ import annotations

import errno
import os
import socket
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sennit.core.address import UNIXAddress
from sennit.core.engine._binding import Binding
from sennit.core.engine._listen import Port
from sennit.core.errors import CannotListenError

if TYPE_CHECKING:
    from sennit.core.contracts import IProtocolFactory

__all__ = [
    "UNIXPort",
    "isAbstract",
    "lockHolder",
    "nobodyListens",
    "pathOf",
    "removeFile",
]


def pathOf(address: str | bytes) -> str:
    """A UNIX socket's address as text; bytes are decoded as file names are."""
    return os.fsdecode(address)


def isAbstract(path: str) -> bool:
    """Whether this is a name in Linux's abstract namespace, which has no file."""
    return path.startswith("\0")


def lockHolder(path: str) -> int | None:
    """The process that holds the lock of a UNIX socket; None if none that lives."""
    try:
        pid = int(os.readlink(path + ".lock"))
    except (OSError, ValueError):
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass  # somebody else's, but alive
    return pid


def nobodyListens(path: str, kind: socket.SocketKind = socket.SOCK_STREAM) -> bool:
    """Whether a socket's file is there, and nobody behind it: its program has died."""
    try:
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            return False
        with socket.socket(socket.AF_UNIX, kind) as probe:
            probe.setblocking(False)
            probe.connect(path)
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return False


def removeFile(path: str, made: os.stat_result) -> None:
    """Remove a socket's file, if it still is the one that we made."""
    with suppress(FileNotFoundError):
        found = os.lstat(path)
        # The number of one that was removed may be another's already; not its time.
        if os.path.samestat(found, made) and found.st_mtime_ns == made.st_mtime_ns:
            os.unlink(path)


class UNIXPort(Port):
    """A UNIX stream socket that listens.

    Attributes:
        path: The file, or an abstract name that starts with a zero byte.
        mode: The file's permission bits, set before anybody can connect.
        wantPID: Whether to hold the lock ``PATH.lock``.
        expected: Empty: the sockets of clients mostly have no name.
    """

    expected: Any = ""

    def __init__(
        self,
        binding: Binding,
        path: str,
        factory: IProtocolFactory,
        backlog: int = 50,
        mode: int = 0o666,
        wantPID: bool = False,
    ) -> None:
        super().__init__(binding, factory, backlog)
        self.path = path
        self.mode = mode
        self.wantPID = wantPID
        self._file: os.stat_result | None = None
        self._locked = False

    def bind(self) -> socket.socket:
        """Bind to the path; what a dead program left there is removed first."""
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.setblocking(False)
        try:
            if not isAbstract(self.path):
                self._clear_the_way()
            sock.bind(self.path)
            if not isAbstract(self.path):
                os.chmod(self.path, self.mode)
                self._file = os.stat(self.path)
        except OSError as error:
            sock.close()
            self._unlock()
            raise CannotListenError("", self.path, error) from error
        return sock

    def unbind(self) -> None:
        """Remove the file, if it is still ours, and the lock."""
        if self._file is not None:
            removeFile(self.path, self._file)
            self._file = None
        self._unlock()

    def describe(self) -> str:
        """``UNIX Port /run/s``."""
        return f"UNIX Port {self.place()}"

    def place(self) -> str:
        """The path."""
        return self.path

    def getHost(self) -> UNIXAddress:
        """The path it listens on."""
        host = super().getHost()
        assert isinstance(host, UNIXAddress)
        return host

    def _clear_the_way(self) -> None:
        if self.wantPID:
            if lockHolder(self.path) is not None:
                in_use = errno.EADDRINUSE
                raise OSError(in_use, os.strerror(in_use))
            self._remove_lock()
            os.symlink(str(os.getpid()), self.path + ".lock")
            self._locked = True
            if os.path.exists(self.path) and stat.S_ISSOCK(os.lstat(self.path).st_mode):
                os.unlink(self.path)
        elif nobodyListens(self.path):
            os.unlink(self.path)

    def _unlock(self) -> None:
        if self._locked:
            self._locked = False
            self._remove_lock()

    def _remove_lock(self) -> None:
        with suppress(FileNotFoundError):
            os.unlink(self.path + ".lock")
