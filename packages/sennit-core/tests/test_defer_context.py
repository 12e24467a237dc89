"""Callbacks run in the context in which they were added."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pytest

from sennit.core import threads
from sennit.core.defer import Deferred, DeferredList, gatherResults, succeed
from sennit.core.engine import Reactor

REQUEST: ContextVar[str] = ContextVar("request", default="none")

Drive = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


@contextmanager
def request(name: str) -> Iterator[None]:
    """Serve a request, as instrumentation does: the variable is set meanwhile."""
    token = REQUEST.set(name)
    try:
        yield
    finally:
        REQUEST.reset(token)


def noting(seen: list[str]) -> Callable[[Any], Any]:
    def note(result: Any) -> Any:
        seen.append(REQUEST.get())
        return result

    return note


@pytest.mark.parametrize("add", ["addCallback", "addBoth", "addErrback"])
def test_a_callback_runs_in_the_context_in_which_it_was_added(add: str) -> None:
    d: Deferred[int] = Deferred()
    seen: list[str] = []
    with request("a"):
        getattr(d, add)(noting(seen))
    with request("b"):
        if add == "addErrback":
            d.errback(ValueError())
            d.addErrback(lambda _: None)
        else:
            d.callback(1)
    assert seen == ["a"]


def test_each_callback_has_its_own_context() -> None:
    d: Deferred[int] = Deferred()
    seen: list[str] = []
    for name in "aab":
        with request(name):
            d.addCallback(noting(seen))
            d.addCallbacks(noting(seen), noting(seen))
            d.addBoth(noting(seen))
    d.addCallback(noting(seen))
    d.callback(1)
    assert seen == ["a"] * 6 + ["b"] * 3 + ["none"]


def test_an_errback_of_another_context_is_called_there() -> None:
    d: Deferred[int] = Deferred()
    seen: list[str] = []
    d.addCallback(noting(seen))
    with request("a"):
        d.addErrback(noting(seen))
        d.addErrback(lambda _: 2)
    with request("b"):
        d.addCallbacks(noting(seen), None)
        d.addErrback(noting(seen))
    d.errback(ValueError())
    assert seen == ["a", "b"]
    assert d.result == 2


def test_who_fires_has_its_own_context_again() -> None:
    d: Deferred[int] = Deferred()

    def leave_something(_: object) -> None:
        REQUEST.set("left")

    with request("a"):
        d.addCallback(leave_something)
    with request("b"):
        d.callback(1)
        assert REQUEST.get() == "b"


def test_what_is_added_after_the_result_runs_at_once_in_the_context_there_is() -> None:
    seen: list[str] = []
    d = succeed(1)
    with request("a"):
        d.addCallback(noting(seen))
    assert seen == ["a"]


def test_a_chain_that_waited_for_another_goes_on_in_its_own_context() -> None:
    outer: Deferred[int] = Deferred()
    inner: Deferred[int] = Deferred()
    seen: list[str] = []
    with request("inner"):
        inner.addCallback(noting(seen))
    with request("outer"):
        outer.addCallback(lambda _: inner)
        outer.addCallback(noting(seen))
        outer.addErrback(noting(seen))
    with request("other"):
        outer.addCallback(noting(seen))
    outer.callback(1)
    with request("later"):
        outer.addCallback(noting(seen))
    inner.callback(2)
    assert seen == ["inner", "outer", "other", "later"]


def test_a_chain_that_was_held_up_goes_on_in_its_own_context() -> None:
    d: Deferred[int] = Deferred()
    seen: list[str] = []
    d.pause()
    d.callback(1)
    with request("a"):
        d.addCallback(noting(seen))
    with request("b"):
        d.unpause()
    assert seen == ["a"]


def test_a_callback_may_hold_up_and_release_its_own_chain() -> None:
    d: Deferred[int] = Deferred()
    seen: list[str] = []
    inner: Deferred[int] = Deferred()

    def wait(_: object) -> Deferred[int]:
        return inner

    def hold_up(_: object) -> int:
        d.pause()
        d.unpause()
        return 3

    with request("a"):
        d.addCallback(wait)
        d.addCallback(noting(seen))
        inner.addCallback(hold_up)
    d.callback(1)
    inner.callback(2)
    assert seen == ["a"]
    assert d.result == 3


def test_chained_deferreds_keep_their_contexts() -> None:
    source: Deferred[int] = Deferred()
    target: Deferred[int] = Deferred()
    seen: list[str] = []
    with request("target"):
        target.addCallback(noting(seen))
    with request("source"):
        source.addCallback(noting(seen))
        source.chainDeferred(target)
    source.callback(1)
    assert seen == ["source", "target"]


def test_a_coroutine_and_a_callback_that_wait_for_the_same_keep_theirs() -> None:
    d: Deferred[int] = Deferred()
    seen: list[str] = []

    async def wait() -> None:
        await d
        seen.append(REQUEST.get())

    with request("coroutine"):
        waiting = Deferred.fromCoroutine(wait())
    with request("callback"):
        d.addCallback(noting(seen))
    with request("errback"):
        d.addErrback(noting(seen))
        d.addBoth(noting(seen))
    d.callback(1)
    assert waiting.called
    assert seen == ["coroutine", "callback", "errback"]


def test_who_waits_for_many_is_told_in_its_own_context() -> None:
    many: list[Deferred[int]] = [Deferred() for _ in range(3)]
    seen: list[str] = []
    with request("a"):
        gatherResults(many[:2]).addCallback(noting(seen))
        DeferredList([many[2]]).addCallback(noting(seen))
    for each in many:
        with request("b"):
            each.callback(1)
    assert seen == ["a", "a"]


def test_timers_and_threads_keep_the_context_as_well(
    reactor: Reactor, drive: Drive
) -> None:
    seen: list[str] = []

    async def main() -> None:
        later: Deferred[None] = Deferred()
        with request("timer"):
            reactor.callLater(0.001, lambda: later.callback(noting(seen)(None)))
        with request("thread"):
            pool = reactor.getThreadPool()
            found = threads.deferToThreadPool(reactor, pool, REQUEST.get)
            found.addCallback(lambda name: seen.append(f"{name}, {REQUEST.get()}"))
        await later
        await found
        with request("from thread"):
            done: Deferred[None] = Deferred()
            reactor.callFromThread(lambda: done.callback(noting(seen)(None)))
        await done

    drive(main)
    assert sorted(seen) == ["from thread", "thread, thread", "timer"]
