"""The pool of threads: how many there are, what they do, and what they let go."""

from __future__ import annotations

import gc
import pickle
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from queue import SimpleQueue
from typing import Any

import pytest

from sennit.core import log, threadpool
from sennit.core.failure import Failure
from sennit.core.threadpool import ThreadPool

# Seconds after which what should have happened will not.
PATIENCE = 10.0

variable: ContextVar[str] = ContextVar("variable", default="none")


@pytest.fixture
def make() -> Iterator[Callable[[int, int], ThreadPool]]:
    """Makes pools, which are stopped after the test."""
    pools: list[ThreadPool] = []

    def made(low: int, high: int) -> ThreadPool:
        pools.append(ThreadPool(low, high))
        return pools[-1]

    yield made
    for pool in pools:
        pool.stop()


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


class Blocker:
    """Work that is begun and then waits to be let go."""

    def __init__(self) -> None:
        self.begun: SimpleQueue[str] = SimpleQueue()
        self.free = threading.Event()

    def __call__(self) -> None:
        self.begun.put(threading.current_thread().name)
        self.free.wait(PATIENCE)

    def wait_for(self, number: int) -> set[str]:
        """Wait until it was begun so often; the names of the threads."""
        return {self.begun.get(timeout=PATIENCE) for _ in range(number)}


