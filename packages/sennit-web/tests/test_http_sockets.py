"""The server over real connections, on asyncio and on uvloop."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from http.client import HTTPConnection
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from sennit.core.defer import Deferred, ensureDeferred, gatherResults
from sennit.core.engine import Reactor, newLoop
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory, Protocol, connectionDone
from sennit.core.testing import CertificateAuthority
from sennit.core.threads import deferToThreadPool
from sennit.core.tls import serverOptions
from sennit.web import http

LOCAL = "127.0.0.1"

# Seconds after which a test that hangs is given up.
PATIENCE = 20.0


@pytest.fixture(params=["asyncio", "uvloop"])
def reactor(request: pytest.FixtureRequest) -> Iterator[Reactor]:
    loop = newLoop(request.param)
    made = Reactor(loop)
    yield made
    made.close()
    loop.close()


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


def in_thread(reactor: Reactor, f: Callable[..., Any], *args: Any) -> Deferred[Any]:
    return deferToThreadPool(reactor, reactor.getThreadPool(), f, *args)


class Hello(http.Request):
    """Says hello, or sends as much as its path says."""

    def process(self) -> None:
        if self.path == b"/":
            self.respond(b"hello")
        elif self.path == b"/secure":
            self.respond(b"%d" % self.isSecure())
        else:
            self.respond(bytes(int(self.path[1:])))


def factory_of(reactor: Reactor, made: Any = Hello, **budgets: Any) -> http.HTTPFactory:
    factory = http.HTTPFactory(reactor=reactor, **budgets)
    factory.requestFactory = made
    factory.noisy = False
    return factory


class Dribbler(Protocol):
    """Begins a request, and sends a byte of it now and then for as long as it may.

    Attributes:
        ended: Fired with what the server has said, when the connection is over.
    """

    def __init__(self, reactor: Reactor) -> None:
        self.reactor = reactor
        self.ended: Deferred[bytes] = Deferred()
        self.begun: Deferred[None] = Deferred()
        self.said = b""

    def connectionMade(self) -> None:
        self.transport.write(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
        self.begun.callback(None)
        self.call = self.reactor.callLater(0.1, self.dribble)

    def dribble(self) -> None:
        self.transport.write(b"x")
        self.call = self.reactor.callLater(0.1, self.dribble)

    def dataReceived(self, data: bytes) -> None:
        self.said += data

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if self.call.active():
            self.call.cancel()
        self.ended.callback(self.said)


def ask_often(port: int, count: int) -> list[float]:
    """Ask so many times, one after another; the seconds that each took."""
    took = []
    with closing(HTTPConnection(LOCAL, port, timeout=PATIENCE)) as client:
        for _ in range(count):
            begun = perf_counter()
            client.request("GET", "/")
            assert client.getresponse().read() == b"hello"
            took.append(perf_counter() - begun)
    return took


def test_dribbling_clients_slow_nobody_and_are_refused(reactor: Reactor) -> None:
    """Slowloris: 500 of them; the 501st is answered as ever; they get 408."""

    async def main() -> None:
        factory = factory_of(reactor, headTimeout=2.0)
        port = reactor.listenTCP(0, factory, backlog=600, interface=LOCAL)
        number = port.getHost().port
        dribblers = [Dribbler(reactor) for _ in range(500)]
        for dribbler in dribblers:
            client = ClientFactory()
            client.noisy = False
            client.buildProtocol = lambda addr, made=dribbler: made  # type: ignore[method-assign, misc]
            reactor.connectTCP(LOCAL, number, client)
        await gatherResults([dribbler.begun for dribbler in dribblers])
        took = await in_thread(reactor, ask_often, number, 100)
        # A local answer takes a millisecond; 500 dribblers have a byte each in 0.1 s.
        assert median(took) < 0.05
        said = await gatherResults([dribbler.ended for dribbler in dribblers])
        assert {each.partition(b"\r\n")[0] for each in said} == {
            b"HTTP/1.1 408 Request Time-out"
        }
        await port.stopListening()

    drive(reactor, main)


def test_a_refused_upload_gets_its_answer(reactor: Reactor) -> None:
    """The answer is not lost in a reset, although the client sends on (RFC 9112 §9.6)."""

    def upload(port: int) -> bytes:
        with closing(socket.create_connection((LOCAL, port), PATIENCE)) as client:
            client.sendall(
                b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n"
            )
            for _ in range(100):
                client.sendall(bytes(1000))
            answer = b""
            while data := client.recv(65536):
                answer += data
            return answer

    async def main() -> None:
        port = reactor.listenTCP(0, factory_of(reactor, maxBody=1000), interface=LOCAL)
        answer = await in_thread(reactor, upload, port.getHost().port)
        assert answer.startswith(b"HTTP/1.1 413 ")
        await port.stopListening()

    drive(reactor, main)


def test_a_client_that_reads_nothing_is_cut(reactor: Reactor) -> None:
    """It is known by that the transport stays full, and nobody waits for it for ever."""

    class Large(http.Request):
        lost: Deferred[Any] = Deferred()

        def process(self) -> None:
            self.notifyFinish().addErrback(lambda reason: None)
            self.channel.lost = self.lost
            self.respond(bytes(20_000_000))

    class Channel(http.HTTPChannel):
        lost: Deferred[Any]

        def connectionLost(self, reason: Failure = connectionDone) -> None:
            super().connectionLost(reason)
            self.lost.callback(None)

    async def main() -> None:
        factory = factory_of(reactor, Large, stallTimeout=0.5)
        factory.protocol = Channel
        port = reactor.listenTCP(0, factory, interface=LOCAL)
        with closing(socket.create_connection((LOCAL, port.getHost().port))) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            await Large.lost
        await port.stopListening()

    Large.lost = Deferred()
    drive(reactor, main)


def test_a_slow_reader_gets_all_of_it(reactor: Reactor) -> None:
    """However little it takes at a time, while it takes something."""

    def read(port: int) -> int:
        with closing(socket.create_connection((LOCAL, port), PATIENCE)) as client:
            client.sendall(
                b"GET /3000000 HTTP/1.1\r\nHost: a\r\n\r\n"
                b"GET /10 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            )
            got = 0
            while data := client.recv(20_000):
                got += len(data)
            return got

    async def main() -> None:
        port = reactor.listenTCP(0, factory_of(reactor), interface=LOCAL)
        got = await in_thread(reactor, read, port.getHost().port)
        assert 3_000_010 < got < 3_000_300
        await port.stopListening()

    drive(reactor, main)


def test_a_body_is_streamed_at_the_pace_of_its_reader(reactor: Reactor) -> None:
    """What is sent comes whole, piece by piece."""
    size = 3_000_000

    class Counting(http.Request):
        def wantsBodyStream(self) -> bool:
            return True

        def process(self) -> None:
            ensureDeferred(self.count())

        async def count(self) -> None:
            got = 0
            assert self.stream is not None
            async for piece in self.stream:
                got += len(piece)
            self.respond(b"%d" % got)

    def upload(port: int) -> bytes:
        with closing(HTTPConnection(LOCAL, port, timeout=PATIENCE)) as client:
            client.request("POST", "/", body=bytes(size))
            return client.getresponse().read()

    async def main() -> None:
        port = reactor.listenTCP(0, factory_of(reactor, Counting), interface=LOCAL)
        answer = await in_thread(reactor, upload, port.getHost().port)
        assert answer == b"%d" % size
        await port.stopListening()

    drive(reactor, main)


def test_it_is_known_what_is_over_tls(reactor: Reactor) -> None:
    """isSecure, and the answer to what is refused, over TLS."""
    authority = CertificateAuthority()
    issued = authority.issue(LOCAL)

    def ask(port: int) -> tuple[bytes, bytes]:
        context = ssl.create_default_context(cadata=authority.pem.decode())
        answers = []
        for line in (b"GET /secure HTTP/1.1", b"GET  /secure HTTP/1.1"):
            raw = socket.create_connection((LOCAL, port), PATIENCE)
            with closing(context.wrap_socket(raw, server_hostname=LOCAL)) as client:
                client.sendall(line + b"\r\nHost: a\r\nConnection: close\r\n\r\n")
                answer = b""
                while data := client.recv(65536):
                    answer += data
            answers.append(answer)
        return answers[0], answers[1]

    async def main() -> None:
        options = serverOptions(issued)
        port = reactor.listenSSL(0, factory_of(reactor), options, interface=LOCAL)
        good, bad = await in_thread(reactor, ask, port.getHost().port)
        assert good.endswith(b"\r\n\r\n1")
        assert bad.startswith(b"HTTP/1.1 400 ")
        await port.stopListening()

    drive(reactor, main)
