"""What it costs to have a reactor: CPU time and memory of fresh processes.

Each contestant imports its loop, makes it, lets it turn once and ends. The row "the
interpreter" is what Python itself costs before the first import, in each of the
others too.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from functools import partial

from harness import (
    arguments,
    at_least,
    at_most,
    interleave,
    median,
    ratio,
    report,
    run_json,
    show,
    table,
)

SENNIT, TWISTED, UVLOOP = "sennit on uvloop", "Twisted", "uvloop"

# Read at the end of the process that is measured: its CPU time since its start, and
# the most memory it had (wait4 would tell the parent's, where that was larger).
COST = """
import time
used = time.process_time()
with open("/proc/self/status") as status:
    size = [line for line in status if line.startswith("VmHWM:")][0].split()[1]
print(f'{{"cpu": {used}, "kib": {size}}}')
"""

TURN_REACTOR = """
turns = []
reactor.callWhenRunning(turns.append, 1)
reactor.callWhenRunning(reactor.stop)
reactor.run()
assert turns == [1]
"""

TURN_LOOP = """
turns = []
loop.call_soon(turns.append, 1)
loop.call_soon(loop.stop)
loop.run_forever()
assert turns == [1]
"""

PROGRAMS = {
    SENNIT: "from sennit.core import reactor" + TURN_REACTOR,
    "sennit on asyncio": "from sennit.core import reactor" + TURN_REACTOR,
    UVLOOP: "import uvloop; loop = uvloop.new_event_loop()" + TURN_LOOP,
    "asyncio": "import asyncio; loop = asyncio.new_event_loop()" + TURN_LOOP,
    "the interpreter": "",
}

TWISTED_PROGRAM = "from twisted.internet import reactor" + TURN_REACTOR


def fresh(cache: str, python: str, program: str, loop: str = "") -> dict[str, float]:
    """Return the cost of running a program in a fresh process."""
    environment = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": cache}
    if loop:
        environment["SENNIT_LOOP"] = loop
    cost: dict[str, float] = run_json(
        [python, "-c", program + COST], environment=environment
    )
    return cost


def measure(twisted: str | None, rounds: int) -> dict[str, list[dict[str, float]]]:
    """Run every contestant in every round."""
    with tempfile.TemporaryDirectory() as cache:
        calls: dict[str, Callable[[], dict[str, float]]] = {}
        for name, program in PROGRAMS.items():
            loop = "asyncio" if name == "sennit on asyncio" else ""
            calls[name] = partial(fresh, cache, sys.executable, program, loop)
        if twisted:
            calls[TWISTED] = partial(fresh, cache, twisted, TWISTED_PROGRAM)
        for call in calls.values():
            call()  # fills the cache
        return interleave(calls, rounds)


def main() -> None:
    """Run the processes and show their table."""
    options = arguments(__doc__, rounds=11).parse_args()
    results = measure(options.twisted, options.rounds)
    cpu = {name: [cost["cpu"] for cost in costs] for name, costs in results.items()}
    mib = {
        name: median(cost["kib"] for cost in costs) / 1024
        for name, costs in results.items()
    }
    rows = [
        (
            name,
            f"{median(cpu[name]) * 1000:.1f}",
            f"{mib[name]:.1f}",
            f"{ratio(cpu[TWISTED], cpu[name]):.2f}" if TWISTED in cpu else "-",
        )
        for name in sorted(cpu, key=lambda name: median(cpu[name]))
    ]
    headers = ("import, make, turn once", "CPU ms", "MiB", "x Twisted")
    show(table("A reactor in a fresh process", headers, rows))
    faster = ratio(cpu[TWISTED], cpu[SENNIT]) if TWISTED in cpu else None
    report(
        [
            at_least("import", "times as fast as Twisted", faster, 3),
            at_most("import", "MiB", mib[SENNIT], 25),
            at_most("import", "CPU over uvloop", ratio(cpu[SENNIT], cpu[UVLOOP]), 1.15),
        ]
    )


if __name__ == "__main__":
    main()
