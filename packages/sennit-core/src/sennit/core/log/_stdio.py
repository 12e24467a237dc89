"""Standard output and error while the program logs: what is printed is logged."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Iterable

from sennit.core.log._bus import delivering
from sennit.core.log._global import msg

__all__ = ["StdioOnnaStick"]


class _Rest(threading.local):
    """What this thread has printed of a line that is not ended."""

    text = ""


class StdioOnnaStick(io.TextIOBase):
    """A text stream that logs what is written to it, a message for each line.

    The message has the system of the code that prints. What handlers and observers
    print while they are told of an event goes to the real stream.

    Attributes:
        isError: Whether the lines are errors: 1 for standard error.
        name: ``<stdio (log)>``.
        mode: ``w``.
    """

    name: str = "<stdio (log)>"
    mode: str = "w"

    def __init__(self, isError: int = 0, encoding: str | None = None) -> None:
        super().__init__()
        self.isError: int = isError
        self._encoding = encoding or sys.getdefaultencoding()
        self._rest = _Rest()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """That of the stream in whose place this one stands."""
        return self._encoding

    def writable(self) -> bool:
        """It is."""
        return True

    def close(self) -> None:
        """Nothing: the program may go on printing."""

    def write(self, data: str) -> int:
        """Log every line that is ended; keep the rest.

        Args:
            data: Any number of lines.

        Returns:
            How many characters were taken: all.
        """
        if not isinstance(data, str):
            raise TypeError(f"a str must be written, not {type(data).__name__}")
        if delivering.now:
            real = sys.__stderr__ if self.isError else sys.__stdout__
            if real is not None:
                real.write(data)
            return len(data)
        *lines, self._rest.text = (self._rest.text + data).split("\n")
        for line in lines:
            msg(line, printed=1, isError=self.isError)
        return len(data)

    def writelines(self, lines: Iterable[str]) -> None:  # type: ignore[override]
        """Log each of the lines, ended or not."""
        for line in lines:
            msg(line.removesuffix("\n"), printed=1, isError=self.isError)
