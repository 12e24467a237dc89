"""Back-pressure: the loop says "full" and "room again", producers stop and go on.

A *push* producer writes by itself; it is paused while the loop's buffer is above its
high-water mark. A *pull* producer writes once for each ``resumeProducing``; it is
asked again each turn of the loop for as long as there is room.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from sennit.core import log

if TYPE_CHECKING:
    from sennit.core.contracts import IPullProducer, IPushProducer

__all__ = ["Flow"]


class Flow:
    """The producer registered with one connection, and whether there is room."""

    __slots__ = ("_full", "_loop", "_pull", "producer", "streaming")

    def __init__(self, loop: asyncio.AbstractEventLoop, full: bool) -> None:
        self.producer: Any = None
        self.streaming = True
        self._loop = loop
        self._full = full
        self._pull: asyncio.Handle | None = None

    def register(
        self, producer: IPushProducer | IPullProducer, streaming: bool
    ) -> None:
        """Begin: a pull producer is asked at once, a push producer goes by itself."""
        self.producer = producer
        self.streaming = streaming
        if not streaming:
            self._ask_soon()
        elif self._full:
            producer.pauseProducing()  # type: ignore[union-attr]

    def unregister(self) -> None:
        """The producer has written all it had."""
        self.producer = None
        if self._pull is not None:
            self._pull.cancel()
            self._pull = None

    def pause(self) -> None:
        """The loop's buffer is full."""
        self._full = True
        if self.producer is not None and self.streaming:
            self.producer.pauseProducing()

    def resume(self) -> None:
        """There is room again."""
        self._full = False
        if self.producer is None:
            return
        if self.streaming:
            self.producer.resumeProducing()
        else:
            self._ask_soon()

    def stop(self) -> None:
        """The connection is gone: whoever produces for it is told."""
        producer = self.producer
        self.unregister()
        if producer is not None:
            producer.stopProducing()

    def _ask_soon(self) -> None:
        if self._pull is None:
            self._pull = self._loop.call_soon(self._ask)

    def _ask(self) -> None:
        self._pull = None
        if self.producer is None or self._full:
            return
        try:
            self.producer.resumeProducing()
        except Exception:
            log.err(None, f"the producer {self.producer!r} has failed")
            self.stop()
            return
        if self.producer is not None and not self._full:
            self._ask_soon()
