"""What is known of files: their types, their compressed forms, and their headers.

To look for compressed forms beside a file (``app.js.br`` beside ``app.js``) costs as much
as to read it, and to write its headers costs more. So that is kept for a second: who puts
another file beside it waits no longer than for his own browser. The headers count only for
the very state of the file that they were made of, which is looked at for each request.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from sennit.web.static._answer import Form, headerLines

__all__ = ["REMEMBERED", "Known", "Shelf", "State", "Variant", "state_of"]

State: TypeAlias = "tuple[int, int, int, int, int]"
"""What tells one state of a file from another."""

REMEMBERED: Final = 1.0
"""Seconds for which what is known of a file counts."""

# The coding that we like best first: the smallest, mostly.
_SUFFIXES: Final = ((b"br", ".br"), (b"zstd", ".zst"), (b"gzip", ".gz"))

# For how many files something is kept; then all is forgotten. It is about a kilobyte each.
_MOST: Final = 4096


def state_of(status: os.stat_result) -> State:
    """Which file it is, its length, and when it and its entry were changed.

    Nobody can set the last of these.
    """
    return (
        status.st_mtime_ns,
        status.st_ctime_ns,
        status.st_size,
        status.st_ino,
        status.st_dev,
    )


class Variant(NamedTuple):
    """A compressed form of a file.

    Attributes:
        coding: Its content coding.
        path: Its path.
    """

    coding: bytes
    path: str


class Known:
    """What is known of a file.

    Attributes:
        until: When it is forgotten.
        kind: Its media type; None if that is not told.
        coding: Its content coding; None if it is as it is.
        variants: Its compressed forms, the one that we like best first.
    """

    __slots__ = ("_lines", "_state", "coding", "kind", "until", "variants")

    def __init__(
        self,
        until: float,
        kind: bytes | None,
        coding: bytes | None,
        variants: tuple[Variant, ...],
    ) -> None:
        self.until = until
        self.kind = kind
        self.coding = coding
        self.variants = variants
        self._state: State | None = None
        self._lines = b""

    def form(self, status: os.stat_result, coding: bytes | None = None) -> Form:
        """What is to be sent, of the file as it is now, or of a compressed form."""
        form = Form(0, self.kind, coding or self.coding, varies=bool(self.variants))
        return form.of(status)

    def lines(self, status: os.stat_result) -> bytes:
        """The headers of a response with the whole file, but for its length."""
        state = state_of(status)
        if self._state != state:
            self._state = state
            self._lines = headerLines(self.form(status))
        return self._lines


class Shelf:
    """What is known of the files of a tree."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        """Begin with nothing.

        Args:
            seconds: Tells the time.
        """
        self._seconds = seconds
        # Changed by `learn` only.
        self._known: dict[str, Known] = {}

    def find(self, path: str) -> Known | None:
        """What is known of a file; None if that is nothing, or too old."""
        known = self._known.get(path)
        return None if known is None or known.until < self._seconds() else known

    def learn(
        self, path: str, kind: str | None, coding: bytes | None, compressed: bool
    ) -> Known:
        """Keep what a file is, and look for its compressed forms if they are wanted.

        One that is older than the file is of what it was before, and is left out.
        """
        known = Known(
            self._seconds() + REMEMBERED,
            None if kind is None else kind.encode("latin-1"),
            coding,
            _variants(path) if compressed and coding is None else (),
        )
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[path] = known
        return known


def _variants(path: str) -> tuple[Variant, ...]:
    try:
        modified = os.stat(path).st_mtime_ns
    except (OSError, ValueError):
        return ()
    return tuple(
        Variant(coding, path + suffix)
        for coding, suffix in _SUFFIXES
        if _is_good(path + suffix, modified)
    )


def _is_good(path: str, modified: int) -> bool:
    try:
        status = os.stat(path)
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_mtime_ns >= modified
