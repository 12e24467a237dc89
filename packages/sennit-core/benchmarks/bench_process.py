"""Child processes: started, read to the end and waited for, one after another.

``spawnProcess`` of the reactors against ``create_subprocess_exec`` of asyncio and of
uvloop, each with three pipes. What is started does nothing, so that the cost is that of
starting; it is told as CPU time of the parent, and as the time it takes altogether, in
which the loop mostly waits for the system. Once more with much memory in the parent, of
which a fork copies the tables. The last is the CPU time of reading a megabyte that a
child writes.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
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

SENNIT, SENNIT_ASYNCIO = "sennit on uvloop", "sennit on asyncio"
TWISTED, ASYNCIO, UVLOOP = "Twisted", "asyncio", "uvloop"

CPU, TIME = "start: CPU of the parent", "start: time altogether"
LARGE, READ = "start from 500 MB: time altogether", "read 1 MB: CPU of the parent"
CASES = (CPU, TIME, LARGE, READ)

# Bytes of the parent's memory in the third case.
BALLAST = 500_000_000

# Megabytes that one child writes in the last case.
MEGABYTES = 50

IDLE = ["/bin/true"]
WRITER = ["/usr/bin/head", "-c", str(MEGABYTES * 1_000_000), "/dev/zero"]


class Engine(NamedTuple):
    """What a contestant can do, under one set of names.

    Attributes:
        call: Runs a command, and calls with the number of bytes it has written.
        run: Runs the loop, and begins with a function.
        stop: Ends it.
    """

    call: Callable[[list[str], Callable[[int], object]], object]
    run: Callable[[Callable[[], object]], object]
    stop: Callable[[], object]


def reactor_engine(package: str) -> Engine:
    """Return the engine of sennit or of Twisted."""
    reactor = __import__(package, fromlist=["reactor"]).reactor
    module = "protocol" if package == "sennit.core" else "internet.protocol"
    base: Any = importlib.import_module(f"{package.split('.internet')[0]}.{module}")

    class Counter(base.ProcessProtocol):  # type: ignore[misc]
        def __init__(self, done: Callable[[int], object]) -> None:
            self.count = 0
            self.done = done

        def outReceived(self, data: bytes) -> None:
            self.count += len(data)

        def processEnded(self, reason: object) -> None:
            self.done(self.count)

    def run(begin: Callable[[], object]) -> None:
        reactor.callWhenRunning(begin)
        reactor.run()

    return Engine(
        lambda command, done: reactor.spawnProcess(Counter(done), command[0], command),
        run,
        reactor.stop,
    )


def loop_engine(module: str) -> Engine:
    """Return the engine that a bare loop of asyncio or uvloop is."""
    loop: asyncio.AbstractEventLoop = importlib.import_module(module).new_event_loop()
    asyncio.set_event_loop(loop)
    tasks: set[asyncio.Task[None]] = set()

    async def call(command: list[str], done: Callable[[int], object]) -> None:
        child = await asyncio.create_subprocess_exec(
            *command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={},
        )
        assert child.stdin is not None
        assert child.stdout is not None
        count = 0
        while data := await child.stdout.read(1 << 18):
            count += len(data)
        child.stdin.close()
        await child.wait()
        done(count)

    def begin(command: list[str], done: Callable[[int], object]) -> None:
        task = loop.create_task(call(command, done))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    def run(first: Callable[[], object]) -> None:
        loop.call_soon(first)
        loop.run_forever()

    return Engine(begin, run, loop.stop)


ENGINES: dict[str, Callable[[], Engine]] = {
    SENNIT: partial(reactor_engine, "sennit.core"),
    SENNIT_ASYNCIO: partial(reactor_engine, "sennit.core"),
    TWISTED: partial(reactor_engine, "twisted.internet"),
    ASYNCIO: partial(loop_engine, "asyncio"),
    UVLOOP: partial(loop_engine, "uvloop"),
}


class Cost(NamedTuple):
    """Seconds of one command."""

    cpu: float
    altogether: float


def cost(engine: Engine, command: list[str], expected: int, seconds: float) -> Cost:
    """Run a command again and again, for so many seconds."""
    begun = Cost(time.process_time(), time.monotonic())
    count = 0

    def done(size: int) -> None:
        nonlocal count
        assert size == expected, f"{size} bytes have come"
        count += 1
        if time.monotonic() - begun.altogether < seconds:
            engine.call(command, done)
        else:
            engine.stop()

    engine.run(lambda: engine.call(command, done))
    return Cost(
        (time.process_time() - begun.cpu) / count,
        (time.monotonic() - begun.altogether) / count,
    )


def measure(name: str, case: str, seconds: float) -> float:
    """Measure one contestant in this process, by one case; in seconds."""
    engine = ENGINES[name]()
    if case == READ:
        written = MEGABYTES * 1_000_000
        return cost(engine, WRITER, written, seconds).cpu / MEGABYTES
    ballast = b"x" * (BALLAST if case == LARGE else 1)
    found = cost(engine, IDLE, 0, seconds)
    del ballast
    return found.cpu if case == CPU else found.altogether


def main() -> None:
    """Run the contestants and show their tables."""
    parser = arguments(__doc__)
    parser.add_argument("--measure", nargs=2)
    options = parser.parse_args()
    if options.measure:
        name, case = options.measure
        show(json.dumps(measure(name, case, options.seconds)))
        return
    goals = []
    for case in CASES:
        calls: dict[str, Callable[[], float]] = {}
        for name in ENGINES:
            python = options.twisted if name == TWISTED else sys.executable
            if python:
                command = [python, __file__, "--measure", name, case]
                command += ["--seconds", str(options.seconds)]
                loop = "asyncio" if name == SENNIT_ASYNCIO else "uvloop"
                calls[name] = partial(
                    run_json, command, environment={"SENNIT_LOOP": loop}
                )
        results = interleave(calls, options.rounds)
        rows = [
            (name, micros(median(times)), f"{ratio(times, results[SENNIT]):.2f}")
            for name, times in results.items()
        ]
        show(table(case, ("loop", "us", "/ sennit"), rows))
        if case in (TIME, READ):
            over = None
            if TWISTED in results:
                over = ratio(results[TWISTED], results[SENNIT])
            goals.append(at_least(case, "times as fast as Twisted", over, 1))
            peer = ratio(results[SENNIT], results[ASYNCIO])
            goals.append(at_most(case, "over asyncio", peer, 1))
    report(goals)


if __name__ == "__main__":
    main()
