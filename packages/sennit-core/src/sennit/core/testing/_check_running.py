"""What every reactor does when it starts, runs, stops, and runs again.

These turn the reactor themselves, under a watchdog.
"""

from __future__ import annotations

import threading
from typing import Any

from sennit.core import errors
from sennit.core.defer import Deferred
from sennit.core.testing._checks import Checks, raises
from sennit.core.testing._steps import Steps, driveReactor, runReactor

__all__ = ["CHECKS"]

_checks: Checks[Any] = Checks(driveReactor)


@_checks.add
def running_is_true_while_it_runs(reactor: Any) -> None:
    """``running`` tells so, and what waits for the run is called once."""
    seen: list[object] = []

    def started(what: str) -> None:
        seen.append((what, reactor.running))
        reactor.callWhenRunning(seen.append, "at once")
        reactor.callLater(0, reactor.stop)

    reactor.callWhenRunning(started, "started")
    assert not reactor.running
    runReactor(reactor)
    assert seen == [("started", True), "at once"]
    assert not reactor.running


@_checks.add
def it_runs_again_after_stop(reactor: Any) -> None:
    """``run`` may be called again and again, and calls keep their time between."""
    seen: list[int] = []
    for turn in range(3):
        reactor.callWhenRunning(seen.append, turn)
        reactor.callLater(0.001, reactor.stop)
        runReactor(reactor)
    assert seen == [0, 1, 2]


@_checks.add
def stopping_what_does_not_run_is_an_error(reactor: Any) -> None:
    """``stop`` raises ``ReactorNotRunning``, also while it is stopping."""
    raises(errors.ReactorNotRunning, reactor.stop)

    def twice() -> None:
        reactor.stop()
        raises(errors.ReactorNotRunning, reactor.stop)

    reactor.callWhenRunning(twice)
    runReactor(reactor)
    raises(errors.ReactorNotRunning, reactor.stop)


@_checks.add
def running_what_runs_is_an_error(reactor: Any) -> Steps:
    """``run`` raises ``ReactorAlreadyRunning`` inside of a run."""
    raises(errors.ReactorAlreadyRunning, reactor.run)
    yield lambda: True


@_checks.add
def the_phases_of_shutdown_are_in_order(reactor: Any) -> None:
    """Before, during, after; what "before" returns is waited for."""
    seen: list[str] = []
    slow: Deferred[None] = Deferred()

    def before() -> Deferred[None]:
        seen.append("before")
        reactor.callLater(0.01, finish)
        return slow

    def finish() -> None:
        seen.append("finished")
        slow.callback(None)

    reactor.addSystemEventTrigger("after", "shutdown", seen.append, "after")
    reactor.addSystemEventTrigger("during", "shutdown", seen.append, "during")
    reactor.addSystemEventTrigger("before", "shutdown", before)
    taken_back = reactor.addSystemEventTrigger("during", "shutdown", seen.append, "no")
    reactor.removeSystemEventTrigger(taken_back)
    reactor.callWhenRunning(reactor.stop)
    runReactor(reactor)
    assert seen == ["before", "finished", "during", "after"], seen


@_checks.add
def the_phases_of_startup_are_in_order(reactor: Any) -> None:
    """Before, during, after, and an error in one does not keep the others from it."""
    seen: list[str] = []

    def fail() -> None:
        raise LookupError("raised by a check, to be logged")

    reactor.addSystemEventTrigger("after", "startup", seen.append, "after")
    reactor.addSystemEventTrigger("during", "startup", fail)
    reactor.addSystemEventTrigger("during", "startup", seen.append, "during")
    reactor.addSystemEventTrigger("before", "startup", seen.append, "before")
    reactor.callLater(0.01, reactor.stop)
    runReactor(reactor)
    assert seen == ["before", "during", "after"], seen


# Threads


@_checks.add
def call_from_thread_comes_in_order_and_in_the_reactors_thread(reactor: Any) -> Steps:
    """What other threads ask for comes soon, in their order, in this thread."""
    seen: list[tuple[int, int]] = []
    here = threading.get_ident()

    def ask() -> None:
        for number in range(100):
            reactor.callFromThread(note, number)

    def note(number: int) -> None:
        seen.append((number, threading.get_ident()))

    thread = threading.Thread(target=ask)
    thread.start()
    yield lambda: len(seen) == 100
    thread.join()
    assert seen == [(number, here) for number in range(100)]


@_checks.add
def call_from_thread_wakes_a_sleeping_reactor(reactor: Any) -> None:
    """With nothing else to do, the reactor still hears at once."""
    timer = threading.Timer(0.05, reactor.callFromThread, [reactor.stop])
    reactor.callWhenRunning(timer.start)
    begin = reactor.seconds()
    runReactor(reactor)
    timer.join()
    assert reactor.seconds() - begin < 10, "it was woken by something else"


@_checks.add
def call_in_thread_comes_in_another_thread(reactor: Any) -> Steps:
    """``callInThread`` uses the pool, which ``getThreadPool`` gives."""
    seen: list[int] = []
    reactor.suggestThreadPoolSize(2)
    reactor.callInThread(lambda: seen.append(threading.get_ident()))
    yield lambda: seen
    assert seen[0] != threading.get_ident()
    assert reactor.getThreadPool().max == 2


CHECKS = _checks.checks
