"""Deferred against Twisted's, and its coroutines against asyncio's and uvloop's Task.

    python bench_defer.py --twisted /path/to/python/with/twisted

Each workload is one source, given the modules it runs on; every measurement is a fresh
process; the contestants take turns in rounds, and of each the best counts. ``timeit``
min-of-N in fresh processes repeats within a few per cent where the machine is quiet.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import subprocess
import sys
import timeit
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from harness import (
    Goal,
    arguments,
    at_least,
    at_most,
    geometric_mean,
    micros,
    report,
    show,
    table,
)

__all__ = ["GOALS", "PEERS", "WORKLOADS", "main", "measure", "run"]

Work = Callable[[], object]


class Modules(NamedTuple):
    """The modules a workload runs on: ours or Twisted's."""

    defer: Any
    failure: Any


def one_callback(m: Modules) -> Work:
    """A Deferred with one callback, fired."""
    Deferred = m.defer.Deferred

    def step(result: int) -> int:
        return result

    def work() -> object:
        d = Deferred()
        d.addCallback(step)
        d.callback(1)
        return d.result

    return work


def ten_callbacks(m: Modules) -> Work:
    """A Deferred with ten callbacks, fired."""
    Deferred = m.defer.Deferred

    def step(result: int) -> int:
        return result + 1

    def work() -> object:
        d = Deferred()
        for _ in range(10):
            d.addCallback(step)
        d.callback(0)
        assert d.result == 10
        return d.result

    return work


def errback_trap(m: Modules) -> Work:
    """A Deferred that fails, with an errback that traps the error."""
    Deferred = m.defer.Deferred

    def handle(failure: Any) -> object:
        return failure.trap(ValueError)

    def work() -> object:
        d = Deferred()
        d.addErrback(handle)
        d.errback(ValueError("no"))
        assert d.result is ValueError
        return d.result

    return work


def inline_fired(m: Modules) -> Work:
    """An inlineCallbacks function that yields ten Deferreds which are fired."""
    succeed = m.defer.succeed

    def function() -> Any:
        total = 0
        for _ in range(10):
            total += yield succeed(1)
        return total

    decorated = m.defer.inlineCallbacks(function)

    def work() -> object:
        d = decorated()
        assert d.result == 10
        return d.result

    return work


def await_unfired(m: Modules) -> Work:
    """A coroutine that awaits ten Deferreds, each fired while it waits."""
    Deferred = m.defer.Deferred
    ensureDeferred = m.defer.ensureDeferred

    async def function(waited: list[Any]) -> int:
        total = 0
        for each in waited:
            total += await each
        return total

    def work() -> object:
        waited = [Deferred() for _ in range(10)]
        d = ensureDeferred(function(waited))
        for each in waited:
            each.callback(1)
        assert d.result == 10
        return d.result

    return work


def gather_ten(m: Modules) -> Work:
    """The results of ten Deferreds gathered, then fired."""
    Deferred = m.defer.Deferred
    gatherResults = m.defer.gatherResults

    def work() -> object:
        waited = [Deferred() for _ in range(10)]
        d = gatherResults(waited)
        for each in waited:
            each.callback(1)
        assert d.result == [1] * 10
        return d.result

    return work


WORKLOADS: dict[str, Callable[[Modules], Work]] = {
    "one callback": one_callback,
    "10 callbacks": ten_callbacks,
    "errback + trap": errback_trap,
    "inlineCallbacks, 10 fired": inline_fired,
    "await, 10 unfired": await_unfired,
    "gatherResults of 10": gather_ten,
}
"""Ours against Twisted's; the same source for both."""

GOALS = {"inlineCallbacks, 10 fired": 4.0}
"""The least ratio of a workload, where it is more than that of all."""

EVERY_GOAL, MEAN_GOAL, TASK_GOAL = 1.8, 2.4, 1.2


async def _ten_futures(loop: asyncio.AbstractEventLoop) -> None:
    for _ in range(10):
        future = loop.create_future()
        loop.call_soon(future.set_result, 1)
        await future


async def _ten_deferreds(loop: asyncio.AbstractEventLoop, Deferred: Any) -> None:
    for _ in range(10):
        deferred = Deferred()
        loop.call_soon(deferred.callback, 1)
        await deferred


PEERS = ("sennit", "sennit in a Task", "uvloop Task", "asyncio Task")
"""Who awaits ten things that are fired by the loop's next turn."""


