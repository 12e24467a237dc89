"""What all log files have in common: appending, opening anew, and moving away."""

from __future__ import annotations

import contextlib
import logging
import os
import stat
import threading
import time
from typing import Any, TypeVar

from sennit.core import log
from sennit.core.logfile._reader import LogReader

__all__ = ["BaseLogFile"]

_L = TypeVar("_L", bound="BaseLogFile")

# Seconds until a rotation that failed is tried again: who cures the cause will not wait
# longer, and a busy log does not spend its time on it.
_PATIENCE = 60.0


class BaseLogFile:
    """A file that is appended to, and may be rotated: a subclass says when, and how.

    Attributes:
        name: The file's name.
        directory: Where it is.
        path: Both.
        defaultMode: The permissions that new files get: those that were given, or those
            of the file that was there; None for what the umask says.
        closed: Whether it was closed.
    """

    def __init__(
        self, name: str, directory: str, defaultMode: int | None = None
    ) -> None:
        """Open a file, or make it.

        Args:
            name: The file's name.
            directory: Where it is.
            defaultMode: The permissions that it gets; those it has, if it is there, or
                what the umask says.

        Raises:
            OSError: It cannot be opened for writing.
        """
        self.directory = directory
        self.name = name
        self.path: str = os.path.join(directory, name)
        if defaultMode is None and os.path.exists(self.path):
            defaultMode = stat.S_IMODE(os.stat(self.path).st_mode)
        self.defaultMode = defaultMode
        self.closed: bool = False
        self._lock = threading.RLock()
        # When a rotation that failed may be tried again; None where none has failed.
        self._retry: float | None = None
        # What could not be done, until it is told; and whether write will tell it.
        self._trouble: str | None = None
        self._writing = False
        self._openFile()

    @classmethod
    def fromFullPath(cls: type[_L], filename: str, *args: Any, **kwargs: Any) -> _L:
        """Open a file by its path.

        Args:
            filename: Directory and name in one.
            args: More that the class is made with.
            kwargs: More that the class is made with.
        """
        directory, name = os.path.split(os.path.abspath(filename))
        return cls(name, directory, *args, **kwargs)

    def shouldRotate(self) -> bool:
        """Whether the file is to be rotated before the next write."""
        return False

    def rotate(self) -> None:
        """Begin a new file, and keep the old one under another name.

        What cannot be done is told in the log, once, and the file is written on.

        Raises:
            ValueError: The file was closed.
        """
        with self._lock:
            self._check_open()
            try:
                if self._moved_by_others():
                    self._begin_anew()
                else:
                    self._make_room()
                self._retry = None
            except OSError as error:
                if self._retry is None:
                    self._trouble = f"{self.path} cannot be rotated: {error}"
                self._retry = time.monotonic() + _PATIENCE
        if not self._writing:
            self._tell()

    def write(self, data: str | bytes) -> None:
        """Append to the file, after rotating it if it is time.

        Args:
            data: Text is written as UTF-8.

        Raises:
            OSError: It cannot be written: the disk is full, for instance.
            ValueError: The file was closed.
        """
        if isinstance(data, str):
            data = data.encode("utf-8", "backslashreplace")
        with self._lock:
            self._check_open()
            self._writing = True
            try:
                if self._may_rotate() and self.shouldRotate():
                    self.rotate()
                self._append(data)
            finally:
                self._writing = False
        self._tell()

    def flush(self) -> None:
        """Nothing: all that was written is with the system already.

        Raises:
            ValueError: The file was closed.
        """
        self._check_open()

    def reopen(self) -> None:
        """Go on in a file of the same path, after somebody else has moved this one.

        Raises:
            OSError: It cannot be opened. What is written goes to the old one.
            ValueError: The file was closed.
        """
        with self._lock:
            self._check_open()
            self._begin_anew()

    def close(self) -> None:
        """Close the file for good."""
        with self._lock:
            self.closed = True
            self._file.close()

    def getCurrentLog(self) -> LogReader:
        """A reader of what was written since the last rotation."""
        return LogReader(self.path)

    def _openFile(self) -> None:
        """Open the file; a subclass may note what it finds there."""
        mode = 0o666 if self.defaultMode is None else self.defaultMode
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self.path, flags, mode)
        # Without a buffer: a line is with the system when it is written.
        self._file = open(descriptor, "ab", buffering=0)  # noqa: SIM115
        found = os.fstat(descriptor).st_mode
        # Nobody moves /dev/null away, or changes its permissions.
        self._regular = stat.S_ISREG(found)
        if self._regular and self.defaultMode not in (None, stat.S_IMODE(found)):
            # A file of somebody else keeps those it has.
            with contextlib.suppress(PermissionError):
                os.chmod(self.path, self.defaultMode)

    def _begin_anew(self) -> None:
        old = self._file
        self._openFile()
        old.close()

    def _make_room(self) -> None:
        """Move the file away, and begin a new one: a subclass says where to."""

    def _move_to(self, path: str) -> None:
        """Give the file another name, and begin a new one.

        Raises:
            OSError: It cannot be; all is as before.
        """
        if not os.access(self.path, os.W_OK):
            raise PermissionError(f"it is read-only: {self.path!r}")
        if os.name == "nt":
            # Windows does not rename what is open.
            self._file.close()
        try:
            os.rename(self.path, path)
            try:
                self._begin_anew()
            except OSError:
                os.rename(path, self.path)
                raise
        finally:
            if self._file.closed:
                self._openFile()

    def _moved_by_others(self) -> bool:
        """Whether the path does not lead to this file any more."""
        try:
            there = os.stat(self.path)
        except FileNotFoundError:
            return True
        return not os.path.samestat(there, os.fstat(self._file.fileno()))

    def _append(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]

    def _may_rotate(self) -> bool:
        if not self._regular:
            return False
        return self._retry is None or time.monotonic() >= self._retry

    def _check_open(self) -> None:
        if self.closed:
            raise ValueError(f"{self.path} is closed")

    def _tell(self) -> None:
        """Log what could not be done.

        Without the lock: who is told of it may be writing here, in another thread.
        """
        trouble, self._trouble = self._trouble, None
        if trouble is not None:
            log.msg(trouble, logLevel=logging.ERROR)
