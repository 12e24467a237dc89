"""Lines: what a receiver costs when they come in bulk, one by one, or byte by byte.

The bytes are handed to ``dataReceived`` as a transport does; the protocol counts its
lines of 32 bytes. In bulk they come in chunks of 64 KiB, as from a busy connection;
one line a chunk is a dialogue; a byte a chunk is a slow or malicious peer, and there
the time is that of a byte.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2] / "sennit-core" / "benchmarks")
)

from harness import (
    arguments,
    at_least,
    best,
    interleave,
    median,
    ratio,
    report,
    run_json,
    show,
    table,
)

SENNIT, TWISTED = "sennit", "Twisted"
MODULES = {SENNIT: "sennit.protocols.basic", TWISTED: "twisted.protocols.basic"}
RECEIVERS = ("LineReceiver", "LineOnlyReceiver")

LINE = b"x" * 30 + b"\r\n"
BULK, SINGLE, DRIBBLE = "64 KiB a chunk", "a line a chunk", "a byte a chunk"

# What comes in one go, and how many operations that is: lines, or bytes.
CASES: dict[str, tuple[Sequence[bytes], int]] = {
    BULK: ([LINE * 2048], 2048),
    SINGLE: ([LINE] * 64, 64),
    DRIBBLE: ([LINE[at : at + 1] for at in range(32)] * 16, 32 * 16),
}
LINES = {BULK: 2048, SINGLE: 64, DRIBBLE: 16}

GOALS = {BULK: 6.0, DRIBBLE: 5.0, SINGLE: 1.2}


class Transport:
    """All that a receiver of lines asks of a transport."""

    def __init__(self) -> None:
        """Stay open."""
        self.disconnecting = False


def receiving(module: Any, receiver: str, case: str) -> Callable[[int], None]:
    """Return what receives the chunks of a case as many times as it is told."""

    class Counter(getattr(module, receiver)):  # type: ignore[misc]
        """Counts its lines."""

        lines = 0

        def lineReceived(self, line: bytes) -> None:
            self.lines += 1

    chunks, _ = CASES[case]

    def receive(count: int) -> None:
        protocol = Counter()
        protocol.makeConnection(Transport())
        protocol.lines = 0
        for _ in range(count):
            for chunk in chunks:
                protocol.dataReceived(chunk)
        assert protocol.lines == count * LINES[case], "lines were lost"

    return receive


def measure(name: str, seconds: float) -> dict[str, float]:
    """Measure one contestant in this process; seconds for a line or a byte."""
    module = importlib.import_module(MODULES[name])
    share = seconds / (len(RECEIVERS) * len(CASES))
    return {
        f"{receiver}, {case}": best(receiving(module, receiver, case), seconds=share)
        / operations
        for receiver in RECEIVERS
        for case, (_, operations) in CASES.items()
    }


def main() -> None:
    """Run the contestants and show their table."""
    parser = arguments(__doc__)
    parser.add_argument("--measure", choices=MODULES)
    options = parser.parse_args()
    if options.measure:
        show(json.dumps(measure(options.measure, options.seconds)))
        return
    contestants: dict[str, Callable[[], dict[str, float]]] = {}
    for name, python in ((SENNIT, sys.executable), (TWISTED, options.twisted)):
        if python:
            command = [python, __file__, "--measure", name]
            command += ["--seconds", str(options.seconds)]
            contestants[name] = partial(run_json, command)
    results = interleave(contestants, options.rounds)

    def costs(name: str, what: str) -> list[float]:
        return [result[what] for result in results.get(name, ())]

    def over_twisted(what: str) -> float | None:
        theirs = costs(TWISTED, what)
        return ratio(theirs, costs(SENNIT, what)) if theirs else None

    rows = []
    for what in results[SENNIT][0]:
        times = [costs(name, what) for name in (SENNIT, TWISTED)]
        shown = [f"{median(each) * 1e9:.0f}" if each else "-" for each in times]
        over = over_twisted(what)
        rows.append((what, *shown, "-" if over is None else f"{over:.2f}"))
    headers = ("receiver, and what comes", "sennit ns", "Twisted ns", "ratio")
    show(table("Lines: CPU of a line, or of a byte", headers, rows))
    report(
        [
            at_least(
                f"lines, {case}",
                "times as fast as Twisted",
                over_twisted(f"LineReceiver, {case}"),
                goal,
            )
            for case, goal in GOALS.items()
        ]
    )


if __name__ == "__main__":
    main()
