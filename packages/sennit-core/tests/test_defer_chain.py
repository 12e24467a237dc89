"""The chain of a Deferred: callbacks, errbacks, waiting, holding up, cancelling."""

from __future__ import annotations

import gc
import sys
import traceback
import weakref
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sennit.core.defer import (
    AlreadyCalledError,
    CancelledError,
    Deferred,
    fail,
    succeed,
)
from sennit.core.failure import Failure


def swallow(deferred: Deferred[Any]) -> list[Failure]:
    """Take the failure of a Deferred, so that it is not reported."""
    seen: list[Failure] = []
    deferred.addErrback(seen.append)
    return seen


def test_callbacks_get_what_the_one_before_returned() -> None:
    d: Deferred[int] = Deferred()
    d.addCallback(lambda x: x + 1).addCallback(lambda x: x * 10)
    d.callback(1)
    assert d.result == 20


def test_callbacks_get_their_further_arguments_after_the_result() -> None:
    seen: list[object] = []

    def note(*args: object, **kwargs: object) -> None:
        seen.append((args, kwargs))

    d: Deferred[int] = Deferred()
    d.addCallback(note, 2, key="k")
    d.addBoth(note, "both")
    d.addCallbacks(note, note, (3,), {"a": 1}, (4,), {"b": 2})
    d.addCallback(lambda _: 1 / 0)
    d.addErrback(note, 5)
    d.callback(1)
    assert seen[:3] == [
        ((1, 2), {"key": "k"}),
        ((None, "both"), {}),
        ((None, 3), {"a": 1}),
    ]
    assert seen[3][0][1:] == (5,)  # type: ignore[index]


def test_what_is_added_to_a_fired_deferred_runs_at_once() -> None:
    seen: list[int] = []
    succeed(3).addCallback(seen.append)
    assert seen == [3]


def test_an_error_passes_the_callbacks_by_and_meets_the_errback() -> None:
    error = KeyError("x")
    d: Deferred[int] = Deferred()

    def explode(_: int) -> int:
        raise error

    d.addCallback(explode).addCallback(lambda x: x + 1)
    seen = swallow(d)
    d.callback(1)
    assert [each.value for each in seen] == [error]
    assert d.result is None


def test_a_failure_that_is_returned_is_an_error() -> None:
    d = succeed(1).addCallback(lambda _: Failure(KeyError()))
    assert swallow(d)[0].check(KeyError)


def test_an_errback_brings_the_chain_back_to_callbacks() -> None:
    d = fail(KeyError()).addErrback(lambda f: 7).addCallback(lambda x: x + 1)
    assert d.result == 8


def test_none_for_a_callback_passes_the_result_by() -> None:
    d = succeed(1).addCallbacks(None, lambda f: 2)  # type: ignore[call-overload]
    assert d.result == 1


def test_the_traceback_of_an_error_begins_in_the_callback() -> None:
    d = succeed(1).addCallback(lambda _: 1 / 0)
    frames = traceback.extract_tb(swallow(d)[0].tb)
    assert [frame.name for frame in frames] == ["<lambda>"]


def test_firing_twice_is_an_error() -> None:
    d: Deferred[int] = Deferred()
    d.callback(1)
    with pytest.raises(AlreadyCalledError):
        d.callback(2)
    with pytest.raises(AlreadyCalledError):
        d.errback(KeyError())


def test_errback_without_an_error_takes_the_one_being_handled() -> None:
    d: Deferred[int] = Deferred()
    try:
        raise KeyError("x")
    except KeyError:
        d.errback()
    assert swallow(d)[0].check(KeyError)


def test_a_deferred_has_no_result_before_it_is_fired() -> None:
    d: Deferred[int] = Deferred()
    assert not hasattr(d, "result")
    assert not d.called
    d.callback(1)
    assert d.called


def test_a_callback_may_add_to_its_own_chain() -> None:
    seen: list[int] = []
    d: Deferred[int] = Deferred()

    def first(_: int) -> None:
        seen.append(1)
        d.addCallback(lambda _: seen.append(3))
        assert seen == [1]

    d.addCallback(first).addCallback(lambda _: seen.append(2))
    d.callback(0)
    assert seen == [1, 2, 3]


def test_a_returned_deferred_that_has_fired_gives_its_result_away() -> None:
    inner = succeed("inner")
    outer = succeed(1).addCallback(lambda _: inner)
    assert outer.result == "inner"
    assert inner.result is None


