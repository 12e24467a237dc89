"""What every benchmark shares: fresh processes, rounds, medians, tables, goals.

Absolute times drift on a shared machine by far more than what is to be seen, so
contestants are never compared over time: in each round each of them is measured once,
one right after the other, a ratio is taken inside its round, and the median of the
rounds' ratios is what counts. What is measured is CPU time, which the load of
neighbours moves little; requests per second are not reported at all. Every
contestant runs in a process of its own, so that none finds the caches, the
heap or the imports of another.

Standard library only: the module is imported by foreign interpreters too.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any, NamedTuple, TypeVar

__all__ = [
    "Goal",
    "arguments",
    "at_least",
    "at_most",
    "best",
    "cpu_seconds",
    "geometric_mean",
    "interleave",
    "median",
    "micros",
    "ratio",
    "report",
    "run_json",
    "show",
    "table",
]

T = TypeVar("T")

# The runner names a file here, into which `report` writes its goals as JSON lines.
GOALS_FILE = "SENNIT_BENCH_GOALS"


def show(text: str = "") -> None:
    """Write a line for the user, at once: the rounds are slow."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def arguments(
    description: str | None, *, rounds: int = 5, seconds: float = 1.0
) -> argparse.ArgumentParser:
    """Return a parser of the options that all benchmarks have, with these defaults."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--twisted",
        metavar="PYTHON",
        help="an interpreter that has Twisted (and uvloop); without it no such row",
    )
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument(
        "--seconds",
        type=float,
        default=seconds,
        help="how long each contestant is measured in each round",
    )
    return parser


# Measuring


def best(call: Callable[[int], object], *, seconds: float = 0.3) -> float:
    """Return the CPU seconds of one operation, the least of several tries.

    Args:
        call: does the operation as many times as it is told.
        seconds: how long to measure in all, about.
    """
    count = 1
    while (took := _timed(call, count)) < seconds / 20:
        count *= 4 if took < seconds / 100 else 2
    tries = max(3, int(seconds / took))
    return min(took, *(_timed(call, count) for _ in range(tries))) / count


def _timed(call: Callable[[int], object], count: int) -> float:
    gc.collect()
    gc.disable()
    try:
        begun = time.process_time()
        call(count)
        return time.process_time() - begun
    finally:
        gc.enable()


def run_json(
    argv: Sequence[str | os.PathLike[str]],
    *,
    timeout: float = 120.0,
    environment: Mapping[str, str] | None = None,
) -> Any:
    """Run a program in a fresh process and return the JSON of its last line.

    Args:
        argv: the command; for a Python of ours begin with ``sys.executable``.
        timeout: seconds after which it is given up.
        environment: variables added to those of this process.

    Raises:
        RuntimeError: it failed; with all that it wrote.
    """
    done = subprocess.run(
        [os.fspath(arg) for arg in argv],
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        command = " ".join(os.fspath(arg) for arg in argv)
        raise RuntimeError(
            f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )
    return json.loads(lines[-1])


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds that a running process and its children have used.

    Read from the scheduler's own count of nanoseconds (``schedstat``) of every
    thread that is still there.
    """
    total = 0.0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0]) / 1e9
            children = (task / "children").read_text().split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # a thread that ended as we looked
        total += sum(cpu_seconds(int(child)) for child in children)
    return total


def interleave(
    contestants: Mapping[str, Callable[[], T]], rounds: int
) -> dict[str, list[T]]:
    """Call every contestant once a round, and return what each has answered.

    Every second round goes backwards, so that nobody always follows the same one.
    """
    results: dict[str, list[T]] = {name: [] for name in contestants}
    for number in range(rounds):
        order = list(contestants)
        for name in order if number % 2 == 0 else reversed(order):
            results[name].append(contestants[name]())
    return results


def ratio(over: Iterable[float], under: Iterable[float]) -> float:
    """Return the median of the rounds' ratios of two contestants.

    For "x times as fast as Twisted": ``ratio(twisted_times, our_times)``.
    """
    return median(a / b for a, b in zip(over, under, strict=True))


# Reporting


class Goal(NamedTuple):
    """A number, what it was to be, and whether it is."""

    workload: str
    measure: str
    value: float | None
    bound: str
    met: bool | None


def at_least(workload: str, measure: str, value: float | None, bound: float) -> Goal:
    """Return a goal of *value* ≥ *bound*; a value of None was not measured."""
    met = None if value is None else value >= bound
    return Goal(workload, measure, value, f">= {bound:g}", met)


def at_most(workload: str, measure: str, value: float | None, bound: float) -> Goal:
    """Return a goal of *value* ≤ *bound*; a value of None was not measured."""
    met = None if value is None else value <= bound
    return Goal(workload, measure, value, f"<= {bound:g}", met)


def micros(seconds: float) -> str:
    """Return a time as microseconds with three figures."""
    value = seconds * 1e6
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(title: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return an aligned table in plain text: the first column left, the others right."""
    cells = [list(headers), *([str(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]

    def line(row: Sequence[str]) -> str:
        first, *others = (
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join([first, *others]).rstrip()

    rule = "  ".join("-" * width for width in widths)
    return "\n".join(["", title, "", line(cells[0]), rule, *map(line, cells[1:])])


def report(goals: Sequence[Goal]) -> None:
    """Show a table of goals, and hand them to the runner where there is one."""
    words = {True: "met", False: "NOT met", None: "not measured"}
    rows = [
        (
            f"{goal.workload}: {goal.measure}",
            "-" if goal.value is None else f"{goal.value:.2f}",
            goal.bound,
            words[goal.met],
        )
        for goal in goals
    ]
    show(table("Goals", ("what", "value", "goal", ""), rows))
    if path := os.environ.get(GOALS_FILE):
        with open(path, "a", encoding="utf-8") as file:
            file.writelines(json.dumps(goal) + "\n" for goal in goals)
