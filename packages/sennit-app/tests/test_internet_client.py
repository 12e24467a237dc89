"""A client that stays connected: every state, and every event in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sennit.app.internet import ClientService, backoffPolicy
from sennit.app.internet._client_states import TABLE, Event, State
from sennit.core.defer import CancelledError, Deferred
from sennit.core.errors import ConnectionDone, ConnectionRefusedError
from sennit.core.failure import Failure
from sennit.core.protocol import Factory, Protocol
from sennit.core.task import Clock
from sennit.core.testing import StringTransport

LOST = Failure(ConnectionDone())
REFUSED = Failure(ConnectionRefusedError())


class Endpoint:
    """Attempts that a test lets succeed or fail."""

    def __init__(self) -> None:
        self.attempts: list[Deferred[Any]] = []
        self.protocols: list[Any] = []
        self._factories: list[Any] = []

    def connect(self, factory: Any) -> Deferred[Any]:
        self._factories.append(factory)
        self.attempts.append(Deferred())
        return self.attempts[-1]

    def succeed(self) -> Any:
        """Let the last attempt succeed."""
        protocol = self.build()
        self.attempts[-1].callback(protocol)
        return protocol

    def build(self) -> Any:
        protocol = self._factories[-1].buildProtocol(None)
        protocol.makeConnection(StringTransport())
        self.protocols.append(protocol)
        return protocol

    def refuse(self) -> None:
        self.attempts[-1].errback(REFUSED)


class Fixture:
    """A client, its endpoint, its clock, and results of Deferreds."""

    def __init__(self, **details: Any) -> None:
        self.clock = Clock()
        self.endpoint = Endpoint()
        self.client = ClientService(
            self.endpoint,
            Factory.forProtocol(Protocol),
            retryPolicy=lambda failures: 1.0 + failures,
            clock=self.clock,
            **details,
        )


@pytest.fixture
def made() -> Fixture:
    return Fixture()


def results(deferred: Deferred[Any]) -> list[Any]:
    """What it fires with; a failure as its class."""
    found: list[Any] = []
    deferred.addErrback(lambda failure: failure.type).addCallback(found.append)
    return found


def test_it_connects_when_it_is_started(made: Fixture) -> None:
    early = results(made.client.whenConnected())
    assert made.endpoint.attempts == []
    made.client.startService()
    protocol = made.endpoint.succeed()
    assert early == [protocol]
    assert results(made.client.whenConnected()) == [protocol]


def test_it_connects_again_after_the_time_that_the_policy_says(made: Fixture) -> None:
    made.client.startService()
    made.endpoint.succeed().connectionLost(LOST)
    waiting = results(made.client.whenConnected())
    made.clock.advance(0.9)
    assert len(made.endpoint.attempts) == 1
    made.clock.advance(0.2)
    made.endpoint.refuse()
    made.clock.advance(1.9)
    assert len(made.endpoint.attempts) == 2
    made.clock.advance(0.2)
    protocol = made.endpoint.succeed()
    assert waiting == [protocol]


def test_a_success_makes_the_failures_forgotten(made: Fixture) -> None:
    made.client.startService()
    for seconds in (2, 3):
        made.endpoint.refuse()
        made.clock.advance(seconds)
    made.endpoint.succeed().connectionLost(LOST)
    made.clock.advance(1.01)
    assert len(made.endpoint.attempts) == 4


def test_who_waits_says_how_many_failures_are_too_many(made: Fixture) -> None:
    made.client.startService()
    patient = [results(made.client.whenConnected(n)) for n in (1, 2, None)]
    made.endpoint.refuse()
    assert patient == [[ConnectionRefusedError], [], []]
    made.clock.advance(2.01)
    made.endpoint.refuse()
    assert patient == [[ConnectionRefusedError], [ConnectionRefusedError], []]


def test_who_asks_again_in_the_callback_gets_an_answer(made: Fixture) -> None:
    again: list[Any] = []
    made.client.whenConnected().addCallback(
        lambda _: made.client.whenConnected().addCallback(again.append)
    )
    made.client.startService()
    protocol = made.endpoint.succeed()
    assert again == [protocol]


def test_who_waits_no_longer_is_not_told(made: Fixture) -> None:
    waiting = made.client.whenConnected()
    gone = results(waiting)
    waiting.cancel()
    made.client.startService()
    made.endpoint.succeed()
    assert gone == [CancelledError]


def test_the_protocol_is_the_factorys_own(made: Fixture) -> None:
    made.client.startService()
    protocol = made.endpoint.succeed()
    assert type(protocol) is Protocol
    protocol.connectionLost(LOST)
    assert "connectionLost" not in vars(protocol)


def test_stopping_disconnects_and_waits_for_it(made: Fixture) -> None:
    made.client.startService()
    protocol = made.endpoint.succeed()
    stopped = results(made.client.stopService())
    assert (protocol.transport.disconnecting, stopped) == (True, [])
    protocol.connectionLost(LOST)
    assert stopped == [None]
    made.clock.advance(100)
    assert len(made.endpoint.attempts) == 1


def test_stopping_gives_up_an_attempt(made: Fixture) -> None:
    made.client.startService()
    waiting = results(made.client.whenConnected())
    stopped = results(made.client.stopService())
    assert (waiting, stopped) == ([CancelledError], [None])
    assert results(made.client.whenConnected()) == [CancelledError]


def test_stopping_ends_the_wait(made: Fixture) -> None:
    made.client.startService()
    made.endpoint.refuse()
    waiting = results(made.client.whenConnected())
    assert results(made.client.stopService()) == [None]
    assert waiting == [CancelledError]
    assert made.clock.getDelayedCalls() == []


def test_nobody_gets_a_connection_that_is_being_lost() -> None:
    """Who asks in the protocol's own connectionLost gets the next one."""
    made, asked = Fixture(), []

    class Asking(Protocol):
        def connectionLost(self, reason: Failure = LOST) -> None:
            asked.append(results(made.client.whenConnected()))

    made.client = ClientService(
        made.endpoint,
        Factory.forProtocol(Asking),
        retryPolicy=lambda failures: 1.0,
        clock=made.clock,
    )
    made.client.startService()
    made.endpoint.succeed().connectionLost(LOST)
    assert asked == [[]]
    made.clock.advance(1)
    assert asked == [[made.endpoint.succeed()]]


