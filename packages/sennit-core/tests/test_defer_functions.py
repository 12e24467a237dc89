"""Deferreds that have fired, and calls whose outcome becomes a Deferred."""

from __future__ import annotations

from typing import Any

import pytest

from sennit.core import log
from sennit.core.defer import (
    Deferred,
    TimeoutError,
    execute,
    fail,
    logError,
    maybeDeferred,
    passthru,
    succeed,
    timeout,
)
from sennit.core.failure import Failure


def failure_of(d: Deferred[Any]) -> Failure:
    seen: list[Failure] = []
    d.addErrback(seen.append)
    return seen[0]


def test_succeed_is_the_same_as_firing_a_new_one() -> None:
    d: Deferred[int] = Deferred()
    d.callback(3)
    assert succeed(3).__dict__ == d.__dict__


def test_fail_takes_an_exception_or_the_one_being_handled() -> None:
    assert failure_of(fail(KeyError())).check(KeyError)
    try:
        raise ValueError
    except ValueError:
        assert failure_of(fail()).check(ValueError)


def test_execute_fires_with_what_the_call_returns_or_raises() -> None:
    assert execute(int, "7").result == 7
    assert failure_of(execute(int, "x")).check(ValueError)


def test_maybe_deferred_makes_a_deferred_of_any_outcome() -> None:
    async def coroutine() -> str:
        return "awaited"

    waiting: Deferred[int] = Deferred()
    problem = Failure(KeyError())
    assert maybeDeferred(int, "7").result == 7
    assert failure_of(maybeDeferred(int, "x")).check(ValueError)
    assert maybeDeferred(lambda: waiting) is waiting
    assert maybeDeferred(coroutine).result == "awaited"
    assert failure_of(maybeDeferred(lambda: problem)) is problem


def test_log_error_logs_and_passes_on() -> None:
    events: list[dict[str, Any]] = []
    log.addObserver(events.append)
    problem = Failure(KeyError())
    try:
        assert logError(problem) is problem
    finally:
        log.removeObserver(events.append)
    assert events[0]["failure"].value is problem.value


def test_passthru_changes_nothing() -> None:
    assert passthru(3) == 3


def test_timeout_is_deprecated() -> None:
    d: Deferred[int] = Deferred()
    with pytest.warns(DeprecationWarning, match="addTimeout"):
        timeout(d)
    assert failure_of(d).check(TimeoutError)
