"""Events of a `Logger`: when nobody listens, when an observer does, and written.

Against the same of Twisted, and of `logging`. What nobody listens to is a call of
``debug`` in a program that has configured nothing; once by a logger of a module, and
once by that of a class, through an object. The garbage collector is off.
"""

from __future__ import annotations

import importlib
import io
import json
import logging
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from harness import (
    arguments,
    at_least,
    at_most,
    best,
    interleave,
    median,
    ratio,
    report,
    run_json,
    show,
    table,
)

SENNIT, TWISTED, LOGGING = "sennit", "Twisted", "logging"
UNHEARD, OF_A_CLASS = "unheard", "unheard, of a class"
OBSERVED, WRITTEN = "observed", "written to a file"


def repeated(call: Callable[[], object]) -> Callable[[int], None]:
    """Return a function that calls as many times as it is told."""

    def repeat(count: int) -> None:
        for _ in range(count):
            call()

    return repeat


def structured(package: str) -> dict[str, float]:
    """Measure a structured log; seconds for each event."""
    found: Any = importlib.import_module(package)
    log = found.Logger("some.where")

    class Thing:
        log = found.Logger()

        def speak(self) -> None:
            self.log.debug("{n} of {what}", n=1, what="x")

    def speak() -> None:
        log.debug("{n} of {what}", n=1, what="x")

    def observer(event: dict[str, Any]) -> None:
        """Be told, and do nothing."""

    costs = {
        UNHEARD: best(repeated(speak)),
        OF_A_CLASS: best(repeated(Thing().speak)),
    }
    found.globalLogPublisher.addObserver(observer)
    costs[OBSERVED] = best(repeated(speak))
    found.globalLogPublisher.removeObserver(observer)
    file = found.textFileLogObserver(io.StringIO())
    found.globalLogPublisher.addObserver(file)
    costs[WRITTEN] = best(repeated(speak))
    return costs


def standard() -> dict[str, float]:
    """Measure `logging`; seconds for each record."""
    log = logging.getLogger("some.where")

    def speak() -> None:
        log.debug("%d of %s", 1, "x")

    costs = {UNHEARD: best(repeated(speak))}
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(logging.Formatter("%(asctime)s [%(name)s] %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    costs[WRITTEN] = best(repeated(speak))
    return costs


LOGS: dict[str, Callable[[], dict[str, float]]] = {
    SENNIT: partial(structured, "sennit.core.logger"),
    TWISTED: partial(structured, "twisted.logger"),
    LOGGING: standard,
}


def main() -> None:
    """Run the contestants and show their tables."""
    parser = arguments(__doc__)
    parser.add_argument("--measure", choices=LOGS)
    options = parser.parse_args()
    if options.measure:
        show(json.dumps(LOGS[options.measure]()))
        return
    calls: dict[str, Callable[[], dict[str, float]]] = {}
    for name in LOGS:
        python = options.twisted if name == TWISTED else sys.executable
        if python:
            command = [python, __file__, "--measure", name]
            calls[name] = partial(run_json, command)
    results = interleave(calls, options.rounds)

    def costs(name: str, case: str) -> list[float]:
        return [result[case] for result in results[name]]

    for case in (UNHEARD, OF_A_CLASS, OBSERVED, WRITTEN):
        rows = [
            (
                name,
                f"{median(costs(name, case)) * 1e9:.0f}",
                f"{ratio(costs(name, case), costs(SENNIT, case)):.2f}",
            )
            for name in results
            if case in results[name][0]
        ]
        show(table(f"{case}: CPU of an event", ("log", "ns", "/ sennit"), rows))
    over = None
    if TWISTED in results:
        over = ratio(costs(TWISTED, UNHEARD), costs(SENNIT, UNHEARD))
    peer = ratio(costs(SENNIT, UNHEARD), costs(LOGGING, UNHEARD))
    report(
        [
            at_least(UNHEARD, "times as fast as Twisted", over, 8),
            at_most(UNHEARD, "CPU over logging's", peer, 2.5),
        ]
    )


if __name__ == "__main__":
    main()
