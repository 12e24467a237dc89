"""Where sockets are bound: an IP address and port, or a path in the file system.

A `Bindable` can be bound here, or be asked of somebody who has bound it already: the
parent of worker processes, of which all listen on one socket (`Reactor.socketSource`).

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
from typing import Literal, TypeAlias

from sennit.core.engine._sockets import boundInet
from sennit.core.errors import CannotListenError

__all__ = [
    "Bindable",
    "InetBindable",
    "PathBindable",
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


class InetBindable:
    """An IP address and a port.

    Attributes:
        kind: ``TCP`` or ``UDP``.
        interface: The local IP address; empty for all of IPv4.
        port: The port's number; 0 for any free one.
    """

    __slots__ = ("interface", "kind", "port")

    def __init__(self, kind: Literal["TCP", "UDP"], interface: str, port: int) -> None:
        self.kind: Literal["TCP", "UDP"] = kind
        self.interface: str = interface
        self.port: int = port

    def bind(self) -> socket.socket:
        """Bind a socket to it; a TCP address in ``TIME_WAIT`` may be taken.

        Raises:
            CannotListenError: The system refused.
        """
        stream = self.kind == "TCP"
        kind = socket.SOCK_STREAM if stream else socket.SOCK_DGRAM
        return boundInet(kind, self.interface, self.port, reuse=stream)

    def unbind(self) -> None:
        """Nothing is left behind."""


class PathBindable:
    """A path, for a stream socket.

    Attributes:
        path: The file, or an abstract name that starts with a zero byte.
        mode: The file's permission bits, set before anybody can connect.
        wantPID: Whether to hold the lock ``PATH.lock``.
    """

    __slots__ = ("_file", "_locked", "mode", "path", "wantPID")

    def __init__(self, path: str, mode: int = 0o666, wantPID: bool = False) -> None:
        self.path: str = path
        self.mode: int = mode
        self.wantPID: bool = wantPID
        self._file: os.stat_result | None = None
        self._locked = False

    def bind(self) -> socket.socket:
        """Bind a socket to it; what a dead program left there is removed first.

        Raises:
            CannotListenError: The path is in use or cannot be made.
        """
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


Bindable: TypeAlias = InetBindable | PathBindable
