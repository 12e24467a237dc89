"""XML-RPC: the server's CPU of a call over HTTP, and what reading and writing take.

`wrk` calls ``add(1, 2)`` over ten connections that stay open. The contestants are the
same procedure on sennit and on Twisted, and, since a call is a request and more, a
resource of sennit that answers hello. What is measured is the server's CPU time.

Then messages alone, a small one and one of twenty structs: read and written by sennit
and by the standard library.
"""

from __future__ import annotations

import importlib
import json
import shutil
import sys
import xmlrpc.client
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
from web_load import cost, free_port, serving

SENNIT, TWISTED, HELLO = "sennit", "Twisted", "sennit, hello"
MODULES = {SENNIT: ("sennit.core", "sennit.web")}
MODULES[TWISTED] = ("twisted.internet", "twisted.web")
MODULES[HELLO] = MODULES[SENNIT]

CALL = xmlrpc.client.dumps((1, 2), "add").encode()

# The text of a call has no ]=] in it.
SCRIPT = f"""
wrk.method = "POST"
wrk.headers["Content-Type"] = "text/xml"
wrk.body = [=[
{CALL.decode()}]=]
"""

STRUCTS = [
    {"name": f"number {n}", "age": n, "tags": ["a", "b & c"], "height": 1.5}
    for n in range(20)
]
MESSAGES: dict[str, Any] = {"small": 3, "twenty structs": STRUCTS}


def serve(name: str, port: int) -> None:
    """Serve until the end."""
    core, web = MODULES[name]
    reactor: Any = importlib.import_module(f"{core}.reactor")
    xmlrpc_module: Any = importlib.import_module(f"{web}.xmlrpc")
    resource: Any = importlib.import_module(f"{web}.resource")
    server: Any = importlib.import_module(f"{web}.server")

    class Math(xmlrpc_module.XMLRPC):  # type: ignore[misc]
        def xmlrpc_add(self, a: int, b: int) -> int:
            return a + b

    class Hello(resource.Resource):  # type: ignore[misc]
        isLeaf = True

        def render_GET(self, request: Any) -> bytes:
            return b"hello"

    root = Hello() if name == HELLO else Math()
    reactor.listenTCP(port, server.Site(root), interface="127.0.0.1")
    reactor.run()


def over_http(name: str, python: str, seconds: float) -> float:
    """Measure a contestant; seconds of the server's CPU time a request."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    with serving([python, __file__, "--serve", name, "--port", str(port)], port) as pid:
        if name == HELLO:
            return cost(pid, url, seconds)
        assert xmlrpc.client.ServerProxy(url).add(1, 2) == 3
        return cost(pid, url, seconds, script=SCRIPT)


def codec(name: str) -> dict[str, float]:
    """Measure reading and writing in this process; seconds a message."""
    taken: dict[str, float] = {}
    for case, value in MESSAGES.items():
        dump: Callable[[], Any] = partial(
            xmlrpc.client.dumps, (value,), methodresponse=True
        )
        data = dump().encode()
        load: Callable[[], Any] = partial(xmlrpc.client.loads, data)
        if name == SENNIT:
            ours: Any = importlib.import_module("sennit.web.xmlrpc")
            dump = partial(ours.dumpResponse, value)
            load = partial(ours.loadResponse, data)
        for what, call in (("read", load), ("write", dump)):
            taken[f"{what}, {case}"] = best(partial(_repeat, call))
    return taken


def _repeat(call: Callable[[], Any], count: int) -> None:
    for _ in range(count):
        call()


def compare_http(options: Any) -> list[Any]:
    """Run the servers, show their table, and return the goals."""
    pythons = {SENNIT: sys.executable, HELLO: sys.executable}
    if options.twisted:
        pythons[TWISTED] = options.twisted
    results = interleave(
        {
            name: partial(over_http, name, python, options.seconds)
            for name, python in pythons.items()
        },
        options.rounds,
    )
    ours = results[SENNIT]
    rows = [
        (name, micros(median(times)), f"{ratio(times, ours):.2f}")
        for name, times in results.items()
    ]
    headers = ("contestant", "CPU us", "of sennit's")
    show(table("XML-RPC: the server's CPU of a call", headers, rows))
    theirs = results.get(TWISTED)
    times = ratio(theirs, ours) if theirs else None
    return [
        at_least("XML-RPC, a call", "times as fast as Twisted", times, 5),
        at_most(
            "XML-RPC, a call", "of an HTTP hello", ratio(ours, results[HELLO]), 2.7
        ),
    ]


def compare_codecs(options: Any) -> None:
    """Run the codecs and show their table."""
    command = [sys.executable, __file__, "--codec"]
    results = interleave(
        {name: partial(run_json, [*command, name]) for name in (SENNIT, "stdlib")},
        options.rounds,
    )
    rows = []
    for case in results[SENNIT][0]:
        ours = [result[case] for result in results[SENNIT]]
        theirs = [result[case] for result in results["stdlib"]]
        rows.append(
            (
                case,
                micros(median(ours)),
                micros(median(theirs)),
                f"{ratio(theirs, ours):.2f}",
            )
        )
    headers = ("message", "sennit us", "stdlib us", "ratio")
    show(table("XML-RPC: reading and writing messages", headers, rows))


def main() -> None:
    """Run the contestants and show their tables."""
    parser = arguments(__doc__, seconds=2.0)
    parser.add_argument("--serve", choices=MODULES)
    parser.add_argument("--port", type=int)
    parser.add_argument("--codec", choices=(SENNIT, "stdlib"))
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.port)
    elif options.codec:
        show(json.dumps(codec(options.codec)))
    else:
        compare_codecs(options)
        goals = compare_http(options) if shutil.which("wrk") else []
        if not goals:
            show("wrk is not installed: nothing is measured over HTTP")
        report(goals)


if __name__ == "__main__":
    main()
