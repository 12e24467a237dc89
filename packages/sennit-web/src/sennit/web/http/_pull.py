"""Pull producers, asked as often as there is room."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sennit.core import log

if TYPE_CHECKING:
    from sennit.core.contracts import IDelayedCall, IPullProducer

__all__ = ["Pull"]


class Pull:
    """Makes a push producer of a pull producer: it is asked again each turn."""

    def __init__(
        self,
        producer: IPullProducer,
        callLater: Callable[[float, Callable[[], object]], IDelayedCall],
        failed: Callable[[], object],
    ) -> None:
        """Begin to ask.

        Args:
            producer: Who is asked.
            callLater: The reactor's.
            failed: Called when the producer has raised an error; it is asked no more.
        """
        self._producer = producer
        self._callLater = callLater
        self._failed = failed
        self._next: Any = None
        self.resumeProducing()

    def resumeProducing(self) -> None:
        """Ask from the next turn on."""
        if self._next is None:
            self._next = self._callLater(0, self._ask)

    def pauseProducing(self) -> None:
        """Ask no more for now."""
        waiting, self._next = self._next, None
        if waiting is not None and waiting.active():
            waiting.cancel()

    def _ask(self) -> None:
        # Set while asking, so that a pause meanwhile is seen.
        self._next = asking = _Asking()
        try:
            self._producer.resumeProducing()
        except Exception:
            log.err(None, f"the producer {self._producer!r} has failed")
            self._next = None
            self.stopProducing()
            self._failed()
            return
        if self._next is asking:
            self._next = self._callLater(0, self._ask)

    def stopProducing(self) -> None:
        """Stop for good."""
        self.pauseProducing()
        self._producer.stopProducing()


class _Asking:
    """Stands for the call that is running."""

    def active(self) -> bool:
        """There is nothing to cancel."""
        return False
