"""AMP: the CPU of a call, one after another and a hundred at a time.

A client asks a server to add two integers, over TCP, both in one process: its CPU time
is that of both sides. The contestants are the same commands on sennit and on Twisted,
the same service on grpc.aio (unary calls, the messages packed by `struct`), and, for the
limit of one call after another, two bare protocols of uvloop that send 40 bytes to and
fro. Those that an interpreter does not have are left out.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import struct
import subprocess
import sys
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

SENNIT, TWISTED, GRPC, UVLOOP = "sennit", "Twisted", "grpc.aio", "uvloop ping-pong"
MODULES = {SENNIT: ("sennit.core", "sennit.protocols")}
MODULES[TWISTED] = ("twisted.internet", "twisted.protocols")

ONE, MANY = "one after another", "100 at a time"
WINDOWS = {ONE: 1, MANY: 100}

# About how many calls a second of CPU time a contestant makes, to know how many to make.
SPEED = {SENNIT: 80_000, TWISTED: 15_000, GRPC: 4_000, UVLOOP: 80_000}


def amp(name: str, window: int, calls: int) -> float:
    """Measure AMP; seconds of CPU time a call."""
    core, protocols = MODULES[name]
    module: Any = importlib.import_module(f"{protocols}.amp")
    endpoints: Any = importlib.import_module(f"{core}.endpoints")
    factory = importlib.import_module(f"{core}.protocol").Factory
    if name == TWISTED:
        # Which installs it, and stands for it then.
        importlib.import_module(f"{core}.reactor")
    reactor: Any = importlib.import_module(core).reactor

    class Sum(module.Command):  # type: ignore[misc]
        arguments = ((b"a", module.Integer()), (b"b", module.Integer()))
        response = ((b"total", module.Integer()),)

    class Math(module.AMP):  # type: ignore[misc]
        @Sum.responder
        def sum(self, a: int, b: int) -> dict[str, int]:
            return {"total": a + b}

    left, waiting, begun, took = calls, window, 0.0, 0.0
    client = module.AMP()

    def answered(response: dict[str, int]) -> None:
        nonlocal left, waiting, took
        assert response["total"] == 3
        if left:
            left -= 1
            client.callRemote(Sum, a=1, b=2).addCallback(answered)
            return
        waiting -= 1
        if not waiting:
            took = time.process_time() - begun
            reactor.stop()

    def begin(_: object) -> None:
        nonlocal begun, left
        begun = time.process_time()
        left -= window
        for _ in range(window):
            client.callRemote(Sum, a=1, b=2).addCallback(answered)

    port = reactor.listenTCP(0, factory.forProtocol(Math), interface="127.0.0.1")
    server = endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port)
    endpoints.connectProtocol(server, client).addCallback(begin)
    reactor.run()
    return took / calls


def grpc(window: int, calls: int) -> float:
    """Measure grpc.aio; seconds of CPU time a call."""
    rpc: Any = importlib.import_module("grpc")
    pair, single = struct.Struct("!qq"), struct.Struct("!q")

    async def total(request: tuple[int, int], context: object) -> int:
        return request[0] + request[1]

    async def main() -> float:
        handler = rpc.unary_unary_rpc_method_handler(
            total,
            request_deserializer=pair.unpack,
            response_serializer=single.pack,
        )
        server = rpc.aio.server()
        server.add_generic_rpc_handlers(
            (rpc.method_handlers_generic_handler("Math", {"Sum": handler}),)
        )
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        async with rpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            ask = channel.unary_unary(
                "/Math/Sum",
                request_serializer=lambda values: pair.pack(*values),
                response_deserializer=lambda data: single.unpack(data)[0],
            )

            async def some(count: int) -> None:
                for _ in range(count):
                    assert await ask((1, 2)) == 3

            await some(10)
            begun = time.process_time()
            await asyncio.gather(*(some(calls // window) for _ in range(window)))
            took = time.process_time() - begun
        await server.stop(None)
        return took

    return asyncio.run(main()) / (calls // window * window)


def ping_pong(calls: int) -> float:
    """Measure two bare protocols of uvloop; seconds of CPU time there and back."""
    loop: asyncio.AbstractEventLoop = importlib.import_module("uvloop").new_event_loop()

    class Echo(asyncio.Protocol):
        def connection_made(self, transport: Any) -> None:
            self.write = transport.write

        def data_received(self, data: bytes) -> None:
            self.write(data)

    class Ping(Echo):
        left, begun, took = calls, 0.0, 0.0

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self.begun = time.process_time()
            self.write(b"x" * 40)

        def data_received(self, data: bytes) -> None:
            self.left -= 1
            if self.left:
                self.write(data)
            else:
                self.took = time.process_time() - self.begun
                loop.stop()

    async def connect() -> Ping:
        server = await loop.create_server(Echo, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        _, ping = await loop.create_connection(Ping, "127.0.0.1", port)
        return ping

    ping = loop.run_until_complete(connect())
    loop.run_forever()
    return ping.took / calls


def measure(name: str, seconds: float) -> dict[str, float]:
    """Measure one contestant in this process, one way of calling after the other."""
    share = int(seconds / 2 * SPEED[name])
    if name == UVLOOP:
        return {ONE: ping_pong(share)}
    if name == GRPC:
        return {case: grpc(window, share) for case, window in WINDOWS.items()}
    raise ValueError(f"{name} is measured case by case")


def has(python: str, *modules: str) -> bool:
    """Whether an interpreter has these modules."""
    command = [python, "-c", f"import {', '.join(modules)}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def case_by_case(command: list[str]) -> dict[str, float]:
    """Measure each way of calling in a process of its own: a reactor runs once."""
    return {case: run_json([*command, "--case", case]) for case in WINDOWS}


def main() -> None:
    """Run the contestants and show their table."""
    parser = arguments(__doc__)
    parser.add_argument("--measure", choices=SPEED)
    parser.add_argument("--case", choices=WINDOWS)
    parser.add_argument(
        "--grpc", metavar="PYTHON", help="an interpreter that has grpcio"
    )
    options = parser.parse_args()
    if options.case:
        calls = int(options.seconds / 2 * SPEED[options.measure])
        show(json.dumps(amp(options.measure, WINDOWS[options.case], calls)))
        return
    if options.measure:
        show(json.dumps(measure(options.measure, options.seconds)))
        return
    grpc_python = options.grpc or options.twisted
    pythons = {SENNIT: sys.executable, TWISTED: options.twisted}
    if grpc_python and has(grpc_python, "grpc"):
        pythons[GRPC] = grpc_python
    if has(sys.executable, "uvloop"):
        pythons[UVLOOP] = sys.executable
    contestants: dict[str, Callable[[], dict[str, float]]] = {}
    for name, python in pythons.items():
        if python:
            command = [python, __file__, "--measure", name]
            command += ["--seconds", str(options.seconds)]
            run = case_by_case if name in MODULES else run_json
            contestants[name] = partial(run, command)
    results = interleave(contestants, options.rounds)

    def costs(name: str, case: str) -> list[float]:
        return [result[case] for result in results.get(name, ()) if case in result]

    def over(name: str, case: str) -> float | None:
        theirs = costs(name, case)
        return ratio(theirs, costs(SENNIT, case)) if theirs else None

    rows = []
    for name in results:
        for case in WINDOWS:
            if times := costs(name, case):
                times_ours = over(name, case)
                rows.append(
                    (name, case, f"{median(times) * 1e6:.2f}", f"{times_ours:.2f}")
                )
    headers = ("contestant", "calls", "CPU us", "of sennit's")
    show(table("AMP: CPU of a call, both sides together", headers, rows))
    report(
        [
            at_least("AMP, " + ONE, "times as fast as Twisted", over(TWISTED, ONE), 4),
            at_least(
                "AMP, " + MANY, "times as fast as Twisted", over(TWISTED, MANY), 7
            ),
            at_least("AMP, " + ONE, "times as fast as grpc.aio", over(GRPC, ONE), 15),
            at_least("AMP, " + MANY, "times as fast as grpc.aio", over(GRPC, MANY), 15),
            at_least("AMP, " + ONE, "of a uvloop ping-pong", over(UVLOOP, ONE), 0.6),
        ]
    )


if __name__ == "__main__":
    main()
