"""Banana and Jelly: the CPU of objects to bytes and back, beside Twisted and msgpack.

    python bench_jelly.py --twisted /path/to/python/with/twisted

Each contestant makes bytes of the same objects, and objects of these bytes, in memory.
sennit does it straight, as its broker does with plain arguments, and by way of
expressions, as everybody can (and as the broker does with references and copies). msgpack
is written in C, and knows no tuples, sets, references or classes: it is the limit.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2] / "sennit-core" / "benchmarks")
)

from harness import (
    arguments,
    at_least,
    at_most,
    best,
    interleave,
    median,
    micros,
    ratio,
    report,
    run_json,
    show,
    table,
)

SENNIT, STEPS = "sennit", "sennit, by expressions"
TWISTED, MSGPACK = "Twisted", "msgpack"

NESTED = "nested dict"
OBJECTS: dict[str, Any] = {
    "one integer": [1],
    NESTED: {
        "name": "x",
        "id": 17,
        "tags": ["a", "b"],
        "pos": {"x": 1.5, "y": -3},
        "ok": True,
        "none": None,
    },
    "100 integers": list(range(0, 100_000, 1000)),
    "50 rows": [{"id": n, "name": f"name {n}", "size": n / 7} for n in range(50)],
}

Codec = tuple[Callable[[Any], bytes], Callable[[bytes], Any]]


def straight() -> Codec:
    """Objects to bytes and back, in the dialect of Perspective Broker."""
    jelly: Any = importlib.import_module("sennit.spread.jelly")
    form, security = jelly.writing(b"pb"), jelly.globalSecurity

    def read(data: bytes) -> Any:
        return jelly.plainFromBytes(data, 0, security)[0]

    return partial(jelly.jellyToBytes, taster=security, form=form), read


def by_expressions(package: str) -> Codec:
    """Objects to expressions to bytes, and back."""
    banana: Any = importlib.import_module(f"{package}.banana")
    jelly: Any = importlib.import_module(f"{package}.jelly")
    security = jelly.globalSecurity
    return (
        lambda value: banana.encode(jelly.jelly(value, security)),
        lambda data: jelly.unjelly(banana.decode(data), security),
    )


def msgpack() -> Codec:
    """The limit."""
    module: Any = importlib.import_module("msgpack")
    return module.packb, module.unpackb


CODECS: dict[str, Callable[[], Codec]] = {
    SENNIT: straight,
    STEPS: partial(by_expressions, "sennit.spread"),
    TWISTED: partial(by_expressions, "twisted.spread"),
    MSGPACK: msgpack,
}


def repeated(work: Callable[[Any], object], argument: Any, count: int) -> None:
    """Do something many times."""
    for _ in range(count):
        work(argument)


def measure(name: str, seconds: float) -> dict[str, list[float]]:
    """Measure one contestant: seconds to write and to read, by objects."""
    write, read = CODECS[name]()
    results = {}
    for case, value in OBJECTS.items():
        data = write(value)
        assert read(data) == value
        share = seconds / 2 / len(OBJECTS)
        results[case] = [
            best(partial(repeated, write, value), seconds=share),
            best(partial(repeated, read, data), seconds=share),
        ]
    return results


def has_msgpack() -> bool:
    """Whether this interpreter has msgpack."""
    command = [sys.executable, "-c", "import msgpack"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def main() -> None:
    """Run the contestants, and show their table."""
    parser = arguments(__doc__, seconds=2.0)
    parser.add_argument("--measure", choices=CODECS)
    options = parser.parse_args()
    if options.measure:
        show(json.dumps(measure(options.measure, options.seconds)))
        return
    pythons = {SENNIT: sys.executable, STEPS: sys.executable, TWISTED: options.twisted}
    if has_msgpack():
        pythons[MSGPACK] = sys.executable
    contestants: dict[str, Callable[[], dict[str, list[float]]]] = {}
    for name, python in pythons.items():
        if python:
            command = [python, __file__, "--measure", name]
            contestants[name] = partial(
                run_json, [*command, "--seconds", str(options.seconds)]
            )
    results = interleave(contestants, options.rounds)

    def times(name: str, case: str, way: int) -> list[float]:
        return [result[case][way] for result in results.get(name, ())]

    def over(slow: str, fast: str, way: int) -> float | None:
        if not results.get(slow) or not results.get(fast):
            return None
        return ratio(times(slow, NESTED, way), times(fast, NESTED, way))

    rows = []
    for case in OBJECTS:
        for name in results:
            cells: list[str] = []
            for way in (0, 1):
                spent = times(name, case, way)
                cells += [
                    micros(median(spent)),
                    f"{ratio(spent, times(SENNIT, case, way)):.2f}",
                ]
            rows.append((case, name, *cells))
    headers = (
        "objects",
        "contestant",
        "write us",
        "of sennit's",
        "read us",
        "of sennit's",
    )
    show(table("Banana and Jelly: CPU of objects to bytes, and back", headers, rows))
    workload = f"Jelly, {NESTED}"
    report(
        [
            at_least(workload, "written, over Twisted", over(TWISTED, SENNIT, 0), 9),
            at_least(workload, "read, over Twisted", over(TWISTED, SENNIT, 1), 7),
            at_most(workload, "written, of msgpack", over(SENNIT, MSGPACK, 0), 10),
            at_most(workload, "read, of msgpack", over(SENNIT, MSGPACK, 1), 20),
        ]
    )


if __name__ == "__main__":
    main()