def until(condition: Callable[[], object]) -> None:
    """Wait for something that another thread is about to do."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


def outcome(pool: ThreadPool, func: Callable[..., Any], *args: Any) -> tuple[bool, Any]:
    """Have something called in the pool, and wait for what comes of it."""
    results: SimpleQueue[tuple[bool, Any]] = SimpleQueue()

    def told(success: bool, result: Any) -> None:
        results.put((success, result))

    pool.callInThreadWithCallback(told, func, *args)
    return results.get(timeout=PATIENCE)


def test_started_it_has_as_many_threads_as_it_must(
    make: Callable[[int, int], ThreadPool],
) -> None:
    pool = make(3, 10)
    assert (pool.min, pool.max, pool.threads, pool.started) == (3, 10, [], False)
    pool.start()
    assert len(pool.threads) == pool.workers == 3
    assert pool.started


def test_threads_are_started_as_work_needs_them_up_to_the_limit(
    make: Callable[[int, int], ThreadPool],
) -> None:
    pool, blocker = make(0, 3), Blocker()
    pool.start()
    for number in (1, 2, 3, 3, 3):
        pool.callInThread(blocker)
        assert pool.workers == number
    blocker.wait_for(3)
    assert (len(pool.working), len(pool.waiters), pool.q.qsize()) == (3, 0, 2)
    blocker.free.set()
    until(lambda: len(pool.waiters) == 3)
    assert len(pool.working) == 0


def test_no_thread_is_started_while_one_is_free(
    make: Callable[[int, int], ThreadPool],
) -> None:
    pool = make(0, 5)
    pool.start()
    for _ in range(5):
        outcome(pool, int)
        until(lambda: pool.waiters)
    assert pool.workers == 1


def test_work_that_lets_others_go_on_never_waits_for_them(
    make: Callable[[int, int], ThreadPool],
) -> None:
    pool = make(0, 10)
    pool.start()
    for _ in range(50):
        blocker = Blocker()
        for _ in range(3):
            pool.callInThread(blocker)
        pool.callInThread(blocker.free.set)
        assert blocker.free.wait(PATIENCE)
        until(lambda: not pool.working)


def test_work_given_before_the_start_is_done_after_it(
    make: Callable[[int, int], ThreadPool],
) -> None:
    pool, blocker = make(0, 2), Blocker()
    for _ in range(3):
        pool.callInThread(blocker)
    assert pool.threads == []
    pool.start()
    assert len(blocker.wait_for(2)) == 2
    blocker.free.set()
    blocker.wait_for(1)


def test_stop_waits_for_all_work_that_was_given(
    make: Callable[[int, int], ThreadPool],
) -> None:
    pool, seen = make(0, 2), list[int]()
    pool.start()
    for number in range(100):
        pool.callInThread(seen.append, number)
    pool.stop()
    assert sorted(seen) == list(range(100))
    assert (pool.threads, pool.started, pool.joined) == ([], False, True)


def test_a_stopped_pool_does_nothing_but_says_so(
    make: Callable[[int, int], ThreadPool],
) -> None:
    pool, seen = make(0, 2), list[int]()
    pool.start()
    pool.stop()
    pool.callInThread(seen.append, 1)
    success, failure = outcome(pool, seen.append, 2)
    assert not success
    assert "stopped" in failure.getErrorMessage()
    assert (seen, pool.threads) == ([], [])


def test_it_can_be_started_again(make: Callable[[int, int], ThreadPool]) -> None:
    pool = make(1, 2)
    for _ in range(3):
        pool.start()
        assert outcome(pool, int, "7") == (True, 7)
        pool.stop()


def test_it_may_be_stopped_by_one_of_its_threads(
    make: Callable[[int, int], ThreadPool],
) -> None:
    pool = make(0, 1)
    pool.start()
    assert outcome(pool, pool.stop) == (True, None)
    until(lambda: not pool.threads)


def test_the_limits_can_be_changed(make: Callable[[int, int], ThreadPool]) -> None:
    pool = make(0, 5)
    pool.start()
    pool.adjustPoolsize(4)
    assert (pool.min, pool.max, pool.workers) == (4, 5, 4)
    pool.adjustPoolsize(1, 2)
    assert (pool.min, pool.max, pool.workers) == (1, 2, 2)
    until(lambda: len(pool.threads) == 2)
    pool.adjustPoolsize(maxthreads=0, minthreads=0)
    until(lambda: not pool.threads)


def test_a_higher_limit_is_for_the_work_that_waits_too(
    make: Callable[[int, int], ThreadPool],
) -> None:
    pool, blocker = make(0, 1), Blocker()
    pool.start()
    for _ in range(3):
        pool.callInThread(blocker)
    blocker.wait_for(1)
    pool.adjustPoolsize(0, 3)
    blocker.wait_for(2)
    blocker.free.set()


def test_limits_of_a_pool_that_does_not_run_start_no_thread(
    make: Callable[[int, int], ThreadPool],
) -> None:
    pool = make(0, 5)
    pool.adjustPoolsize(2)
    assert pool.threads == []
    pool.start()
    pool.stop()
    pool.adjustPoolsize(3)
    assert pool.threads == []


@pytest.mark.parametrize(("low", "high"), [(-1, 5), (3, 2)])
def test_limits_that_make_no_sense_are_refused(
    make: Callable[[int, int], ThreadPool], low: int, high: int
) -> None:
    with pytest.raises(ValueError, match="threads"):
        ThreadPool(low, high)
    with pytest.raises(ValueError, match="threads"):
        make(0, 5).adjustPoolsize(low, high)


def test_threads_come_and_go_by_hand_within_the_limit(
    make: Callable[[int, int], ThreadPool],
) -> None:
    pool = make(0, 1)
    pool.start()
    pool.startAWorker()
    pool.startAWorker()
    assert pool.workers == 1
    pool.stopAWorker()
    pool.stopAWorker()
    assert pool.workers == 0
    until(lambda: not pool.threads)
    assert outcome(pool, int) == (True, 0)


def test_idle_threads_leave_down_to_the_minimum(
    make: Callable[[int, int], ThreadPool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threadpool, "IDLE", 0.01)
    pool, blocker = make(1, 3), Blocker()
    pool.start()
    for _ in range(3):
        pool.callInThread(blocker)
    blocker.wait_for(3)
    assert pool.workers == 3
    blocker.free.set()
    until(lambda: len(pool.threads) == 1)
    assert outcome(pool, int) == (True, 0)


def test_an_error_of_a_call_is_logged_and_the_thread_lives_on(
    make: Callable[[int, int], ThreadPool], errors: list[log.EventDict]
) -> None:
    pool = make(0, 1)
    pool.start()
    pool.callInThread(int, "no number")
    assert outcome(pool, int) == (True, 0)
    assert [event["failure"].type for event in errors] == [ValueError]


def test_the_callback_gets_the_failure(make: Callable[[int, int], ThreadPool]) -> None:
    pool = make(0, 1)
    pool.start()
    success, failure = outcome(pool, int, "no number")
    assert not success
    assert isinstance(failure, Failure)
    assert failure.check(ValueError)


def test_the_end_of_the_program_raised_in_a_thread_is_a_failure_like_others(
    make: Callable[[int, int], ThreadPool],
) -> None:
    def leave() -> None:
        raise SystemExit(3)

    pool = make(0, 1)
    pool.start()
    success, failure = outcome(pool, leave)
    assert (success, failure.type) == (False, SystemExit)
    assert outcome(pool, int) == (True, 0)


def test_an_error_of_the_callback_is_logged(
    make: Callable[[int, int], ThreadPool], errors: list[log.EventDict]
) -> None:
    def told(success: bool, result: object) -> None:
        raise LookupError("lost")

    pool = make(0, 1)
    pool.start()
    pool.callInThreadWithCallback(told, int)
    assert outcome(pool, int) == (True, 0)
    assert [event["failure"].type for event in errors] == [LookupError]


def test_the_context_travels_along(make: Callable[[int, int], ThreadPool]) -> None:
    """The call and the callback share a copy of the context of the caller."""
    seen: SimpleQueue[str] = SimpleQueue()

    def work() -> None:
        seen.put(variable.get())
        variable.set("changed")

    def told(success: bool, result: object) -> None:
        seen.put(variable.get())

    pool = make(0, 1)
    pool.start()
    token = variable.set("of the caller")
    pool.callInThreadWithCallback(told, work)
    variable.reset(token)
    assert seen.get(timeout=PATIENCE) == "of the caller"
    assert seen.get(timeout=PATIENCE) == "changed"
    assert outcome(pool, variable.get) == (True, "none")


def test_what_is_done_is_let_go_before_the_callback_is_called(
    make: Callable[[int, int], ThreadPool],
) -> None:
    class Big:
        pass

    def work(big: Big) -> None:
        """A function of its own, that can be gone."""

    told: SimpleQueue[list[object]] = SimpleQueue()
    ready = threading.Event()
    big = Big()
    gone: list[Callable[[], object]] = [weakref.ref(big), weakref.ref(work)]

    def callback(success: bool, result: object) -> None:
        ready.wait(PATIENCE)
        gc.collect()
        told.put([each() for each in gone])

    pool = make(0, 1)
    pool.start()
    pool.callInThreadWithCallback(callback, work, big)
    del big, work
    ready.set()
    assert told.get(timeout=PATIENCE) == [None, None]


def test_threads_bear_the_name_of_their_pool() -> None:
    pool = ThreadPool(0, 2, "readers")
    pool.start()
    name = outcome(pool, lambda: threading.current_thread().name)[1]
    pool.stop()
    assert name == "PoolThread-readers-0"
    assert repr(pool) == "<ThreadPool readers: 0 to 2 threads>"


def test_its_state_can_be_logged(make: Callable[[int, int], ThreadPool]) -> None:
    messages: list[str] = []

    def observe(event: log.EventDict) -> None:
        messages.append(" ".join(event["message"]))

    pool, blocker = make(2, 2), Blocker()
    pool.start()
    for _ in range(3):
        pool.callInThread(blocker)
    blocker.wait_for(2)
    log.addObserver(observe)
    pool.dumpStats()
    log.removeObserver(observe)
    blocker.free.set()
    assert [message.rsplit(": ", 1)[-1] for message in messages] == ["0", "2", "1"]


def test_it_can_be_pickled_without_its_threads(
    make: Callable[[int, int], ThreadPool],
) -> None:
    pool = make(1, 7)
    pool.start()
    copy = pickle.loads(pickle.dumps(pool))
    assert (copy.min, copy.max, copy.threads, copy.started) == (1, 7, [], False)


def test_a_stopped_pool_is_no_longer_held_by_its_threads() -> None:
    pool = ThreadPool(2, 2)
    pool.start()
    gone = weakref.ref(pool)
    pool.stop()
    del pool
    gc.collect()
    assert gone() is None
