"""The HTTP client: the CPU of a request, one after another and fifty at a time.

A client asks for a hundred bytes over connections that are kept, of a server in another
process that answers each piece that comes with the same bytes. What is measured is the
client's CPU time alone. The contestants are sennit's `Agent` and its short face, Twisted's
``Agent``, aiohttp and httpx, all on uvloop; those that an interpreter does not have are left
out.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
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

AGENT, SHORT = "sennit Agent", "sennit get()"
TWISTED, AIOHTTP, HTTPX = "Twisted Agent", "aiohttp", "httpx"

ONE, MANY = "one after another", "50 at a time"
WINDOWS = {ONE: 1, MANY: 50}

# About how many requests a second of CPU time a contestant makes.
SPEED = {AGENT: 15_000, SHORT: 10_000, TWISTED: 2_500, AIOHTTP: 5_000, HTTPX: 1_500}

ANSWER = (
    b"HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/plain\r\n"
    b"Content-Length: 100\r\n\r\n" + b"x" * 100
)

Ask = Callable[[], Awaitable[bytes]]


def serve() -> None:
    """Answer for ever; the first line tells the port."""

    class Answering(asyncio.Protocol):
        def connection_made(self, transport: Any) -> None:
            self.write = transport.write

        def data_received(self, data: bytes) -> None:
            self.write(ANSWER)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Answering, "127.0.0.1", 0)
        show(str(server.sockets[0].getsockname()[1]))
        await server.serve_forever()

    importlib.import_module("uvloop").run(main())


async def timed(ask: Ask, window: int, count: int) -> float:
    """Ask so many times; seconds of CPU time for each."""

    async def some(times: int) -> None:
        for _ in range(times):
            assert len(await ask()) == 100

    await asyncio.gather(*(some(2) for _ in range(window)))
    begun = time.process_time()
    await asyncio.gather(*(some(count // window) for _ in range(window)))
    return (time.process_time() - begun) / (count // window * window)


async def by_agent(url: str, window: int, count: int) -> float:
    """Measure sennit's agent."""
    client: Any = importlib.import_module("sennit.web.client")
    reactor: Any = importlib.import_module("sennit.core").reactor
    pool = client.HTTPConnectionPool(reactor)
    pool.maxPersistentPerHost = window
    agent = client.Agent(reactor, pool=pool)
    uri = url.encode()

    async def ask() -> bytes:
        body: bytes = await client.readBody(await agent.request(b"GET", uri))
        return body

    took = await timed(ask, window, count)
    await pool.closeCachedConnections()
    return took


async def by_short_face(url: str, window: int, count: int) -> float:
    """Measure sennit's short face."""
    module: Any = importlib.import_module("sennit.web.client")
    async with module.Client() as client:
        client.pool.maxPersistentPerHost = window

        async def ask() -> bytes:
            content: bytes = (await client.get(url)).content
            return content

        return await timed(ask, window, count)


async def by_aiohttp(url: str, window: int, count: int) -> float:
    """Measure aiohttp."""
    aiohttp: Any = importlib.import_module("aiohttp")
    async with aiohttp.ClientSession() as session:

        async def ask() -> bytes:
            async with session.get(url) as response:
                body: bytes = await response.read()
                return body

        return await timed(ask, window, count)


async def by_httpx(url: str, window: int, count: int) -> float:
    """Measure httpx."""
    httpx: Any = importlib.import_module("httpx")
    async with httpx.AsyncClient(trust_env=False) as client:

        async def ask() -> bytes:
            content: bytes = (await client.get(url)).content
            return content

        return await timed(ask, window, count)


