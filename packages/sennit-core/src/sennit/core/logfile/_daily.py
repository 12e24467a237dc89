"""A log file that is rotated when a day is over."""

from __future__ import annotations

import os
import time
from typing import TypeAlias

from sennit.core.logfile._base import BaseLogFile
from sennit.core.logfile._reader import LogReader, readerOf

__all__ = ["DailyLogFile"]

_Date: TypeAlias = tuple[int, int, int]


class DailyLogFile(BaseLogFile):
    """A file that is rotated when a new day begins: it becomes ``x.log.2021_3_4``.

    Where there is a file of that name already, this one is written on.

    Attributes:
        lastDate: The day of what is in the file.
    """

    lastDate: _Date

    def shouldRotate(self) -> bool:
        """Whether a later day than that of the file has begun."""
        return self.toDate() > self.lastDate

    def toDate(self, *args: float) -> _Date:
        """Year, month and day, in the zone of the machine.

        Args:
            args: Seconds since the epoch; now if there is nothing.
        """
        then = time.localtime(*args)
        return then.tm_year, then.tm_mon, then.tm_mday

    def suffix(self, tupledate: _Date | float) -> str:
        """What the name of an old file ends with.

        Args:
            tupledate: Its day, or seconds since the epoch.
        """
        if isinstance(tupledate, int | float):
            tupledate = self.toDate(tupledate)
        return "_".join(map(str, tupledate))

    def getLog(self, identifier: float) -> LogReader:
        """A reader of the file of a day.

        Args:
            identifier: Any moment of it, in seconds since the epoch.

        Raises:
            ValueError: There is none.
        """
        if self.toDate(identifier) == self.lastDate:
            return self.getCurrentLog()
        return readerOf(f"{self.path}.{self.suffix(identifier)}")

    def _make_room(self) -> None:
        old = f"{self.path}.{self.suffix(self.lastDate)}"
        if os.path.exists(old):
            raise FileExistsError(f"there is a file of that day: {old!r}")
        self._move_to(old)

    def _openFile(self) -> None:
        super()._openFile()
        status = os.fstat(self._file.fileno())
        # An empty file is of no day yet.
        written = (status.st_mtime,) if status.st_size else ()
        self.lastDate = self.toDate(*written)