def test_stopping_is_over_when_the_protocol_knows_of_it() -> None:
    made, order = Fixture(), []

    class Noting(Protocol):
        def connectionLost(self, reason: Failure = LOST) -> None:
            order.append("lost")

    made.client = ClientService(
        made.endpoint, Factory.forProtocol(Noting), clock=made.clock
    )
    made.client.startService()
    protocol = made.endpoint.succeed()
    made.client.stopService().addCallback(lambda _: order.append("stopped"))
    protocol.connectionLost(LOST)
    assert order == ["lost", "stopped"]


def test_it_can_be_started_again(made: Fixture) -> None:
    made.client.startService()
    made.client.stopService()
    made.client.startService()
    protocol = made.endpoint.succeed()
    assert results(made.client.whenConnected()) == [protocol]


def test_a_start_while_it_disconnects_is_done_after_that(made: Fixture) -> None:
    made.client.startService()
    protocol = made.endpoint.succeed()
    stopped = results(made.client.stopService())
    made.client.startService()
    waiting = results(made.client.whenConnected())
    assert (len(made.endpoint.attempts), stopped) == (1, [])
    protocol.connectionLost(LOST)
    assert (len(made.endpoint.attempts), stopped) == (2, [None])
    protocol = made.endpoint.succeed()
    assert waiting == [protocol]


def test_a_connection_is_prepared_before_anybody_gets_it() -> None:
    ready: Deferred[None] = Deferred()
    made = Fixture(prepareConnection=lambda protocol: ready)
    made.client.startService()
    waiting = results(made.client.whenConnected())
    protocol = made.endpoint.succeed()
    assert waiting == []
    ready.callback(None)
    assert waiting == [protocol]


