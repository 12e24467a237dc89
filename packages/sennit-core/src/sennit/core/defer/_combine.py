"""Several Deferreds as one: wait for all of them, for the first, for the first error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

from sennit.core import log
from sennit.core.defer._deferred import Deferred
from sennit.core.failure import DefaultException, Failure

__all__ = [
    "FAILURE",
    "SUCCESS",
    "DeferredList",
    "FailureGroup",
    "FirstError",
    "gatherResults",
    "race",
]

T = TypeVar("T")

SUCCESS = True
FAILURE = False


class FirstError(Exception):
    """The first of several Deferreds to fail has failed.

    Attributes:
        subFailure: Its failure; the error in it is also the ``__cause__`` of this.
        index: Its place among the Deferreds.
    """

    def __init__(self, failure: Failure, index: int) -> None:
        super().__init__(failure, index)
        self.subFailure = failure
        self.index = index
        if isinstance(failure.value, BaseException):
            self.__cause__: BaseException | None = failure.value

    def __repr__(self) -> str:
        return f"FirstError[#{self.index}, {self.subFailure.value!r}]"

    def __str__(self) -> str:
        return f"FirstError[#{self.index}, {self.subFailure}]"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FirstError):
            return NotImplemented
        return (self.index, self.subFailure) == (other.index, other.subFailure)

    def __hash__(self) -> int:
        return hash((self.index, self.subFailure))


class FailureGroup(ExceptionGroup[Exception]):
    """All of several Deferreds have failed.

    It is an ``ExceptionGroup`` of their errors, so ``except*`` sorts them.

    Attributes:
        failures: The failures, in the order of the Deferreds.
    """

    failures: Sequence[Failure]

    def __new__(cls, failures: Sequence[Failure]) -> FailureGroup:
        """Group the errors of failures, of which there is at least one."""
        values = [failure.value for failure in failures]
        group = super().__new__(
            cls,
            "All failed",
            [
                each if isinstance(each, Exception) else DefaultException(each)
                for each in values
            ],
        )
        group.failures = failures
        return group

    def __init__(self, failures: Sequence[Failure]) -> None:
        super().__init__(failures)  # type: ignore[call-arg, arg-type]

    def derive(self, excs: Sequence[Exception], /) -> ExceptionGroup[Exception]:  # type: ignore[override]
        """Make the group of a part of the errors."""
        return ExceptionGroup(self.message, excs)


class DeferredList(Deferred[Any]):
    """Waits for several Deferreds; fires with a list of ``(success, result)`` pairs.

    The Deferreds keep their results and can be given more callbacks.

    Attributes:
        fireOnOneCallback: Whether the first result fires it.
        fireOnOneErrback: Whether the first failure does.
        consumeErrors: Whether their failures count as handled.
    """

    def __init__(
        self,
        deferredList: Iterable[Deferred[Any]],
        fireOnOneCallback: bool = False,
        fireOnOneErrback: bool = False,
        consumeErrors: bool = False,
    ) -> None:
        """Wait for Deferreds.

        Args:
            deferredList: The Deferreds.
            fireOnOneCallback: Fire with ``(result, index)`` as soon as one has a result
                that is no failure.
            fireOnOneErrback: Fail with `FirstError` as soon as one fails.
            consumeErrors: Let none of their failures be reported as unhandled; what
                they fail with becomes None.
        """
        super().__init__()
        self._deferreds = list(deferredList)
        self.resultList: list[Any] = [None] * len(self._deferreds)
        self.fireOnOneCallback = fireOnOneCallback
        self.fireOnOneErrback = fireOnOneErrback
        self.consumeErrors = consumeErrors
        self.finishedCount: int = 0
        if not self._deferreds and not fireOnOneCallback:
            self.callback(self.resultList)
        for index, deferred in enumerate(self._deferreds):
            deferred._add(
                (partial(self._got, index), partial(self._got_failure, index))
            )

    def _got(self, index: int, result: object) -> object:
        self._note(index, (SUCCESS, result))
        if not self.called and self.fireOnOneCallback:
            self.callback((result, index))
        self._fire_if_complete()
        return result

    def _got_failure(self, index: int, failure: Failure) -> Failure | None:
        self._note(index, (FAILURE, failure))
        if not self.called and self.fireOnOneErrback:
            self.errback(Failure(FirstError(failure, index)))
        self._fire_if_complete()
        return None if self.consumeErrors else failure

    def _note(self, index: int, outcome: tuple[bool, object]) -> None:
        self.resultList[index] = outcome
        self.finishedCount += 1

    def _fire_if_complete(self) -> None:
        if self.finishedCount == len(self.resultList) and not self.called:
            self.callback(self.resultList)

    def cancel(self, msg: object = None) -> bool:
        """Cancel all the Deferreds, unless this has fired."""
        if self.called:
            return super().cancel(msg)
        _cancel_all(self._deferreds)
        return True


class _Gathering(Deferred[list[Any]]):
    """What `gatherResults` waits with: a DeferredList without its options."""

    def __init__(self, deferreds: list[Deferred[Any]], consumeErrors: bool) -> None:
        super().__init__()
        self._deferreds = deferreds
        results: list[Any] = [None] * len(deferreds)
        missing = len(deferreds)

        for index, deferred in enumerate(deferreds):

            def got(result: Any, index: int = index) -> Any:
                nonlocal missing
                if isinstance(result, Failure):
                    if not self.called:
                        self.errback(Failure(FirstError(result, index)))
                    return None if consumeErrors else result
                results[index] = result
                missing -= 1
                if not missing:
                    self.callback(results)
                return result

            deferred._add((got, got))
        if not deferreds:
            self.callback(results)

    def cancel(self, msg: object = None) -> bool:
        """Cancel all the Deferreds, unless one has failed or all have results."""
        if self.called:
            return super().cancel(msg)
        _cancel_all(self._deferreds)
        return True


def _cancel_all(deferreds: Iterable[Deferred[Any]]) -> None:
    for deferred in deferreds:
        try:
            deferred.cancel()
        except Exception:
            log.err(None, "The canceller of a Deferred in a group failed")


def gatherResults(
    deferredList: Iterable[Deferred[T]], consumeErrors: bool = False
) -> Deferred[list[T]]:
    """Wait for all of several Deferreds, or for the first failure.

    Args:
        deferredList: The Deferreds. Cancelling the returned one cancels them all.
        consumeErrors: Let none of their failures be reported as unhandled.

    Returns:
        A Deferred of the list of their results; it fails with `FirstError` as soon as
        one fails.
    """
    return _Gathering(list(deferredList), consumeErrors)


def race(ds: Sequence[Deferred[T]]) -> Deferred[tuple[int, T]]:
    """Wait for the first of several Deferreds to succeed, and cancel the others.

    Args:
        ds: The Deferreds. Their results are taken. Cancelling the returned Deferred
            cancels them all.

    Returns:
        A Deferred of the index and the result of the winner. It fails with
        `FailureGroup` if all fail; without any Deferreds it never fires.
    """
    winner: Deferred[tuple[int, T]] = Deferred(lambda _: _cancel_all(ds))
    failures: dict[int, Failure] = {}

    def won(result: T, index: int) -> None:
        if winner.called:
            return
        # Fired first, so that what the cancelling brings is late in any case.
        others = [each for place, each in enumerate(ds) if place != index]
        winner.pause()
        winner.callback((index, result))
        _cancel_all(others)
        winner.unpause()

    def lost(failure: Failure, index: int) -> None:
        failures[index] = failure
        if len(failures) == len(ds) and not winner.called:
            ordered = [failures[place] for place in range(len(ds))]
            winner.errback(Failure(FailureGroup(ordered)))

    for index, deferred in enumerate(ds):
        deferred.addCallbacks(won, lost, (index,), None, (index,), None)
    return winner
