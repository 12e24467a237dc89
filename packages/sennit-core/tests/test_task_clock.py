"""The clock that is advanced by hand."""

from __future__ import annotations

import pytest

from sennit.core.contracts import IReactorTime
from sennit.core.task import Clock


def test_it_is_a_clock_where_a_reactor_is_wanted() -> None:
    clock: IReactorTime = Clock()
    assert clock.seconds() == 0


def test_time_moves_only_when_it_is_told_to() -> None:
    clock = Clock()
    clock.advance(1.5)
    clock.pump([1, 2])
    assert clock.seconds() == clock.rightNow == 4.5


def test_what_is_due_is_called_while_time_is_advanced() -> None:
    clock = Clock()
    seen: list[float] = []
    call = clock.callLater(2, lambda: seen.append(clock.seconds()))
    clock.advance(1)
    assert seen == []
    clock.advance(1)
    assert seen == [2]
    assert not call.active()


def test_calls_made_by_calls_are_made_too_if_they_are_due() -> None:
    clock = Clock()
    seen: list[str] = []
    clock.callLater(1, lambda: clock.callLater(1, seen.append, "inner"))
    clock.callLater(1, clock.callLater, 0, seen.append, "at once")
    clock.advance(1)
    assert seen == ["at once"]
    clock.advance(1)
    assert seen == ["at once", "inner"]


def test_a_call_may_advance_the_clock_itself() -> None:
    clock = Clock()
    seen: list[str] = []
    clock.callLater(1, clock.advance, 1)
    clock.callLater(2, seen.append, "second")
    clock.advance(1)
    assert seen == ["second"]
    assert clock.seconds() == 2


def test_an_error_comes_out_of_advance_and_the_rest_waits() -> None:
    clock = Clock()
    seen: list[str] = []
    clock.callLater(1, int, "no number")
    clock.callLater(1, seen.append, "after")
    with pytest.raises(ValueError, match="invalid literal"):
        clock.advance(1)
    assert len(clock.calls) == 1
    clock.advance(0)
    assert seen == ["after"]


def test_the_calls_that_wait_are_listed_in_order() -> None:
    clock = Clock()
    later, sooner = clock.callLater(2, print), clock.callLater(1, print)
    assert clock.calls == clock.getDelayedCalls() == [sooner, later]
    later.reset(0.5)
    assert clock.calls == [later, sooner]


def test_calls_stay_in_order_when_one_is_moved_by_another() -> None:
    clock = Clock()
    seen: list[tuple[str, float]] = []

    def note(what: str) -> None:
        seen.append((what, clock.seconds()))

    moved = clock.callLater(2, note, "b")
    clock.callLater(1, moved.reset, 3)
    clock.callLater(3, note, "c")
    clock.pump([0.5] * 10)
    assert seen == [("c", 3.0), ("b", 4.0)]


def test_a_negative_delay_is_refused() -> None:
    with pytest.raises(ValueError, match="delay"):
        Clock().callLater(-1, print)
