"""What clients' factories promise: connecting again, and connecting without one."""

from __future__ import annotations

import math
import pickle
import random
from typing import Any

import pytest

from sennit.core import errors
from sennit.core.address import IPv4Address
from sennit.core.defer import CancelledError, Deferred
from sennit.core.failure import Failure
from sennit.core.protocol import (
    ClientCreator,
    Protocol,
    ReconnectingClientFactory,
    connectionDone,
)
from sennit.core.task import Clock
from sennit.core.testing import FakeConnector, MemoryReactorClock, StringTransport


def a_connector() -> FakeConnector:
    return FakeConnector(IPv4Address("TCP", "127.0.0.1", 1))


def reconnecting(**settings: Any) -> tuple[ReconnectingClientFactory, Clock]:
    factory, clock = ReconnectingClientFactory(), Clock()
    factory.clock = clock
    factory.noisy = False
    factory.jitter = None
    for name, value in settings.items():
        setattr(factory, name, value)
    return factory, clock


def waits(factory: ReconnectingClientFactory, clock: Clock, count: int) -> list[float]:
    """Fail again and again, and give the length of each wait."""
    lengths = []
    connector = a_connector()
    for _ in range(count):
        factory.clientConnectionFailed(connector, connectionDone)
        (call,) = clock.getDelayedCalls()
        lengths.append(call.getTime() - clock.seconds())
        clock.advance(lengths[-1])
    assert connector.connectCalls == count
    return lengths


def test_waits_grow_by_the_factor_up_to_the_longest() -> None:
    factory, clock = reconnecting(factor=3.0, maxDelay=20.0)

    assert waits(factory, clock, 5) == pytest.approx([1, 3, 9, 20, 20])
    assert factory.retries == 5


def test_the_default_wait_grows_to_an_hour() -> None:
    factory, clock = reconnecting()
    lengths = waits(factory, clock, 12)

    assert lengths[:3] == pytest.approx([1, math.e, math.e**2])
    assert lengths[-1] == 3600


def test_jitter_spreads_the_waits_but_not_what_they_grow_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(random, "normalvariate", lambda mean, spread: mean + spread)
    factory, clock = reconnecting(factor=2.0, jitter=0.5)

    assert waits(factory, clock, 3) == pytest.approx([1.5, 3.0, 6.0])
    assert factory.delay == 8.0


def test_a_connection_that_was_lost_is_made_again() -> None:
    factory, clock = reconnecting()
    connector = a_connector()
    factory.clientConnectionLost(connector, connectionDone)
    assert connector.connectCalls == 0
    clock.advance(1)

    assert connector.connectCalls == 1
    assert factory.connector is connector


def test_reset_delay_begins_the_row_of_waits_anew() -> None:
    factory, clock = reconnecting(initialDelay=2.0)
    factory.resetDelay()
    assert waits(factory, clock, 2)[0] == 2.0
    factory.resetDelay()

    assert (factory.delay, factory.retries) == (2.0, 0)
    assert waits(factory, clock, 1) == pytest.approx([2.0])


def test_it_gives_up_after_the_most_retries(
    caplog: pytest.LogCaptureFixture,
) -> None:
    factory, clock = reconnecting(maxRetries=2, noisy=True)
    waits(factory, clock, 2)
    connector = a_connector()
    with caplog.at_level("INFO"):
        factory.clientConnectionFailed(connector, connectionDone)

    assert clock.getDelayedCalls() == []
    assert caplog.records[-1].getMessage() == (
        f"Abandoning {connector} after 2 retries."
    )


def test_stop_trying_ends_a_wait() -> None:
    factory, clock = reconnecting()
    connector = a_connector()
    factory.clientConnectionFailed(connector, connectionDone)
    factory.stopTrying()
    clock.advance(10)

    assert not factory.continueTrying
    assert connector.connectCalls == 0
    assert connector.stoppedConnecting


def test_stop_trying_while_connected_leaves_the_connection() -> None:
    class Connected(FakeConnector):
        def stopConnecting(self) -> None:
            raise errors.NotConnectingError

    factory, clock = reconnecting()
    factory.connector = Connected(IPv4Address("TCP", "127.0.0.1", 1))
    factory.stopTrying()
    factory.clientConnectionLost(factory.connector, connectionDone)
    factory.retry()

    assert clock.getDelayedCalls() == []


