"""Coroutines driven by a Deferred, with and without what asyncio offers."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import traceback
import weakref
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator
from typing import Any, assert_type

import pytest
import uvloop

from sennit.core import log
from sennit.core.defer import (
    CancelledError,
    Deferred,
    NotACoroutineError,
    ensureDeferred,
    fail,
    inlineCallbacks,
    maybeDeferred,
    succeed,
)
from sennit.core.failure import Failure

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop])
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    """Run a coroutine by a Deferred on each kind of loop."""
    with asyncio.Runner(loop_factory=request.param) as runner:

        async def outer(coroutine: Coroutine[Any, Any, Any]) -> Any:
            task = asyncio.current_task()
            d = ensureDeferred(coroutine)
            assert asyncio.current_task() is task
            return await d

        yield lambda coroutine: runner.run(outer(coroutine))


def failure_of(d: Deferred[Any]) -> Failure:
    seen: list[Failure] = []
    d.addErrback(seen.append)
    return seen[0]


def soon(result: Any = None) -> Deferred[Any]:
    """Give a Deferred that the loop fires in its next turn."""
    d: Deferred[Any] = Deferred()
    asyncio.get_running_loop().call_soon(d.callback, result)
    return d


async def returning(x: int) -> int:
    return x


def test_the_deferred_fires_with_what_the_coroutine_returns() -> None:
    d = ensureDeferred(returning(3))
    assert_type(d, Deferred[int])
    assert d.result == 3
    assert Deferred.fromCoroutine(returning(4)).result == 4


def test_a_coroutine_runs_at_once_up_to_its_first_wait() -> None:
    seen: list[object] = []
    d: Deferred[int] = Deferred()

    async def work() -> int:
        seen.append("begun")
        seen.append(await d)
        seen.append(await d)
        return 7

    running = ensureDeferred(work())
    assert seen == ["begun"]
    assert not running.called
    d.callback(1)
    assert seen == ["begun", 1, 1]
    assert running.result == 7
    assert d.result == 1


def test_none_is_a_result_like_any_other() -> None:
    d: Deferred[None] = Deferred()

    async def work() -> list[object]:
        return [await _awaiting(each) for each in (d, d, succeed(None))]

    running = ensureDeferred(work())
    d.callback(None)
    assert running.result == [None, None, None]


def test_an_awaited_failure_is_raised_and_counts_as_handled() -> None:
    events: list[dict[str, Any]] = []
    log.addObserver(events.append)
    seen: list[str] = []
    waited: list[Deferred[Any]] = [fail(KeyError()), Deferred()]

    async def work() -> None:
        for each in waited:
            for _ in range(2):
                try:
                    await each
                except KeyError:
                    seen.append("raised")

    ensureDeferred(work())
    waited[1].errback(KeyError())
    waited.clear()
    gc.collect()
    log.removeObserver(events.append)
    assert seen == ["raised"] * 4
    assert events == []


def test_the_traceback_shows_the_origin_and_every_await() -> None:
    d: Deferred[None] = Deferred()

    def origin(_: object) -> None:
        raise KeyError

    async def inner() -> None:
        await d

    async def outer() -> None:
        await inner()

    running = ensureDeferred(outer())
    d.addCallback(origin)
    other = ensureDeferred(outer())
    d.callback(None)
    assert running.result is None
    names = [frame.name for frame in traceback.extract_tb(failure_of(other).tb)]
    assert names[:2] == ["outer", "inner"]
    assert names[-1] == "origin"


def test_many_fired_deferreds_in_a_row_do_not_recurse() -> None:
    async def work() -> int:
        total = 0
        for _ in range(10_000):
            total += await succeed(1)
        return total

    assert ensureDeferred(work()).result == 10_000


def test_others_may_wait_for_the_same_deferred() -> None:
    seen: list[object] = []
    d: Deferred[int] = Deferred()

    async def work(name: str) -> None:
        seen.append((name, await d))

    ensureDeferred(work("a"))
    d.addCallback(lambda x: x + 1)
    ensureDeferred(work("b"))
    d.addBoth(seen.append)
    d.callback(1)
    assert seen == [("a", 1), ("b", 2), 2]


def test_a_deferred_paused_or_waiting_is_waited_for() -> None:
    inner: Deferred[str] = Deferred()
    paused = succeed("p")
    paused.pause()

    async def work() -> list[str]:
        return [await succeed(1).addCallback(lambda _: inner), await paused]

    running = ensureDeferred(work())
    inner.callback("i")
    assert not running.called
    paused.unpause()
    assert running.result == ["i", "p"]


def test_a_deferred_that_a_coroutine_waits_for_may_be_paused() -> None:
    d: Deferred[int] = Deferred()
    running = ensureDeferred(_awaiting(d))
    d.pause()
    d.callback(1)
    assert not running.called
    d.unpause()
    assert running.result == 1


async def _awaiting(d: Deferred[Any]) -> Any:
    return await d


def test_cancelling_goes_to_what_is_waited_for() -> None:
    cancelled: list[object] = []
    d: Deferred[None] = Deferred(cancelled.append)
    running = ensureDeferred(_awaiting(d))
    assert running.cancel()
    assert cancelled == [d]
    assert failure_of(running).check(CancelledError)
    assert not running.cancel()


def test_a_coroutine_may_handle_being_cancelled_and_go_on() -> None:
    first: Deferred[None] = Deferred()
    second: Deferred[str] = Deferred()

    async def work() -> str:
        try:
            await first
        except CancelledError:
            return await second
        return "not cancelled"

    running = ensureDeferred(work())
    running.cancel()
    assert not running.called
    second.callback("on")
    assert running.result == "on"


def test_a_coroutine_that_cancels_itself_is_cancelled_at_its_next_wait() -> None:
    d: Deferred[None] = Deferred()
    started: Deferred[None] = Deferred()

    async def work() -> None:
        await started
        running.cancel()
        await d

    running = ensureDeferred(work())
    started.callback(None)
    assert failure_of(running).check(CancelledError)
    assert d.called


def test_the_context_is_a_copy_and_the_same_at_each_step() -> None:
    var: contextvars.ContextVar[str] = contextvars.ContextVar("var", default="unset")
    d: Deferred[None] = Deferred()

    async def work() -> str:
        var.set(var.get() + "+inner")
        await d
        return var.get()

    def other() -> None:
        var.set("other")
        d.callback(None)

    var.set("caller")
    running = ensureDeferred(work())
    assert var.get() == "caller"
    contextvars.Context().run(other)
    assert running.result == "caller+inner"


def test_what_is_no_coroutine_is_refused() -> None:
    for thing in (1, None, "x", returning, asyncio):
        with pytest.raises(NotACoroutineError):
            ensureDeferred(thing)  # type: ignore[arg-type]
        with pytest.raises(NotACoroutineError):
            Deferred.fromCoroutine(thing)  # type: ignore[arg-type]


def test_a_deferred_stays_itself() -> None:
    d = succeed(1)
    assert ensureDeferred(d) is d


def test_a_generator_may_wait_by_yield_from() -> None:
    d: Deferred[str] = Deferred()

    def inner() -> Generator[Deferred[str], Any, str]:
        return (yield from d)

    def work() -> Generator[Deferred[str], Any, str]:
        first = yield from succeed("a")
        return first + (yield from inner())

    running = ensureDeferred(work())
    assert_type(running, Deferred[str])
    d.callback("b")
    assert running.result == "ab"
    assert d._asyncio_future_blocking is None


def test_anything_awaitable_becomes_a_deferred() -> None:
    class Awaitable:
        def __await__(self) -> Generator[Any, Any, int]:
            got: int = yield 5
            return got + 1

    assert ensureDeferred(Awaitable()).result == 6


def test_a_coroutine_whose_deferred_somebody_else_fired_is_told_of() -> None:
    events: list[dict[str, Any]] = []
    d: Deferred[None] = Deferred()
    running = ensureDeferred(_awaiting(d))
    running.callback("usurped")
    log.addObserver(events.append)
    d.callback(None)
    log.removeObserver(events.append)
    assert running.result == "usurped"
    assert len(events) == 1


def test_nothing_is_left_of_a_coroutine_that_has_ended() -> None:
    class Big:
        pass

    async def work(big: Big) -> None:
        await d

    d: Deferred[None] = Deferred()
    big = Big()
    gone = weakref.ref(big)
    running = ensureDeferred(work(big))
    del big
    gc.disable()
    try:
        assert gone() is not None
        d.callback(None)
        assert gone() is None
    finally:
        gc.enable()
    assert running.result is None


def test_asyncio_s_own_are_awaited(run: Run) -> None:
    async def main() -> None:
        assert await asyncio.sleep(0.001, 1) == 1
        assert await soon(2) == 2
        await asyncio.sleep(0)
        assert tuple(await asyncio.gather(soon(3), asyncio.sleep(0, 4))) == (3, 4)
        assert await asyncio.wait_for(soon(5), 5) == 5
        assert await asyncio.to_thread(returns_six) == 6
        queue: asyncio.Queue[int] = asyncio.Queue()
        asyncio.get_running_loop().call_soon(queue.put_nowait, 7)
        assert await queue.get() == 7
        assert [item async for item in counting()] == [0, 1]

    run(main())


def returns_six() -> int:
    return 6


async def counting() -> AsyncIterator[int]:
    for item in range(2):
        await asyncio.sleep(0)
        yield item


def test_the_coroutine_s_deferred_is_the_current_task(run: Run) -> None:
    async def other() -> object:
        me = asyncio.current_task()
        await soon()
        assert asyncio.current_task() is me
        return me

    async def main() -> None:
        me: Any = asyncio.current_task()
        kind: type = type(me)
        assert issubclass(kind, Deferred)
        assert me.get_name().endswith("main")
        me.set_name("mine")
        assert me.get_name() == "mine"
        assert asyncio.iscoroutine(me.get_coro())
        assert me.get_context() == contextvars.copy_context()
        nested = ensureDeferred(other())
        assert asyncio.current_task() is me
        await soon()
        assert asyncio.current_task() is me
        assert await nested is nested
        assert await asyncio.create_task(other()) is not me

    run(main())


def test_a_coroutine_begun_before_the_loop_runs_is_a_task_later(
    run: Run,
) -> None:
    gate: Deferred[None] = Deferred()

    async def early() -> bool:
        await gate
        return asyncio.current_task() is not None

    async def main() -> None:
        gate.callback(None)
        assert await running

    running = ensureDeferred(early())
    run(main())


def test_a_task_may_fire_what_a_coroutine_waits_for(run: Run) -> None:
    async def waiting(d: Deferred[None]) -> object:
        for _ in range(2):
            await d
            await soon()
        return asyncio.current_task()

    async def fire(d: Deferred[None]) -> None:
        me = asyncio.current_task()
        d.callback(None)
        assert asyncio.current_task() is me

    async def main() -> None:
        d: Deferred[None] = Deferred()
        running = ensureDeferred(waiting(d))
        await asyncio.create_task(fire(d))
        assert await running is running

    run(main())


def test_a_time_out_of_asyncio_ends_any_wait(run: Run) -> None:
    async def main() -> None:
        waits: list[Callable[[], Any]] = [lambda: asyncio.sleep(5), Deferred]
        for wait in waits:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.001):
                    await wait()
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(wait(), 0.001)
        async with asyncio.timeout(5):
            assert await soon(1) == 1

    run(main())


async def waiting_beside(other: Coroutine[Any, Any, None]) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(other)
        await Deferred()


def test_a_task_group_cancels_the_coroutine_that_opened_it(run: Run) -> None:
    async def bad() -> None:
        await asyncio.sleep(0)
        raise KeyError

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            good = group.create_task(returning(1))
        assert good.result() == 1
        with pytest.raises(ExceptionGroup) as raised:
            await waiting_beside(bad())
        assert raised.group_contains(KeyError)
        assert await soon(2) == 2

    run(main())


def test_cancelling_reaches_asyncio_s_futures(run: Run) -> None:
    async def sleeping() -> None:
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError as error:
            seen.append(type(error))
            raise

    async def cancelling_itself() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.sleep(5)

    async def main() -> None:
        running = ensureDeferred(sleeping())
        running.cancel()
        with pytest.raises(CancelledError):
            await running
        with pytest.raises(CancelledError):
            await ensureDeferred(cancelling_itself())

    seen: list[type] = []
    run(main())
    assert seen == [asyncio.CancelledError]


def test_generators_wait_for_coroutines_and_futures_too(run: Run) -> None:
    @inlineCallbacks
    def work() -> Generator[Any, Any, list[int]]:
        first = yield asyncio.sleep(0, 1)
        second = yield asyncio.ensure_future(returning(2))
        third = yield soon(3)
        return [first, second, third]

    async def main() -> None:
        assert await work() == [1, 2, 3]

    run(main())


def test_maybe_deferred_runs_a_coroutine_function() -> None:
    d = maybeDeferred(returning, 3)
    assert_type(d, Deferred[int])
    assert d.result == 3
