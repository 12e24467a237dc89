"""A failure as text, in the four manners the field knows.

``default`` is Python's own layout without the markers under the line; what the error
was raised from comes before it, as Python shows it. ``brief`` has one line a frame;
``verbose`` adds the captured variables.
"""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Callable, Iterable
from typing import Protocol

from sennit.core.failure._frames import Frame, Variables
from sennit.core.failure._text import qualifiedName, safeRepr, safeStr

__all__ = ["format_frames", "formatBrief", "formatDefault", "formatVerbose"]

_DETAILS = ("default", "brief", "verbose", "verbose-vars-not-captured")

_BECAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
_WHILE = "\nDuring handling of the above exception, another exception occurred:\n\n"


class Told(Protocol):
    """What of a failure its text is made from."""

    value: object
    type: object
    captureVars: bool
    pickled: int

    @property
    def count(self) -> int:
        """The number that tells failures apart in a log."""
        ...

    @property
    def frames(self) -> list[Frame]:
        """The frames, the outermost first."""
        ...


def format_frames(
    frames: Iterable[Frame],
    write: Callable[[str], object],
    detail: str = "default",
) -> None:
    """Write frames as text.

    Args:
        frames: The frames, the outermost first.
        write: Called with each piece of text.
        detail: ``default``, ``brief``, ``verbose`` or ``verbose-vars-not-captured``.

    Raises:
        ValueError: The detail is none of these.
    """
    check_detail(detail)
    for name, path, line, local, shared in frames:
        if detail == "default":
            write(f'  File "{path}", line {line}, in {name}\n')
            write(f"    {linecache.getline(path, line).strip()}\n")
        elif detail == "brief":
            write(f"{path}:{line}:{name}\n")
        else:
            write(f"{path}:{line}: {name}(...)\n")
            if detail == "verbose":
                _write_variables(write, " [ Locals ]\n", local)
                _write_variables(write, " ( Globals )\n", shared)


def check_detail(detail: str) -> None:
    """Refuse a detail that no manner has."""
    if detail not in _DETAILS:
        raise ValueError(
            "Detail must be default, brief, verbose, or verbose-vars-not-captured."
            f" (not {detail!r})"
        )


def _write_variables(
    write: Callable[[str], object], heading: str, variables: Variables
) -> None:
    write(heading)
    for name, value in variables:
        write(f"  {name} : {safeRepr(value)}\n")


def formatBrief(told: Told) -> str:
    """Show the error and then a line for each frame."""
    frames = told.frames
    opening = "Traceback" if frames else "Traceback (failure with no frames)"
    lines = [f"{opening}: {safeStr(told.type)}: {safeStr(told.value)}\n"]
    format_frames(frames, lines.append, "brief")
    return "".join(lines)


def formatDefault(told: Told) -> str:
    """Show the traceback as Python would."""
    lines = [_origin(told.value), "Traceback (most recent call last):\n"]
    frames = told.frames
    format_frames(frames, lines.append, "default")
    lines.append(_ending(told, frames))
    return "".join(lines)


def formatVerbose(told: Told) -> str:
    """Show the traceback with the variables that were captured."""
    mark = f"Failure #{told.count}{' (pickled)' if told.pickled else ''}"
    frames = told.frames
    lines = [f"*--- {mark} ---\n"]
    detail = "verbose" if told.captureVars else "verbose-vars-not-captured"
    format_frames(frames, lines.append, detail)
    if frames and not told.captureVars:
        lines.append(
            " [Capture of Locals and Globals disabled (use captureVars=True)]\n"
        )
    lines.append(_ending(told, frames))
    lines.append(f"*--- End of Failure #{told.count} ---\n")
    return "".join(lines)


def _ending(told: Told, frames: list[Frame]) -> str:
    opening = "" if frames else "Failure: "
    return f"{opening}{qualifiedName(told.type)}: {safeStr(told.value)}\n"


def _origin(value: object) -> str:
    """Show what the error was raised from or while handling, if there is such."""
    if not isinstance(value, BaseException):
        return ""
    if value.__cause__ is not None:
        origin, between = value.__cause__, _BECAUSE
    elif value.__context__ is not None and not value.__suppress_context__:
        origin, between = value.__context__, _WHILE
    else:
        return ""
    try:
        return "".join(traceback.format_exception(origin)) + between
    except Exception:
        return f"{safeRepr(origin)}\n{between}"
