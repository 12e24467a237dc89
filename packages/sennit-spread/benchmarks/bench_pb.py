"""Perspective Broker: the CPU of a call, one after another and a hundred at a time.

A client calls a method of a server's object, over TCP, both in one process: its CPU time
is that of both sides. One method adds an integer, one gives back a nested dictionary
that it gets. The contestants are PB of sennit and of Twisted, RPyC (its asynchronous
calls, a thread serving) and Pyro5 (a thread for the daemon, its batches where calls go a
hundred at a time). Those that an interpreter does not have are left out.

RPyC lends containers rather than sending them; so there a dictionary goes as the bytes
that its own ``brine`` makes of its items, which is the fastest that it offers.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import threading
import time
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
    interleave,
    median,
    ratio,
    report,
    run_json,
    show,
    table,
)

SENNIT, TWISTED, RPYC, PYRO = "sennit", "Twisted", "RPyC", "Pyro5"
PB = {
    SENNIT: ("sennit.core", "sennit.spread"),
    TWISTED: ("twisted.internet", "twisted.spread"),
}

NUMBER, DICTIONARY = "int", "dict"
CASES = {
    "int, one after another": (NUMBER, 1),
    "int, 100 at a time": (NUMBER, 100),
    "dict, one after another": (DICTIONARY, 1),
    "dict, 100 at a time": (DICTIONARY, 100),
}

VALUES: dict[str, Any] = {
    NUMBER: 41,
    DICTIONARY: {
        "name": "Ada Lovelace",
        "age": 36,
        "tags": ["mathematics", "engines", "poetry"],
        "address": {"street": "St James's Square", "number": 12, "zip": "SW1Y"},
        "scores": [1, 2, 3, 4, 5],
        "active": True,
        "ratio": 0.75,
    },
}

# About how many calls a second of CPU time a contestant makes, to know how many to make.
SPEED = {
    SENNIT: (50_000, 25_000),
    TWISTED: (12_000, 4_500),
    RPYC: (10_000, 5_000),
    PYRO: (10_000, 8_000),
}


def answer(value: Any) -> Any:
    """Answer a call: what every contestant's method does."""
    return value + 1 if value.__class__ is int else value


def pb(name: str, value: Any, window: int, calls: int) -> float:
    """Measure Perspective Broker; seconds of CPU time a call."""
    core, spread = PB[name]
    module: Any = importlib.import_module(f"{spread}.pb")
    if name == TWISTED:
        # Which installs it, and stands for it then.
        importlib.import_module(f"{core}.reactor")
    reactor: Any = importlib.import_module(core).reactor

    class Server(module.Root):  # type: ignore[misc]
        remote_process = staticmethod(answer)

    left, waiting, begun, took = calls, window, 0.0, 0.0
    expected = answer(value)
    root: Any = None

    def answered(result: Any) -> None:
        nonlocal left, waiting, took
        assert result == expected
        if left:
            left -= 1
            root.callRemote("process", value).addCallback(answered)
            return
        waiting -= 1
        if not waiting:
            took = time.process_time() - begun
            reactor.stop()

    def begin(found: Any) -> None:
        nonlocal begun, left, root
        root = found
        begun = time.process_time()
        left -= window
        for _ in range(window):
            root.callRemote("process", value).addCallback(answered)

    port = reactor.listenTCP(0, module.PBServerFactory(Server()), interface="127.0.0.1")
    factory = module.PBClientFactory()
    reactor.connectTCP("127.0.0.1", port.getHost().port, factory)
    factory.getRootObject().addCallback(begin)
    reactor.run()
    return took / calls


