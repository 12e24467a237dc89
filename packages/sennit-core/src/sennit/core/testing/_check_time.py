"""What every reactor does with time."""

from __future__ import annotations

import contextvars
from typing import Any

from sennit.core import errors
from sennit.core.testing._checks import Checks, raises
from sennit.core.testing._steps import Steps, driveReactor, quiet

__all__ = ["CHECKS"]

_checks: Checks[Any] = Checks(driveReactor)


@_checks.add
def calls_come_in_the_order_of_their_time(reactor: Any) -> Steps:
    """Earlier first; of the same time, the one made first; never within the call."""
    seen: list[str] = []
    reactor.callLater(0.02, seen.append, "late")
    reactor.callLater(0.01, seen.append, "soon")
    for name in ("first", "second", "third"):
        reactor.callLater(0, seen.append, name)
    assert seen == []
    yield lambda: len(seen) == 5
    assert seen == ["first", "second", "third", "soon", "late"]


@_checks.add
def a_call_comes_no_earlier_than_due(reactor: Any) -> Steps:
    """``seconds`` has advanced by the delay at least, and arguments are passed."""
    seen: list[tuple[float, object, object]] = []
    begin = reactor.seconds()
    call = reactor.callLater(
        0.03, lambda x, y: seen.append((reactor.seconds(), x, y)), 1, y=2
    )
    assert begin + 0.03 <= call.getTime() <= reactor.seconds() + 0.03
    yield lambda: seen
    when, x, y = seen[0]
    assert when - begin >= 0.029
    assert (x, y) == (1, 2)


@_checks.add
def a_cancelled_call_does_not_come(reactor: Any) -> Steps:
    """``cancel`` calls off; a second time, and after the call, it is an error."""
    seen: list[str] = []
    called = reactor.callLater(0, seen.append, "called")
    cancelled = reactor.callLater(0, seen.append, "cancelled")
    assert cancelled.active()
    assert cancelled in reactor.getDelayedCalls()
    cancelled.cancel()
    assert not cancelled.active()
    assert cancelled not in reactor.getDelayedCalls()
    for method in (
        cancelled.cancel,
        lambda: cancelled.reset(1),
        lambda: cancelled.delay(1),
    ):
        raises(errors.AlreadyCancelled, method)
    yield quiet()
    assert seen == ["called"]
    assert not called.active()
    for method in (called.cancel, lambda: called.reset(1), lambda: called.delay(1)):
        raises(errors.AlreadyCalled, method)


@_checks.add
def a_call_can_be_moved(reactor: Any) -> Steps:
    """``reset`` counts from now, ``delay`` from when it was due; both ways."""
    seen: list[str] = []
    sooner = reactor.callLater(1000, seen.append, "sooner")
    later = reactor.callLater(0, seen.append, "later")
    delayed = reactor.callLater(0.01, seen.append, "delayed")
    hurried = reactor.callLater(1000, seen.append, "hurried")
    due = delayed.getTime()
    sooner.reset(0.001)
    later.reset(0.02)
    delayed.delay(0.03)
    hurried.delay(-999.99)
    assert abs(delayed.getTime() - due - 0.03) < 1e-6
    yield lambda: len(seen) == 4
    assert seen == ["sooner", "hurried", "later", "delayed"], seen


@_checks.add
def an_error_in_a_call_is_its_own(reactor: Any) -> Steps:
    """A call that raises is logged; the ones after it come."""
    seen: list[str] = []

    def fail() -> None:
        raise LookupError("raised by a check, to be logged")

    reactor.callLater(0, fail)
    reactor.callLater(0, seen.append, "after")
    yield lambda: seen == ["after"]


@_checks.add
def a_wrong_delay_is_refused(reactor: Any) -> Steps:
    """A negative delay is a ``ValueError``, what cannot be called a ``TypeError``."""
    raises((ValueError, AssertionError), reactor.callLater, -1, print)
    raises((TypeError, AssertionError), reactor.callLater, 0, "nothing to call")
    yield lambda: True


@_checks.add
def calls_keep_the_context_they_were_made_in(reactor: Any) -> Steps:
    """A context variable has the value it had when ``callLater`` was called."""
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable")
    seen: list[str] = []

    def schedule() -> None:
        variable.set("inner")
        reactor.callLater(0, lambda: seen.append(variable.get()))

    variable.set("outer")
    contextvars.copy_context().run(schedule)
    yield lambda: seen
    assert seen == ["inner"]


CHECKS = _checks.checks
