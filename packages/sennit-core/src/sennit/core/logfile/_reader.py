"""Reading a log file."""

from __future__ import annotations

__all__ = ["LogReader", "readerOf"]


class LogReader:
    """Reads a log file, as text.

    Args:
        name: The file's path.

    Raises:
        OSError: It cannot be read.
    """

    def __init__(self, name: str) -> None:
        self._file = open(  # noqa: SIM115 - it lives as long as this object
            name, encoding="utf-8", errors="backslashreplace"
        )

    def readLines(self, lines: int = 10) -> list[str]:
        """Read on.

        Args:
            lines: How many at most.

        Returns:
            The next lines, each with its end; none at the end of the file.
        """
        read = []
        for _ in range(lines):
            line = self._file.readline()
            if not line:
                break
            read.append(line)
        return read

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def readerOf(path: str) -> LogReader:
    """A reader of an old file.

    Raises:
        ValueError: There is none.
    """
    try:
        return LogReader(path)
    except FileNotFoundError:
        raise ValueError(f"no such log file: {path!r}") from None
