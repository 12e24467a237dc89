from __future__ import annotations

import unittest
from typing import Any

import pytest

import sennit.core
from sennit.compat.faces.trial.unittest import SynchronousTestCase, TestCase
from sennit.core import defer, log
from sennit.core.defer import Deferred


def run(case: unittest.TestCase) -> tuple[int, int, int]:
    """How many failures, errors and skips a case has."""
    result = unittest.TestResult()
    case.run(result)
    return len(result.failures), len(result.errors), len(result.skipped)


def case_of(test: Any, base: type[unittest.TestCase] = TestCase) -> unittest.TestCase:
    case: unittest.TestCase = type("Case", (base,), {"test": test})("test")
    return case


def later(result: object) -> Deferred[Any]:
    deferred: Deferred[Any] = Deferred()
    sennit.core.reactor.callLater(0, deferred.callback, result)
    return deferred


def test_a_deferred_is_waited_for() -> None:
    done: list[object] = []

    def test(self: TestCase) -> Deferred[None]:
        return later("x").addCallback(done.append)

    assert run(case_of(test)) == (0, 0, 0)
    assert done == ["x"]


def test_a_deferred_that_fails_is_an_error_of_the_test() -> None:
    def test(self: TestCase) -> Deferred[None]:
        return later(None).addCallback(lambda _: self.fail("no"))

    assert run(case_of(test)) == (1, 0, 0)
    assert run(case_of(lambda self: defer.fail(KeyError()))) == (0, 1, 0)


def test_a_coroutine_is_waited_for() -> None:
    async def test(self: TestCase) -> None:
        assert await later("x") == "x"

    assert run(case_of(test)) == (0, 0, 0)


def test_a_test_that_takes_too_long_is_an_error() -> None:
    case = case_of(lambda self: Deferred())
    vars(case)["timeout"] = 0.01
    assert run(case) == (0, 1, 0)


def test_setup_and_cleanups_are_waited_for() -> None:
    order: list[object] = []

    class Case(TestCase):
        def setUp(self) -> Any:
            self.addCleanup(lambda: later("cleanup").addCallback(order.append))
            return later("setUp").addCallback(order.append)

        def test(self) -> None:
            order.append("test")

    assert run(Case("test")) == (0, 0, 0)
    assert order == ["setUp", "test", "cleanup"]


def test_a_logged_error_fails_the_test_unless_it_is_flushed() -> None:
    def unflushed(self: TestCase) -> None:
        log.err(KeyError("x"))

    def flushed(self: TestCase) -> None:
        log.err(KeyError("x"))
        assert len(self.flushLoggedErrors(ValueError)) == 0
        assert len(self.flushLoggedErrors(KeyError)) == 1

    assert run(case_of(unflushed)) == (0, 1, 0)
    assert run(case_of(flushed)) == (0, 0, 0)


def test_a_skip_skips() -> None:
    def test(self: TestCase) -> None:
        raise AssertionError

    test.skip = "not today"  # type: ignore[attr-defined]
    assert run(case_of(test)) == (0, 0, 1)


def test_results_of_deferreds_are_asserted() -> None:
    class Case(SynchronousTestCase):
        def test(self) -> None:
            assert self.successResultOf(defer.succeed(1)) == 1
            failure = self.failureResultOf(defer.fail(KeyError()), KeyError)
            assert failure.check(KeyError)
            self.assertNoResult(Deferred())
            wanted = self.assertFailure(defer.fail(KeyError()), KeyError)
            assert isinstance(self.successResultOf(wanted), KeyError)

        def test_wrong(self) -> None:
            for wrong in (
                lambda: self.successResultOf(Deferred()),
                lambda: self.successResultOf(defer.fail(KeyError())),
                lambda: self.failureResultOf(defer.succeed(1)),
                lambda: self.failureResultOf(defer.fail(KeyError()), ValueError),
                lambda: self.assertNoResult(defer.succeed(1)),
            ):
                with pytest.raises(AssertionError):
                    wrong()

    assert run(Case("test")) == (0, 0, 0)
    assert run(Case("test_wrong")) == (0, 0, 0)


def test_an_attribute_is_set_until_the_test_is_over() -> None:
    class Holder:
        value = 1

    def test(self: TestCase) -> None:
        self.patch(Holder, "value", 2)
        assert Holder.value == 2
        with open(self.mktemp(), "x"):
            pass

    assert run(case_of(test)) == (0, 0, 0)
    assert Holder.value == 1