def by_twisted(url: str, window: int, count: int) -> float:
    """Measure Twisted's agent, on its asyncio reactor over uvloop."""
    loop = importlib.import_module("uvloop").new_event_loop()
    importlib.import_module("twisted.internet.asyncioreactor").install(loop)
    reactor: Any = importlib.import_module("twisted.internet.reactor")
    client: Any = importlib.import_module("twisted.web.client")
    defer: Any = importlib.import_module("twisted.internet.defer")
    pool = client.HTTPConnectionPool(reactor)
    pool.maxPersistentPerHost = window
    agent = client.Agent(reactor, pool=pool)
    uri, took = url.encode(), 0.0

    async def some(times: int) -> None:
        for _ in range(times):
            assert len(await client.readBody(await agent.request(b"GET", uri))) == 100

    async def main() -> None:
        nonlocal took
        for times in (2, count // window):
            begun = time.process_time()
            asked = [defer.ensureDeferred(some(times)) for _ in range(window)]
            await defer.gatherResults(asked)
            took = time.process_time() - begun
        reactor.stop()

    reactor.callWhenRunning(lambda: defer.ensureDeferred(main()))
    reactor.run()
    return took / (count // window * window)


WAYS: dict[str, Callable[..., Any]] = {
    AGENT: by_agent,
    SHORT: by_short_face,
    TWISTED: by_twisted,
    AIOHTTP: by_aiohttp,
    HTTPX: by_httpx,
}


def measure(name: str, case: str, seconds: float) -> float:
    """Measure one contestant in one way of asking, in this process."""
    command = [sys.executable, __file__, "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}/some/path?x=1"
        count, window = int(seconds / 2 * SPEED[name]), WINDOWS[case]
        try:
            if name == TWISTED:
                return by_twisted(url, window, count)
            uvloop: Any = importlib.import_module("uvloop")
            took: float = uvloop.run(WAYS[name](url, window, count))
            return took
        finally:
            server.terminate()


def has(python: str, *modules: str) -> bool:
    """Whether an interpreter has these modules."""
    command = [python, "-c", f"import {', '.join(modules)}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def both(command: list[str]) -> dict[str, float]:
    """Measure each way of asking in a process of its own."""
    return {case: run_json([*command, "--case", case]) for case in WINDOWS}


def main() -> None:
    """Run the contestants and show their table."""
    parser = arguments(__doc__)
    parser.add_argument("--measure", choices=SPEED)
    parser.add_argument("--case", choices=WINDOWS)
    parser.add_argument("--serve", action="store_true")
    options = parser.parse_args()
    if options.serve:
        serve()
        return
    if options.measure:
        show(json.dumps(measure(options.measure, options.case, options.seconds)))
        return
    pythons = {AGENT: sys.executable, SHORT: sys.executable}
    peer = options.twisted or sys.executable
    for name, module in ((TWISTED, "twisted"), (AIOHTTP, "aiohttp"), (HTTPX, "httpx")):
        if has(peer, module, "uvloop"):
            pythons[name] = peer
    contestants: dict[str, Callable[[], dict[str, float]]] = {}
    for name, python in pythons.items():
        command = [python, __file__, "--measure", name]
        command += ["--seconds", str(options.seconds)]
        contestants[name] = partial(both, command)
    results = interleave(contestants, options.rounds)

    def over(name: str, case: str, ours: str) -> float | None:
        if name not in results:
            return None
        theirs, own = ([each[case] for each in results[it]] for it in (name, ours))
        return ratio(theirs, own)

    rows = [
        (
            name,
            case,
            f"{median(each[case] for each in results[name]) * 1e6:.1f}",
            f"{over(name, case, AGENT):.2f}",
        )
        for name in results
        for case in WINDOWS
    ]
    headers = ("contestant", "requests", "CPU us", "of sennit's Agent")
    show(table("HTTP client: CPU of a request", headers, rows))
    faster = "times as fast as "
    report(
        [
            at_least(f"{ours}, {case}", faster + name, over(name, case, ours), bound)
            for name, ours, bound in (
                (TWISTED, AGENT, 2.5),
                (AIOHTTP, AGENT, 1.1),
                (AIOHTTP, SHORT, 0.7),
                (HTTPX, SHORT, 6),
            )
            for case in WINDOWS
        ]
    )


if __name__ == "__main__":
    main()
