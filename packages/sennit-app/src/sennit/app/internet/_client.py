"""A client that stays connected, as a service."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sennit.core
from sennit.app.internet._backoff import backoffPolicy
from sennit.app.internet._client_states import TABLE, Event, State
from sennit.app.internet._watching import WatchingFactory
from sennit.app.service import Service
from sennit.core import log
from sennit.core.defer import CancelledError, Deferred, fail, maybeDeferred, succeed
from sennit.core.failure import Failure

if TYPE_CHECKING:
    from sennit.app.contracts import Outcome
    from sennit.core.contracts import (
        IDelayedCall,
        IProtocol,
        IProtocolFactory,
        IReactorTime,
        IStreamClientEndpoint,
    )

__all__ = ["ClientService"]

_defaultPolicy = backoffPolicy()


class ClientService(Service):
    """Connects to an endpoint while it runs, again whenever the connection is lost."""

    def __init__(
        self,
        endpoint: IStreamClientEndpoint,
        factory: IProtocolFactory,
        retryPolicy: Callable[[int], float] | None = None,
        clock: IReactorTime | None = None,
        prepareConnection: Callable[[Any], object] | None = None,
    ) -> None:
        """Make a client that connects when it is started.

        Args:
            endpoint: Where to.
            factory: Builds the protocols.
            retryPolicy: From the number of failures since the last connection to the
                seconds to wait before the next attempt; ``backoffPolicy()`` if None.
            clock: What measures these; the program's reactor if None.
            prepareConnection: Called with each new protocol before anybody else gets
                it, to log in for instance. What it returns is waited for; if it fails,
                the connection is dropped, and counts as one that was not made.
        """
        self.clock = clock
        self._machine = _Machine(self, endpoint, factory, prepareConnection)
        self._policy = _defaultPolicy if retryPolicy is None else retryPolicy

    def __repr__(self) -> str:
        machine = self._machine
        return f"<{type(self).__name__} {machine.state.value} to {machine.endpoint!r}>"

    def whenConnected(self, failAfterFailures: int | None = None) -> Deferred[Any]:
        """Wait for the connection.

        Args:
            failAfterFailures: After how many failures, from now on, to wait no longer;
                1 is to fail with the attempt that goes on. None waits for ever.

        Returns:
            The protocol that is connected, or the next one that will be. Fails with
            what the last attempt failed with, and with `CancelledError` when the
            service is stopped or was.
        """
        return self._machine.whenConnected(failAfterFailures)

    def startService(self) -> Outcome:
        """Begin to connect."""
        if self.running:
            log.msg(f"{self!r} was started twice", isError=1)
            return None
        outcome = super().startService()
        self._machine.handle(Event.START)
        return outcome

    def stopService(self) -> Deferred[None]:
        """Disconnect, and connect no more.

        Returns:
            Fires when there is no connection any more.
        """
        own: Deferred[Any] = maybeDeferred(super().stopService)
        return self._machine.stop().addCallback(lambda _: own)

    def _wait_after(self, failures: int) -> tuple[IReactorTime, float]:
        clock = sennit.core.reactor if self.clock is None else self.clock
        try:
            return clock, self._policy(failures)
        except Exception:
            log.err(None, f"the retry policy of {self!r} has failed")
            return clock, _defaultPolicy(failures)


class _Waiter:
    """Somebody who waits for the connection, and for how many failures still."""

    def __init__(self, patience: int | None, gone: Callable[[_Waiter], object]) -> None:
        self.patience = patience
        self.told: Deferred[Any] = Deferred(lambda _: gone(self))


class _Machine:
    """Applies the table of `_client_states`; its actions are the methods below.

    Events that come while one is handled wait until that is done: an action may call
    user code, which may start or stop the service.
    """

    def __init__(
        self,
        service: ClientService,
        endpoint: IStreamClientEndpoint,
        factory: IProtocolFactory,
        prepare: Callable[[Any], object] | None,
    ) -> None:
        self.endpoint = endpoint
        self.state = State.NEW
        self._service = service
        self._factory = WatchingFactory(factory, self._losing, self._lost)
        self._preparer = prepare
        self._events: deque[tuple[Event, Any]] = deque()
        self._handling = False
        self._waiters: list[_Waiter] = []
        self._stopping: list[Deferred[None]] = []
        self._failures = 0
        # What belongs to the state: the attempt that goes on, and what was lost before
        # it was over; the connection that there is; its preparation; the next attempt.
        self._attempt: Deferred[Any] | None = None
        self._lost_early: tuple[IProtocol, Failure] | None = None
        self._protocol: Any = None
        self._preparing: Deferred[Any] | None = None
        self._retry: IDelayedCall | None = None

    def handle(self, event: Event, detail: Any = None) -> None:
        """Have something happen; ``detail`` is the protocol, or the failure."""
        self._events.append((event, detail))
        if self._handling:
            return
        self._handling = True
        try:
            while self._events:
                event, detail = self._events.popleft()
                self.state, actions = TABLE.get((self.state, event), (self.state, ()))
                for action in actions:
                    getattr(self, f"_{action}")(detail)
        finally:
            self._handling = False

    def whenConnected(self, patience: int | None) -> Deferred[Any]:
        if self.state is State.CONNECTED:
            return succeed(self._protocol)
        if self.state is State.STOPPED:
            return fail(CancelledError())
        waiter = _Waiter(patience, self._waiters.remove)
        self._waiters.append(waiter)
        return waiter.told

    def stop(self) -> Deferred[None]:
        stopped: Deferred[None] = Deferred()
        self._stopping.append(stopped)
        self.handle(Event.STOP)
        return stopped

    # What happens of itself

    def _connected(self, protocol: Any) -> None:
        early, self._lost_early, self._attempt = self._lost_early, None, None
        if early is not None and early[0] is protocol:
            self.handle(Event.FAILED, early[1])
            return
        self._protocol = protocol
        self.handle(Event.CONNECTED, protocol)

    def _failed(self, failure: Failure) -> None:
        self._attempt = self._lost_early = None
        self.handle(Event.FAILED, failure)

    def _losing(self, protocol: IProtocol) -> None:
        if protocol is self._protocol:
            self.handle(Event.LOSING)

    def _lost(self, protocol: IProtocol, reason: Failure) -> None:
        if protocol is self._protocol:
            self.handle(Event.LOST, reason)
        elif self._protocol is None:
            self._lost_early = protocol, reason

    # Actions

    def _connect(self, _: object) -> None:
        self._lost_early = None
        attempt: Deferred[Any]
        attempt = maybeDeferred(self.endpoint.connect, self._factory)
        self._attempt = attempt
        attempt.addCallbacks(self._connected, self._failed)

    def _give_up(self, _: object) -> None:
        assert self._attempt is not None
        self._attempt.cancel()

    def _prepare(self, protocol: Any) -> None:
        if self._preparer is None:
            self.handle(Event.PREPARED)
            return
        preparing: Deferred[Any] = maybeDeferred(self._preparer, protocol)
        self._preparing = preparing

        def ended(result: Any) -> None:
            if self._preparing is not preparing:
                # It was abandoned.
                return
            self._preparing = None
            failed = isinstance(result, Failure)
            self.handle(Event.FAILED if failed else Event.PREPARED, result)

        preparing.addBoth(ended)

    def _abandon(self, _: object) -> None:
        preparing, self._preparing = self._preparing, None
        if preparing is not None:
            preparing.cancel()

    def _deliver(self, _: object) -> None:
        self._failures = 0
        self._tell_all(self._protocol)

    def _count(self, failure: Failure) -> None:
        self._failures += 1
        for waiter in list(self._waiters):
            if waiter.patience is None:
                continue
            waiter.patience -= 1
            if waiter.patience <= 0:
                self._waiters.remove(waiter)
                waiter.told.errback(failure)

    def _wait(self, _: object) -> None:
        clock, delay = self._service._wait_after(self._failures)
        log.msg(
            f"connecting to {self.endpoint!r} again in {delay:.1f} seconds "
            f"(failures so far: {self._failures})"
        )
        self._retry = clock.callLater(delay, self.handle, Event.RETRY)

    def _call_off(self, _: object) -> None:
        assert self._retry is not None
        self._retry.cancel()

    def _disconnect(self, _: object) -> None:
        self._protocol.transport.loseConnection()

    def _forget(self, _: object) -> None:
        self._protocol = None

    def _refuse(self, _: object) -> None:
        self._tell_all(Failure(CancelledError()))

    def _finish(self, _: object) -> None:
        stopping, self._stopping = self._stopping, []
        for each in stopping:
            each.callback(None)

    def _tell_all(self, result: Any) -> None:
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            waiter.told.callback(result)
