"""A service owns what it spawns: it ends it when it stops, or says what refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sennit.app import service
from sennit.core import log
from sennit.core.defer import CancelledError, Deferred
from sennit.core.task import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def owner(clock: Clock) -> service.Service:
    """A service that runs."""
    made = service.Service()
    made.clock = clock
    made.startService()
    return made


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """The texts that are logged."""
    texts: list[str] = []

    def observe(event: dict[str, Any]) -> None:
        texts.append(log.textFromEventDict(event) or "")

    log.addObserver(observe)
    yield texts
    log.removeObserver(observe)


async def forever(ended: list[str]) -> None:
    try:
        await Deferred()
    finally:
        ended.append("ended")


def test_a_task_is_cancelled_when_the_service_stops(owner: service.Service) -> None:
    ended: list[str] = []
    task = owner.spawn(forever(ended))
    assert owner.stopService() is None or ended
    assert (ended, task.called) == (["ended"], True)


def test_stopping_waits_for_what_cleans_up(
    owner: service.Service, clock: Clock
) -> None:
    clean: Deferred[None] = Deferred()

    async def work() -> None:
        try:
            await Deferred()
        finally:
            await clean

    owner.spawn(work())
    stopped: Any = owner.stopService()
    assert not stopped.called
    clean.callback(None)
    assert stopped.called
    assert clock.getDelayedCalls() == []


@pytest.mark.parametrize(
    ("name", "shown"), [("the mill", "the mill"), (None, "stubborn")]
)
def test_a_task_that_refuses_is_named_after_the_deadline(
    owner: service.Service,
    clock: Clock,
    logged: list[str],
    name: str | None,
    shown: str,
) -> None:
    release: Deferred[None] = Deferred()

    async def stubborn() -> None:
        try:
            await Deferred()
        except CancelledError:
            await release

    owner.stopTimeout = 3.0
    owner.spawn(stubborn(), name)
    stopped: Any = owner.stopService()
    clock.advance(2.9)
    assert (stopped.called, logged) == (False, [])
    clock.advance(0.2)
    assert stopped.called
    assert len(logged) == 1
    assert shown in logged[0]
    assert "3 seconds" in logged[0]
    release.callback(None)


def test_a_result_is_that_of_the_coroutine(owner: service.Service) -> None:
    async def answer() -> int:
        return 42

    results: list[object] = []
    owner.spawn(answer()).addCallback(results.append)
    assert results == [42]
    assert owner.stopService() is None


def test_who_waits_for_a_task_hears_that_it_was_cancelled(
    owner: service.Service,
) -> None:
    heard: list[Any] = []
    owner.spawn(forever([])).addErrback(heard.append)
    owner.stopService()
    assert [each.type for each in heard] == [CancelledError]


def test_cancelling_what_spawn_gives_cancels_the_task(owner: service.Service) -> None:
    ended: list[str] = []
    task = owner.spawn(forever(ended))
    heard: list[Any] = []
    task.addErrback(heard.append)
    task.cancel()
    assert (ended, heard[0].type) == (["ended"], CancelledError)
    assert owner.stopService() is None


def test_a_parent_waits_for_tasks_of_a_service_that_does_not(
    owner: service.Service, clock: Clock
) -> None:
    clean: Deferred[None] = Deferred()

    class Careless(service.Service):
        def stopService(self) -> None:
            self.running = False

    async def work() -> None:
        try:
            await Deferred()
        finally:
            await clean

    root = service.MultiService()
    child = Careless()
    child.clock = clock
    child.setServiceParent(root)
    root.startService()
    child.spawn(work())
    stopped = root.stopService()
    assert not stopped.called
    clean.callback(None)
    assert stopped.called
