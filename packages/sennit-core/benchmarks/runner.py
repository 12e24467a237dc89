"""Run the benchmarks of all packages, one after another, and sum up their goals.

    python packages/sennit-core/benchmarks/runner.py --twisted PYTHON [NAME ...]

NAME is that of a file without its ``bench_``: net, import, threads … All of them
unless told. The exit status tells whether all could be run; with ``--strict`` also
whether all goals were met.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import GOALS_FILE, Goal, arguments, report, show

HERE = Path(__file__).resolve().parent
PACKAGES = HERE.parents[1]


def benchmarks() -> dict[str, Path]:
    """Return every benchmark of every package by its name."""
    return {
        path.stem.removeprefix("bench_"): path
        for path in sorted(PACKAGES.glob("*/benchmarks/bench_*.py"))
    }


def run(path: Path, options: list[str], goals: Path) -> bool:
    """Run one benchmark; its tables go where ours go."""
    shared = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, GOALS_FILE: str(goals), "PYTHONPATH": shared}
    command = [sys.executable, str(path), *options]
    return subprocess.run(command, env=environment, check=False).returncode == 0


def main() -> int:
    """Run what is asked for; return the exit status."""
    parser = arguments(__doc__)
    parser.set_defaults(rounds=None, seconds=None)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument(
        "--strict", action="store_true", help="a goal that is missed is a failure"
    )
    chosen = parser.parse_args()
    found = benchmarks()
    if unknown := set(chosen.names) - found.keys():
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(found)}")
    options = [
        word
        for name in ("twisted", "rounds", "seconds")
        if (value := getattr(chosen, name)) is not None
        for word in (f"--{name}", str(value))
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "goals")
        path.touch()
        broken = []
        for name in chosen.names or found:
            show(f"\n=== {name}")
            if not run(found[name], options, path):
                broken.append(name)
        goals = [Goal(*json.loads(line)) for line in path.read_text().splitlines()]
    show("\n=== All")
    report(goals)
    if broken:
        show(f"\nThese could not be run: {', '.join(broken)}")
    missed = [goal for goal in goals if goal.met is False]
    return 1 if broken or (chosen.strict and missed) else 0


if __name__ == "__main__":
    sys.exit(main())
