"""Calls from a thread into the loop, and work handed to a thread and back.

``callFromThread`` against ``loop.call_soon_threadsafe``: a thread hands over many
calls in a row; the cost is the CPU time of both threads, from the first call until the
last has run. Once while the loop is busy with something else, and then runs them all:
that repeats well, and has the goal. Once while the loop is free: then the two threads
fight for the interpreter's lock, which costs more than the calls, and swings.

``deferToThread`` against ``loop.run_in_executor``: one piece of work after another,
each begun when the one before has come back. The garbage collector is off in all.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

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
CALLS = "callFromThread"
FREE = "callFromThread, into a free loop"
ERRANDS = "deferToThread, and back"

# Calls that are handed over in a row; then the thread waits until the last has run.
BURST = 5000


class Engine(NamedTuple):
    """What a contestant can do, under one set of names."""

    callSoon: Callable[..., object]
    callFromThread: Callable[..., object]
    deferToThread: Callable[[Callable[[], int], Callable[[int], None]], object]
    run: Callable[[], object]
    stop: Callable[[], object]


class Handover:
    """A thread that hands bursts of calls to a loop, and the CPU time of a call."""

    def __init__(self, engine: Engine, *, busy: bool) -> None:
        """Work with this engine, which is kept busy meanwhile or not."""
        self.engine = engine
        self.busy = busy
        self.seen: list[int] = []
        self.costs: list[float] = []

    def begin(self, seconds: float, then: Callable[[], object]) -> None:
        """Hand over burst after burst, and call *then* when the time is over."""
        self.until = time.monotonic() + seconds
        self.then = then
        self._burst()

    def _burst(self) -> None:
        self.begun = time.process_time()
        thread = threading.Thread(target=self._hand_over)
        thread.start()
        if self.busy:
            thread.join()

    def _hand_over(self) -> None:
        call, take = self.engine.callFromThread, self.seen.append
        for number in range(BURST):
            call(take, number)
        call(self._arrived)

    def _arrived(self) -> None:
        self.costs.append((time.process_time() - self.begun) / BURST)
        assert self.seen == list(range(BURST)), "lost, or out of order"
        self.seen.clear()
        if time.monotonic() < self.until:
            self._burst()
        else:
            self.then()


class Errands:
    """A loop that sends work to a thread, piece by piece, and its CPU time."""

    def __init__(self, engine: Engine) -> None:
        """Work with this engine."""
        self.engine = engine
        self.count = 0

    def begin(self, seconds: float) -> None:
        """Send the first, and stop the loop when the time is over."""
        self.begun = time.process_time()
        self.until = time.monotonic() + seconds
        self._send()

    def _send(self) -> None:
        self.engine.deferToThread(lambda: 1, self._back)

    def _back(self, result: int) -> None:
        self.count += result
        if time.monotonic() < self.until:
            self._send()
        else:
            self.cost = (time.process_time() - self.begun) / self.count
            self.engine.stop()


def reactor_engine(package: str) -> Engine:
    """Return the engine of sennit or of Twisted."""
    core = __import__(package, fromlist=["reactor", "threads"])
    reactor, threads = core.reactor, core.threads
    return Engine(
        reactor.callWhenRunning,
        reactor.callFromThread,
        lambda work, back: threads.deferToThread(work).addCallback(back),
        reactor.run,
        reactor.stop,
    )


def loop_engine(module: str) -> Engine:
    """Return the engine that a bare loop of asyncio or uvloop is."""
    loop: asyncio.AbstractEventLoop = importlib.import_module(module).new_event_loop()

    def deferToThread(
        work: Callable[[], int], back: Callable[[int], None]
    ) -> asyncio.Future[int]:
        future = loop.run_in_executor(None, work)
        future.add_done_callback(lambda done: back(done.result()))
        return future

    return Engine(
        loop.call_soon,
        loop.call_soon_threadsafe,
        deferToThread,
        loop.run_forever,
        loop.stop,
    )


ENGINES: dict[str, Callable[[], Engine]] = {
    SENNIT: partial(reactor_engine, "sennit.core"),
    TWISTED: partial(reactor_engine, "twisted.internet"),
    ASYNCIO: partial(loop_engine, "asyncio"),
    UVLOOP: partial(loop_engine, "uvloop"),
}


def measure(name: str, seconds: float) -> dict[str, float]:
    """Measure one contestant in this process."""
    # As timeit does, and `best`: a burst that waits is taken for garbage to look at.
    gc.disable()
    engine = ENGINES[name]()
    busy, free = Handover(engine, busy=True), Handover(engine, busy=False)
    errands = Errands(engine)
    engine.callSoon(
        busy.begin,
        seconds,
        lambda: free.begin(seconds, lambda: errands.begin(seconds)),
    )
    engine.run()
    return {
        CALLS: median(busy.costs),
        FREE: median(free.costs),
        ERRANDS: errands.cost,
    }


def main() -> None:
    """Run the contestants and show their table."""
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

    for case in (CALLS, FREE, ERRANDS):
        rows = [
            (
                name,
                micros(median(costs(name, case))),
                f"{ratio(costs(name, case), costs(SENNIT, case)):.2f}",
            )
            for name in results
        ]
        show(table(f"{case}: CPU of both threads", ("loop", "us", "/ sennit"), rows))
    over = None
    if TWISTED in results:
        over = ratio(costs(TWISTED, CALLS), costs(SENNIT, CALLS))
    peer = ratio(costs(SENNIT, CALLS), costs(ASYNCIO, CALLS))
    report(
        [
            at_least(CALLS, "times as fast as Twisted", over, 8),
            at_most(CALLS, "CPU over call_soon_threadsafe", peer, 1),
        ]
    )


if __name__ == "__main__":
    main()