def test_a_returned_deferred_that_has_not_fired_is_waited_for() -> None:
    inner: Deferred[str] = Deferred()
    seen: list[str] = []
    outer = succeed(1).addCallback(lambda _: inner)
    outer.addCallback(seen.append)
    assert outer.paused == 1
    assert seen == []
    inner.callback("late")
    assert seen == ["late"]
    assert inner.result is None


def test_the_waiting_chain_goes_on_before_the_rest_of_the_inner_one() -> None:
    inner: Deferred[str] = Deferred()
    seen: list[object] = []
    succeed(1).addCallback(lambda _: inner).addCallback(seen.append)
    inner.addCallback(seen.append)
    inner.callback("x")
    assert seen == ["x", None]


def test_the_failure_of_a_returned_deferred_is_handed_over_not_doubled() -> None:
    inner: Deferred[str] = Deferred()
    outer = succeed(1).addCallback(lambda _: inner)
    inner.errback(KeyError())
    assert swallow(outer)[0].check(KeyError)
    assert inner.result is None


def test_a_callback_that_returns_its_own_deferred_fails() -> None:
    d: Deferred[int] = Deferred()
    d.addCallback(lambda _: d)
    d.callback(1)
    assert swallow(d)[0].check(RuntimeError)


def test_a_paused_inner_deferred_is_waited_for_even_with_a_result() -> None:
    inner = succeed("x")
    inner.pause()
    outer = succeed(1).addCallback(lambda _: inner)
    assert outer.paused == 1
    inner.unpause()
    assert outer.result == "x"


def test_pausing_holds_the_chain_until_all_pauses_are_taken_back() -> None:
    seen: list[int] = []
    d: Deferred[int] = Deferred()
    d.pause()
    d.pause()
    d.addCallback(seen.append)
    d.callback(1)
    d.unpause()
    assert seen == []
    d.unpause()
    assert seen == [1]


def test_unpausing_within_a_callback_does_not_walk_the_chain_twice() -> None:
    seen: list[int] = []
    d: Deferred[int] = Deferred()

    def shake(x: int) -> int:
        seen.append(x)
        d.pause()
        d.unpause()
        return x + 1

    d.addCallback(shake).addCallback(shake)
    d.callback(1)
    assert seen == [1, 2]


def test_ten_thousand_deferreds_waiting_for_each_other_do_not_recurse() -> None:
    number = 10_000
    assert number > sys.getrecursionlimit()
    last: Deferred[str] = Deferred()
    inner = last
    depths: list[int] = []
    for _ in range(number):
        outer: Deferred[None] = Deferred()
        waited = outer.addCallback(lambda _, inner: inner, inner)
        outer.callback(None)
        inner = waited
    inner.addCallback(lambda _: depths.append(len(traceback.extract_stack())))
    here = len(traceback.extract_stack())
    last.callback("end")
    assert depths[0] - here < 5


def test_ten_thousand_fired_deferreds_in_a_row_do_not_recurse() -> None:
    d = succeed(0)
    for _ in range(10_000):
        d.addCallback(lambda x: succeed(x + 1))
    assert d.result == 10_000


def test_ten_thousand_callbacks_waiting_do_not_recurse() -> None:
    d: Deferred[int] = Deferred()
    for _ in range(10_000):
        d.addCallback(lambda x: x + 1)
    d.callback(0)
    assert d.result == 10_000


def test_chaining_fires_the_other_and_leaves_none() -> None:
    first: Deferred[int] = Deferred()
    second: Deferred[int] = Deferred()
    same: object = first.chainDeferred(second)
    assert same is first
    first.callback(3)
    assert (first.result, second.result) == (None, 3)


def test_chaining_passes_a_failure_on() -> None:
    first: Deferred[int] = Deferred()
    second: Deferred[int] = Deferred()
    first.chainDeferred(second)
    first.errback(KeyError())
    assert swallow(second)[0].check(KeyError)
    assert first.result is None


def test_cancelling_without_a_canceller_fails_and_ignores_one_firing() -> None:
    d: Deferred[int] = Deferred()
    seen = swallow(d)
    assert d.cancel()
    assert seen[0].check(CancelledError)
    d.callback(1)
    with pytest.raises(AlreadyCalledError):
        d.callback(2)


