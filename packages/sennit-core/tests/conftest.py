"""A fresh reactor for each test, once on asyncio and once on uvloop."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from sennit.core import log
from sennit.core.defer import Deferred, ensureDeferred
from sennit.core.engine import Reactor, newLoop
from sennit.core.failure import Failure

# Seconds after which a test that hangs is given up.
PATIENCE = 10.0


@pytest.fixture(params=["asyncio", "uvloop"])
def reactor(request: pytest.FixtureRequest) -> Iterator[Reactor]:
    """A reactor on a loop of its own; closed after the test."""
    loop = newLoop(request.param)
    made = Reactor(loop)
    yield made
    made.close()
    loop.close()


@pytest.fixture
def drive(reactor: Reactor) -> Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]:
    """Runs a coroutine function on the reactor, from start to shutdown."""

    def run(main: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        outcome: list[Any] = []

        def ended(result: Any) -> None:
            outcome.append(result)
            if reactor.running:
                reactor.stop()

        def begin() -> None:
            finished: Deferred[Any] = ensureDeferred(main())
            finished.addTimeout(PATIENCE, reactor)
            finished.addBoth(ended)

        reactor.callWhenRunning(begin)
        reactor.run(installSignalHandlers=False)
        if isinstance(outcome[0], Failure):
            outcome[0].raiseException()
        return outcome[0]

    return run


@pytest.fixture
def logged() -> Iterator[list[dict[str, Any]]]:
    """The log's events of a test, as dictionaries."""
    events: list[dict[str, Any]] = []
    logging.getLogger("sennit").propagate = False
    log.addObserver(events.append)
    yield events
    log.removeObserver(events.append)
    logging.getLogger("sennit").propagate = True
