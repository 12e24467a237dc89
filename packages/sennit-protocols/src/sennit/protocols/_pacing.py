"""A producer between a transport and a producer, which a third may hold back.

The transport pauses a producer while it is full; a policy pauses the same producer while
there was enough for now. It goes on when neither wants it to wait.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sennit.core.contracts import IDelayedCall

__all__ = ["PacedProducer"]


class PacedProducer:
    """A push producer for a transport, whatever kind the real one is.

    A real pull producer is asked once a turn while nobody holds it back.
    """

    def __init__(
        self,
        producer: Any,
        streaming: bool,
        callLater: Callable[[float, Callable[[], object]], IDelayedCall],
    ) -> None:
        self.producer: Any = producer
        self._pulls = not streaming
        self._call_later = callLater
        self._full = False
        self._held = False
        self._next: IDelayedCall | None = None

    def begin(self, held: bool) -> None:
        """Start, held back or not; the transport has been told."""
        if held:
            self.hold()
        elif self._pulls and not self._full:
            self._ask_soon()

    def hold(self) -> None:
        """There was enough for now."""
        self._change(self._full, True)

    def release(self) -> None:
        """There may be more."""
        self._change(self._full, False)

    def pauseProducing(self) -> None:
        """The transport is full."""
        self._change(True, self._held)

    def resumeProducing(self) -> None:
        """The transport has room."""
        self._change(False, self._held)

    def stopProducing(self) -> None:
        """The transport is gone."""
        self.end()
        self.producer.stopProducing()

    def end(self) -> None:
        """Ask no more: it is unregistered."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _change(self, full: bool, held: bool) -> None:
        waited = self._full or self._held
        self._full, self._held = full, held
        if waited == (full or held):
            return
        if waited:
            self._ask_soon() if self._pulls else self.producer.resumeProducing()
        else:
            self.end() if self._pulls else self.producer.pauseProducing()

    def _ask_soon(self) -> None:
        self._next = self._call_later(0, self._ask)

    def _ask(self) -> None:
        # Asking may end it, or have it wait.
        self._ask_soon()
        try:
            self.producer.resumeProducing()
        except Exception:
            self.end()
            raise
