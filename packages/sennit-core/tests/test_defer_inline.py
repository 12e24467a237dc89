"""Functions that wait by ``yield``."""

from __future__ import annotations

import contextlib
import gc
import traceback
import weakref
from collections.abc import Generator
from typing import Any, assert_type

import pytest

from sennit.core.defer import (
    CancelledError,
    Deferred,
    fail,
    inlineCallbacks,
    returnValue,
    succeed,
)
from sennit.core.failure import Failure

Waits = Generator[Any, Any, Any]


def failure_of(d: Deferred[Any]) -> Failure:
    seen: list[Failure] = []
    d.addErrback(seen.append)
    return seen[0]


def test_what_is_yielded_comes_back_as_its_result() -> None:
    async def coroutine() -> str:
        return "c"

    @inlineCallbacks
    def work(*args: object, key: str) -> Generator[Any, Any, list[object]]:
        first = yield succeed("a")
        second = yield waited
        third = yield coroutine()
        fourth = yield 4
        return [first, second, third, fourth, args, key]

    waited: Deferred[str] = Deferred()
    d = work(1, 2, key="k")
    assert_type(d, Deferred[list[object]])
    waited.callback("b")
    assert d.result == ["a", "b", "c", 4, (1, 2), "k"]


def test_the_result_of_a_yielded_deferred_is_taken() -> None:
    @inlineCallbacks
    def work() -> Waits:
        yield fired
        yield waited

    fired = succeed(1)
    waited: Deferred[int] = Deferred()
    work()
    waited.callback(2)
    assert (fired.result, waited.result) == (None, None)


def test_failures_are_raised_at_the_yield() -> None:
    @inlineCallbacks
    def work() -> Waits:
        seen = []
        for each in (fail(KeyError(1)), Failure(KeyError(2)), waited):
            try:
                yield each
            except KeyError as error:
                seen.append(error.args[0])
        return seen

    waited: Deferred[int] = Deferred()
    d = work()
    waited.errback(KeyError(3))
    assert d.result == [1, 2, 3]


def test_an_error_in_the_function_is_the_failure_of_its_deferred() -> None:
    @inlineCallbacks
    def inner() -> Waits:
        yield succeed(1)
        raise KeyError

    @inlineCallbacks
    def outer() -> Waits:
        yield inner()

    names = [frame.name for frame in traceback.extract_tb(failure_of(outer()).tb)]
    assert names[0] == "outer"
    assert names[-1] == "inner"


def test_the_old_way_to_return_a_value_works_and_leaves_no_trace() -> None:
    @inlineCallbacks
    def inner() -> Waits:
        yield waited
        returnValue(6)

    @inlineCallbacks
    def outer() -> Waits:
        got = yield inner()
        try:
            raise KeyError
        except KeyError:
            return got, traceback.format_exc()

    waited: Deferred[None] = Deferred()
    d = outer()
    waited.callback(None)
    got, text = d.result
    assert got == 6
    assert "another exception occurred" not in text


def test_five_thousand_fired_deferreds_do_not_recurse() -> None:
    @inlineCallbacks
    def work() -> Waits:
        for _ in range(5000):
            yield succeed(1)
            yield 1
        return "end"

    assert work().result == "end"


def test_a_function_that_is_no_generator_is_refused() -> None:
    def returning() -> int:
        return 5

    def stopping() -> int:
        returnValue(5)

    for function in (returning, stopping):
        decorated: Any = inlineCallbacks(function)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="inlineCallbacks requires"):
            decorated()


def test_the_function_keeps_its_name_and_text() -> None:
    @inlineCallbacks
    def work() -> Waits:
        """Do it."""
        yield 1

    assert (work.__name__, work.__doc__) == ("work", "Do it.")


def test_cancelling_goes_down_through_all_functions() -> None:
    @inlineCallbacks
    def inner() -> Waits:
        yield waited

    @inlineCallbacks
    def outer() -> Waits:
        yield inner()

    cancelled: list[object] = []
    waited: Deferred[None] = Deferred(cancelled.append)
    d = outer()
    d.cancel()
    assert cancelled == [waited]
    assert failure_of(d).check(CancelledError)


def test_a_function_may_handle_being_cancelled_and_be_cancelled_again() -> None:
    @inlineCallbacks
    def work() -> Waits:
        with contextlib.suppress(Exception):
            yield first
        yield second

    first: Deferred[None] = Deferred()
    second: Deferred[None] = Deferred()
    d = work()
    d.cancel()
    assert not d.called
    d.cancel()
    assert failure_of(d).check(CancelledError)


def test_another_callback_may_be_added_to_what_is_waited_for() -> None:
    @inlineCallbacks
    def work() -> Waits:
        return (yield waited)

    seen: list[object] = []
    waited: Deferred[int] = Deferred()
    d = work()
    waited.addBoth(seen.append)
    waited.callback(1)
    assert d.result == 1
    assert seen == [None]


def test_nothing_is_left_of_a_function_that_has_ended() -> None:
    class Big:
        pass

    @inlineCallbacks
    def work(big: Big) -> Waits:
        yield waited

    waited: Deferred[None] = Deferred()
    big = Big()
    gone = weakref.ref(big)
    d = work(big)
    del big
    gc.disable()
    try:
        waited.callback(None)
        assert gone() is None
    finally:
        gc.enable()
    assert d.result is None
