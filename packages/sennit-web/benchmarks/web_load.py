"""What benchmarks of HTTP servers share: a server in a process of its own, and wrk.

The server runs on one core, the load on another; what counts is the CPU time of the
server, its children's with it, divided by the requests that wrk counts.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2] / "sennit-core" / "benchmarks")
)

from harness import cpu_seconds

__all__ = ["cost", "free_port", "has", "pinned", "serving"]

# How wrk sends several requests at once: its scripts are in Lua.
PIPELINE = """
init = function(args)
   local all = {}
   for at = 1, %d do all[at] = wrk.format() end
   requests = table.concat(all)
end
request = function() return requests end
"""


def free_port() -> int:
    """Find a port that nobody has."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def pinned(core: int) -> list[str]:
    """The beginning of a command that is to stay on one core, where there are two."""
    several = (os.cpu_count() or 1) > 1 and shutil.which("taskset")
    return ["taskset", "-c", str(core)] if several else []


def has(python: str, modules: str) -> bool:
    """Whether an interpreter has modules, whose names have commas between them."""
    command = [python, "-c", f"import {modules}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@contextlib.contextmanager
def serving(command: Sequence[str], port: int) -> Iterator[int]:
    """Run a server until it accepts connections; give its process; end it.

    Raises:
        RuntimeError: It does not serve.
    """
    server = subprocess.Popen(
        [*pinned(0), *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            if server.poll() is not None:
                raise RuntimeError(f"{command!r} has ended")
            time.sleep(0.05)
        else:
            raise RuntimeError(f"{command!r} does not serve")
        yield server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def cost(
    pid: int,
    url: str,
    seconds: float,
    *,
    connections: int = 10,
    at_once: int = 1,
    script: str = "",
) -> float:
    """Ask for a URL by wrk; give the server's seconds of CPU time for a request.

    Args:
        pid: The server.
        url: What is asked for.
        seconds: How long.
        connections: How many there are.
        at_once: How many requests are sent together (pipelined).
        script: What is sent in the place of a GET: a script of wrk's.

    Raises:
        RuntimeError: Some were not answered with 200.
    """
    command = [*pinned(1), "wrk", "-t1", f"-c{connections}"]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        if at_once > 1:
            script = PIPELINE % at_once
        if script:
            file.write(script)
            file.flush()
            command += ["-s", file.name]
        _asked(command, url, 1)
        begun = cpu_seconds(pid)
        requests = _asked(command, url, max(1, round(seconds)))
        return (cpu_seconds(pid) - begun) / requests


def _asked(command: Sequence[str], url: str, seconds: int) -> int:
    said = subprocess.run(
        [*command, f"-d{seconds}s", url],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout
    counted = re.search(r"(\d+) requests in", said)
    if counted is None or "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(said)
    return int(counted[1])