def test_retry_needs_a_connector_once() -> None:
    factory, clock = reconnecting()

    with pytest.raises(ValueError, match="no connector"):
        factory.retry()
    factory.retry(a_connector())
    clock.advance(1)
    factory.retry()
    assert len(clock.getDelayedCalls()) == 1


def test_a_pickled_factory_forgets_its_process() -> None:
    factory, _ = reconnecting(maxDelay=5.0)
    factory.clientConnectionFailed(a_connector(), connectionDone)
    factory.stopTrying()
    copy = pickle.loads(pickle.dumps(factory))

    assert (copy.clock, copy.connector) == (None, None)
    assert (copy.retries, copy.delay, copy.continueTrying) == (0, 1.0, True)
    assert copy.maxDelay == 5.0


class Named(Protocol):
    def __init__(self, name: str, *, kind: str = "") -> None:
        self.name = name
        self.kind = kind


def attempts() -> list[Any]:
    """Make, for each kind of connection, a reactor, the Deferred, and the factory."""
    made: list[Any] = []
    for kind in ("TCP", "UNIX", "SSL"):
        reactor = MemoryReactorClock()
        creator = ClientCreator(reactor, Named, "me", kind=kind)
        if kind == "TCP":
            deferred = creator.connectTCP("a.org", 80, 5, ("1.2.3.4", 9))
            (_, _, factory, *rest) = reactor.tcpClients[0]
            assert rest == [5, ("1.2.3.4", 9)]
        elif kind == "UNIX":
            deferred = creator.connectUNIX("/socket", 5, True)
            (_, factory, *rest) = reactor.unixClients[0]
            assert rest == [5, True]
        else:
            deferred = creator.connectSSL("a.org", 443, "context", 5, ("1.2.3.4", 9))
            (_, _, factory, *rest) = reactor.sslClients[0]
            assert rest == ["context", 5, ("1.2.3.4", 9)]
        made.append(pytest.param(reactor, deferred, factory, kind, id=kind))
    return made


def outcome(deferred: Deferred[Any]) -> list[Any]:
    """Give the list in which the Deferred's result or failure will be."""
    results: list[Any] = []
    deferred.addBoth(results.append)
    return results


@pytest.mark.parametrize(("reactor", "deferred", "factory", "kind"), attempts())
def test_a_creator_gives_the_connected_protocol_a_turn_later(
    reactor: MemoryReactorClock, deferred: Deferred[Named], factory: Any, kind: str
) -> None:
    results = outcome(deferred)
    protocol = factory.buildProtocol(None)
    protocol.makeConnection(StringTransport())
    assert results == []
    reactor.advance(0)

    assert results == [protocol]
    assert (protocol.name, protocol.kind) == ("me", kind)


@pytest.mark.parametrize(("reactor", "deferred", "factory", "kind"), attempts())
def test_a_creator_tells_the_failure_to_connect(
    reactor: MemoryReactorClock, deferred: Deferred[Named], factory: Any, kind: str
) -> None:
    results = outcome(deferred)
    reason = Failure(errors.ConnectionRefusedError())
    factory.clientConnectionFailed(reactor.connectors[0], reason)
    reactor.advance(0)

    assert results == [reason]


@pytest.mark.parametrize(("reactor", "deferred", "factory", "kind"), attempts())
def test_an_attempt_can_be_cancelled_while_connecting(
    reactor: MemoryReactorClock, deferred: Deferred[Named], factory: Any, kind: str
) -> None:
    results = outcome(deferred)
    deferred.cancel()

    assert reactor.connectors[0].disconnected
    assert results[0].check(CancelledError)


@pytest.mark.parametrize(("reactor", "deferred", "factory", "kind"), attempts())
def test_an_attempt_can_be_cancelled_between_its_success_and_the_firing(
    reactor: MemoryReactorClock, deferred: Deferred[Named], factory: Any, kind: str
) -> None:
    results = outcome(deferred)
    factory.buildProtocol(None).makeConnection(StringTransport())
    deferred.cancel()
    reactor.advance(1)

    assert reactor.getDelayedCalls() == []
    assert reactor.connectors[0].disconnected
    assert results[0].check(CancelledError)
