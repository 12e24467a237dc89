"""The frames of a traceback as plain tuples, and tuples made a traceback again.

A live traceback keeps every local variable of every frame alive, and cannot be
pickled. What is left of it for reports is a list of `Frame` tuples. Where a cleaned
or unpickled failure has to give a traceback object after all, one is built by
raising through code objects that carry the names and lines of the tuples: so it is a
real one, which the debugger, `traceback` and ``raise`` take as they take any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import CodeType, FrameType, FunctionType, TracebackType
from typing import Any, TypeAlias

from sennit.core.failure._text import safeRepr

__all__ = [
    "Frame",
    "Variables",
    "framesOf",
    "rebuilt",
    "withTextVariables",
]

Variables: TypeAlias = Sequence[tuple[str, Any]]
"""The names and values of a frame's variables; empty where none were captured."""

Frame: TypeAlias = tuple[str, str, int, Variables, Variables]
"""Function name, file name, line number, local and global variables."""


def framesOf(tb: TracebackType | None, captureVars: bool) -> list[Frame]:
    """List a traceback's frames, the outermost first."""
    frames: list[Frame] = []
    while tb is not None:
        frame = tb.tb_frame
        local: Variables = ()
        shared: Variables = ()
        if captureVars:
            local = list(frame.f_locals.items())
            shared = list(frame.f_globals.items())
        code = frame.f_code
        line = frame.f_lineno if tb.tb_lineno is None else tb.tb_lineno
        frames.append((code.co_name, code.co_filename, line, local, shared))
        tb = tb.tb_next
    return frames


def withTextVariables(frames: Iterable[Frame]) -> list[Frame]:
    """Replace each captured variable by its text, which refers to nothing else."""
    return [
        (name, path, line, _as_text(local), _as_text(shared))
        for name, path, line, local, shared in frames
    ]


def _as_text(variables: Variables) -> Variables:
    return [(name, safeRepr(value)) for name, value in variables] or ()


def rebuilt(frames: Sequence[Frame]) -> TracebackType | None:
    """Make a traceback object that shows the given frames."""
    tb: TracebackType | None = None
    for name, path, line, *_ in reversed(frames):
        tb = TracebackType(tb, _frame_at(name, path, line), 0, line)
    return tb


class _Probe(Exception):
    """Raised only to get hold of the frame it is raised in."""


def _probe() -> None:
    raise _Probe


_PROBE: CodeType = _probe.__code__


def _frame_at(name: str, path: str, line: int) -> FrameType:
    code = _PROBE.replace(
        co_name=name,
        co_qualname=name,
        co_filename=path,
        co_firstlineno=line,
    )
    raising = FunctionType(code, {"_Probe": _Probe})
    try:
        raising()
    except _Probe as probe:
        here = probe.__traceback__
        while here is not None and here.tb_frame.f_code is not code:
            here = here.tb_next
        if here is not None:
            return here.tb_frame
    raise AssertionError("the probe was not raised")  # pragma: no cover
