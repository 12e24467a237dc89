"""Calling something over and over: the beats, their count, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import sennit.core
from sennit.core.defer import Deferred
from sennit.core.failure import Failure
from sennit.core.task import Clock, LoopingCall


def loop_on(clock: Clock, f: Callable[..., object], *args: Any) -> LoopingCall:
    loop = LoopingCall(f, *args)
    loop.clock = clock
    return loop


def counting_on(clock: Clock, f: Callable[[int], object]) -> LoopingCall:
    loop = LoopingCall.withCount(f)
    loop.clock = clock
    return loop


def results(d: Deferred[Any]) -> list[Any]:
    """A list that gets what the Deferred fires with."""
    seen: list[Any] = []
    d.addBoth(seen.append)
    return seen


def test_it_calls_at_once_and_then_at_each_beat() -> None:
    clock, times = Clock(), list[float]()
    loop = loop_on(clock, lambda: times.append(clock.seconds()))
    loop.start(2)
    clock.pump([1] * 5)
    assert times == [0, 2, 4]


def test_it_may_wait_for_the_first_beat() -> None:
    clock, times = Clock(), list[float]()
    loop_on(clock, lambda: times.append(clock.seconds())).start(2, now=False)
    clock.pump([1] * 5)
    assert times == [2, 4]


def test_arguments_are_passed() -> None:
    seen: list[tuple[object, ...]] = []
    loop = LoopingCall(lambda *a, **kw: seen.append((a, kw)), 1, 2, c=3)
    loop.clock = Clock()
    loop.start(1)
    assert seen == [((1, 2), {"c": 3})]
    assert (loop.a, loop.kw) == ((1, 2), {"c": 3})


def test_beats_that_were_missed_are_not_made_up_for() -> None:
    clock, times = Clock(), list[float]()

    def slow() -> None:
        times.append(clock.seconds())
        clock.advance(1.25)

    loop_on(clock, slow).start(0.5)
    clock.pump([0.25] * 2)
    assert times == [0, 1.5, 3]


def test_the_pace_does_not_drift() -> None:
    clock, times = Clock(), list[float]()
    loop_on(clock, lambda: times.append(clock.seconds())).start(1)
    clock.pump([1.25, 0.75, 1.5, 0.5])
    assert times == [0, 1.25, 2, 3.5, 4]


def test_while_a_deferred_is_waited_for_no_call_is_made() -> None:
    clock = Clock()
    waits: list[Deferred[None]] = []

    def work() -> Deferred[None]:
        waits.append(Deferred())
        return waits[-1]

    loop = loop_on(clock, work)
    loop.start(1)
    clock.pump([1] * 5)
    assert len(waits) == 1
    assert clock.calls == []
    waits[0].callback(None)
    clock.advance(1)
    assert len(waits) == 2


def test_a_coroutine_function_is_waited_for_too() -> None:
    clock = Clock()
    begun: list[float] = []
    wait: Deferred[None] = Deferred()

    async def work() -> None:
        begun.append(clock.seconds())
        await wait

    loop = loop_on(clock, work)
    loop.start(1)
    clock.advance(3)
    assert begun == [0]
    wait.callback(None)
    clock.advance(1)
    assert begun == [0, 4]
    loop.stop()


def test_stop_calls_the_next_call_off_and_fires_with_the_loop() -> None:
    clock = Clock()
    loop = loop_on(clock, lambda: None)
    ended = results(loop.start(1))
    running = [loop.running]
    loop.stop()
    assert ended == [loop]
    assert [*running, loop.running] == [True, False]
    assert clock.calls == []


def test_stop_from_within_lets_the_call_come_to_its_end() -> None:
    clock = Clock()
    wait: Deferred[None] = Deferred()

    def work() -> Deferred[None]:
        loop.stop()
        return wait

    loop = loop_on(clock, work)
    ended = results(loop.start(1))
    assert ended == []
    wait.callback(None)
    assert ended == [loop]
    assert clock.calls == []


@pytest.mark.parametrize("stops", [False, True])
def test_an_error_ends_it_and_is_what_start_fails_with(stops: bool) -> None:
    clock = Clock()

    def fail() -> None:
        if stops:
            loop.stop()
        raise LookupError("lost")

    loop = loop_on(clock, fail)
    (failure,) = results(loop.start(1))
    assert isinstance(failure, Failure)
    assert failure.check(LookupError)
    assert not loop.running
    assert clock.calls == []


def test_an_error_that_comes_by_a_deferred_ends_it_too() -> None:
    clock = Clock()
    wait: Deferred[None] = Deferred()
    loop = loop_on(clock, lambda: wait)
    ended = results(loop.start(1))
    wait.errback(LookupError("lost"))
    assert ended[0].check(LookupError)
    assert not loop.running


def test_reset_counts_the_beats_from_now() -> None:
    clock, times = Clock(), list[float]()
    loop = loop_on(clock, lambda: times.append(clock.seconds()))
    loop.start(2, now=False)
    clock.advance(1)
    loop.reset()
    clock.pump([1] * 4)
    assert times == [3, 5]


def test_reset_from_within_counts_the_beats_from_then() -> None:
    clock, times = Clock(), list[float]()

    def work() -> None:
        times.append(clock.seconds())
        loop.reset()

    loop = loop_on(clock, work)
    loop.start(2)
    clock.pump([2.5, 1, 1])
    assert times == [0, 2.5, 4.5]


def test_it_can_be_started_again() -> None:
    clock, times = Clock(), list[float]()
    loop = loop_on(clock, lambda: times.append(clock.seconds()))
    loop.start(1)
    loop.stop()
    clock.advance(5)
    loop.start(2)
    clock.advance(2)
    assert times == [0, 5, 7]
    assert (loop.interval, loop.starttime) == (2, 5)


def test_an_interval_of_zero_calls_in_every_turn() -> None:
    seen: list[float] = []
    clock = Clock()

    def work() -> None:
        seen.append(clock.seconds())
        if len(seen) == 4:
            loop.stop()

    loop = loop_on(clock, work)
    assert results(loop.start(0)) == []
    assert len(seen) == 1
    clock.advance(0)
    assert len(seen) == 4


def test_misuse_is_refused() -> None:
    loop = loop_on(Clock(), lambda: None)
    for change in (loop.stop, loop.reset):
        with pytest.raises(RuntimeError, match="not running"):
            change()
    with pytest.raises(ValueError, match="interval"):
        loop.start(-1)
    loop.start(1)
    with pytest.raises(RuntimeError, match="running already"):
        loop.start(1)


def test_what_is_known_before_and_while_it_runs() -> None:
    loop = loop_on(Clock(), lambda: None)
    assert (loop.interval, loop.starttime, loop.call, loop.deferred) == (None,) * 4
    deferred = loop.start(3)
    assert (loop.interval, loop.starttime, loop.deferred) == (3, 0, deferred)
    assert loop.call is not None
    assert loop.call.getTime() == 3
    loop.stop()
    assert loop.deferred is None


def test_its_clock_is_the_reactor_unless_another_is_set() -> None:
    loop = LoopingCall(print)
    assert loop.clock is sennit.core.reactor
    loop.clock = clock = Clock()
    assert loop.clock is clock


def test_its_text_names_the_function() -> None:
    loop = LoopingCall(LoopingCall.stop, 1, key=2)
    assert repr(loop) == "LoopingCall<None>(LoopingCall.stop, *(1,), **{'key': 2})"


def test_the_count_is_of_the_beats_since_the_last_call() -> None:
    clock, counts = Clock(), list[int]()
    counting_on(clock, counts.append).start(0.5)
    clock.pump([0.51, 1.51, 0, 0.25, 0.25])
    assert counts == [1, 1, 3, 1]


def test_a_call_less_than_a_beat_late_does_not_count_more() -> None:
    clock, counts = Clock(), list[int]()
    counting_on(clock, counts.append).start(1)
    clock.pump([1.01, 1.75, 0.25])
    assert counts == [1, 1, 1, 1]


def test_the_count_includes_beats_that_a_deferred_took() -> None:
    clock, counts = Clock(), list[int]()
    wait: Deferred[None] = Deferred()

    def work(count: int) -> Deferred[None] | None:
        counts.append(count)
        return wait if len(counts) == 1 else None

    counting_on(clock, work).start(2, now=False)
    clock.pump([2, 4])
    wait.callback(None)
    clock.advance(2)
    assert counts == [1, 3]


def test_counts_add_up_however_the_clock_rounds() -> None:
    clock, counts = Clock(), list[int]()
    counting_on(clock, counts.append).start(0.1, now=False)
    clock.pump([0.1] * 10)
    clock.advance(1e-9)
    assert sum(counts) == 10
    assert 0 not in counts


@pytest.mark.parametrize("origin", [0.0, 0.1, 4951.552530295, 1.7e9 + 0.3])
@pytest.mark.parametrize("interval", [0.01, 0.1, 0.3])
def test_the_count_of_a_call_in_time_is_one_wherever_time_begins(
    origin: float, interval: float
) -> None:
    clock, counts = Clock(), list[int]()
    clock.rightNow = origin
    counting_on(clock, counts.append).start(interval)
    for _ in range(20):
        clock.advance(interval * 1.001)
    assert counts == [1] * 21


def test_the_count_is_one_if_the_interval_is_zero() -> None:
    clock, counts = Clock(), list[int]()

    def work(count: int) -> None:
        counts.append(count)
        if len(counts) == 3:
            loop.stop()

    loop = counting_on(clock, work)
    loop.start(0, now=False)
    clock.advance(5)
    assert counts == [1, 1, 1]


def test_the_count_begins_anew_with_reset() -> None:
    clock, counts = Clock(), list[int]()
    loop = counting_on(clock, counts.append)
    loop.start(2)
    clock.advance(1)
    loop.reset()
    clock.advance(2)
    assert counts == [1, 1]
