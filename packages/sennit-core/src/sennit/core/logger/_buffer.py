"""An observer that remembers the last events."""

from __future__ import annotations

from collections import deque

from sennit.core.logger._contracts import ILogObserver, LogEvent

__all__ = ["LimitedHistoryLogObserver"]

# Some hours of a quiet server, some minutes of a busy one; with a few small fields in
# each, 50 MB.
_SIZE = 65536


class LimitedHistoryLogObserver:
    """Remembers the last events, and can tell another of them.

    Args:
        size: How many; None for all.
    """

    def __init__(self, size: int | None = _SIZE) -> None:
        self._events: deque[LogEvent] = deque(maxlen=size)

    def __call__(self, event: LogEvent) -> None:
        """Remember the event."""
        self._events.append(event)

    def replayTo(self, otherObserver: ILogObserver) -> None:
        """Tell another of the events that are remembered, the oldest first."""
        for event in self._events.copy():
            otherObserver(event)
