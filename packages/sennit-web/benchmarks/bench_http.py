"""Hello over HTTP: the server's CPU for a request, one after another and sixteen at once.

The same few bytes come from a resource of sennit, from one of Twisted, from ASGI
programs on uvicorn (httptools, uvloop) and granian, from nginx, and from a program in C
that reads nothing but the ends of heads; wrk asks over ten connections. What counts is the
CPU time of the server for a request (see web_load). Contestants that a machine does not
have are left out.

    --peers PYTHON   an interpreter that has uvicorn, uvloop and httptools, or granian;
                     that of Twisted unless told
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Mapping, Sequence
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
    interleave,
    median,
    micros,
    ratio,
    report,
    show,
    table,
)
from web_load import cost, free_port, has, serving

SENNIT, TWISTED, UVICORN, GRANIAN = "sennit", "Twisted", "uvicorn", "granian"
NGINX, C = "nginx", "C with epoll"

ONE, MANY = "one at a time", "16 at once"
AT_ONCE = {ONE: 1, MANY: 16}
BODY = "Hello, world!"

RESOURCE = f"""
import sys
from {{core}} import reactor
from {{web}}.resource import Resource
from {{web}}.server import Site

class Hello(Resource):
    isLeaf = True

    def render_GET(self, request):
        return b"{BODY}"

reactor.listenTCP(int(sys.argv[1]), Site(Hello()), interface="127.0.0.1")
reactor.run()
"""

ASGI = f"""
async def app(scope, receive, send):
    await send({{"type": "http.response.start", "status": 200, "headers": [
        (b"content-length", b"{len(BODY)}"), (b"content-type", b"text/html")]}})
    await send({{"type": "http.response.body", "body": b"{BODY}"}})
"""

CONFIGURATION = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid;
error_log /dev/null;
events {{ worker_connections 100; }}
http {{
    access_log off; keepalive_requests 1000000000; default_type text/html;
    client_body_temp_path {folder}; proxy_temp_path {folder};
    fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
    server {{ listen 127.0.0.1:{port}; location / {{ return 200 "{body}"; }} }}
}}
"""


def program(core: str, web: str) -> str:
    """The program of a resource."""
    return RESOURCE.format(core=core, web=web)


def measure(
    command: Callable[[int], Sequence[str]], seconds: float
) -> dict[str, float]:
    """Measure a server; seconds of CPU time a request, by case.

    Args:
        command: Makes the command that serves a port.
        seconds: How long each case is asked.

    Raises:
        RuntimeError: It has sent something else.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    with serving(command(port), port) as pid:
        with urllib.request.urlopen(url, timeout=10) as answer:
            if answer.read() != BODY.encode():
                raise RuntimeError(f"{command(port)!r} has sent something else")
        return {
            case: cost(pid, url, seconds, at_once=number)
            for case, number in AT_ONCE.items()
        }


def asgi(python: str, server: str, folder: Path, port: int) -> list[str]:
    """The command of an ASGI server."""
    (folder / "hello_asgi.py").write_text(ASGI)
    if server == UVICORN:
        options = ["--loop", "uvloop", "--http", "httptools", "--no-access-log"]
        options += ["--app-dir", str(folder), "--log-level", "critical"]
    else:
        options = ["--interface", "asgi", "--loop", "uvloop", "--no-log"]
        options += ["--working-dir", str(folder)]
    where = ["--host", "127.0.0.1", "--port", str(port)]
    return [python, "-m", server, *options, *where, "hello_asgi:app"]


def nginx(folder: Path, port: int) -> list[str]:
    """The command of nginx, in one process."""
    conf = folder / "nginx.conf"
    conf.write_text(CONFIGURATION.format(folder=folder, port=port, body=BODY))
    return ["nginx", "-p", str(folder), "-c", str(conf)]


def contestants(
    twisted: str | None, peers: str, folder: Path
) -> dict[str, Callable[[int], Sequence[str]]]:
    """The servers there are, each with what makes its command."""

    def python(interpreter: str, text: str, port: int) -> list[str]:
        return [interpreter, "-c", text, str(port)]

    ours = program("sennit.core", "sennit.web")
    found: dict[str, Callable[[int], Sequence[str]]] = {
        SENNIT: partial(python, sys.executable, ours)
    }
    if twisted:
        theirs = program("twisted.internet", "twisted.web")
        found[TWISTED] = partial(python, twisted, theirs)
    if has(peers, "uvicorn, uvloop, httptools"):
        found[UVICORN] = partial(asgi, peers, UVICORN, folder)
    if has(peers, "granian"):
        found[GRANIAN] = partial(asgi, peers, GRANIAN, folder)
    if shutil.which("nginx"):
        found[NGINX] = partial(nginx, folder)
    if compiler := shutil.which("cc"):
        source = Path(__file__).parent / "peers" / "hello.c"
        built = str(folder / "hello")
        subprocess.run([compiler, "-O2", "-o", built, str(source)], check=True)
        found[C] = lambda port: [built, str(port)]
    return found


def goals(costs: Mapping[str, list[dict[str, float]]]) -> list[Goal]:
    """What was to be reached, and what was."""

    def share(name: str, case: str, over: bool = False) -> float | None:
        theirs = [each[case] for each in costs.get(name, ())]
        ours = [each[case] for each in costs.get(SENNIT, ())]
        if not theirs:
            return None
        return ratio(theirs, ours) if over else ratio(ours, theirs)

    hello, many = f"HTTP hello, {ONE}", f"HTTP hello, {MANY}"
    return [
        at_least(hello, "times as fast as Twisted", share(TWISTED, ONE, True), 5.2),
        at_least(many, "times as fast as Twisted", share(TWISTED, MANY, True), 10),
        at_most(hello, "of uvicorn's CPU", share(UVICORN, ONE), 0.52),
        at_most(hello, "of granian's CPU", share(GRANIAN, ONE), 0.52),
        at_most(many, "of nginx's CPU", share(NGINX, MANY), 0.65),
        at_most(hello, "times the CPU of C", share(C, ONE), 1.75),
    ]


def main() -> None:
    """Run the contestants and show their table."""
    parser = arguments(__doc__, rounds=3, seconds=2)
    parser.add_argument("--peers", metavar="PYTHON")
    options = parser.parse_args()
    peers = options.peers or options.twisted or sys.executable
    if not shutil.which("wrk"):
        show("wrk is missing: apt-get install wrk")
        report(goals({}))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # nginx's worker may be another user, who has to get there.
        folder.chmod(0o755)
        found = contestants(options.twisted, peers, folder)
        costs = interleave(
            {
                each: partial(measure, command, options.seconds)
                for each, command in found.items()
            },
            options.rounds,
        )
    rows = [
        (
            name,
            case,
            micros(median(each[case] for each in measured)),
            f"{ratio([each[case] for each in measured], [each[case] for each in costs[SENNIT]]):.2f}",
        )
        for case in AT_ONCE
        for name, measured in costs.items()
    ]
    headers = ("server", "requests", "CPU us", "of sennit's")
    show(table("HTTP hello: the server's CPU for a request", headers, rows))
    report(goals(costs))


if __name__ == "__main__":
    main()
