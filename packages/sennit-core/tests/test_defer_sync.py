"""Locks, semaphores and queues."""

from __future__ import annotations

from typing import Any

import pytest

from sennit.core.defer import (
    CancelledError,
    Deferred,
    DeferredLock,
    DeferredQueue,
    DeferredSemaphore,
    QueueOverflow,
    QueueUnderflow,
    ensureDeferred,
    succeed,
)
from sennit.core.failure import Failure


def failure_of(d: Deferred[Any]) -> Failure:
    seen: list[Failure] = []
    d.addErrback(seen.append)
    return seen[0]


def test_a_lock_goes_to_one_after_the_other() -> None:
    lock = DeferredLock()
    first: Any
    second: Any
    third: Any
    first, second, third = (lock.acquire() for _ in range(3))
    assert first.result is lock
    assert not second.called
    lock.release()
    assert second.called
    assert not third.called
    lock.release()
    lock.release()
    assert not lock.locked


def test_giving_up_the_place_in_the_row_is_cancelling() -> None:
    lock = DeferredLock()
    lock.acquire()
    waiting = lock.acquire()
    waiting.cancel()
    assert failure_of(waiting).check(CancelledError)
    lock.release()
    assert not lock.locked


def test_what_nobody_holds_cannot_be_released() -> None:
    with pytest.raises(RuntimeError):
        DeferredLock().release()
    with pytest.raises(RuntimeError):
        DeferredSemaphore(1).release()


def test_a_lock_is_held_until_the_result_of_the_call_is_there() -> None:
    lock = DeferredLock()
    inner: Deferred[str] = Deferred()
    d = lock.run(lambda x: inner, 1)
    assert lock.locked
    inner.callback("done")
    assert d.result == "done"
    assert not lock.locked


def test_a_lock_is_released_when_the_call_fails() -> None:
    lock = DeferredLock()
    assert failure_of(lock.run(int, "x")).check(ValueError)
    assert not lock.locked


def test_a_coroutine_function_may_run_under_a_lock() -> None:
    lock = DeferredLock()

    async def work(x: int) -> int:
        assert lock.locked
        return x + 1

    assert lock.run(work, 2).result == 3


def test_run_needs_a_function() -> None:
    with pytest.raises(TypeError):
        DeferredLock().run()  # type: ignore[call-overload]


def test_a_lock_holds_within_async_with() -> None:
    lock = DeferredLock()

    async def work() -> str:
        async with lock as held:
            assert held is lock
            assert lock.locked
            waiting: Any = lock.acquire()
            assert not waiting.called
        assert waiting.called
        lock.release()
        with pytest.raises(KeyError):
            async with lock:
                raise KeyError
        return "end"

    assert ensureDeferred(work()).result == "end"
    assert not lock.locked


def test_a_semaphore_has_so_many_tokens() -> None:
    semaphore = DeferredSemaphore(2)
    held = [semaphore.acquire() for _ in range(3)]
    assert [d.called for d in held] == [True, True, False]
    assert (semaphore.tokens, semaphore.limit) == (0, 2)
    semaphore.release()
    assert held[2].called
    assert semaphore.tokens == 0
    semaphore.release()
    semaphore.release()
    assert semaphore.tokens == 2


@pytest.mark.parametrize("tokens", [0, -1])
def test_a_semaphore_has_at_least_one_token(tokens: int) -> None:
    with pytest.raises(ValueError, match="tokens"):
        DeferredSemaphore(tokens)


def test_a_queue_gives_items_in_order_to_who_asked_first() -> None:
    queue: DeferredQueue[int] = DeferredQueue()
    early = [queue.get(), queue.get()]
    for item in range(4):
        queue.put(item)
    assert [d.result for d in early] == [0, 1]
    assert [queue.get().result, queue.get().result] == [2, 3]


def test_a_queue_has_limits() -> None:
    queue: DeferredQueue[int] = DeferredQueue(size=1, backlog=1)
    queue.get()
    with pytest.raises(QueueUnderflow):
        queue.get()
    queue.put(1)
    queue.put(2)
    with pytest.raises(QueueOverflow):
        queue.put(3)


def test_who_gives_up_waiting_gets_no_item() -> None:
    queue: DeferredQueue[int] = DeferredQueue()
    gone = queue.get()
    gone.cancel()
    assert failure_of(gone).check(CancelledError)
    queue.put(1)
    assert queue.get().result == 1


def test_async_with_works_at_the_first_try_without_a_loop() -> None:
    async def work() -> int:
        async with DeferredSemaphore(1):
            return await succeed(1)

    assert ensureDeferred(work()).result == 1
