"""A text stream each of whose lines is an event: for what is printed."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Iterable
from typing import NoReturn

from sennit.core.logger._levels import LogLevel
from sennit.core.logger._logger import Logger

__all__ = ["LoggingFile"]


class _Rest(threading.local):
    """What this thread has written of a line that is not ended."""

    text = ""


class LoggingFile(io.TextIOBase):
    """A text stream that emits an event for each line, with the line as ``log_io``.

    Attributes:
        log: Emits the events.
        level: How much they matter.
    """

    def __init__(
        self,
        logger: Logger,
        level: LogLevel = LogLevel.info,
        encoding: str | None = None,
    ) -> None:
        """Emit what is written.

        Args:
            logger: Emits the events.
            level: How much they matter.
            encoding: That of the bytes that are written; Python's own if it is not told.
        """
        super().__init__()
        self.log = logger
        self.level = level
        self._encoding = encoding or sys.getdefaultencoding()
        self._rest = _Rest()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of bytes that are written."""
        return self._encoding

    @property
    def mode(self) -> str:
        """``w``."""
        return "w"

    @property
    def newlines(self) -> None:  # type: ignore[override]
        """None: nothing is read."""
        return None

    @property
    def name(self) -> str:
        """``<LoggingFile namespace#level>``."""
        return f"<{type(self).__name__} {self.log.namespace}#{self.level.name}>"

    def writable(self) -> bool:
        """It is."""
        return True

    def flush(self) -> None:
        """Nothing: each line is emitted when it ends."""

    def write(self, text: str | bytes) -> int:
        """Emit every line that is ended; keep the rest.

        Args:
            text: Any number of lines.

        Returns:
            How many characters or bytes were taken: all.

        Raises:
            ValueError: The file is closed.
        """
        if self.closed:
            raise ValueError("I/O operation on closed file")
        taken = len(text)
        if isinstance(text, bytes):
            text = text.decode(self._encoding, "backslashreplace")
        *lines, self._rest.text = (self._rest.text + text).split("\n")
        for line in lines:
            self.log.emit(self.level, "{log_io}", log_io=line)
        return taken

    def writelines(self, lines: Iterable[str | bytes]) -> None:  # type: ignore[override]
        """Write one after the other; none of them is ended by that."""
        for line in lines:
            self.write(line)

    def read(self, *args: object) -> NoReturn:
        """Nothing can be read here."""
        raise _unsupported()

    def next(self, *args: object) -> NoReturn:
        """Nothing can be read here."""
        raise _unsupported()

    def readline(self, *args: object) -> NoReturn:
        """Nothing can be read here."""
        raise _unsupported()

    def readlines(self, *args: object) -> NoReturn:
        """Nothing can be read here."""
        raise _unsupported()

    def xreadlines(self, *args: object) -> NoReturn:
        """Nothing can be read here."""
        raise _unsupported()

    def seek(self, *args: object) -> NoReturn:
        """There is no place to go to."""
        raise _unsupported()

    def tell(self, *args: object) -> NoReturn:
        """There is no place to tell of."""
        raise _unsupported()

    def truncate(self, *args: object) -> NoReturn:
        """There is nothing to cut."""
        raise _unsupported()


def _unsupported() -> io.UnsupportedOperation:
    return io.UnsupportedOperation("unsupported operation")