def test_a_preparation_may_be_a_coroutine() -> None:
    seen: list[Any] = []

    async def prepare(protocol: Any) -> None:
        seen.append(protocol)

    made = Fixture(prepareConnection=prepare)
    made.client.startService()
    assert [made.endpoint.succeed()] == seen


def test_a_preparation_that_fails_drops_the_connection_and_counts() -> None:
    def prepare(protocol: Any) -> None:
        raise ValueError("no")

    made = Fixture(prepareConnection=prepare)
    made.client.startService()
    waiting = results(made.client.whenConnected(1))
    protocol = made.endpoint.succeed()
    assert (waiting, protocol.transport.disconnecting) == ([ValueError], True)
    protocol.connectionLost(LOST)
    made.clock.advance(2.01)
    assert len(made.endpoint.attempts) == 2


def test_a_connection_lost_while_it_is_prepared_counts_as_a_failure() -> None:
    cancelled: list[object] = []
    made = Fixture(prepareConnection=lambda _: Deferred(cancelled.append))
    made.client.startService()
    waiting = results(made.client.whenConnected(1))
    made.endpoint.succeed().connectionLost(LOST)
    assert (waiting, len(cancelled)) == ([ConnectionDone], 1)
    made.clock.advance(2.01)
    assert len(made.endpoint.attempts) == 2


def test_stopping_abandons_a_preparation() -> None:
    made = Fixture(prepareConnection=lambda _: Deferred())
    made.client.startService()
    protocol = made.endpoint.succeed()
    stopped = results(made.client.stopService())
    protocol.connectionLost(LOST)
    assert stopped == [None]


def test_a_connection_lost_before_anybody_knew_of_it_counts_as_a_failure(
    made: Fixture,
) -> None:
    made.client.startService()
    waiting = results(made.client.whenConnected(1))
    protocol = made.endpoint.build()
    protocol.connectionLost(LOST)
    made.endpoint.attempts[-1].callback(protocol)
    assert waiting == [ConnectionDone]


def test_an_attempt_that_cannot_be_given_up_is_disconnected(made: Fixture) -> None:
    made.endpoint.connect = lambda factory: _stubborn(made.endpoint, factory)  # type: ignore[method-assign]
    made.client.startService()
    stopped = results(made.client.stopService())
    protocol = made.endpoint.protocols[-1]
    assert (protocol.transport.disconnecting, stopped) == (True, [])
    protocol.connectionLost(LOST)
    assert stopped == [None]


def _stubborn(endpoint: Endpoint, factory: Any) -> Deferred[Any]:
    def connect_all_the_same(d: Deferred[Any]) -> None:
        d.callback(endpoint.build())

    endpoint._factories.append(factory)
    return Deferred(connect_all_the_same)


def test_a_policy_that_fails_does_not_keep_it_from_connecting(
    made: Fixture, flushLoggedErrors: Callable[..., list[Any]]
) -> None:
    def policy(failures: int) -> float:
        raise ValueError("no")

    made.client = ClientService(
        made.endpoint,
        Factory.forProtocol(Protocol),
        retryPolicy=policy,
        clock=made.clock,
    )
    made.client.startService()
    made.endpoint.refuse()
    assert len(flushLoggedErrors(ValueError)) == 1
    made.clock.advance(3)
    assert len(made.endpoint.attempts) == 2


def test_the_table_knows_start_and_stop_in_every_state() -> None:
    """A start where it runs, and a stop where it stops, are nothing to be done."""
    starts = {state for state, event in TABLE if event is Event.START}
    stops = {state for state, event in TABLE if event is Event.STOP}
    running = {State.CONNECTING, State.PREPARING, State.CONNECTED, State.WAITING}
    running.add(State.LOSING)
    assert starts == set(State) - running - {State.RESTARTING}
    assert stops == set(State) - {State.DISCONNECTING}


@pytest.mark.parametrize(
    ("attempt", "delay"), [(0, 1.0), (1, 2.0), (2, 4.0), (3, 5.0), (10_000, 5.0)]
)
def test_waits_grow_to_the_longest_one(attempt: int, delay: float) -> None:
    policy = backoffPolicy(1.0, 5.0, 2, jitter=lambda: 0.25)
    assert policy(attempt) == delay + 0.25
