"""What a thread is doing: read from its frames, by another thread.

Three rules keep this from harming the thread that is looked at:

* Frames are looked at without waiting for anything, so that the other thread does not
  go on meanwhile, and are let go of at once. What has to be kept longer (a frame keeps
  all its variables alive) the watchdog keeps, and lets the loop's own thread drop it:
  a variable's ``__del__`` must not run in ours.
* Of variables, only a method's own object is looked at, and only to learn its name in
  the log. No value is ever shown: it may be a secret.
* The text is made afterwards, from names and numbers.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Sequence
from types import BuiltinFunctionType, CodeType, FrameType
from typing import NamedTuple

from sennit.core._timers import DelayedCall

__all__ = ["At", "Holder", "baseOf", "callbackOf", "computedBy", "describe", "topOf"]

# Programs that stop a thread for a person to look at it.
_DEBUGGERS = frozenset(["bdb", "debugpy", "pdb", "pudb", "pydevd", "_pydevd_bundle"])

# Lines that are shown: who calls himself a thousand times is understood by these.
_SHOWN = 30


class At(NamedTuple):
    """A frame, and the line it was at when it was looked at."""

    frame: FrameType
    line: int


class Holder(NamedTuple):
    """Who holds the loop.

    Attributes:
        system: The connection, as the log calls it; empty if it is none.
        call: The function of the program that the loop has called.
        stack: The lines it is at.
        debugged: Whether it is a debugger that waits for a person.
    """

    system: str
    call: str
    stack: str
    debugged: bool


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def baseOf(frame: FrameType | None) -> CodeType | None:
    """Give the code that runs the loop, seen from a callback of the loop."""
    while frame is not None and _module(frame).startswith("asyncio."):
        frame = frame.f_back
    return None if frame is None else frame.f_code


def _runs_loops(frame: FrameType) -> bool:
    if frame.f_code.co_name not in ("run", "run_forever"):
        return False
    return _module(frame).startswith(("asyncio.", "sennit.core.engine."))


def callbackOf(top: FrameType, base: CodeType | None) -> list[At]:
    """Give the frames of the callback that the loop is in, the outermost first.

    Args:
        top: The innermost frame of the loop's thread.
        base: The code that runs the loop; None if that is not known yet.

    Returns:
        None of them while the loop waits. On asyncio's loops the first is that of the
        handle, of which each callback has its own; on others, what the loop has called.
    """
    frames: list[At] = []
    # A callback may well call what runs the loop: the outermost one does run it.
    bottom: int | None = None
    frame: FrameType | None = top
    while frame is not None:
        if frame.f_code is base or (base is None and _runs_loops(frame)):
            bottom = len(frames)
        frames.append(At(frame, frame.f_lineno))
        frame = frame.f_back
    if bottom is not None:
        del frames[bottom:]
    while frames and _module(frames[-1].frame).startswith("asyncio."):
        if frames[-1].frame.f_code.co_name == "_run":
            break
        frames.pop()
    if frames and _module(frames[-1].frame) == "selectors":
        return []
    frames.reverse()
    return frames


def describe(callback: Sequence[At]) -> Holder:
    """Tell who holds the loop, from the frames of its callback."""
    system = call = ""
    lines: list[tuple[str, int, str]] = []
    ours: list[tuple[str, int, str]] = []
    debugged = False
    for frame, number in callback:
        code, module = frame.f_code, _module(frame)
        line = (code.co_filename, number, code.co_qualname)
        debugged = debugged or module.partition(".")[0] in _DEBUGGERS
        owner = frame.f_locals.get(code.co_varnames[0]) if code.co_argcount else None
        system = system or _system_of(owner)
        if module.startswith("sennit."):
            ours.append(line)
            if isinstance(owner, DelayedCall) and owner.func is not None:
                call = call or _name(owner.func)
        elif not module.startswith("asyncio."):
            lines.append(line)
    if lines:
        call = lines[0][2]
    # Our own lines tell something only where nothing of the program is running.
    return Holder(system, call, _text(lines if call else ours), debugged)


def _system_of(owner: object) -> str:
    """Ask a protocol's transport, or else an object itself, for its name in the log."""
    try:
        transport = vars(owner).get("transport")
    except TypeError:  # it has no __dict__
        transport = None
    for each in (transport, owner):
        if callable(getattr(type(each), "logPrefix", None)):
            try:
                return str(each.logPrefix())  # type: ignore[union-attr]
            except Exception:
                return type(each).__name__
    return ""


def _name(function: object) -> str:
    """Name what a delayed call calls; empty if that is none of the program's."""
    if str(getattr(function, "__module__", "")).startswith("sennit."):
        return ""
    name = str(getattr(function, "__qualname__", None) or type(function).__name__)
    if isinstance(function, BuiltinFunctionType) and function.__module__:
        return f"{function.__module__}.{name}"
    return name


def _text(lines: Sequence[tuple[str, int, str]]) -> str:
    shown = traceback.StackSummary.from_list(
        [traceback.FrameSummary(*line, lookup_line=False) for line in lines[-_SHOWN:]]
    ).format()
    if len(lines) > _SHOWN:
        shown.insert(0, f"  … {len(lines) - _SHOWN} lines before …\n")
    return "".join(shown).rstrip("\n")


def topOf(thread: int) -> FrameType | None:
    """Give the innermost frame of a thread; None if it has ended."""
    return sys._current_frames().get(thread)


def computedBy(thread: int) -> float:
    """Give the seconds for which a thread has computed; those of all if not known."""
    # The clock of a thread that has ended would be a crash. One that has a frame has
    # not, and will not before we let go of the interpreter's lock.
    if sys.platform != "win32" and hasattr(time, "pthread_getcpuclockid"):
        if topOf(thread) is not None:
            return time.clock_gettime(time.pthread_getcpuclockid(thread))
    return time.process_time()
