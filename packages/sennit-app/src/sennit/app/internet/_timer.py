"""Something that is done every so many seconds, for as long as the service runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

import sennit.core
from sennit.app.internet._volatile import VolatileService
from sennit.core import log
from sennit.core.defer import Deferred, maybeDeferred
from sennit.core.task import LoopingCall

if TYPE_CHECKING:
    from sennit.app.contracts import Outcome
    from sennit.core.failure import Failure

__all__ = ["TimerService"]


class TimerService(VolatileService):
    """Calls a function every so many seconds while it runs.

    What the function raises is logged, and it is not called again. If it returns a
    Deferred, or is a coroutine function, it is waited for, also when the service stops.

    Attributes:
        step: From one call to the next, in seconds.
        call: The function, its arguments and its keyword arguments.
        clock: What measures time; the program's reactor where it is None.
    """

    volatile: ClassVar[list[str]] = ["_loop", "_loopFinished", "clock"]

    _loop: LoopingCall | None = None
    _loopFinished: Deferred[Any] | None = None

    def __init__(
        self, step: float, callable: Callable[..., object], *args: Any, **kwargs: Any
    ) -> None:
        """Make a service that calls nothing before it is started.

        Args:
            step: From one call to the next, in seconds.
            callable: What is called, first when the service starts.
            args: Given to it.
            kwargs: Given to it.
        """
        self.step = step
        self.call: tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]] = (
            callable,
            args,
            kwargs,
        )

    def startService(self) -> Outcome:
        """Call it now, and every so many seconds."""
        super().startService()
        function, args, kwargs = self.call
        self._loop = LoopingCall(function, *args, **kwargs)
        self._loop.clock = sennit.core.reactor if self.clock is None else self.clock
        self._loopFinished = self._loop.start(self.step, now=True)
        self._loopFinished.addErrback(self._failed)
        return None

    def stopService(self) -> Outcome:
        """Call it no more; a call that goes on is waited for."""
        stopped: Deferred[Any] = maybeDeferred(super().stopService)
        loop, finished = self._loop, self._loopFinished
        self._loop = self._loopFinished = None
        if loop is None or finished is None:
            return stopped
        if loop.running:
            loop.stop()
        return finished.addCallback(lambda _: stopped)

    def _failed(self, why: Failure) -> None:
        log.err(why, f"{self.call[0]!r} has failed: it is not called again")
