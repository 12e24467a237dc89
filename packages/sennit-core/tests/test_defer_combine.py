"""Several Deferreds as one."""

from __future__ import annotations

from typing import Any

import pytest

from sennit.core import log
from sennit.core.defer import (
    CancelledError,
    Deferred,
    DeferredList,
    FailureGroup,
    FirstError,
    fail,
    gatherResults,
    race,
    succeed,
)
from sennit.core.failure import DefaultException, Failure


def two() -> tuple[Deferred[Any], Deferred[Any]]:
    return Deferred(), Deferred()


def failure_of(d: Deferred[Any]) -> Failure:
    seen: list[Failure] = []
    d.addErrback(seen.append)
    return seen[0]


def test_a_list_fires_with_all_outcomes_in_order() -> None:
    a, b = two()
    d = DeferredList([a, b])
    b.errback(KeyError())
    assert not d.called
    a.callback(1)
    (first, (success, failure)) = d.result
    assert first == (True, 1)
    assert not success
    assert failure is failure_of(b)
    assert a.result == 1


def test_an_empty_list_fires_at_once_unless_it_wants_a_first_result() -> None:
    assert DeferredList([]).result == []
    assert not DeferredList([], fireOnOneCallback=True).called


def test_a_list_may_fire_with_the_first_result() -> None:
    a, b = two()
    d = DeferredList([a, b], fireOnOneCallback=True)
    b.callback("x")
    a.callback("y")
    assert d.result == ("x", 1)


def test_a_list_may_fail_with_the_first_error() -> None:
    a, b = two()
    d = DeferredList([a, b], fireOnOneErrback=True, consumeErrors=True)
    b.errback(KeyError())
    a.callback(1)
    error = failure_of(d).value
    assert isinstance(error, FirstError)
    assert error.index == 1
    assert error.subFailure.check(KeyError)
    assert b.result is None


def test_cancelling_a_list_cancels_all_even_if_a_canceller_fails() -> None:
    def bad(_: object) -> None:
        raise ValueError

    events: list[dict[str, Any]] = []
    a: Deferred[Any] = Deferred(bad)
    b: Deferred[Any] = Deferred()
    d = DeferredList([a, b], consumeErrors=True)
    log.addObserver(events.append)
    try:
        assert d.cancel()
    finally:
        log.removeObserver(events.append)
    assert events[0]["failure"].check(ValueError)
    assert not d.called
    a.callback(1)
    assert d.result[1][1].check(CancelledError)
    assert not d.cancel()


def test_gathering_gives_the_results_in_order_and_leaves_them() -> None:
    a, b = two()
    d = gatherResults([a, b, succeed(3)])
    b.callback(2)
    a.callback(1)
    assert d.result == [1, 2, 3]
    assert a.result == 1


def test_gathering_nothing_fires_at_once() -> None:
    assert gatherResults([]).result == []


def test_gathering_fails_with_the_first_error() -> None:
    a, b = two()
    d = gatherResults([a, b], consumeErrors=True)
    b.errback(KeyError())
    a.errback(ValueError())
    error = failure_of(d).value
    assert (error.index, error.subFailure.type) == (1, KeyError)
    assert (a.result, b.result) == (None, None)


def test_cancelling_what_gathers_cancels_all() -> None:
    a, b = two()
    d = gatherResults([a, b], consumeErrors=True)
    assert d.cancel()
    assert failure_of(d).value.subFailure.check(CancelledError)
    assert a.called
    assert b.called
    assert not d.cancel()


def test_the_first_error_shows_its_cause() -> None:
    problem = KeyError("x")
    error = FirstError(Failure(problem), 2)
    assert error.__cause__ is problem
    assert repr(error) == "FirstError[#2, KeyError('x')]"
    assert str(error) == f"FirstError[#2, {error.subFailure}]"
    assert error == FirstError(error.subFailure, 2)
    assert error != FirstError(error.subFailure, 3)
    assert error != 2
    assert len({error, FirstError(error.subFailure, 2)}) == 1


def test_a_race_is_won_by_the_first_success_and_the_others_are_cancelled() -> None:
    cancelled: list[object] = []
    ds: list[Deferred[str]] = [Deferred(cancelled.append) for _ in range(3)]
    d = race(ds)
    ds[0].errback(KeyError())
    ds[1].callback("won")
    assert d.result == (1, "won")
    assert cancelled == [ds[2]]


def test_a_race_ignores_a_result_that_the_cancelling_brings() -> None:
    ds: list[Deferred[str]] = [
        Deferred(),
        Deferred(lambda d: d.callback("late")),
    ]
    d = race(ds)
    ds[0].callback("won")
    assert d.result == (0, "won")


def test_a_race_without_a_winner_fails_with_all_errors() -> None:
    ds: list[Deferred[str]] = [Deferred(), fail(ValueError())]
    d = race(ds)
    ds[0].errback(KeyError())
    group = failure_of(d).value
    assert isinstance(group, FailureGroup)
    assert [failure.type for failure in group.failures] == [KeyError, ValueError]
    assert [type(error) for error in group.exceptions] == [KeyError, ValueError]


def test_a_failure_group_can_be_sorted_by_kind() -> None:
    kinds: list[str] = []
    try:
        raise FailureGroup([Failure(KeyError()), Failure(ValueError()), Failure(12)])
    except* KeyError:
        kinds.append("key")
    except* DefaultException as group:
        kinds.append(str(group.exceptions[0].args))
    except* ValueError:
        kinds.append("value")
    assert sorted(kinds) == ["(12,)", "key", "value"]


def test_cancelling_a_race_cancels_all() -> None:
    cancelled: list[object] = []
    ds: list[Deferred[str]] = [Deferred(cancelled.append) for _ in range(2)]
    d = race(ds)
    d.cancel()
    assert cancelled == ds
    assert failure_of(d).check(FailureGroup)


def test_a_race_of_nobody_never_ends() -> None:
    assert not race([]).called


def test_what_is_no_deferred_cannot_be_listed() -> None:
    with pytest.raises(AttributeError):
        DeferredList([1])  # type: ignore[list-item]
