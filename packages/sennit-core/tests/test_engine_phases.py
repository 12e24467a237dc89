"""System events run their triggers in phases, each once, whatever one of them does."""

from __future__ import annotations

from typing import Any

import pytest

from sennit.core.defer import Deferred, succeed
from sennit.core.engine._phases import SystemEvents


def test_phases_run_in_order_and_triggers_as_they_were_added() -> None:
    events = SystemEvents()
    order: list[Any] = []
    for phase in ("after", "during", "before"):
        for number in (1, 2):
            events.add(phase, "start", order.append, (f"{phase} {number}",))
    events.fire("start")
    assert order == [
        *("before 1", "before 2", "during 1", "during 2", "after 1", "after 2"),
    ]


def test_an_event_fires_its_triggers_once() -> None:
    events = SystemEvents()
    order: list[Any] = []
    events.add("during", "start", order.append, (1,))
    events.fire("start")
    events.fire("start")
    assert order == [1]


def test_the_rest_waits_for_what_before_returned() -> None:
    events = SystemEvents()
    order: list[Any] = []
    held: Deferred[None] = Deferred()
    events.add("before", "stop", lambda: held)
    events.add("before", "stop", lambda: succeed(None))
    events.add("during", "stop", order.append, ("during",))
    fired = events.fire("stop")
    assert order == []
    assert not fired.called
    held.callback(None)
    assert order == ["during"]
    assert fired.called


def test_what_a_trigger_raises_is_logged_and_the_others_run(
    logged: list[dict[str, Any]],
) -> None:
    events = SystemEvents()
    order: list[Any] = []
    failing: Deferred[None] = Deferred()
    failing.errback(ValueError("late"))
    events.add("before", "stop", lambda: 1 / 0)
    events.add("before", "stop", lambda: failing)
    events.add("during", "stop", lambda: 1 / 0)
    events.add("during", "stop", order.append, ("during",))
    assert events.fire("stop").called
    assert order == ["during"]
    kinds = [event["failure"].type for event in logged if event["isError"]]
    assert kinds == [ZeroDivisionError, ValueError, ZeroDivisionError]


def test_a_trigger_may_be_added_while_its_phase_runs() -> None:
    events = SystemEvents()
    order: list[Any] = []
    events.add("during", "x", lambda: events.add("during", "x", order.append, (1,)))
    events.fire("x")
    assert order == [1]


def test_a_removed_trigger_does_not_run_and_cannot_be_removed_again() -> None:
    events = SystemEvents()
    order: list[Any] = []
    first = events.add("during", "x", order.append, (1,))
    events.add("during", "x", order.append, (1,))
    events.remove(first)
    with pytest.raises(ValueError, match="removed"):
        events.remove(first)
    events.fire("x")
    assert order == [1]


def test_nonsense_is_refused() -> None:
    events = SystemEvents()
    with pytest.raises(KeyError, match="sometime"):
        events.add("sometime", "x", int)
    with pytest.raises(TypeError, match="callable"):
        events.add("during", "x", 5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="trigger"):
        events.remove("x")  # type: ignore[arg-type]
