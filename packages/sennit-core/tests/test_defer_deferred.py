"""Deferreds in asyncio: awaited by its tasks, made of its futures, and timed out."""

from __future__ import annotations

import asyncio
import gc
import traceback
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
import uvloop

from sennit.core import defer, log
from sennit.core.defer import CancelledError, Deferred, fail, succeed
from sennit.core.failure import Failure
from sennit.core.task import Clock

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop])
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    """Run a coroutine as a task of each kind of loop; nothing unhandled may remain."""
    events: list[dict[str, Any]] = []
    log.addObserver(events.append)
    with asyncio.Runner(loop_factory=request.param) as runner:
        yield runner.run
    gc.collect()
    log.removeObserver(events.append)
    assert [event for event in events if event.get("isError")] == []


def soon(result: Any = None) -> Deferred[Any]:
    """Give a Deferred that the loop fires in its next turn."""
    d: Deferred[Any] = Deferred()
    asyncio.get_running_loop().call_soon(d.callback, result)
    return d


def test_a_task_awaits_a_deferred_and_may_do_it_again(run: Run) -> None:
    async def main() -> None:
        d = soon(5)
        assert await d == 5
        assert await d == 5
        assert d.result == 5
        assert await soon(None) is None

    run(main())


def test_a_fired_deferred_is_awaited_without_suspending(run: Run) -> None:
    async def main() -> None:
        others: list[str] = []
        asyncio.get_running_loop().call_soon(others.append, "turn")
        assert await succeed(3) == 3
        assert others == []

    run(main())


def test_two_tasks_await_the_same_deferred(run: Run) -> None:
    async def get(d: Deferred[Any]) -> Any:
        return await d

    async def main() -> None:
        d = soon(None).addCallback(lambda _: "x")
        assert tuple(await asyncio.gather(get(d), get(d), d)) == ("x", "x", "x")

    run(main())


def test_an_awaited_error_shows_both_its_origin_and_the_await(run: Run) -> None:
    def origin(_: object) -> None:
        raise KeyError

    async def main() -> None:
        d = soon().addCallback(origin)
        for _ in range(2):
            with pytest.raises(KeyError) as raised:
                await d
            names = [frame.name for frame in traceback.extract_tb(raised.tb)]
            assert "main" in names
            assert names.count("origin") == 1

    run(main())


def test_a_deferred_is_no_future_to_asyncio_but_an_awaitable(run: Run) -> None:
    async def main() -> None:
        d: Any = soon(1)
        assert not asyncio.isfuture(d)
        assert await d == 1
        assert not asyncio.isfuture(d)
        assert await asyncio.ensure_future(d) == 1

    run(main())


def test_what_asyncio_makes_of_awaitables_takes_deferreds(run: Run) -> None:
    async def main() -> None:
        assert await asyncio.wait_for(soon(1), 5) == 1
        assert tuple(await asyncio.gather(soon(1), asyncio.sleep(0, 2))) == (1, 2)
        assert await asyncio.shield(soon(3)) == 3
        d = soon(4)
        done, pending = await asyncio.wait({d})  # type: ignore[type-var]
        assert (done, pending) == ({d}, set())

    run(main())


async def within_timeout(d: Deferred[Any]) -> None:
    async with asyncio.timeout(0.001):
        await d


@pytest.mark.parametrize("how", [within_timeout, lambda d: asyncio.wait_for(d, 0.001)])
def test_a_time_out_of_asyncio_cancels_the_deferred(
    run: Run, how: Callable[[Deferred[Any]], Coroutine[Any, Any, None]]
) -> None:
    async def main() -> None:
        cancelled: list[object] = []
        d: Deferred[None] = Deferred(cancelled.append)
        with pytest.raises(TimeoutError):
            await how(d)
        assert cancelled == [d]

    run(main())


def test_cancelling_the_task_cancels_the_deferred(run: Run) -> None:
    async def main() -> None:
        d: Deferred[None] = Deferred()
        task = asyncio.ensure_future(d)
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as raised:
            await task
        assert type(raised.value) is asyncio.CancelledError
        assert task.cancelled()
        assert d.cancelled()

    run(main())


def test_cancelling_the_deferred_is_told_by_our_own_error(run: Run) -> None:
    async def main() -> None:
        d: Deferred[None] = Deferred()
        asyncio.get_running_loop().call_soon(d.cancel)
        with pytest.raises(CancelledError):
            await d

    run(main())


def test_a_shielded_deferred_is_not_cancelled(run: Run) -> None:
    async def main() -> None:
        d: Deferred[str] = Deferred()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(d), 0.001)
        assert not d.called
        d.callback("still")
        assert await d == "still"

    run(main())


