"""Echo over TCP and UDP, short connections, idle connections: the CPU of the server.

The contestants are the same small server on sennit (over uvloop, once more with its
watchdog, and over asyncio), on Twisted's default reactor, on a bare loop of uvloop and
of asyncio, and in C with epoll. Each runs in a process of its own on one core; the
load, a ping-pong in C that looks at every answer, on another. What is compared is the
server's CPU time of one operation, read from the scheduler (see harness).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

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

PEERS = Path(__file__).parent / "peers"
SENNIT, TWISTED, UVLOOP, C = "sennit on uvloop", "Twisted", "uvloop", "C with epoll"
WATCHED = "sennit on uvloop, watched"

# The talk's kind of client: a few at once, a line or so each.
CONNECTIONS, SIZE = 10, 64

# First some connections whose memory is what the first ones cost (arenas, tables),
# then those that are counted.
FIRST, IDLE = 200, 2000


class Command(NamedTuple):
    """How a contestant's server is started."""

    argv: Sequence[str]
    environment: Mapping[str, str]


class Server(NamedTuple):
    """A contestant's server that runs."""

    pid: int
    ports: Mapping[str, int]


def build(source: str, folder: Path) -> str | None:
    """Compile a program of peers/ into *folder*; None without a compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    program = str(folder / source)
    subprocess.run(
        [compiler, "-O2", "-o", program, str(PEERS / f"{source}.c")], check=True
    )
    return program


def contestants(twisted: str | None, folder: Path) -> dict[str, Command]:
    """Return every server that can be started here."""

    def python(
        script: str, *args: str, loop: str = "", watchdog: str = "", at: str = ""
    ) -> Command:
        argv = [at or sys.executable, str(PEERS / script), *args]
        asked = {"SENNIT_LOOP": loop, "SENNIT_WATCHDOG": watchdog}
        return Command(argv, {name: value for name, value in asked.items() if value})

    found = {
        SENNIT: python("echo_sennit.py", loop="uvloop"),
        "sennit on asyncio": python("echo_sennit.py", loop="asyncio"),
        WATCHED: python("echo_sennit.py", loop="uvloop", watchdog="0.1"),
        UVLOOP: python("echo_loop.py", "uvloop"),
        "asyncio": python("echo_loop.py"),
    }
    if twisted:
        found[TWISTED] = python("echo_twisted.py", at=twisted)
    if program := build("echo", folder):
        found[C] = Command([program], {})
    return found


@contextmanager
def on_core(number: int) -> Iterator[None]:
    """Let what is started meanwhile run on one core, where there are several."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(before)[number % len(before)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def serving(command: Command) -> Iterator[Server]:
    """Run a server on the first core."""
    with on_core(0):
        process = subprocess.Popen(
            command.argv,
            env={**os.environ, **command.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
    assert process.stdout is not None
    with process:
        try:
            line = process.stdout.readline()
            if not line:
                raise RuntimeError(f"{' '.join(command.argv)} did not start")
            yield Server(process.pid, json.loads(line))
        finally:
            process.kill()


def per_operation(
    load: Sequence[str], mode: str, seconds: float, server: Server
) -> float:
    """Return the server's CPU seconds of one operation under this load."""
    port = server.ports["udp" if mode == "udp" else "tcp"]
    before = cpu_seconds(server.pid)
    with on_core(1):
        played = run_json(
            [*load, mode, str(port), str(CONNECTIONS), str(SIZE), str(seconds)]
        )
    time.sleep(0.05)  # the last connections end
    operations: int = played["operations"]
    return (cpu_seconds(server.pid) - before) / operations


def per_idle_connection(load: Sequence[str], command: Command) -> float:
    """Return the bytes of memory that an idle connection costs a fresh server."""

    def resident() -> int:
        status = Path(f"/proc/{server.pid}/status").read_text()
        return 1024 * int(status.split("VmRSS:")[1].split()[0])

    with serving(command) as server, ExitStack() as stack:
        sizes = []
        for count in (FIRST, IDLE):
            args = [*load, "idle", str(server.ports["tcp"]), str(count)]
            client = stack.enter_context(
                subprocess.Popen(args, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            )
            stack.callback(client.kill)
            assert client.stdout is not None
            assert json.loads(client.stdout.readline()) == {"connections": count}
            time.sleep(0.3)  # until the last is accepted
            sizes.append(resident())
    return (sizes[1] - sizes[0]) / IDLE


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
            against(name, TWISTED),
            against(name, UVLOOP),
            against(name, C),
        )
        for name, times in sorted(results.items(), key=lambda item: median(item[1]))
    ]
    headers = ("server", "CPU us", "x Twisted", "x uvloop", "x C")
    show(table(title, headers, rows))


def goals(workload: str, results: Mapping[str, list[float]]) -> list[Goal]:
    """Return the rows of PERFORMANCE's goal table for one workload."""

    def over(name: str, reference: str) -> float | None:
        if not {name, reference} <= results.keys():
            return None
        return ratio(results[name], results[reference])

    speed, peer = "times as fast as Twisted", "CPU over raw uvloop"
    return {
        "echo": [
            at_least("TCP echo", speed, over(TWISTED, SENNIT), 2.2),
            at_most("TCP echo", peer, over(SENNIT, UVLOOP), 1.04),
            at_most("TCP echo", "CPU over C with epoll", over(SENNIT, C), 1.17),
        ],
        "churn": [
            at_least("connect-echo-close", speed, over(TWISTED, SENNIT), 1.45),
            at_most("connect-echo-close", peer, over(SENNIT, UVLOOP), 1.08),
        ],
        "udp": [
            at_least("UDP echo", speed, over(TWISTED, SENNIT), 1.4),
            at_most("UDP echo", peer + "'s endpoint", over(SENNIT, UVLOOP), 0.9),
        ],
    }[workload]


WORKLOADS = {
    "echo": f"TCP echo: {CONNECTIONS} connections, {SIZE} bytes a message",
    "churn": f"TCP connect, echo {SIZE} bytes, close: {CONNECTIONS} at a time",
    "udp": f"UDP echo: {CONNECTIONS} clients, {SIZE} bytes a datagram",
}


def run_workload(
    mode: str,
    commands: Mapping[str, Command],
    load: Sequence[str],
    rounds: int,
    seconds: float,
) -> list[Goal]:
    """Measure one workload on all servers, side by side."""
    with ExitStack() as stack:
        calls: dict[str, Callable[[], float]] = {}
        for name, command in commands.items():
            server = stack.enter_context(serving(command))
            per_operation(load, mode, min(0.2, seconds), server)  # warm
            calls[name] = partial(per_operation, load, mode, seconds, server)
        results = interleave(calls, rounds)
    show_times(WORKLOADS[mode], results)
    return goals(mode, results)


def run_memory(
    commands: Mapping[str, Command], load: Sequence[str], rounds: int
) -> None:
    """Measure the memory of idle connections."""
    calls = {
        name: partial(per_idle_connection, load, command)
        for name, command in commands.items()
    }
    results = interleave(calls, rounds)
    rows = [(name, f"{median(sizes) / 1024:.2f}") for name, sizes in results.items()]
    show(
        table(f"Memory of an idle connection ({IDLE} of them)", ("server", "KiB"), rows)
    )


def main() -> None:
    """Run the workloads and show their tables."""
    parser = arguments(__doc__)
    parser.add_argument("--only", choices=[*WORKLOADS, "memory"], action="append")
    options = parser.parse_args()
    chosen = options.only or [*WORKLOADS, "memory"]
    met: list[Goal] = []
    with tempfile.TemporaryDirectory() as folder:
        commands = contestants(options.twisted, Path(folder))
        program = build("load", Path(folder))
        load = [program] if program else [sys.executable, str(PEERS / "load.py")]
        if program is None:
            show("There is no C compiler: no row of C, and the load is Python's.")
        for mode in WORKLOADS:
            if mode in chosen:
                met += run_workload(
                    mode, commands, load, options.rounds, options.seconds
                )
        if "memory" in chosen:
            run_memory(commands, load, min(3, options.rounds))
    report(met)


if __name__ == "__main__":
    main()
