"""What the loop catches goes to the log."""

from __future__ import annotations

import asyncio
from typing import Any

from sennit.core import log
from sennit.core.engine._stream import Connection
from sennit.core.failure import Failure

__all__ = ["LoopErrors"]


class LoopErrors:
    """The loop's exception handler: what it catches goes to the log.

    What a protocol raised is logged by its connection; the rest with the loop's own
    words. A foreign loop keeps its handler for everything that is not of ours.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, *, owned: bool) -> None:
        before: Any = loop.get_exception_handler()
        while isinstance(before, LoopErrors):
            before = before._before
        self._before: Any = before
        self._owned = owned
        loop.set_exception_handler(self)

    def __call__(
        self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]
    ) -> None:
        protocol = context.get("protocol")
        error = context.get("exception")
        if isinstance(protocol, Connection) and error is not None:
            protocol.failed(error)
        elif self._before is not None:
            self._before(loop, context)
        elif not self._owned or error is None:
            loop.default_exception_handler(context)
        else:
            log.err(Failure(error), str(context.get("message", "in the event loop")))
