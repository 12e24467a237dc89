"""From the reactor's thread into others and back."""

from __future__ import annotations

import asyncio
import threading
import traceback
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from typing import Any

import pytest

import sennit.core
from sennit.core.defer import Deferred
from sennit.core.engine import Reactor
from sennit.core.task import deferLater
from sennit.core.threadpool import ThreadPool
from sennit.core.threads import (
    blockingCallFromThread,
    callMultipleInThread,
    deferToThread,
    deferToThreadPool,
)

variable: ContextVar[str] = ContextVar("variable", default="none")

Drive = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


@pytest.fixture
def only(reactor: Reactor, monkeypatch: pytest.MonkeyPatch) -> Reactor:
    """The test's reactor, as the one for the main thread."""
    monkeypatch.setitem(vars(sennit.core), "reactor", reactor)
    return reactor


def test_the_result_comes_back_to_the_reactors_thread(
    only: Reactor, drive: Drive
) -> None:
    async def main() -> tuple[int, threading.Thread, threading.Thread]:
        here: list[threading.Thread] = []
        there: list[threading.Thread] = []

        def work(x: int, y: int = 5) -> int:
            there.append(threading.current_thread())
            return x + y

        def back(result: int) -> int:
            here.append(threading.current_thread())
            return result

        result = await deferToThread(work, 3, y=4).addCallback(back)
        return result, here[0], there[0]

    result, here, there = drive(main)
    assert result == 7
    assert here is threading.current_thread()
    assert there is not here


def test_an_error_comes_back_with_its_traceback(only: Reactor, drive: Drive) -> None:
    def deep_in_the_thread() -> None:
        raise LookupError("lost")

    async def main() -> None:
        await deferToThread(deep_in_the_thread)

    with pytest.raises(LookupError) as caught:
        drive(main)
    assert "deep_in_the_thread" in "".join(traceback.format_tb(caught.tb))


def test_a_pool_of_ones_own_can_be_used(reactor: Reactor, drive: Drive) -> None:
    pool = ThreadPool(0, 1, "own")
    pool.start()

    async def main() -> str:
        return await deferToThreadPool(
            reactor, pool, lambda: threading.current_thread().name
        )

    assert drive(main) == "PoolThread-own-0"
    pool.stop()


def test_the_context_goes_into_the_thread_and_what_it_sets_stays_there(
    only: Reactor, drive: Drive
) -> None:
    def work() -> str:
        value = variable.get()
        variable.set("of the thread")
        return value

    async def main() -> tuple[str, str]:
        variable.set("of the caller")
        back: list[str] = []

        def note(result: str) -> str:
            back.append(variable.get())
            return result

        return await deferToThread(work).addCallback(note), back[0]

    assert drive(main) == ("of the caller", "of the caller")
    assert variable.get() == "none"


def test_work_for_a_stopped_pool_fails(reactor: Reactor, drive: Drive) -> None:
    pool = ThreadPool(0, 1)
    pool.start()
    pool.stop()

    async def main() -> None:
        await deferToThreadPool(reactor, pool, int)

    with pytest.raises(RuntimeError, match="stopped"):
        drive(main)


def test_several_calls_are_made_in_one_thread_in_their_order(
    only: Reactor, drive: Drive
) -> None:
    async def main() -> list[int]:
        seen: list[int] = []
        done: Deferred[None] = Deferred()
        calls: list[tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]]] = [
            (seen.append, (number,), {}) for number in range(10)
        ]
        calls.append((only.callFromThread, (done.callback, None), {}))
        callMultipleInThread(calls)
        await done
        return seen

    assert drive(main) == list(range(10))


def test_a_thread_can_wait_for_a_value_a_deferred_or_a_coroutine(
    only: Reactor, drive: Drive
) -> None:
    async def slowly(word: str) -> str:
        await deferLater(only, 0.001)
        return word

    async def with_asyncio(word: str) -> str:
        await asyncio.sleep(0.001)
        return word

    def work() -> list[object]:
        return [
            blockingCallFromThread(only, threading.current_thread),
            blockingCallFromThread(only, deferLater, only, 0.001, str, "deferred"),
            blockingCallFromThread(only, slowly, "coroutine"),
            blockingCallFromThread(only, with_asyncio, word="asyncio"),
        ]

    async def main() -> list[object]:
        return await deferToThread(work)

    here = threading.current_thread()
    assert drive(main) == [here, "deferred", "coroutine", "asyncio"]


def test_a_thread_that_waits_gets_the_error_with_its_traceback(
    only: Reactor, drive: Drive
) -> None:
    async def deep_in_the_reactor() -> None:
        await deferLater(only, 0.001)
        raise LookupError("lost")

    def work() -> str:
        with pytest.raises(LookupError) as caught:
            blockingCallFromThread(only, deep_in_the_reactor)
        return "".join(traceback.format_tb(caught.tb))

    async def main() -> str:
        return await deferToThread(work)

    assert "deep_in_the_reactor" in drive(main)


def test_the_reactors_own_thread_is_kept_from_waiting_for_itself() -> None:
    class Here:
        """A reactor on the loop that runs in this thread."""

        def __init__(self) -> None:
            self.loop = asyncio.get_running_loop()

        def callFromThread(
            self, callable: Callable[..., object], *args: Any, **kwargs: Any
        ) -> None:
            self.loop.call_soon_threadsafe(callable, *args, **kwargs)

    async def main() -> None:
        blockingCallFromThread(Here(), int)

    with pytest.raises(RuntimeError, match="wait for itself"):
        asyncio.run(main())
