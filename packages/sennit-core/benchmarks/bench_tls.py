"""Echo over TLS, in small messages and large ones, and handshakes: the CPU of the server.

The contestants are the same small server on sennit (over uvloop and over asyncio), on
the loops' own TLS (``ssl=`` of uvloop and of asyncio), and on Twisted's default
reactor with pyOpenSSL. All speak TLS 1.3 by OpenSSL, with one ECDSA certificate. Each
runs in a process of its own on one core, the load, a ping-pong in Python that looks at
every answer, on another. What is compared is the server's CPU time of one operation,
read from the scheduler (see harness).
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bench_net import PEERS, Command, Server, on_core, serving
from harness import (
    Goal,
    arguments,
    at_least,
    at_most,
    cpu_seconds,
    interleave,
    median,
    micros,
    ratio,
    report,
    run_json,
    show,
    table,
)
from sennit.core.testing import selfSigned

SENNIT, TWISTED, UVLOOP, ASYNCIO = "sennit on uvloop", "Twisted", "uvloop", "asyncio"
SENNIT_ASYNCIO = "sennit on asyncio"


class Workload(NamedTuple):
    """What the load does, on how many connections at once, with how large messages."""

    title: str
    mode: str
    connections: int
    size: int


WORKLOADS = {
    "echo": Workload("echo, 64 bytes", "echo", 10, 64),
    "large": Workload("echo, 64 KiB", "echo", 10, 65536),
    "connect": Workload("connect, shake hands, echo 64 bytes, close", "connect", 1, 64),
}


def contestants(twisted: str | None, certificate: str) -> dict[str, Command]:
    """Return every server that can be started here."""

    def python(script: str, *args: str, loop: str = "", at: str = "") -> Command:
        argv = [at or sys.executable, str(PEERS / script), certificate, *args]
        return Command(argv, {"SENNIT_LOOP": loop} if loop else {})

    found = {
        SENNIT: python("tls_sennit.py", loop="uvloop"),
        SENNIT_ASYNCIO: python("tls_sennit.py", loop="asyncio"),
        UVLOOP: python("tls_loop.py", "uvloop"),
        ASYNCIO: python("tls_loop.py"),
    }
    if twisted:
        found[TWISTED] = python("tls_twisted.py", at=twisted)
    return found


def per_operation(workload: Workload, seconds: float, server: Server) -> float:
    """Return the server's CPU seconds of one operation under this load."""
    _, mode, connections, size = workload
    load = [sys.executable, str(PEERS / "load_tls.py"), mode]
    numbers = (server.ports["tls"], connections, size, seconds)
    before = cpu_seconds(server.pid)
    with on_core(1):
        played = run_json([*load, *map(str, numbers)])
    time.sleep(0.05)  # the last connections end
    operations: int = played["operations"]
    return (cpu_seconds(server.pid) - before) / operations


def show_times(title: str, results: Mapping[str, list[float]]) -> None:
    """Show the medians of one workload, and how many times as fast each is."""

    def against(name: str, other: str) -> str:
        if other not in results:
            return "-"
        return f"{ratio(results[other], results[name]):.2f}"

    rows = [
        (
            name,
            micros(median(times)),
            f"{1 / median(times):.0f}",
            *(against(name, other) for other in (TWISTED, UVLOOP, ASYNCIO)),
        )
        for name, times in sorted(results.items(), key=lambda item: median(item[1]))
    ]
    headers = ("server", "CPU us", "a CPU second", "x Twisted", "x uvloop", "x asyncio")
    show(table(f"TLS: {title}", headers, rows))


def goals(name: str, results: Mapping[str, list[float]]) -> list[Goal]:
    """Return what one workload was to reach."""

    def over(one: str, other: str) -> float | None:
        if not {one, other} <= results.keys():
            return None
        return ratio(results[one], results[other])

    title = f"TLS {WORKLOADS[name].title}"
    speed, peer = "times as fast as Twisted", "CPU over uvloop's TLS"
    own = "CPU on asyncio over asyncio's TLS"
    least, most, most_on_asyncio = {
        "echo": (2.5, 1.05, 0.85),
        "large": (2.0, 1.08, 1.0),
        "connect": (1.8, 1.05, 1.05),
    }[name]
    return [
        at_least(title, speed, over(TWISTED, SENNIT), least),
        at_most(title, peer, over(SENNIT, UVLOOP), most),
        at_most(title, own, over(SENNIT_ASYNCIO, ASYNCIO), most_on_asyncio),
    ]


def run_workload(
    name: str, commands: Mapping[str, Command], rounds: int, seconds: float
) -> list[Goal]:
    """Measure one workload on all servers, side by side."""
    workload = WORKLOADS[name]
    with ExitStack() as stack:
        calls: dict[str, Callable[[], float]] = {}
        for contestant, command in commands.items():
            server = stack.enter_context(serving(command))
            per_operation(workload, min(0.2, seconds), server)  # warm
            calls[contestant] = partial(per_operation, workload, seconds, server)
        results = interleave(calls, rounds)
    show_times(workload.title, results)
    return goals(name, results)


def main() -> None:
    """Run the workloads and show their tables."""
    parser = arguments(__doc__)
    parser.add_argument("--only", choices=WORKLOADS, action="append")
    options = parser.parse_args()
    met: list[Goal] = []
    with tempfile.TemporaryDirectory() as folder:
        certificate = Path(folder, "localhost.pem")
        certificate.write_bytes(selfSigned("localhost"))
        commands = contestants(options.twisted, str(certificate))
        for name in options.only or WORKLOADS:
            met += run_workload(name, commands, options.rounds, options.seconds)
    report(met)


if __name__ == "__main__":
    main()
