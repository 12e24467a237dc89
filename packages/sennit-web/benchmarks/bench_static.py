"""Static files: the server's CPU for a request, beside Twisted, aiohttp and nginx.

The same folder is served by each: files of 1 KiB, 100 KiB and 10 MiB, asked for by `wrk`
over ten connections, the server on one core and the load on the other. What counts is the
CPU time of the server, its children's with it, divided by the requests that wrk counts.
The bytes that came are checked first. Those that a machine does not have are left out.
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
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2] / "sennit-core" / "benchmarks")
)

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
    show,
    table,
)

SENNIT, TWISTED, AIOHTTP, NGINX = "sennit", "Twisted", "aiohttp", "nginx"

SIZES = {"1 KiB": 1024, "100 KiB": 100 * 1024, "10 MiB": 10 * 1024 * 1024}
CONNECTIONS = 10

# Times as fast as Twisted, and times nginx's CPU at most.
GOALS = {"1 KiB": (5.0, 1.2), "100 KiB": (4.5, 1.4), "10 MiB": (2.4, 1.3)}

PROGRAMS = {
    SENNIT: """
import sys
from sennit.core import reactor
from sennit.web.server import Site
from sennit.web.static import File
reactor.listenTCP(int(sys.argv[2]), Site(File(sys.argv[1])), interface="127.0.0.1")
reactor.run()
""",
    TWISTED: """
import sys
from twisted.internet import reactor
from twisted.web.server import Site
from twisted.web.static import File
reactor.listenTCP(int(sys.argv[2]), Site(File(sys.argv[1])), interface="127.0.0.1")
reactor.run()
""",
    AIOHTTP: """
import sys
import uvloop
from aiohttp import web
uvloop.install()
app = web.Application()
app.router.add_static("/", sys.argv[1])
web.run_app(app, host="127.0.0.1", port=int(sys.argv[2]), access_log=None, print=None)
""",
}

CONFIGURATION = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    default_type text/html;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {files}; }}
}}
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


@contextlib.contextmanager
def serving(name: str, python: str, files: Path) -> Iterator[tuple[int, int]]:
    """Run a server of the files; give its process and its port."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        if name == NGINX:
            conf = Path(folder, "nginx.conf")
            conf.write_text(CONFIGURATION.format(folder=folder, port=port, files=files))
            # Its worker may be another user, who has to get there.
            Path(folder).chmod(0o755)
            command = ["nginx", "-p", folder, "-c", str(conf)]
        else:
            command = [python, "-c", PROGRAMS[name], str(files), str(port)]
        server = subprocess.Popen(
            [*pinned(0), *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            wait_for(port, server)
            yield server.pid, port
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(5)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Wait until a server accepts connections.

    Raises:
        RuntimeError: It does not.
    """
    for _ in range(200):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"{server.args!r} does not serve")


def load(url: str, seconds: float) -> int:
    """Ask for it by wrk; count the requests.

    Raises:
        RuntimeError: Some were not answered with 200.
    """
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", url]
    said = subprocess.run(
        [*pinned(1), *command], capture_output=True, text=True, check=True, timeout=120
    ).stdout
    counted = re.search(r"(\d+) requests in", said)
    if counted is None or "Non-2xx" in said:
        raise RuntimeError(said)
    return int(counted[1])


def measure(name: str, python: str, files: Path, seconds: float) -> dict[str, float]:
    """Measure a server; seconds of CPU time a request, by size.

    Raises:
        RuntimeError: It has sent something else.
    """
    costs = {}
    with serving(name, python, files) as (pid, port):
        for size, length in SIZES.items():
            url = f"http://127.0.0.1:{port}/{length}.html"
            with urllib.request.urlopen(url, timeout=10) as answer:
                if answer.read() != (files / f"{length}.html").read_bytes():
                    raise RuntimeError(f"{name} has sent another file")
            load(url, 1)
            begun = cpu_seconds(pid)
            requests = load(url, seconds)
            costs[size] = (cpu_seconds(pid) - begun) / requests
    return costs


def has(python: str, module: str) -> bool:
    """Whether an interpreter has a module."""
    command = [python, "-c", f"import {module}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def contestants(twisted: str | None) -> dict[str, str]:
    """The servers there are, with their interpreters."""
    found = {SENNIT: sys.executable}
    if twisted:
        found[TWISTED] = twisted
        if has(twisted, "aiohttp, uvloop"):
            found[AIOHTTP] = twisted
    if shutil.which("nginx"):
        found[NGINX] = ""
    return found


def goals(costs: Mapping[str, list[dict[str, float]]]) -> list[Goal]:
    """What was to be reached, and what was."""

    def of(name: str, size: str) -> list[float]:
        return [each[size] for each in costs.get(name, ())]

    found = []
    for size, (over_twisted, of_nginx) in GOALS.items():
        ours, old, best = of(SENNIT, size), of(TWISTED, size), of(NGINX, size)
        what = f"static, {size}"
        faster = ratio(old, ours) if old else None
        found.append(at_least(what, "times as fast as Twisted", faster, over_twisted))
        share = ratio(ours, best) if best else None
        found.append(at_most(what, "times nginx's CPU", share, of_nginx))
    return found


def main() -> None:
    """Run the contestants and show their table."""
    options = arguments(__doc__, rounds=3, seconds=2).parse_args()
    if not shutil.which("wrk"):
        show("wrk is missing: apt-get install wrk")
        report(goals({}))
        return
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder)
        files.chmod(0o755)
        for length in SIZES.values():
            (files / f"{length}.html").write_bytes(os.urandom(length))
        servers: dict[str, Callable[[], dict[str, float]]] = {
            name: partial(measure, name, python, files, options.seconds)
            for name, python in contestants(options.twisted).items()
        }
        costs = interleave(servers, options.rounds)
    rows = [
        (
            name,
            size,
            micros(median(each[size] for each in measured)),
            f"{ratio([each[size] for each in measured], [each[size] for each in costs[SENNIT]]):.2f}",
        )
        for size in SIZES
        for name, measured in costs.items()
    ]
    headers = ("server", "file", "CPU us", "of sennit's")
    show(table("Static files: the server's CPU of a request", headers, rows))
    report(goals(costs))


if __name__ == "__main__":
    main()
