"""Waiting for a lock that another process holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import sennit.core
from sennit.core.defer._deferred import Deferred
from sennit.core.defer._errors import AlreadyTryingToLockError, TimeoutError
from sennit.core.defer._functions import fail
from sennit.core.lockfile import FilesystemLock

__all__ = ["DeferredFilesystemLock"]

# Seconds between two tries: the lock is a link in the file system, which tells nobody
# when it goes, and whoever waits for another process is in no hurry.
_INTERVAL = 1.0


class _DelayedCall(Protocol):
    def cancel(self) -> None: ...


class _Scheduler(Protocol):
    def callLater(
        self, delay: float, callable: Callable[..., object], /, *args: Any
    ) -> _DelayedCall: ...


class DeferredFilesystemLock(FilesystemLock):
    """A lock between processes that can be waited for."""

    def __init__(self, name: str, scheduler: _Scheduler | None = None) -> None:
        """Name a lock.

        Args:
            name: The path of the link.
            scheduler: What calls later; the default reactor if omitted.
        """
        super().__init__(name)
        self._scheduler = scheduler
        self._attempt: Deferred[None] | None = None

    def deferUntilLocked(self, timeout: float | None = None) -> Deferred[None]:
        """Try to get the lock once a second until it is there.

        Args:
            timeout: After how many seconds to give up; None for never.

        Returns:
            A Deferred that fires when the lock is held. It fails with `TimeoutError`
            after the time-out, and with `AlreadyTryingToLockError` if somebody is
            waiting through this object already.
        """
        if self._attempt is not None:
            return fail(AlreadyTryingToLockError(self.name))
        clock: _Scheduler = self._scheduler or sennit.core.reactor
        timers: dict[str, _DelayedCall] = {}

        def finish(result: Any) -> Any:
            self._attempt = None
            for timer in timers.values():
                timer.cancel()
            return result

        def attempt() -> None:
            timers.pop("retry", None)
            try:
                held = self.lock()
            except OSError:
                waiting.errback()
            else:
                if held:
                    waiting.callback(None)
                else:
                    timers["retry"] = clock.callLater(_INTERVAL, attempt)

        def give_up() -> None:
            del timers["limit"]
            waiting.errback(TimeoutError(f"{self.name} was held for {timeout} seconds"))

        waiting: Deferred[None] = Deferred(lambda _: None)
        self._attempt = waiting
        waiting.addBoth(finish)
        if timeout is not None:
            timers["limit"] = clock.callLater(timeout, give_up)
        attempt()
        return waiting
