"""Small files that are asked for again and again: their bytes are kept, for a second.

To open, read and close a file is most of what it costs to send a small one. So its bytes
are kept, and only its state is looked at for each request: which file the path names, its
length, and when it and its entry were changed. If that is what it was when they were read
from it, they are what it holds, whatever happened to the path meanwhile.

Time moves in steps of some milliseconds, in which a file may be changed twice. So the bytes
are kept only of a file that was left alone for a while.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sennit.web.static._answer import ASKING
from sennit.web.static._known import REMEMBERED, state_of

if TYPE_CHECKING:
    from sennit.web.server import Request

__all__ = ["Kept", "Key", "Keeper"]

Key: TypeAlias = "tuple[str | bytes, ...]"
"""The path of a folder, and the segments that lead on from it."""

# Bytes of a file that are kept: most pages, scripts and pictures have fewer.
_MOST_EACH: Final = 128 * 1024

# Bytes in all, and files; then all are forgotten.
_MOST_BYTES: Final = 16 * 1024 * 1024
_MOST_FILES: Final = 4096

# Nanoseconds for which a file must have been left alone: the steps of no system's time
# are as long, and few clocks of file servers are as far from ours.
_ALONE: Final = 1_000_000_000


class Kept:
    """A file whose bytes are kept: a resource that answers while they count."""

    __slots__ = ("_body", "_else", "_lines", "_path", "_state", "until")

    isLeaf: Final = True

    def __init__(
        self,
        path: str,
        status: os.stat_result,
        lines: bytes,
        body: bytes,
        otherwise: Callable[[], Any],
    ) -> None:
        """Keep a file.

        Args:
            path: Its path.
            status: Its status when it was read.
            lines: The headers of a response with the whole of it, but for its length.
            body: Its bytes.
            otherwise: Makes the resource for what they are no answer to.
        """
        self._path = path
        self._state = state_of(status)
        self._lines = lines
        self._body = body
        self._else = otherwise
        self.until = 0.0

    def __len__(self) -> int:
        return len(self._body)

    def render(self, request: Request) -> Any:
        """Answer with the bytes, if they are still the file's, and all are wanted."""
        if request.method == b"GET" and not request.hasAnyHeader(ASKING):
            try:
                # A link is another file than what it leads to.
                status = os.lstat(self._path)
            except OSError:
                pass
            else:
                if state_of(status) == self._state:
                    request.setHeaderLines(self._lines)
                    return self._body
        return self._else().render(request)


class Keeper:
    """The files of a tree whose bytes are kept."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        """Begin with none.

        Args:
            seconds: Tells the time.
        """
        self._seconds = seconds
        # By what leads to them, and how many bytes they have. Changed by `keep` only.
        self._kept: dict[Key, Kept] = {}
        self._bytes = 0

    def find(self, key: Key) -> Kept | None:
        """A file that is kept; None if it is not, or was for too long."""
        kept = self._kept.get(key)
        return None if kept is None or kept.until < self._seconds() else kept

    def keep(self, key: Key, kept: Kept, status: os.stat_result) -> None:
        """Keep a file, if it is small and was left alone for a while."""
        changed = max(status.st_mtime_ns, status.st_ctime_ns)
        if len(kept) > _MOST_EACH or time.time_ns() - changed < _ALONE:
            return
        before = self._kept.pop(key, None)
        if before is not None:
            self._bytes -= len(before)
        if len(self._kept) >= _MOST_FILES or self._bytes + len(kept) > _MOST_BYTES:
            self._kept.clear()
            self._bytes = 0
        kept.until = self._seconds() + REMEMBERED
        self._kept[key] = kept
        self._bytes += len(kept)
