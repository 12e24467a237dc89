"""How a reactor starts and ends.

A reactor is idle until its loop turns, and runs from then on:

    IDLE --run--> STARTING --startup fired--> RUNNING
    IDLE --attach-------------------------> RUNNING
    RUNNING --stop--> STOPPING --shutdown fired--> IDLE

``run()`` turns the loop and begins with the *startup* event; a reactor that attached
to a loop somebody else turns is RUNNING at once. ``stop()`` fires *shutdown*: its
*before* triggers are waited for, then everything open is closed, then the loop ends
(one of our own only). After that ``run()`` may begin again.
"""

from __future__ import annotations

import asyncio
import enum
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sennit.core import log
from sennit.core.defer import CancelledError, Deferred, TimeoutError
from sennit.core.engine._binding import Binding, SocketSource
from sennit.core.engine._loop_errors import LoopErrors
from sennit.core.engine._phases import SystemEvents, Trigger
from sennit.core.engine._signals import StopSignals
from sennit.core.errors import (
    ReactorAlreadyRunning,
    ReactorNotRestartable,
    ReactorNotRunning,
)
from sennit.core.failure import Failure

if TYPE_CHECKING:
    from sennit.core.contracts import IDelayedCall, IReactorTime

__all__ = ["Lifecycle", "State"]


# Turns of the loop between the closing of everything and its end: an aborted transport
# tells of its loss in the next turn, and uvloop closes its descriptor two turns later.
_CLOSING_TURNS = 4


class State(enum.Enum):
    """What a reactor is doing."""

    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"


