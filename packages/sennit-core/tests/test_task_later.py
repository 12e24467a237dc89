"""A result that comes after a while."""

from __future__ import annotations

from typing import Any

from sennit.core.defer import CancelledError, Deferred
from sennit.core.task import Clock, deferLater


def results(d: Deferred[Any]) -> list[Any]:
    """A list that gets what the Deferred fires with."""
    seen: list[Any] = []
    d.addBoth(seen.append)
    return seen


def test_it_fires_with_the_result_after_the_delay() -> None:
    clock = Clock()
    seen = results(deferLater(clock, 3, int, "11", base=2))
    clock.advance(2)
    assert seen == []
    clock.advance(1)
    assert seen == [3]


def test_without_a_function_it_just_waits() -> None:
    clock = Clock()
    seen = results(deferLater(clock, 2))
    clock.advance(2)
    assert seen == [None]


def test_it_fails_with_what_the_function_raises() -> None:
    clock = Clock()
    seen = results(deferLater(clock, 1, int, "x"))
    clock.advance(1)
    assert seen[0].check(ValueError)


def test_what_the_function_returns_is_waited_for() -> None:
    clock = Clock()

    async def slowly() -> str:
        await deferLater(clock, 1)
        return "done"

    seen = results(deferLater(clock, 1, slowly))
    clock.advance(1)
    assert seen == []
    clock.advance(1)
    assert seen == ["done"]


def test_to_cancel_it_calls_the_call_off() -> None:
    clock = Clock()
    called: list[int] = []
    d = deferLater(clock, 1, called.append, 1)
    seen = results(d)
    d.cancel()
    assert seen[0].check(CancelledError)
    assert clock.calls == []
    clock.advance(1)
    assert called == []
