"""Sites over real connections, on asyncio and on uvloop."""

from __future__ import annotations

import socket
import zlib
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest

from sennit.core.defer import Deferred, ensureDeferred
from sennit.core.engine import Reactor, newLoop
from sennit.core.failure import Failure
from sennit.core.task import deferLater
from sennit.core.threads import deferToThreadPool
from sennit.web.resource import EncodingResourceWrapper, Resource
from sennit.web.router import Router
from sennit.web.server import GzipEncoderFactory, Request, Site

LOCAL = "127.0.0.1"

# Seconds after which a test that hangs is given up.
PATIENCE = 10.0


@pytest.fixture(params=["asyncio", "uvloop"])
def reactor(request: pytest.FixtureRequest) -> Iterator[Reactor]:
    loop = newLoop(request.param)
    made = Reactor(loop)
    yield made
    made.close()
    loop.close()


Ask = Callable[[HTTPConnection], Any]


def drive(reactor: Reactor, main: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run a coroutine on the reactor, from start to shutdown."""
    outcome: list[Any] = []

    def ended(result: Any) -> None:
        outcome.append(result)
        reactor.stop()

    def begin() -> None:
        ensureDeferred(main()).addTimeout(PATIENCE, reactor).addBoth(ended)

    reactor.callWhenRunning(begin)
    reactor.run(installSignalHandlers=False)
    if isinstance(outcome[0], Failure):
        outcome[0].raiseException()
    return outcome[0]


def asked(reactor: Reactor, root: Resource | EncodingResourceWrapper, ask: Ask) -> Any:
    """Serve a root while a client asks in a thread; what the client returns."""

    async def main() -> Any:
        site = Site(root, reactor=reactor)
        port = reactor.listenTCP(0, site, interface=LOCAL).getHost().port
        with closing(HTTPConnection(LOCAL, port, PATIENCE)) as connection:
            pool = reactor.getThreadPool()
            return await deferToThreadPool(reactor, pool, ask, connection)

    return drive(reactor, main)


def test_requests_on_a_connection_are_answered_in_turn(reactor: Reactor) -> None:
    router = Router()

    @router.get("/{number:int}")
    async def double(request: Request, number: int) -> bytes:
        await deferLater(reactor, 0.001)
        return b"%d" % (2 * number)

    def ask(connection: HTTPConnection) -> list[bytes]:
        answers = []
        for number in range(5):
            connection.request("GET", f"/{number}")
            answers.append(connection.getresponse().read())
        return answers

    assert asked(reactor, router, ask) == [b"0", b"2", b"4", b"6", b"8"]


def test_a_large_body_arrives_whole_and_compressed(reactor: Reactor) -> None:
    text = b"".join(b"%d " % number for number in range(300_000))
    router = Router()
    router.get("/")(lambda request: text)
    root = EncodingResourceWrapper(router, [GzipEncoderFactory()])

    def ask(connection: HTTPConnection) -> tuple[bytes, bytes]:
        connection.request("GET", "/")
        plain = connection.getresponse().read()
        connection.request("GET", "/", headers={"Accept-Encoding": "gzip"})
        return plain, zlib.decompress(connection.getresponse().read(), 31)

    assert asked(reactor, root, ask) == (text, text)


def test_what_is_awaited_for_a_client_that_leaves_is_cancelled(
    reactor: Reactor,
) -> None:
    router, heard = Router(), Deferred[str]()

    @router.get("/")
    async def wait(request: Request) -> bytes:
        return await Deferred[bytes](lambda waiting: heard.callback("cancelled"))

    async def main() -> str:
        site = Site(router, reactor=reactor)
        port = reactor.listenTCP(0, site, interface=LOCAL).getHost().port
        with socket.create_connection((LOCAL, port)) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        return await heard

    assert drive(reactor, main) == "cancelled"


def test_a_body_is_read_as_it_comes(reactor: Reactor) -> None:
    router = Router()

    @router.put("/", streamsBody=True)
    async def count(request: Request) -> bytes:
        size = 0
        async for piece in request.stream:
            size += len(piece)
        return b"%d" % size

    def ask(connection: HTTPConnection) -> list[bytes]:
        answers = []
        for body in (bytes(3_000_000), iter([b"chunk"] * 1000)):
            connection.request("PUT", "/", body)
            answers.append(connection.getresponse().read())
        return answers

    assert asked(reactor, router, ask) == [b"3000000", b"5000"]
