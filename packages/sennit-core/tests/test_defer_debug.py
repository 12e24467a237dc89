"""Unhandled errors are reported, and debugging tells where a Deferred came from."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from sennit.core import log
from sennit.core.defer import (
    AlreadyCalledError,
    Deferred,
    ensureDeferred,
    fail,
    gatherResults,
    getDebugging,
    inlineCallbacks,
    setDebugging,
    succeed,
)
from sennit.core.failure import Failure

Events = list[dict[str, Any]]


@pytest.fixture
def logged() -> Iterator[Events]:
    """Collect the error events of a test; no cycle collector hides lateness."""
    events: Events = []

    def observe(event: dict[str, Any]) -> None:
        if event.get("isError"):
            events.append(event)

    gc.collect()
    log.addObserver(observe)
    gc.disable()
    yield events
    gc.enable()
    log.removeObserver(observe)


@pytest.fixture
def debugging() -> Iterator[None]:
    setDebugging(True)
    yield
    setDebugging(False)


def test_an_unhandled_error_is_reported_when_the_deferred_goes(logged: Events) -> None:
    d = succeed(1).addCallback(lambda _: 1 / 0)
    assert logged == []
    del d
    assert [event.get("failure") is not None for event in logged] == [False, True]
    text = log.textFromEventDict(logged[1])
    assert text is not None
    assert text.startswith("Unhandled Error\nTraceback ")
    assert "ZeroDivisionError" in text


def test_the_error_of_a_coroutine_is_reported_as_soon_as_it_is_dropped(
    logged: Events,
) -> None:
    async def awaiting(d: Deferred[int]) -> None:
        await d
        raise KeyError

    @inlineCallbacks
    def yielding(d: Deferred[int]) -> Generator[Any, Any, None]:
        yield d
        raise KeyError

    waited: list[Deferred[int]] = [Deferred(), Deferred()]
    ensureDeferred(awaiting(waited[0]))
    yielding(waited[1])
    for fire in [d.callback for d in waited]:
        fire(1)
    assert len(logged) == 4


def test_an_errback_without_callbacks_is_reported_too(logged: Events) -> None:
    fail(KeyError())
    assert len(logged) == 2


def test_a_failure_as_a_result_is_reported_too(logged: Events) -> None:
    d: Deferred[int] = Deferred()
    try:
        raise KeyError
    except KeyError:
        d.errback()
    other: Deferred[int] = Deferred()
    other.callback(d.result)
    d.addErrback(lambda _: None)
    del d, other
    assert len(logged) == 2


def test_a_handled_error_is_not_reported(logged: Events) -> None:
    fail(KeyError()).addErrback(lambda f: f.trap(KeyError))
    assert logged == []


def test_an_error_handed_over_is_reported_once(logged: Events) -> None:
    inners = [fail(KeyError())]
    outer = succeed(1).addCallback(lambda _: inners.pop())
    assert logged == []
    del outer
    assert len(logged) == 2


def test_consumed_errors_are_not_reported(logged: Events) -> None:
    bad = fail(KeyError())
    gathered = gatherResults([bad], consumeErrors=True)
    del bad
    gathered.addErrback(lambda _: None)
    del gathered
    assert logged == []


@pytest.mark.usefixtures("debugging")
def test_debugging_tells_where_it_was_made_and_fired(logged: Events) -> None:
    def make() -> Deferred[int]:
        return Deferred()

    def fire(d: Deferred[int]) -> None:
        d.callback(1)

    assert getDebugging()
    d = make().addCallback(lambda _: 1 // 0)
    fire(d)
    del d
    gc.collect()
    text = log.textFromEventDict(logged[1])
    assert text is not None
    assert text.startswith("(debug:  C: Deferred was created:\n")
    made, _, fired = text.partition(" I: First Invoker was:\n")
    assert ", in make" in made
    assert "return Deferred()" in made
    assert ", in fire" in fired
    assert ", in make" not in fired
    assert "sennit/core/defer" not in made + fired.partition(")\n")[0]


@pytest.mark.usefixtures("debugging")
def test_debugging_tells_who_fired_first_when_fired_again() -> None:
    def first(d: Deferred[int]) -> None:
        d.callback(1)

    d: Deferred[int] = Deferred()
    first(d)
    with pytest.raises(AlreadyCalledError, match="in first"):
        d.callback(2)


def test_without_debugging_nothing_is_told() -> None:
    d = succeed(1)
    with pytest.raises(AlreadyCalledError) as raised:
        d.callback(2)
    assert raised.value.args == ()


def test_debugging_may_be_switched_while_deferreds_wait() -> None:
    d: Deferred[int] = Deferred()
    setDebugging(True)
    try:
        d.callback(1)
        succeed(2)
    finally:
        setDebugging(False)
    with pytest.raises(AlreadyCalledError, match="First Invoker"):
        d.callback(2)


@pytest.mark.usefixtures("debugging")
def test_debugging_keeps_the_variables_of_the_frames() -> None:
    seen: list[Failure] = []
    succeed(1).addCallback(lambda x: x / 0).addErrback(seen.append)
    assert ("x", 1) in seen[0].frames[-1][3]
