"""The heap of delayed calls: order, moving, cancelling, contexts, bounded memory."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from math import inf, nan

import pytest
from hypothesis import given, settings, strategies as st

from sennit.core import log
from sennit.core._timers import DelayedCall, TimerQueue
from sennit.core.errors import AlreadyCalled, AlreadyCancelled

variable: ContextVar[str] = ContextVar("variable", default="none")


class Driver:
    """A queue, a time to set by hand, and what the queue asked to be armed for."""

    def __init__(self) -> None:
        self.now = 0.0
        self.armed: list[float] = []
        self.queue = TimerQueue(lambda: self.now, self.armed.append)
        self.seen: list[object] = []

    def later(self, delay: float, what: object) -> DelayedCall:
        return self.queue.callLater(delay, self.seen.append, what)

    def until(self, now: float) -> float | None:
        self.now = now
        return self.queue.runDue(now)


@pytest.fixture
def driver() -> Driver:
    return Driver()


@pytest.fixture
def errors() -> Iterator[list[log.EventDict]]:
    """The errors that are logged."""
    events: list[log.EventDict] = []

    def observe(event: log.EventDict) -> None:
        if event["isError"]:
            events.append(event)

    log.addObserver(observe)
    yield events
    log.removeObserver(observe)


def noop(*args: object, **kw: object) -> None:
    """Do nothing, under a name to look for."""


def test_calls_are_made_in_order_of_their_time_and_then_of_their_making(
    driver: Driver,
) -> None:
    for delay, what in ((2, "c"), (1, "a"), (2, "d"), (1, "b")):
        driver.later(delay, what)
    assert driver.until(2) is None
    assert driver.seen == ["a", "b", "c", "d"]


def test_nothing_is_called_before_its_time(driver: Driver) -> None:
    driver.later(1, "a")
    driver.later(3, "b")
    assert driver.until(0.5) == 1
    assert driver.until(1) == 3
    assert driver.seen == ["a"]


def test_arguments_are_passed(driver: Driver) -> None:
    seen: list[tuple[object, ...]] = []
    driver.queue.callLater(0, lambda *a, **kw: seen.append((a, kw)), 1, "b", c=3)
    driver.until(0)
    assert seen == [((1, "b"), {"c": 3})]


def test_the_driver_is_told_only_of_calls_that_come_first(driver: Driver) -> None:
    for delay in (5, 7, 3, 3, 4):
        driver.later(delay, None)
    assert driver.armed == [5, 3]


def test_the_driver_is_not_told_while_it_runs_what_is_due(driver: Driver) -> None:
    driver.queue.callLater(1, driver.later, 1, "inner")
    assert driver.until(1) == 2
    assert driver.armed == [1]
    driver.later(0.5, "sooner")
    assert driver.armed == [1, 1.5]


def test_a_call_for_now_that_is_made_by_a_call_waits_for_the_next_time(
    driver: Driver,
) -> None:
    def again() -> None:
        driver.seen.append("again")
        driver.queue.callLater(0, again)

    driver.queue.callLater(0, again)
    assert driver.until(0) == 0
    assert driver.seen == ["again"]


@pytest.mark.parametrize("delay", [-1, -0.001, nan, -inf])
def test_a_negative_delay_is_refused(driver: Driver, delay: float) -> None:
    with pytest.raises(ValueError, match="delay"):
        driver.later(delay, None)


def test_what_cannot_be_called_is_refused_at_once(driver: Driver) -> None:
    with pytest.raises(TypeError, match="not callable"):
        driver.queue.callLater(1, None)  # type: ignore[arg-type]


def test_a_cancelled_call_is_not_made_and_lets_go_of_what_it_held(
    driver: Driver,
) -> None:
    class Big:
        pass

    big = Big()
    gone = weakref.ref(big)
    call = driver.later(1, big)
    del big
    call.cancel()
    gc.collect()
    assert gone() is None
    assert (call.active(), call.called, call.cancelled) == (False, False, True)
    assert driver.until(2) is None
    assert driver.seen == []


def test_a_call_cancelled_by_another_that_is_due_with_it_is_not_made(
    driver: Driver,
) -> None:
    driver.queue.callLater(1, lambda: second.cancel())
    second = driver.later(1, "second")
    driver.until(1)
    assert driver.seen == []


@pytest.mark.parametrize("change", ["cancel", "reset", "delay"])
def test_what_is_over_cannot_be_changed(driver: Driver, change: str) -> None:
    def attempt(call: DelayedCall) -> None:
        if change == "cancel":
            call.cancel()
        else:
            getattr(call, change)(1)

    cancelled = driver.later(1, None)
    cancelled.cancel()
    with pytest.raises(AlreadyCancelled):
        attempt(cancelled)
    called = driver.later(1, None)
    driver.until(1)
    with pytest.raises(AlreadyCalled):
        attempt(called)
    assert (called.active(), called.called, called.cancelled) == (False, True, False)


def test_a_call_counts_as_made_while_it_is_being_made(driver: Driver) -> None:
    def inner() -> None:
        with pytest.raises(AlreadyCalled):
            call.cancel()
        driver.seen.append(call.called)

    call = driver.queue.callLater(1, inner)
    driver.until(1)
    assert driver.seen == [True]


def test_a_call_can_be_moved_to_later(driver: Driver) -> None:
    call = driver.later(1, "a")
    driver.later(2, "b")
    call.reset(3)
    assert call.getTime() == 3
    assert driver.until(1) == 2
    assert driver.until(2) == 3
    driver.until(3)
    assert driver.seen == ["b", "a"]


def test_a_call_can_be_moved_to_earlier_and_the_driver_is_told(driver: Driver) -> None:
    driver.later(2, "b")
    call = driver.later(3, "a")
    call.delay(-2)
    assert driver.armed == [2, 1]
    assert driver.until(1) == 2
    driver.until(5)
    assert driver.seen == ["a", "b"]


def test_reset_counts_from_now_and_delay_from_when_it_was_due(driver: Driver) -> None:
    call = driver.later(10, None)
    driver.now = 4
    call.delay(2)
    assert call.getTime() == 12
    call.reset(2)
    assert call.getTime() == 6


def test_the_calls_that_wait_are_listed_once_each_the_first_first(
    driver: Driver,
) -> None:
    a, b, c = (driver.later(delay, None) for delay in (1, 2, 3))
    b.cancel()
    c.reset(0.5)
    a.reset(9)
    c.reset(4)
    c.reset(0.5)
    assert driver.queue.getDelayedCalls() == [c, a]
    driver.until(0.5)
    assert driver.queue.getDelayedCalls() == [a]


def test_what_goes_wrong_is_logged_and_the_others_are_called(
    driver: Driver, errors: list[log.EventDict]
) -> None:
    def fail() -> None:
        raise LookupError("lost")

    driver.queue.callLater(1, fail)
    driver.later(1, "after")
    driver.until(1)
    assert driver.seen == ["after"]
    assert [event["failure"].type for event in errors] == [LookupError]
    assert "fail()" in str(errors[0]["why"])


def test_the_end_of_the_program_gets_through_and_the_rest_stays_armed(
    driver: Driver,
) -> None:
    def leave() -> None:
        raise SystemExit(3)

    driver.queue.callLater(1, leave)
    driver.later(2, "after")
    with pytest.raises(SystemExit):
        driver.until(1)
    assert driver.armed == [1, 2]
    driver.until(2)
    assert driver.seen == ["after"]


def test_each_call_has_a_copy_of_the_context_it_was_made_in(driver: Driver) -> None:
    def look(value: str) -> None:
        driver.seen.append(variable.get())
        variable.set(value)

    variable_before = variable.set("first")
    driver.queue.callLater(1, look, "changed")
    driver.queue.callLater(1, look, "changed")
    variable.set("second")
    driver.queue.callLater(1, look, "changed")
    variable.reset(variable_before)
    driver.queue.callLater(1, look, "changed")
    driver.until(1)
    assert driver.seen == ["first", "first", "second", "none"]
    assert variable.get() == "none"


def test_a_million_calls_made_and_cancelled_leave_no_heap_behind(
    driver: Driver,
) -> None:
    keep = [driver.later(1e9, None) for _ in range(10)]
    for number in range(100_000):
        driver.queue.callLater(number, noop).cancel()
    assert len(driver.queue._heap) <= 1024
    assert driver.queue.getDelayedCalls() == keep


def test_a_timeout_moved_at_each_message_leaves_no_heap_behind(driver: Driver) -> None:
    calls = [driver.later(60, None) for _ in range(10)]
    for number in range(20_000):
        driver.now = number / 1000
        calls[number % 10].reset(30 + number % 7)
    assert len(driver.queue._heap) <= 1024
    assert set(driver.queue.getDelayedCalls()) == set(calls)


def made_by_hand(
    time: float,
    func: Callable[..., object] = noop,
    told: list[str] | None = None,
) -> DelayedCall:
    told = [] if told is None else told
    return DelayedCall(
        time,
        func,
        (3,),
        {"A": 5},
        lambda call: told.append("cancelled"),
        lambda call: told.append("moved"),
        lambda: 1.5,
    )


def test_calls_compare_by_time_and_are_equal_to_themselves_alone() -> None:
    zero, one = made_by_hand(0), made_by_hand(1)
    assert zero < one
    assert zero <= one
    assert one > zero
    assert one >= zero
    assert not zero < made_by_hand(0)
    assert zero <= made_by_hand(0)
    assert zero != made_by_hand(0)
    assert len({zero, one, zero}) == 2


def test_one_made_by_hand_tells_its_maker() -> None:
    told: list[str] = []
    call = made_by_hand(5, told=told)
    call.delay(1)
    call.reset(1)
    call.cancel()
    assert told == ["moved", "cancelled"]
    assert call.getTime() == 2.5


def test_its_text_names_the_function_the_time_and_the_state() -> None:
    call = made_by_hand(12)
    state = f"<DelayedCall {id(call):#x} [10.5s] called=0 cancelled="
    assert str(call) == repr(call) == state + "0 noop(3, A=5)>"
    call.cancel()
    assert str(call) == state + "1>"


def test_a_bad_repr_of_an_argument_does_not_spoil_the_text(driver: Driver) -> None:
    class Bad:
        def __repr__(self) -> str:
            raise ZeroDivisionError

    assert "<Bad instance" in str(driver.queue.callLater(1, noop, Bad()))


def test_in_debug_its_text_tells_where_it_was_made(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DelayedCall, "debug", True)
    call = driver.later(1, None)
    monkeypatch.undo()
    assert "traceback at creation" in str(call)
    assert "test_in_debug_its_text_tells_where_it_was_made" in str(call)
    other = driver.later(1, None)
    other.debug = True
    assert "traceback at creation" not in str(other)


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["make", "cancel", "reset", "delay", "pass", "list"]),
        st.integers(0, 20),
        st.integers(0, 30),
    ),
    max_size=60,
)


@settings(deadline=None)
@given(_STEPS)
def test_it_does_what_a_plain_dictionary_of_times_would_do(
    steps: list[tuple[str, int, int]],
) -> None:
    """Whatever is made, moved and cancelled: what is due is called, in order of time."""
    driver = Driver()
    due: dict[int, float] = {}
    calls: dict[int, DelayedCall] = {}
    wanted: list[float] = []
    times: list[float] = []

    def made(number: int) -> None:
        times.append(calls[number].time)

    for step, amount, which in steps:
        if step == "make":
            number = len(calls)
            due[number] = driver.now + amount
            calls[number] = driver.queue.callLater(amount, made, number)
        elif step == "pass":
            now = driver.now + amount
            over = [number for number, time in due.items() if time <= now]
            wanted += sorted(due.pop(number) for number in over)
            following = driver.until(now)
            assert following == min(due.values(), default=None) or (
                following is not None and following <= min(due.values())
            )
        elif step == "list":
            assert [c.time for c in driver.queue.getDelayedCalls()] == sorted(
                due.values()
            )
        elif which in due:
            if step == "cancel":
                calls[which].cancel()
                del due[which]
            elif step == "reset":
                calls[which].reset(amount)
                due[which] = driver.now + amount
            else:
                calls[which].delay(amount - 10)
                due[which] += amount - 10
    driver.until(inf)
    assert times == wanted + sorted(due.values())
