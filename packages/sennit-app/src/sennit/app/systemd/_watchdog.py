"""The sign of life that systemd waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sennit.core
from sennit.app.service import Service

if TYPE_CHECKING:
    from sennit.app.systemd._notify import Notifier
    from sennit.core.contracts import IDelayedCall, IReactorTime

__all__ = ["WatchdogService"]


class WatchdogService(Service):
    """Tells the manager, twice in its interval, that the loop turns.

    A loop that is held up does not come to say so: the manager then ends the process
    and starts another. Where the manager does not ask, nothing is done.

    Args:
        notifier: the line to the manager.
        clock: the reactor; the program's unless told.
    """

    def __init__(self, notifier: Notifier, clock: IReactorTime | None = None) -> None:
        self._notifier = notifier
        self.clock = clock
        self._next: IDelayedCall | None = None

    def startService(self) -> Any:
        """Give the first sign now."""
        started = super().startService()
        if self._notifier and self._notifier.watchdogInterval is not None:
            self._beat(self._notifier.watchdogInterval / 2)
        return started

    def _beat(self, interval: float) -> None:
        self._notifier.alive()
        clock = sennit.core.reactor if self.clock is None else self.clock
        self._next = clock.callLater(interval, self._beat, interval)

    def stopService(self) -> Any:
        """Give no more signs: the manager has other limits for who stops."""
        if self._next is not None:
            self._next.cancel()
            self._next = None
        return super().stopService()
