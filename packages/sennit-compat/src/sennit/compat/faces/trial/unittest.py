"""``twisted.trial.unittest``: test cases that know Deferreds, over the stdlib's.

Any runner of `unittest` cases runs them, pytest among them. A test, fixture or
cleanup that returns a Deferred or is a coroutine is waited for in the reactor.
"""

from __future__ import annotations

import inspect
import os
import tempfile
import unittest
from collections.abc import Callable
from typing import Any, TypeVar

import sennit.core
from sennit.core import log
from sennit.core.defer import Deferred, ensureDeferred
from sennit.core.failure import Failure

__all__ = ["FailTest", "SkipTest", "SynchronousTestCase", "TestCase"]

FailTest = AssertionError
SkipTest = unittest.SkipTest

E = TypeVar("E", bound=BaseException)
T = TypeVar("T")

#: Seconds that a test may take where it has no ``timeout`` of its own: Trial's.
TIMEOUT = 120.0


class SynchronousTestCase(unittest.TestCase):
    """A test case whose tests are through when they return.

    Attributes:
        skip: Why the tests, or one of them (set on the method), are not run.
    """

    skip: str | None = None

    def run(
        self, result: unittest.TestResult | None = None
    ) -> unittest.TestResult | None:
        """Run the test; an error that was logged and not flushed fails it."""
        self._logged: list[Failure] = []
        log.addObserver(self._observe)
        try:
            return super().run(result)
        finally:
            log.removeObserver(self._observe)

    def _observe(self, event: dict[str, Any]) -> None:
        if event.get("isError") and "failure" in event:
            self._logged.append(event["failure"])

    def _callSetUp(self) -> None:
        method = getattr(self, self._testMethodName)
        reason = getattr(method, "skip", None) or self.skip
        if reason is not None:
            self.skipTest(reason)
        step: Callable[[], Any] = self.setUp
        self._finish(step())

    def _callTestMethod(self, method: Callable[[], Any]) -> None:
        self._finish(method())
        if self._logged:
            self._logged[0].raiseException()

    def _callTearDown(self) -> None:
        step: Callable[[], Any] = self.tearDown
        self._finish(step())

    def _callCleanup(
        self, function: Callable[..., Any], /, *args: Any, **kwargs: Any
    ) -> None:
        self._finish(function(*args, **kwargs))

    def _finish(self, result: Any) -> None:
        """Take what a step has returned."""

    def flushLoggedErrors(self, *errorTypes: type[BaseException]) -> list[Failure]:
        """Take the errors that were logged, of these types or all."""
        wanted = errorTypes or (BaseException,)
        flushed = [failure for failure in self._logged if failure.check(*wanted)]
        self._logged = [failure for failure in self._logged if failure not in flushed]
        return flushed

    def patch(self, obj: object, attribute: str, value: object) -> None:
        """Set an attribute until the test is over."""
        self.addCleanup(setattr, obj, attribute, getattr(obj, attribute))
        setattr(obj, attribute, value)

    def mktemp(self) -> str:
        """A path in a new folder, where nothing is yet."""
        return os.path.join(tempfile.mkdtemp(prefix=self._testMethodName), "temp")

    def successResultOf(self, deferred: Any) -> Any:
        """The result that a Deferred has by now."""
        result = self._result_of(deferred)
        if isinstance(result, Failure):
            self.fail(f"a result was expected, not {result.getTraceback()}")
        return result

    def failureResultOf(
        self, deferred: Any, *expectedExceptionTypes: type[BaseException]
    ) -> Failure:
        """The failure that a Deferred has by now."""
        result = self._result_of(deferred)
        if not isinstance(result, Failure):
            self.fail(f"a failure was expected, not {result!r}")
        if expectedExceptionTypes and not result.check(*expectedExceptionTypes):
            self.fail(f"one of {expectedExceptionTypes} was expected, not {result}")
        return result

    def assertNoResult(self, deferred: Deferred[Any]) -> None:
        """Fail where a Deferred has a result already."""
        results: list[Any] = []

        def note(result: Any) -> Any:
            results.append(result)
            return result

        deferred.addBoth(note)
        if results:
            deferred.addErrback(lambda failure: None)
            self.fail(f"no result was expected, not {results[0]!r}")

    def assertFailure(
        self, deferred: Deferred[Any], *expectedFailures: type[E]
    ) -> Deferred[E]:
        """A Deferred of the exception that a Deferred fails with."""

        def succeeded(result: Any) -> Any:
            self.fail(f"one of {expectedFailures} was expected, not {result!r}")

        def failed(failure: Failure) -> Any:
            if failure.check(*expectedFailures):
                return failure.value
            self.fail(f"one of {expectedFailures} was expected, not {failure}")

        return deferred.addCallbacks(succeeded, failed)

    def _result_of(self, deferred: Any) -> Any:
        results: list[Any] = []
        _deferred(deferred).addBoth(results.append)
        if not results:
            self.fail(f"{deferred!r} has no result yet")
        return results[0]


class TestCase(SynchronousTestCase):
    """A test case whose tests may return Deferreds or be coroutines.

    Attributes:
        timeout: Seconds that each step of a test may take.
    """

    timeout: float | None = None

    def _finish(self, result: Any) -> None:
        if not isinstance(result, Deferred) and not inspect.iscoroutine(result):
            return
        reactor = sennit.core.reactor
        results: list[Any] = []
        deferred = _deferred(result).addTimeout(self.timeout or TIMEOUT, reactor)
        deferred.addBoth(results.append)
        if not results:
            deferred.addBoth(lambda _: reactor.crash())
            reactor.run(installSignalHandlers=False)
        if isinstance(results[0], Failure):
            results[0].raiseException()


def _deferred(result: Any) -> Deferred[Any]:
    return ensureDeferred(result) if inspect.iscoroutine(result) else result
