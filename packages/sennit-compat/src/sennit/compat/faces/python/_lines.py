"""Small helpers about texts and lists."""

from __future__ import annotations

import re
import sys
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar, overload

__all__ = [
    "LineLog",
    "makeStatBar",
    "nameToLabel",
    "padTo",
    "println",
    "uniquify",
]

H = TypeVar("H", bound=Hashable)
T = TypeVar("T")

#: Where a word ends in a name such as ``remoteHTTPServer``.
WORD_END = re.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def uniquify(lst: Iterable[H]) -> list[H]:
    """The items of a list, each once, in the order of their first places."""
    return list(dict.fromkeys(lst))


def padTo(n: int, seq: Sequence[T], default: T | None = None) -> list[T | None]:
    """A sequence made as long as asked for.

    Raises:
        ValueError: It is longer than that already.
    """
    if len(seq) > n:
        raise ValueError(f"{len(seq)} items are more than {n}")
    return [*seq, *[default] * (n - len(seq))]


def println(*a: object) -> None:
    """Print the objects in one line."""
    sys.stdout.write(" ".join(map(str, a)) + "\n")


def nameToLabel(mname: str) -> str:
    """A name such as ``userName`` as somebody would write it: ``User Name``."""
    words = WORD_END.sub(" ", mname)
    return words[:1].upper() + words[1:]


def makeStatBar(
    width: int,
    maxPosition: float,
    doneChar: str = "=",
    undoneChar: str = "-",
    currentChar: str = ">",
) -> Callable[..., str]:
    """Make a function that draws how far something is, as in ``[==>----]``.

    Args:
        width: Characters of the text.
        maxPosition: The position at which it is done.
        doneChar: What stands before the position.
        undoneChar: What stands behind it.
        currentChar: What stands there.

    Returns:
        A function of the position; it gives an empty text where the last one it gave
        was the same, unless its second argument is true.
    """
    room = width - len("[]") - len(currentChar)
    last = ""

    def statBar(position: float, force: bool | int = False) -> str:
        """The bar at a position."""
        nonlocal last
        done = min(max(int(position * room / maxPosition), 0), room)
        shown = f"[{doneChar * done}{currentChar}{undoneChar * (room - done)}]"
        if shown == last and not force:
            return ""
        last = shown
        return shown

    return statBar


class LineLog:
    """The last lines of a conversation.

    Args:
        size: How many lines are kept; all of them if it is not above 0.
    """

    def __init__(self, size: int = 10) -> None:
        self.size = size
        self.log: deque[bytes] = deque(maxlen=size if size > 0 else None)

    def append(self, line: bytes) -> None:
        """Keep a line; the oldest one goes if there are too many."""
        self.log.append(line)

    def str(self) -> bytes:
        """The lines, with line ends between."""
        return b"\n".join(self.log)

    def __bytes__(self) -> bytes:
        return self.str()

    @overload
    def __getitem__(self, item: int) -> bytes: ...
    @overload
    def __getitem__(self, item: slice) -> list[bytes]: ...
    def __getitem__(self, item: int | slice) -> bytes | list[bytes]:
        return list(self.log)[item]

    def clear(self) -> None:
        """Forget the lines."""
        self.log.clear()
