"""Two brokers joined in memory, and a fresh reactor, on asyncio and on uvloop."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from sennit.core import log
from sennit.core.defer import Deferred, ensureDeferred
from sennit.core.engine import Reactor, newLoop
from sennit.core.failure import Failure
from sennit.core.task import Clock
from sennit.core.testing import IOPump, connect
from sennit.spread import pb

# Seconds after which a test that hangs is given up.
PATIENCE = 10.0


class Joined:
    """A client and a server in memory; what the one sends reaches the other by `pump`."""

    def __init__(self, root: Any, **server: Any) -> None:
        self.clock = Clock()
        self.factory = pb.PBServerFactory(root, **server)
        self.clients = pb.PBClientFactory()
        self.server: pb.Broker = self.factory.buildProtocol(None)
        self.client: pb.Broker = self.clients.buildProtocol(None)
        self.client.clock = self.server.clock = self.clock
        self.pump: IOPump = connect(self.server, self.client)
        self.flush()

    def flush(self) -> None:
        self.pump.flush()

    def collect(self) -> None:
        """Have what nobody holds die, and the other side told of it."""
        gc.collect()
        self.flush()
        self.flush()

    @property
    def root(self) -> pb.RemoteReference:
        return self.client.remoteForName("root")

    def call(self, name: str, *args: Any, **kw: Any) -> Any:
        """Call a method of the root, and give its result or raise its error."""
        return self.outcome(self.root.callRemote(name, *args, **kw))

    def outcome(self, asked: Deferred[Any]) -> Any:
        found: list[Any] = []
        asked.addBoth(found.append)
        self.flush()
        assert found, "there is no answer"
        result = found.pop()
        if isinstance(result, Failure):
            result.raiseException()
        return result


@pytest.fixture
def join() -> Iterator[Callable[..., Joined]]:
    """Joins a root to a client; all connections are lost at the end."""
    made: list[Joined] = []

    def build(root: Any, **server: Any) -> Joined:
        made.append(Joined(root, **server))
        return made[-1]

    yield build
    for each in made:
        each.client._wire.loseConnection()
        each.flush()


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