def test_a_canceller_is_called_once_and_firing_later_is_an_error() -> None:
    calls: list[Deferred[int]] = []
    d: Deferred[int] = Deferred(calls.append)
    seen = swallow(d)
    d.cancel()
    assert not d.cancel()
    assert calls == [d]
    assert seen[0].check(CancelledError)
    with pytest.raises(AlreadyCalledError):
        d.callback(1)


def test_a_canceller_may_fire_with_an_outcome_of_its_own() -> None:
    d: Deferred[str] = Deferred(lambda d: d.callback("instead"))
    d.cancel()
    assert d.result == "instead"


def test_an_error_in_the_canceller_goes_to_who_cancels() -> None:
    def bad(_: object) -> None:
        raise KeyError

    d: Deferred[str] = Deferred(bad)
    with pytest.raises(KeyError):
        d.cancel()
    assert not d.called


def test_cancelling_goes_to_the_deferred_that_is_waited_for() -> None:
    inner: Deferred[int] = Deferred()
    outer = succeed(1).addCallback(lambda _: inner)
    assert outer.cancel()
    assert swallow(outer)[0].check(CancelledError)
    assert inner.result is None


def test_cancelling_what_has_its_result_does_nothing() -> None:
    d = succeed(1)
    assert not d.cancel()
    assert d.result == 1


def test_firing_lets_go_of_the_canceller() -> None:
    class Canceller:
        deferred: object = None

        def __call__(self, _: object) -> None: ...

    canceller = Canceller()
    d: Deferred[int] = Deferred(canceller)
    canceller.deferred = d
    gone = weakref.ref(canceller)
    d.callback(1)
    del canceller
    assert gone() is None


def test_the_text_of_a_deferred_tells_its_state() -> None:
    d: Deferred[str] = Deferred()
    inner: Deferred[str] = Deferred()
    assert repr(d) == f"<Deferred at 0x{id(d):x}>"
    inner.chainDeferred(d)
    assert repr(d) == (
        f"<Deferred at 0x{id(d):x} waiting on Deferred at 0x{id(inner):x}>"
    )
    inner.callback("orange")
    assert repr(d) == f"<Deferred at 0x{id(d):x} current result: 'orange'>"
    d.addCallback(lambda _: Deferred())
    assert " waiting on Deferred at 0x" in repr(d)


def test_a_deferred_takes_attributes_of_its_user() -> None:
    d: Any = Deferred()
    d.mine = 1
    assert d.mine == 1


def test_a_deferred_that_was_not_fired_is_freed_with_its_last_reference() -> None:
    d: Deferred[int] = Deferred()
    d.addCallback(lambda x: x)
    gone = weakref.ref(d)
    gc.disable()
    try:
        del d
        assert gone() is None
    finally:
        gc.enable()


@given(
    st.lists(st.sampled_from(["ok", "raise", "return", "recover", "wait"])),
    st.booleans(),
)
def test_any_chain_gives_the_same_fired_before_or_after(
    steps: list[str], waiting: bool
) -> None:
    """Adding to a fired Deferred and firing one that was added to are the same."""

    def build(d: Deferred[Any], held: list[Deferred[Any]]) -> None:
        for index, step in enumerate(steps):
            if step == "ok":
                d.addCallback(lambda x: [*x, "ok"])
            elif step == "raise":
                d.addCallback(lambda x: x["not a list"])
            elif step == "return":
                d.addCallback(lambda x, i: Failure(KeyError(i)), index)
            elif step == "recover":
                d.addErrback(lambda f: [f.type.__name__])
            elif waiting:

                def wait(x: Any) -> Deferred[Any]:
                    inner: Deferred[Any] = Deferred()
                    inner.addCallback(lambda _: [*x, "waited"])
                    held.append(inner)
                    return held[-1]

                d.addCallback(wait)
            else:
                d.addCallback(lambda x: succeed([*x, "waited"]))

    def outcome(before: bool) -> Any:
        d: Deferred[Any] = Deferred()
        held: list[Deferred[Any]] = []
        if before:
            d.callback([])
        build(d, held)
        if not before:
            d.callback([])
        while held:
            held.pop().callback(None)
        told: list[Any] = []
        d.addBoth(lambda r: told.append(getattr(r, "type", r)))
        return told

    assert outcome(True) == outcome(False)
