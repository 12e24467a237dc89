"""Where something is made: the stack, as text, for what remembers it to show it later.

The whole stack, with the text of its lines, takes half a millisecond under a test
runner, whose own forty frames are in it. Tests remember this of every Deferred and
every timer, to name the line if it is left behind; so while they run, only the
program's own lines are kept, as places, which takes some microseconds.
"""

from __future__ import annotations

import sys
import traceback
from typing import NamedTuple, Self

__all__ = ["Place", "placesHere", "recording", "stackHere"]

# Whose frames are no part of the program, and whose are the end of it.
_OURS = ("sennit.", "asyncio.")
_RUNNERS = ("_pytest.", "pluggy.")

# Enough to lead from where a thing was made out to the test, through the program.
_MOST = 20


class Place(NamedTuple):
    """A line of a program that was being executed."""

    file: str
    line: int
    function: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} in {self.function}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Make a place of its text."""
        file, _, rest = text.rpartition(":")
        line, _, function = rest.partition(" in ")
        return cls(file, int(line), function)


class _Recording:
    """What is kept of a stack."""

    __slots__ = ("places",)

    def __init__(self) -> None:
        self.places: bool = False


# Set by the pytest plugin, for the time of a test.
recording = _Recording()


def placesHere() -> list[Place]:
    """Give the program's places on the stack, the innermost last."""
    found: list[Place] = []
    frame = sys._getframe(1)
    while frame is not None and len(found) < _MOST:
        module = str(frame.f_globals.get("__name__"))
        if module.startswith(_RUNNERS):
            break
        if not module.startswith(_OURS):
            code = frame.f_code
            found.append(Place(code.co_filename, frame.f_lineno, code.co_qualname))
        frame = frame.f_back  # type: ignore[assignment]
    found.reverse()
    return found


def stackHere(above: int = 0) -> list[str]:
    """Record the stack, the innermost last.

    Args:
        above: How many frames to leave out beside that of this function.
    """
    if recording.places:
        return [str(place) for place in placesHere()]
    return traceback.format_stack()[: -1 - above]
