"""Observers that write events to files."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import IO, Any

from sennit.core.logger._contracts import LogEvent
from sennit.core.logger._format import (
    formatEventAsClassicLogText,
    formatTime,
    timeFormatRFC3339,
)

__all__ = ["FileLogObserver", "textFileLogObserver"]


class FileLogObserver:
    """Writes events to a file, each flushed.

    Attributes:
        formatEvent: Makes of an event what is written.
    """

    def __init__(
        self, outFile: IO[Any] | Any, formatEvent: Callable[[LogEvent], str | None]
    ) -> None:
        """Write to a file.

        Args:
            outFile: Of text, or of bytes: then it is written as UTF-8.
            formatEvent: Makes of an event what is written; None or "" is not.
        """
        self.formatEvent = formatEvent
        self._file = outFile
        self._of_bytes = _takes_bytes(outFile)
        self._lock = threading.RLock()

    def __call__(self, event: LogEvent) -> None:
        """Write the event, unless it says nothing."""
        text = self.formatEvent(event)
        if not text:
            return
        with self._lock:
            self._write(text)
            self._file.flush()

    def _write(self, text: str) -> None:
        if self._of_bytes:
            self._file.write(text.encode("utf-8", "backslashreplace"))
            return
        try:
            self._file.write(text)
        except UnicodeEncodeError as error:
            # The log must not fail in what the file's encoding has no letters for.
            known = text.encode(error.encoding, "backslashreplace")
            self._file.write(known.decode(error.encoding))


def _takes_bytes(file: Any) -> bool:
    if isinstance(file, io.TextIOBase):
        return False
    if isinstance(file, io.RawIOBase | io.BufferedIOBase):
        return True
    return "b" in str(getattr(file, "mode", ""))


def textFileLogObserver(
    outFile: IO[Any] | Any, timeFormat: str | None = timeFormatRFC3339
) -> FileLogObserver:
    """An observer that writes events as lines: ``time [namespace#level] text``.

    Args:
        outFile: Of text, or of bytes: then it is written as UTF-8.
        timeFormat: How the time is written, for `datetime.strftime`; None is ``-``.
    """

    def time_as_text(when: float | None) -> str:
        return formatTime(when, timeFormat)

    def line(event: LogEvent) -> str | None:
        return formatEventAsClassicLogText(event, formatTime=time_as_text)

    return FileLogObserver(outFile, line)
