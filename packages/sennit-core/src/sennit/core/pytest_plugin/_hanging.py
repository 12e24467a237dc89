"""Where a coroutine waits: the lines, from the test down to what does not come.

Each kind of thing that waits names the next one in its own way: a coroutine its
``cr_await``, a generator its ``gi_yieldfrom``, a Deferred that is a coroutine or a
generator its generator, and that of ``inlineCallbacks`` the Deferred it has yielded.
"""

from __future__ import annotations

import asyncio
import gc
import traceback
from collections.abc import Iterator
from types import AsyncGeneratorType, CoroutineType, FrameType, GeneratorType
from typing import Any

from sennit.core.defer import Deferred
from sennit.core.defer._driver import Driver
from sennit.core.defer._inline import InlineDeferred
from sennit.core.pytest_plugin._report import isOurs

__all__ = ["whereItWaits"]

# More would tell nobody anything: a coroutine that has called itself without end.
_MOST = 50

_AWAITING = Deferred.__await__.__code__


def whereItWaits(coroutine: object) -> str:
    """Show the lines at which a coroutine and all that it waits for are held up."""
    summary = traceback.StackSummary()
    last: object = None
    for number, (waiting, frame) in enumerate(_waits(coroutine)):
        last = waiting
        if frame is not None and not isOurs(frame):
            code = frame.f_code
            summary.append(
                traceback.FrameSummary(code.co_filename, frame.f_lineno, code.co_name)
            )
        if number == _MOST:
            break
    text = "".join(summary.format())
    if isinstance(last, Deferred | asyncio.Future):
        text += f"It waits for {last!r}{_made(last)}"
    return text.rstrip()


def _waits(waiting: Any) -> Iterator[tuple[Any, FrameType | None]]:
    """Give what waits, and its frame where it has one; each waits for the next."""
    while waiting is not None:
        following: Any = None
        frame: FrameType | None = None
        if isinstance(waiting, CoroutineType):
            frame, following = waiting.cr_frame, waiting.cr_await
        elif isinstance(waiting, GeneratorType):
            frame, following = waiting.gi_frame, waiting.gi_yieldfrom
            if frame is not None and frame.f_code is _AWAITING:
                following = frame.f_locals["self"]
        elif isinstance(waiting, AsyncGeneratorType):
            frame, following = waiting.ag_frame, waiting.ag_await
        elif isinstance(waiting, asyncio.Task):
            following = waiting.get_coro()
        elif isinstance(waiting, Driver) and not waiting.called:
            yield waiting, None
            following = waiting._generator
            if isinstance(waiting, InlineDeferred):
                yield following, following.gi_frame
                following = waiting._waiter
            waiting = following
            continue
        elif isinstance(waiting, Deferred):
            following = waiting.result if waiting.called and waiting.paused else None
        else:
            following = _within(waiting)
        yield waiting, frame
        waiting = following


def _within(iterator: object) -> Any:
    """Give what an iterator of the interpreter's own waits for: it does not tell."""
    kinds = (AsyncGeneratorType, asyncio.Future)
    return next((o for o in gc.get_referents(iterator) if isinstance(o, kinds)), None)


def _made(waited: object) -> str:
    info = waited._info if isinstance(waited, Deferred) else None
    if info is None or not info.creator:
        return ""
    return f", made at {info.creator[-1].strip()}"
