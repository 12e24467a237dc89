"""Calls for later: made, made and cancelled, and called when they are due.

``callLater`` of the reactors against ``loop.call_later``, all in the running loop. As a
server does, many are made in one turn; a turn more is part of the measure, since some
only note a call down and sort it in later. The garbage collector runs, as it does in a
server: how many objects a call is made of is part of what it costs. The last is the
CPU time of the turns in which calls that are due are called.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from harness import (
    arguments,
    at_least,
    at_most,
    interleave,
    median,
    micros,
    ratio,
    report,
    run_json,
    show,
    table,
)

SENNIT, TWISTED, ASYNCIO, UVLOOP = "sennit on uvloop", "Twisted", "asyncio", "uvloop"
SCHEDULE, CANCEL, RUN = "schedule", "schedule and cancel", "run due"

# Calls in a turn: as many as a busy server holds, and enough to time.
COUNT = 20_000

# Seconds until calls are due that are to be called: longer than it takes to make them.
SOON = 0.25

CallLater = Callable[..., Any]


class Engine(NamedTuple):
    """What a contestant can do, under one set of names.

    Attributes:
        callLater: Gives the function of that name, as it is while the loop runs.
        callSoon: Calls in the next turn.
        run: Runs the loop.
        stop: Ends it.
    """

    callLater: Callable[[], CallLater]
    callSoon: Callable[..., object]
    run: Callable[[], object]
    stop: Callable[[], object]


def reactor_engine(package: str) -> Engine:
    """Return the engine of sennit or of Twisted."""
    reactor = __import__(package, fromlist=["reactor"]).reactor
    return Engine(
        lambda: reactor.callLater,
        lambda f: reactor.callLater(0, f),
        reactor.run,
        reactor.stop,
    )


def loop_engine(module: str) -> Engine:
    """Return the engine that a bare loop of asyncio or uvloop is."""
    loop = importlib.import_module(module).new_event_loop()
    return Engine(lambda: loop.call_later, loop.call_soon, loop.run_forever, loop.stop)


ENGINES: dict[str, Callable[[], Engine]] = {
    SENNIT: partial(reactor_engine, "sennit.core"),
    TWISTED: partial(reactor_engine, "twisted.internet"),
    ASYNCIO: partial(loop_engine, "asyncio"),
    UVLOOP: partial(loop_engine, "uvloop"),
}


def nothing() -> None:
    """Be what is called."""


# Delays as they come in a server that waits for many things: in no order.
DELAYS = [30 + number * 7919 % COUNT / 1000 for number in range(COUNT)]


def schedule(callLater: CallLater) -> list[Any]:
    """Make calls that are not due for long, and return them."""
    return [callLater(delay, nothing) for delay in DELAYS]


def schedule_and_cancel(callLater: CallLater) -> None:
    """Make calls, and cancel each at once."""
    for delay in DELAYS:
        callLater(delay, nothing).cancel()


def rounds(
    engine: Engine, seconds: float, costs: dict[str, list[float]]
) -> Iterator[None]:
    """Measure again and again; each ``yield`` is for a turn of the loop."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        gc.collect()
        begun = time.process_time()
        calls = schedule(engine.callLater())
        yield
        costs[SCHEDULE].append(time.process_time() - begun)
        for call in calls:
            call.cancel()
        del calls, call
        yield
        gc.collect()
        begun = time.process_time()
        schedule_and_cancel(engine.callLater())
        yield
        costs[CANCEL].append(time.process_time() - begun)
        seen: list[int] = []
        for number in range(COUNT):
            engine.callLater()(SOON, seen.append, number)
        yield
        assert not seen, "due too soon"
        gc.collect()
        time.sleep(SOON)
        begun = time.process_time()
        while len(seen) < COUNT:
            yield
        costs[RUN].append(time.process_time() - begun)
        assert seen == list(range(COUNT)), "lost, or out of order"


def measure(name: str, seconds: float) -> dict[str, float]:
    """Measure one contestant in this process; seconds for each call."""
    engine = ENGINES[name]()
    costs: dict[str, list[float]] = {SCHEDULE: [], CANCEL: [], RUN: []}
    turns = rounds(engine, seconds, costs)

    def turn() -> None:
        if next(turns, "over") == "over":
            engine.stop()
        else:
            engine.callSoon(turn)

    engine.callSoon(turn)
    engine.run()
    return {case: min(times) / COUNT for case, times in costs.items()}


def main() -> None:
    """Run the contestants and show their tables."""
    parser = arguments(__doc__)
    parser.add_argument("--measure", choices=ENGINES)
    options = parser.parse_args()
    if options.measure:
        show(json.dumps(measure(options.measure, options.seconds)))
        return
    calls: dict[str, Callable[[], dict[str, float]]] = {}
    for name in ENGINES:
        python = options.twisted if name == TWISTED else sys.executable
        if python:
            command = [python, __file__, "--measure", name]
            command += ["--seconds", str(options.seconds)]
            calls[name] = partial(run_json, command)
    results = interleave(calls, options.rounds)

    def costs(name: str, case: str) -> list[float]:
        return [result[case] for result in results[name]]

    for case in (SCHEDULE, CANCEL, RUN):
        rows = [
            (
                name,
                micros(median(costs(name, case))),
                f"{ratio(costs(name, case), costs(SENNIT, case)):.2f}",
            )
            for name in results
        ]
        show(table(f"{case}: CPU of a call", ("loop", "us", "/ sennit"), rows))
    goals = []
    for case, bound in ((SCHEDULE, 2.0), (CANCEL, 1.7)):
        over = None
        if TWISTED in results:
            over = ratio(costs(TWISTED, case), costs(SENNIT, case))
        goals.append(at_least(case, "times as fast as Twisted", over, bound))
        peer = ratio(costs(SENNIT, case), costs(ASYNCIO, case))
        goals.append(at_most(case, "CPU over asyncio's call_later", peer, 1))
    report(goals)


if __name__ == "__main__":
    main()