def _measure_on_loop(peer: str) -> float:
    """Seconds for one coroutine that awaits ten things, a hundred at a time."""
    uvloop = None if peer == "asyncio Task" else importlib.import_module("uvloop")
    loop: asyncio.AbstractEventLoop = (
        asyncio.new_event_loop() if uvloop is None else uvloop.new_event_loop()
    )
    defer: Any = (
        importlib.import_module("sennit.core.defer") if "sennit" in peer else None
    )

    def begin() -> Any:
        if defer is None:
            return loop.create_task(_ten_futures(loop))
        coroutine = _ten_deferreds(loop, defer.Deferred)
        if peer == "sennit":
            return defer.ensureDeferred(coroutine)
        return loop.create_task(coroutine)

    async def hundred() -> None:
        for each in [begin() for _ in range(100)]:
            await each

    def work() -> None:
        loop.run_until_complete(hundred())

    try:
        return _best(work) / 100
    finally:
        loop.close()


def _best(work: Work) -> float:
    for _ in range(50):
        work()
    # Many short samples: among them are some that nobody else on the machine disturbed.
    timer = timeit.Timer(work)
    number = max(1, timer.autorange()[0] // 100)
    return min(timer.repeat(repeat=200, number=number)) / number


def measure(contestant: str, workload: str) -> float:
    """Measure one workload in this process.

    Args:
        contestant: ``sennit``, ``twisted``, or one of `PEERS`.
        workload: A key of `WORKLOADS`, or ``peers``.

    Returns:
        Seconds for one time, the least of many.
    """
    if workload == "peers":
        return _measure_on_loop(contestant)
    names = {
        "sennit": ("sennit.core.defer", "sennit.core.failure"),
        "twisted": ("twisted.internet.defer", "twisted.python.failure"),
    }[contestant]
    return _best(WORKLOADS[workload](Modules(*map(importlib.import_module, names))))


def run(python: str, contestant: str, workload: str) -> float:
    """Measure one workload in a fresh process of some interpreter."""
    told = subprocess.run(
        [python, str(Path(__file__)), "--measure", contestant, workload],
        check=True,
        capture_output=True,
        text=True,
    )
    seconds: float = json.loads(told.stdout)
    return seconds


def main() -> None:
    """Compare with Twisted and with the Tasks of others, and report the goals."""
    parser = arguments(__doc__, rounds=3)
    parser.add_argument("--measure", nargs=2, metavar=("WHO", "WHAT"))
    options = parser.parse_args()
    if options.measure:
        show(json.dumps(measure(*options.measure)))
        return
    goals = [_compare_peers(options.rounds)]
    if options.twisted:
        goals += _compare_twisted(options.twisted, options.rounds)
    report(goals)


def _compare_twisted(python: str, rounds: int) -> list[Goal]:
    ours: dict[str, list[float]] = {name: [] for name in WORKLOADS}
    theirs: dict[str, list[float]] = {name: [] for name in WORKLOADS}
    for _ in range(rounds):
        for name in WORKLOADS:
            ours[name].append(run(sys.executable, "sennit", name))
            theirs[name].append(run(python, "twisted", name))
    ratios = {name: min(theirs[name]) / min(ours[name]) for name in WORKLOADS}
    rows = [
        (
            name,
            micros(min(ours[name])),
            micros(min(theirs[name])),
            f"{ratios[name]:.2f}",
        )
        for name in WORKLOADS
    ]
    show(table("Deferred", ("workload", "sennit µs", "Twisted µs", "ratio"), rows))
    mean = geometric_mean(list(ratios.values()))
    return [
        at_least("Deferred", "geometric mean over Twisted", mean, MEAN_GOAL),
        *(
            at_least(
                name, "times as fast as Twisted", ratio, GOALS.get(name, EVERY_GOAL)
            )
            for name, ratio in ratios.items()
        ),
    ]


def _compare_peers(rounds: int) -> Goal:
    times: dict[str, list[float]] = {name: [] for name in PEERS}
    for _ in range(rounds):
        for name in PEERS:
            times[name].append(run(sys.executable, name, "peers"))
    limit = min(times["uvloop Task"])
    rows = [
        (name, micros(min(times[name])), f"{min(times[name]) / limit:.2f}")
        for name in PEERS
    ]
    show(table("await, 10 fired by the loop", ("who", "µs", "of uvloop"), rows))
    ratio = min(times["sennit"]) / limit
    return at_most("await, 10 fired by the loop", "CPU over uvloop", ratio, TASK_GOAL)


if __name__ == "__main__":
    main()
