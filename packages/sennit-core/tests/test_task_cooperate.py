"""Long work in small steps: turns, pauses, waiting, ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import sennit.core
from sennit.core.defer import Deferred, fail, succeed
from sennit.core.task import (
    Clock,
    Cooperator,
    NotPaused,
    SchedulerError,
    SchedulerStopped,
    TaskDone,
    TaskFailed,
    TaskFinished,
    TaskStopped,
    coiterate,
    cooperate,
)


class Turns:
    """A scheduler whose turns are taken by hand, and a cooperator of one step each."""

    def __init__(self, *, started: bool = True) -> None:
        self.clock = Clock()
        self.cooperator = Cooperator(
            lambda: lambda: True, lambda f: self.clock.callLater(1, f), started
        )
        self.seen: list[object] = []

    def take(self, number: int = 1) -> None:
        self.clock.pump([1] * number)

    def steps(self, *items: object) -> Iterator[object]:
        for item in items:
            self.seen.append(item)
            yield item


@pytest.fixture
def turns() -> Turns:
    return Turns()


def results(d: Deferred[Any]) -> list[Any]:
    """A list that gets what the Deferred fires with."""
    seen: list[Any] = []
    d.addBoth(seen.append)
    return seen


def test_tasks_take_their_steps_in_turn(turns: Turns) -> None:
    for letters in ("abc", "def", "ghi"):
        turns.cooperator.cooperate(turns.steps(*letters))
    turns.take(9)
    assert "".join(map(str, turns.seen)) == "adgbehcfi"


def test_a_round_goes_on_until_the_predicate_says_so() -> None:
    left = iter([False, False, True])
    clock = Clock()
    cooperator = Cooperator(lambda: lambda: next(left), lambda f: clock.callLater(1, f))
    steps = iter(range(10))
    cooperator.cooperate(steps)
    clock.advance(1)
    assert next(steps) == 3


def test_an_idle_cooperator_leaves_nothing_in_the_scheduler(turns: Turns) -> None:
    one = turns.cooperator.cooperate(turns.steps(1, 2))
    other = turns.cooperator.cooperate(turns.steps(1, 2))
    one.stop()
    assert len(turns.clock.calls) == 1
    other.stop()
    assert turns.clock.calls == []
    turns.cooperator.cooperate(turns.steps("x"))
    turns.take(2)
    assert turns.clock.calls == []
    assert turns.seen == ["x"]


def test_a_callback_may_add_a_task_to_the_same_cooperator(turns: Turns) -> None:
    seen = results(
        turns.cooperator.coiterate(iter(())).addCallback(
            lambda _: turns.cooperator.coiterate(turns.steps("second"))
        )
    )
    turns.take()
    assert len(turns.clock.calls) == 1
    turns.take(2)
    assert turns.seen == ["second"]
    assert len(seen) == 1


def test_everybody_who_waits_gets_the_iterator_at_the_end(turns: Turns) -> None:
    iterator = turns.steps(1)
    task = turns.cooperator.cooperate(iterator)
    one = results(task.whenDone().addCallback(lambda it: (it, "changed")))
    other = results(task.whenDone())
    turns.take(2)
    assert one == [(iterator, "changed")]
    assert other == [iterator]
    assert results(task.whenDone()) == [iterator]


def test_an_error_of_the_iterator_is_what_waiting_fails_with(turns: Turns) -> None:
    def broken() -> Iterator[None]:
        yield
        raise LookupError("lost")

    task = turns.cooperator.cooperate(broken())
    seen = results(task.whenDone())
    turns.take(2)
    assert seen[0].check(LookupError)
    with pytest.raises(TaskFailed):
        task.stop()


def test_a_task_that_waits_for_a_deferred_takes_no_step(turns: Turns) -> None:
    wait: Deferred[str] = Deferred()
    turns.cooperator.cooperate(turns.steps(wait, "after"))
    turns.take(3)
    assert turns.seen == [wait]
    assert turns.clock.calls == []
    wait.callback("result")
    turns.take()
    assert turns.seen == [wait, "after"]


def test_a_deferred_that_has_fired_costs_a_turn_and_no_more(turns: Turns) -> None:
    turns.cooperator.cooperate(turns.steps(succeed(1), "after"))
    turns.take(2)
    assert turns.seen[1:] == ["after"]


def test_a_deferred_that_fails_ends_the_task(turns: Turns) -> None:
    seen = results(
        turns.cooperator.coiterate(turns.steps(fail(LookupError("lost")), "after"))
    )
    turns.take(2)
    assert seen[0].check(LookupError)
    assert len(turns.seen) == 1


def test_pauses_add_up(turns: Turns) -> None:
    task = turns.cooperator.cooperate(turns.steps(1, 2))
    task.pause()
    task.pause()
    turns.take()
    task.resume()
    turns.take()
    assert turns.seen == []
    task.resume()
    assert turns.seen == []
    turns.take()
    assert turns.seen == [1]
    with pytest.raises(NotPaused):
        task.resume()


def test_paused_while_it_waits_it_needs_both_to_go_on(turns: Turns) -> None:
    wait: Deferred[None] = Deferred()
    task = turns.cooperator.cooperate(turns.steps(wait, "after"))
    turns.take()
    task.pause()
    wait.callback(None)
    turns.take()
    assert turns.seen == [wait]
    task.resume()
    turns.take()
    assert turns.seen == [wait, "after"]


def test_stopped_it_takes_no_step_and_waiting_fails(turns: Turns) -> None:
    task = turns.cooperator.cooperate(turns.steps(1))
    seen = results(task.whenDone())
    task.stop()
    turns.take()
    assert turns.seen == []
    assert seen[0].check(TaskStopped)
    for change in (task.stop, task.pause):
        with pytest.raises(TaskStopped):
            change()


def test_stopped_while_paused_it_may_still_be_resumed(turns: Turns) -> None:
    task = turns.cooperator.cooperate(turns.steps(1))
    task.pause()
    task.stop()
    task.resume()
    turns.take()
    assert turns.seen == []


def test_stopped_while_it_waits_it_does_not_go_on(turns: Turns) -> None:
    wait: Deferred[int] = Deferred()
    task = turns.cooperator.cooperate(turns.steps(wait, "after"))
    turns.take()
    task.stop()
    wait.callback(7)
    turns.take()
    assert turns.seen == [wait]
    assert results(wait) == [None]


def test_an_error_that_a_stopped_task_waited_for_is_not_swallowed(
    turns: Turns,
) -> None:
    wait: Deferred[int] = Deferred()
    task = turns.cooperator.cooperate(turns.steps(wait))
    turns.take()
    task.stop()
    wait.errback(LookupError("lost"))
    assert results(wait)[0].check(LookupError)


def test_what_is_done_cannot_be_stopped(turns: Turns) -> None:
    task = turns.cooperator.cooperate(iter(()))
    turns.take()
    with pytest.raises(TaskDone):
        task.stop()
    assert issubclass(TaskDone, TaskFinished)
    assert issubclass(TaskFinished, SchedulerError)


def test_a_cooperator_that_is_stopped_ends_its_tasks(turns: Turns) -> None:
    task = turns.cooperator.cooperate(turns.steps(1))
    seen = results(task.whenDone())
    running = [turns.cooperator.running]
    turns.cooperator.stop()
    assert [*running, turns.cooperator.running] == [True, False]
    assert seen[0].check(SchedulerStopped)
    assert turns.clock.calls == []
    with pytest.raises(SchedulerStopped):
        task.pause()


@pytest.mark.parametrize("make", [lambda: None, Deferred])
def test_a_stopped_cooperator_takes_no_tasks(
    turns: Turns, make: Callable[[], Deferred[Any] | None]
) -> None:
    turns.cooperator.stop()
    seen = results(turns.cooperator.coiterate(turns.steps(1), make()))
    assert seen[0].check(SchedulerStopped)


def test_it_may_be_stopped_by_one_who_waited_for_its_task(turns: Turns) -> None:
    task = turns.cooperator.cooperate(iter(()))
    seen = results(task.whenDone().addCallback(lambda _: turns.cooperator.stop()))
    turns.take()
    assert seen == [None]


def test_it_may_be_stopped_by_a_step(turns: Turns) -> None:
    def suicidal() -> Iterator[int]:
        turns.cooperator.stop()
        yield 1

    seen = results(turns.cooperator.coiterate(suicidal()))
    turns.take()
    assert seen[0].check(SchedulerStopped)


def test_one_that_is_not_started_keeps_its_tasks_until_it_is() -> None:
    turns = Turns(started=False)
    turns.cooperator.cooperate(turns.steps(1))
    running = [turns.cooperator.running]
    turns.take()
    assert turns.seen == []
    turns.cooperator.start()
    assert [*running, turns.cooperator.running] == [False, True]
    turns.take()
    assert turns.seen == [1]


def test_the_global_one_works_in_the_turns_of_the_reactor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    monkeypatch.setitem(vars(sennit.core), "reactor", clock)
    seen: list[int] = []
    done = results(coiterate(map(seen.append, range(3))))
    task = cooperate(iter([1]))
    assert seen == []
    clock.advance(0)
    assert seen == [0, 1, 2]
    assert len(done) == 1
    assert len(results(task.whenDone())) == 1


def test_stopping_tells_also_those_who_wait_for_a_task_that_waits(
    turns: Turns,
) -> None:
    never: Deferred[None] = Deferred()
    seen = results(turns.cooperator.coiterate(turns.steps(never)))
    turns.take()
    turns.cooperator.stop()
    assert seen[0].check(SchedulerStopped)