def rpyc(value: Any, window: int, calls: int) -> float:
    """Measure RPyC; seconds of CPU time a call."""
    module: Any = importlib.import_module("rpyc")
    servers: Any = importlib.import_module("rpyc.utils.server")
    brine: Any = importlib.import_module("rpyc.core.brine")

    def frozen(thing: Any) -> Any:
        if isinstance(thing, dict):
            return tuple((key, frozen(each)) for key, each in thing.items())
        if isinstance(thing, list):
            return tuple(map(frozen, thing))
        return thing

    class Service(module.Service):  # type: ignore[misc]
        exposed_process = staticmethod(answer)

    server = servers.ThreadedServer(Service, hostname="127.0.0.1", port=0)
    threading.Thread(target=server.start, daemon=True).start()
    while not server.active:
        time.sleep(0.01)
    connection = module.connect("127.0.0.1", server.port)
    sent = frozen(value)
    assert brine.dumpable(sent)
    expected = answer(sent)
    call = connection.root.process
    start = module.async_(call)

    def some(count: int) -> None:
        if window == 1:
            for _ in range(count):
                assert call(sent) == expected
            return
        for _ in range(0, count, window):
            results = [start(sent) for _ in range(window)]
            for result in results:
                result.wait()
                assert result.value == expected

    some(window)
    calls = max(calls // window, 1) * window
    begun = time.process_time()
    some(calls)
    took = time.process_time() - begun
    connection.close()
    server.close()
    return took / calls


def pyro(value: Any, window: int, calls: int) -> float:
    """Measure Pyro5; seconds of CPU time a call."""
    api: Any = importlib.import_module("Pyro5.api")

    class Server:
        @api.expose  # type: ignore[untyped-decorator]
        def process(self, value: Any) -> Any:
            return answer(value)

    daemon = api.Daemon(host="127.0.0.1")
    uri = daemon.register(Server())
    threading.Thread(target=daemon.requestLoop, daemon=True).start()
    expected = answer(value)
    with api.Proxy(uri) as proxy:

        def some(count: int) -> None:
            if window == 1:
                for _ in range(count):
                    assert proxy.process(value) == expected
                return
            for _ in range(0, count, window):
                batch = api.BatchProxy(proxy)
                for _ in range(window):
                    batch.process(value)
                for result in batch():
                    assert result == expected

        some(window)
        calls = max(calls // window, 1) * window
        begun = time.process_time()
        some(calls)
        took = time.process_time() - begun
    daemon.shutdown()
    return took / calls


def measure(name: str, case: str, seconds: float) -> float:
    """Measure one contestant in one case, in this process."""
    kind, window = CASES[case]
    speed = SPEED[name][kind == DICTIONARY] * (3 if window > 1 else 1)
    calls = int(seconds / 4 * speed)
    if name == RPYC:
        return rpyc(VALUES[kind], window, calls)
    if name == PYRO:
        return pyro(VALUES[kind], window, calls)
    return pb(name, VALUES[kind], window, calls)


def has(python: str, *modules: str) -> bool:
    """Whether an interpreter has these modules."""
    command = [python, "-c", f"import {', '.join(modules)}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def case_by_case(command: list[str]) -> dict[str, float]:
    """Measure each case in a process of its own: a reactor runs once."""
    return {case: run_json([*command, "--case", case]) for case in CASES}


def main() -> None:
    """Run the contestants and show their table."""
    parser = arguments(__doc__)
    parser.add_argument("--measure", choices=SPEED)
    parser.add_argument("--case", choices=CASES)
    parser.add_argument(
        "--peers", metavar="PYTHON", help="an interpreter that has rpyc and Pyro5"
    )
    options = parser.parse_args()
    if options.measure:
        show(json.dumps(measure(options.measure, options.case, options.seconds)))
        return
    peers = options.peers or options.twisted
    pythons = {SENNIT: sys.executable, TWISTED: options.twisted}
    for name, module in ((RPYC, "rpyc"), (PYRO, "Pyro5")):
        pythons[name] = peers if peers and has(peers, module) else None
    contestants: dict[str, Callable[[], dict[str, float]]] = {}
    for name, python in pythons.items():
        if python:
            command = [python, __file__, "--measure", name]
            command += ["--seconds", str(options.seconds)]
            contestants[name] = partial(case_by_case, command)
    results = interleave(contestants, options.rounds)

    def costs(name: str, case: str) -> list[float]:
        return [result[case] for result in results.get(name, ())]

    def over(name: str, case: str) -> float | None:
        theirs = costs(name, case)
        return ratio(theirs, costs(SENNIT, case)) if theirs else None

    rows = [
        (
            name,
            case,
            f"{median(costs(name, case)) * 1e6:.2f}",
            f"{over(name, case):.2f}",
        )
        for name in results
        for case in CASES
    ]
    headers = ("contestant", "calls", "CPU us", "of sennit's")
    show(table("PB: CPU of a call, both sides together", headers, rows))
    bounds = (4.3, 7, 6, 6)
    report(
        [
            at_least(
                f"PB, {case}", "times as fast as Twisted", over(TWISTED, case), bound
            )
            for case, bound in zip(CASES, bounds, strict=True)
        ]
        + [
            at_least(f"PB, {case}", f"times as fast as {name}", over(name, case), 1)
            for name in (RPYC, PYRO)
            for case in CASES
        ]
    )


if __name__ == "__main__":
    main()
