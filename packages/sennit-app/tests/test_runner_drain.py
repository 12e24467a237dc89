"""Connections have time to end before a process does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from sennit.app.runner._drain import drain
from sennit.core.defer import Deferred, ensureDeferred
from sennit.core.failure import Failure
from sennit.core.task import Clock


class Connection(NamedTuple):
    protocol: Any
    accepted: bool = True


class Port:
    """A port that listens until it is told not to."""

    def __init__(self) -> None:
        self.stopped: Deferred[None] | None = None

    def stopListening(self) -> Deferred[None]:
        self.stopped = Deferred()
        return self.stopped


class Wrapper:
    """What a policy puts around a protocol."""

    def __init__(self, wrapped: Any) -> None:
        self.wrappedProtocol = wrapped


class Talk:
    """A protocol that knows nothing of draining."""


class Polite:
    """One that finishes what it does."""

    def __init__(self, end: Callable[[], object]) -> None:
        self.drain = end


class Patient:
    drainTimeout = 5.0


class Connected(Clock):
    """A reactor with connections."""

    def __init__(self, *protocols: Any) -> None:
        super().__init__()
        self.open = [Connection(protocol) for protocol in protocols]
        self.ports: list[Port] = []

    def getPorts(self) -> list[Port]:
        return self.ports

    def getConnections(self) -> list[Connection]:
        return list(self.open)


def drained(reactor: Connected, patience: float = 1.0) -> list[int]:
    """Return what draining gives, once it has."""
    results: list[int] = []
    ensureDeferred(drain(reactor, patience)).addCallback(results.append)
    return results


def test_without_connections_nothing_is_waited_for() -> None:
    assert drained(Connected()) == [0]


def test_connections_are_waited_for() -> None:
    reactor = Connected(Talk(), Talk())
    results = drained(reactor)
    reactor.advance(0.5)
    assert results == []
    reactor.open.clear()
    reactor.advance(0.1)
    assert results == [0]


def test_what_takes_too_long_is_left() -> None:
    reactor = Connected(Talk(), Talk())
    results = drained(reactor)
    reactor.pump([0.1] * 12)
    assert results == [2]


def test_a_protocol_is_told_once_to_finish() -> None:
    told: list[int] = []
    reactor = Connected(Polite(lambda: told.append(1)))
    results = drained(reactor)
    reactor.pump([0.1] * 12)
    assert told == [1]
    assert results == [1]


def test_a_wrapped_protocol_is_told_too() -> None:
    told: list[int] = []
    drained(Connected(Wrapper(Wrapper(Polite(lambda: told.append(1))))))
    assert told == [1]


def test_ports_are_closed_first() -> None:
    """Who has been accepted meanwhile is a client as any other."""
    reactor = Connected()
    reactor.ports.append(Port())
    results = drained(reactor)
    reactor.open.append(Connection(Talk()))
    stopped = reactor.ports[0].stopped
    assert stopped is not None
    stopped.callback(None)
    assert results == []
    reactor.open.clear()
    reactor.advance(0.1)
    assert results == [0]


def test_connections_of_our_own_are_not_waited_for() -> None:
    reactor = Connected()
    reactor.open.append(Connection(Talk(), accepted=False))
    assert drained(reactor) == [0]


def test_a_protocol_may_have_a_time_of_its_own() -> None:
    reactor = Connected(Talk(), Patient())
    results = drained(reactor)
    reactor.pump([0.1] * 20)
    assert results == []
    reactor.open.pop()
    reactor.advance(0.1)
    assert results == [1]


@pytest.mark.sennit
async def test_one_that_fails_to_finish_does_not_keep_the_others(
    flushLoggedErrors: Callable[..., list[Failure]],
) -> None:
    told: list[int] = []
    reactor = Connected(Polite(lambda: 1 // 0), Polite(lambda: told.append(1)))
    results = drained(reactor)
    reactor.open.clear()
    reactor.advance(0.1)
    assert (told, results) == ([1], [0])
    assert len(flushLoggedErrors(ZeroDivisionError)) == 1
