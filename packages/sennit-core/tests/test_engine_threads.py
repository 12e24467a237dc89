"""Calls from other threads arrive once, in order, in their own context."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from sennit.core.engine import Reactor

Drive = Callable[..., Any]
who: ContextVar[str] = ContextVar("who", default="nobody")


def test_calls_arrive_in_order_and_in_the_reactors_thread(
    reactor: Reactor, drive: Drive
) -> None:
    got: list[tuple[int, int]] = []

    def work() -> None:
        for n in range(1000):
            reactor.callFromThread(lambda n=n: got.append((n, threading.get_ident())))

    async def main() -> None:
        thread = threading.Thread(target=work)
        thread.start()
        while len(got) < 1000:
            await asyncio.sleep(0.001)
        thread.join()

    drive(main)
    assert got == [(n, threading.get_ident()) for n in range(1000)]


def test_calls_made_before_the_loop_runs_are_kept(
    reactor: Reactor, drive: Drive
) -> None:
    got: list[int] = []
    thread = threading.Thread(target=reactor.callFromThread, args=(got.append, 1))
    thread.start()
    thread.join()

    async def main() -> None:
        await asyncio.sleep(0)

    drive(main)
    assert got == [1]


def test_a_call_runs_in_the_context_it_was_made_in(
    reactor: Reactor, drive: Drive
) -> None:
    seen: list[str] = []

    def work() -> None:
        who.set("the thread")
        reactor.callFromThread(lambda: seen.append(who.get()))

    async def main() -> None:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        await asyncio.sleep(0.01)
        assert who.get() == "nobody"

    drive(main)
    assert seen == ["the thread"]


def test_a_call_that_raises_is_logged_and_others_arrive(
    reactor: Reactor, drive: Drive, logged: list[dict[str, Any]]
) -> None:
    got: list[int] = []

    async def main() -> None:
        reactor.callFromThread(lambda: 1 / 0)
        reactor.callFromThread(got.append, 1)
        await asyncio.sleep(0.01)

    drive(main)
    assert got == [1]
    assert [e["failure"].type for e in logged if e["isError"]] == [ZeroDivisionError]


def test_calls_that_make_calls_leave_room_for_others(
    reactor: Reactor, drive: Drive
) -> None:
    turns = 0

    def again() -> None:
        nonlocal turns
        turns += 1
        reactor.callFromThread(again)

    async def main() -> None:
        again()
        await asyncio.sleep(0.01)

    drive(main)
    assert turns > 1
