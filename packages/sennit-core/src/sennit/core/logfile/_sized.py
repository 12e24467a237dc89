"""A log file that is rotated when it is long."""

from __future__ import annotations

import os

from sennit.core.logfile._base import BaseLogFile
from sennit.core.logfile._reader import LogReader, readerOf

__all__ = ["LogFile"]


class LogFile(BaseLogFile):
    """A file that is rotated when it is long: it becomes ``x.log.1``, that ``x.log.2``.

    Attributes:
        rotateLength: From how many bytes on it is rotated; None for never.
        maxRotatedFiles: How many old files are kept; None for all.
        size: How many bytes are in it.
    """

    def __init__(
        self,
        name: str,
        directory: str,
        rotateLength: int | None = 1_000_000,
        defaultMode: int | None = None,
        maxRotatedFiles: int | None = None,
    ) -> None:
        """Open a file, or make it.

        Args:
            name: The file's name.
            directory: Where it is.
            rotateLength: From how many bytes on it is rotated; None for never.
            defaultMode: The permissions that it gets; those it has, if it is there, or
                what the umask says.
            maxRotatedFiles: How many old files are kept, the youngest; None for all.

        Raises:
            OSError: It cannot be opened for writing.
            ValueError: One of the numbers is below 0.
        """
        _check("rotateLength", rotateLength)
        _check("maxRotatedFiles", maxRotatedFiles)
        self.rotateLength = rotateLength
        self.maxRotatedFiles = maxRotatedFiles
        self.size: int = 0
        super().__init__(name, directory, defaultMode)

    def shouldRotate(self) -> bool:
        """Whether the file is as long as it may be."""
        if not self.rotateLength or self.size < self.rotateLength:
            return False
        # Somebody else may have cut it (logrotate's "copytruncate").
        self.size = os.fstat(self._file.fileno()).st_size
        return self.size >= self.rotateLength

    def listLogs(self) -> list[int]:
        """The numbers of the old files, the youngest first."""
        start = f"{self.name}."
        numbers = []
        for name in os.listdir(self.directory):
            end = name.removeprefix(start)
            # "07", of which somebody else may have made a file, is none of ours.
            if end != name and end.isdecimal() and end[0] != "0" and end.isascii():
                numbers.append(int(end))
        return sorted(numbers)

    def getLog(self, identifier: int) -> LogReader:
        """A reader of an old file.

        Args:
            identifier: Its number.

        Raises:
            ValueError: There is none.
        """
        return readerOf(f"{self.path}.{identifier}")

    def _make_room(self) -> None:
        for number in reversed(self.listLogs()):
            old = f"{self.path}.{number}"
            if self.maxRotatedFiles is not None and number >= self.maxRotatedFiles:
                os.remove(old)
            else:
                os.rename(old, f"{self.path}.{number + 1}")
        self._move_to(f"{self.path}.1")

    def _openFile(self) -> None:
        super()._openFile()
        self.size = os.fstat(self._file.fileno()).st_size

    def _append(self, data: bytes) -> None:
        super()._append(data)
        self.size += len(data)


def _check(name: str, number: int | None) -> None:
    if number is not None and number < 0:
        raise ValueError(f"{name} is 0 or more, not {number!r}")