def test_done_callbacks_are_called_by_the_loop_with_a_finished_future(run: Run) -> None:
    async def main() -> None:
        good, bad, gone = soon(1), soon().addCallback(lambda _: 1 / 0), soon(3)
        seen: list[Any] = []
        for each in (good, bad, gone):
            each.add_done_callback(seen.append)
        assert gone.remove_done_callback(seen.append) == 1
        assert gone.remove_done_callback(seen.append) == 0
        assert good.get_loop() is asyncio.get_running_loop()
        assert not good.done()
        with pytest.raises(asyncio.InvalidStateError):
            good.exception()
        while len(seen) < 2:
            await asyncio.sleep(0)
        first, second = seen
        assert first.done()
        assert first.result() == 1
        assert first.exception() is None
        assert isinstance(second.exception(), ZeroDivisionError)
        assert not second.cancelled()
        with pytest.raises(ZeroDivisionError):
            second.result()
        assert isinstance(bad.exception(), ZeroDivisionError)
        assert not bad.cancelled()

    run(main())


def test_a_future_becomes_a_deferred(run: Run) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[int] = loop.create_future()
        d = Deferred.fromFuture(future)
        loop.call_soon(future.set_result, 7)
        assert await d == 7
        bad: asyncio.Future[int] = loop.create_future()
        bad.set_exception(KeyError())
        with pytest.raises(KeyError):
            await Deferred.fromFuture(bad)

    run(main())


def test_cancelling_goes_from_the_deferred_to_its_future_and_back(run: Run) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        for who in ("deferred", "future"):
            future: asyncio.Future[int] = loop.create_future()
            d = Deferred.fromFuture(future)
            (d if who == "deferred" else future).cancel()
            with pytest.raises(CancelledError):
                await d
            assert future.cancelled()

    run(main())


def test_a_deferred_becomes_a_future(run: Run) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        d = soon(7)
        assert await d.asFuture(loop) == 7
        assert d.result is None
        with pytest.raises(KeyError):
            await fail(KeyError()).asFuture(loop)
        waiting: Deferred[int] = Deferred()
        future = waiting.asFuture(loop)
        waiting.cancel()
        assert future.cancelled()

    run(main())


def test_cancelling_the_future_cancels_its_deferred(run: Run) -> None:
    async def main() -> None:
        d: Deferred[int] = Deferred(lambda d: d.callback(9))
        future = d.asFuture(asyncio.get_running_loop())
        future.cancel()
        await asyncio.sleep(0)
        assert d.result is None
        assert future.cancelled()

    run(main())


def failure_of(d: Deferred[Any]) -> Failure:
    seen: list[Failure] = []
    d.addErrback(seen.append)
    return seen[0]


def test_without_a_result_in_time_it_fails_with_the_time_out_error() -> None:
    clock = Clock()
    d: Deferred[int] = Deferred()
    assert d.addTimeout(5, clock) is d
    clock.advance(4)
    assert not d.called
    clock.advance(1)
    error = failure_of(d).value
    assert isinstance(error, defer.TimeoutError)
    assert isinstance(error, TimeoutError)
    assert "5 seconds" in str(error)


def test_a_result_in_time_stops_the_clock() -> None:
    clock = Clock()
    inner: Deferred[int] = Deferred()
    d: Deferred[int] = Deferred()
    d.addTimeout(5, clock).addCallback(lambda _: inner)
    d.callback(1)
    assert clock.getDelayedCalls() == []
    clock.advance(9)
    assert not inner.called


def test_another_error_than_being_cancelled_stays() -> None:
    clock = Clock()
    d: Deferred[int] = Deferred(lambda d: d.errback(KeyError()))
    d.addTimeout(5, clock)
    clock.advance(5)
    assert failure_of(d).check(KeyError)


def test_being_cancelled_in_time_is_no_time_out() -> None:
    clock = Clock()
    d: Deferred[int] = Deferred()
    d.addTimeout(5, clock)
    d.cancel()
    assert failure_of(d).check(CancelledError)
    assert clock.getDelayedCalls() == []


def test_who_sets_the_time_may_say_what_comes_of_it() -> None:
    clock = Clock()
    d: Deferred[int] = Deferred()
    seen: list[object] = []

    def instead(outcome: object, seconds: float) -> str:
        seen.append((type(outcome), seconds))
        return "instead"

    d.addTimeout(5, clock, instead)
    clock.advance(5)
    assert d.result == "instead"
    assert seen == [(Failure, 5)]