class Lifecycle(ABC):
    """The part of a reactor that runs, stops and tells of both.

    Attributes:
        shutdownTimeout: Seconds that *before shutdown* triggers may take. 60, as
            service managers kill what takes 90: this leaves time to say what hung.
    """

    shutdownTimeout: float = 60.0

    def __init__(self, loop: asyncio.AbstractEventLoop | None) -> None:
        self._state = State.IDLE
        self._events = SystemEvents()
        self._binding = Binding(loop, self._bound, self._let_go, self._foreign_end)
        self._signals = StopSignals(self._signalled)

    def _enter(self, state: State) -> None:
        self._state = state

    @abstractmethod
    def _use(self, loop: asyncio.AbstractEventLoop) -> None:
        """The loop is known: connect the rooms of the reactor to it."""

    @abstractmethod
    def _let_go(self) -> None:
        """There is no loop any more: let go of it."""

    @abstractmethod
    def _close_everything(self) -> None:
        """Close what is open, now."""

    @abstractmethod
    def _join_threads(self) -> Deferred[None]:
        """Let the threads end their work; fires when they have."""

    @abstractmethod
    def _forget_calls(self) -> None:
        """Cancel what was to be called later."""

    @property
    @abstractmethod
    def _clock(self) -> IReactorTime:
        """What measures the time that shutting down may take."""

    @property
    def loop(self) -> asyncio.AbstractEventLoop | None:
        """The event loop that turns this reactor; None until it is known."""
        return self._binding.loop

    @property
    def socketSource(self) -> SocketSource | None:
        """Who is asked for the sockets of ports, before they are bound here.

        Called with a `Bindable <sennit.core.engine.InetBindable>`, it gives a socket
        that is bound to it, for the port to keep; or None for one that is to be bound
        here. So worker processes listen on the sockets of their parent.
        """
        return self._binding.socketSource

    @socketSource.setter
    def socketSource(self, source: SocketSource | None) -> None:
        self._binding.socketSource = source

    @property
    def running(self) -> bool:
        """Whether the loop turns and no shutdown has ended."""
        return self._state in (State.RUNNING, State.STOPPING)

    def run(self, installSignalHandlers: bool = True) -> None:
        """Turn a loop of our own until `stop`; may be called again after that.

        Args:
            installSignalHandlers: Whether SIGINT and SIGTERM stop the reactor.

        Raises:
            ReactorAlreadyRunning: It runs, or is attached to a loop that does.
        """
        self._attach_if_idle()
        if self._state is State.STOPPING:
            raise ReactorNotRestartable("it runs again once run() has returned")
        if self._state is not State.IDLE:
            raise ReactorAlreadyRunning(
                "the reactor runs already"
                if self._binding.owned
                else "the reactor is attached to a loop that runs: run() is not needed"
            )
        loop = self._binding.claim()
        self._enter(State.STARTING)
        if installSignalHandlers:
            self._signals.install(loop)
        starting = loop.call_soon(self._start)
        try:
            loop.run_forever()
        finally:
            starting.cancel()
            self._signals.uninstall()
            self._enter(State.IDLE)
            self._binding.rest()
        log.msg("Main loop terminated.")

    def stop(self) -> None:
        """Shut down in order, then end `run`.

        Raises:
            ReactorNotRunning: It does not run, or is stopping.
        """
        if self._state not in (State.STARTING, State.RUNNING):
            raise ReactorNotRunning(f"it cannot be stopped: it is {self._state.value}")
        self._enter(State.STOPPING)
        assert self._binding.loop is not None
        self._binding.loop.call_soon(self._shut_down)

    def crash(self) -> None:
        """End `run` at once: no shutdown, everything open stays so."""
        self._enter(State.IDLE)
        if self._binding.loop is not None and self._binding.owned:
            self._binding.loop.stop()

    def iterate(self, delay: float = 0) -> None:
        """Turn the loop once by hand, waiting for *delay* seconds at most."""
        loop = self._binding.claim()
        before = self._state
        if before is State.IDLE:
            self._enter(State.RUNNING)
        if delay > 0:
            loop.call_later(delay, loop.stop)
        else:
            loop.call_soon(loop.stop)
        try:
            loop.run_forever()
        finally:
            self._enter(before)
            self._binding.rest()

    def addSystemEventTrigger(
        self,
        phase: str,
        eventType: str,
        callable: Callable[..., object],
        *args: Any,
        **kw: Any,
    ) -> Trigger:
        """Have something called once around an event.

        Args:
            phase: ``"before"`` (what Deferreds and coroutines it returns are waited
                for), ``"during"`` or ``"after"``.
            eventType: ``"startup"``, ``"shutdown"``, or a name of the program's own.
            callable: What to call, with *args* and *kw*.

        Returns:
            What `removeSystemEventTrigger` takes.

        Raises:
            KeyError: There is no such phase.
        """
        return self._events.add(phase, eventType, callable, args, kw)

    def removeSystemEventTrigger(self, triggerID: Trigger) -> None:
        """Take a trigger away.

        Raises:
            ValueError: It was removed before, or has been fired.
        """
        self._events.remove(triggerID)

    def fireSystemEvent(self, eventType: str) -> None:
        """Fire an event: its *before*, *during* and *after* triggers."""
        self._events.fire(eventType)

    def callWhenRunning(
        self, callable: Callable[..., object], *args: Any, **kw: Any
    ) -> Trigger | None:
        """Call now if the reactor runs, else as soon as it does."""
        self._attach_if_idle()
        if self.running:
            callable(*args, **kw)
            return None
        return self._events.add("after", "startup", callable, args, kw)

    def _attach_if_idle(self) -> None:
        """Find the loop that runs here, if none turns us yet."""
        loop = self._binding.loop
        if self._state is State.IDLE or loop is None or loop.is_closed():
            self._binding.attach()

    def _bound(self, loop: asyncio.AbstractEventLoop) -> None:
        LoopErrors(loop, owned=self._binding.owned)
        self._use(loop)
        if not self._binding.owned:
            self._enter(State.RUNNING)
            loop.call_soon(self._events.fire, "startup")

    def _start(self) -> None:
        self._events.fire("startup", during=self._started)

    def _started(self) -> None:
        if self._state is State.STARTING:
            self._enter(State.RUNNING)

    def _signalled(self, name: str) -> None:
        if self._state in (State.STARTING, State.RUNNING):
            log.msg(f"Received {name}, shutting down.")
            self.stop()
        else:
            log.msg(f"Received {name} while shutting down: it ends now.")
            self.crash()

    def _shut_down(self) -> None:
        self._events.add("during", "shutdown", self._close_everything)
        fired = self._events.fire("shutdown")
        fired.addCallback(lambda _: self._join_threads())
        deadline = self._clock.callLater(self.shutdownTimeout, self._hurry, fired)
        fired.addBoth(_cancelled, deadline)
        fired.addBoth(self._stopped)

    def _hurry(self, fired: Deferred[None]) -> None:
        log.err(
            TimeoutError(f"it has waited for {self.shutdownTimeout} seconds"),
            "triggers before shutdown, or threads, have not ended in time",
        )
        fired.cancel()

    def _stopped(self, result: object) -> None:
        if isinstance(result, Failure) and not result.check(CancelledError):
            log.err(result, "the shutdown has failed")
        self._enter(State.IDLE)
        if self._binding.owned:
            self._end_after(_CLOSING_TURNS, late=False)

    def _end_after(self, turns: int, late: bool) -> None:
        """End the loop in so many turns; what came late is closed first, once."""
        loop = self._binding.loop
        if loop is None:
            return
        if turns:
            loop.call_soon(self._end_after, turns - 1, late)
        elif self._binding.live and not late:
            self._close_everything()
            self._end_after(_CLOSING_TURNS, late=True)
        else:
            loop.stop()

    def _foreign_end(self) -> None:
        """The loop we attached to shuts down: so do we, without waiting."""
        if self._state is State.RUNNING:
            self._events.add("during", "shutdown", self._close_everything)
            self._events.fire("shutdown")
            self._join_threads()
        self._enter(State.IDLE)
        self._forget_calls()


def _cancelled(result: Any, deadline: IDelayedCall) -> Any:
    """Pass a result on; what was to happen without it is called off."""
    if deadline.active():
        deadline.cancel()
    return result
