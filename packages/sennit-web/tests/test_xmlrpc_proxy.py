"""The client's side of XML-RPC: what is sent, what is read, and what ends a call."""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64decode
from typing import TYPE_CHECKING, Any
from xmlrpc.client import dumps

import pytest

import sennit.core
from sennit.core import tls
from sennit.core.defer import CancelledError, Deferred, TimeoutError
from sennit.core.errors import ConnectionDone, ConnectionLost, ConnectionRefusedError
from sennit.core.failure import Failure
from sennit.core.protocol import Factory
from sennit.core.testing import (
    CertificateAuthority,
    MemoryReactorClock,
    StringTransport,
)
from sennit.web import xmlrpc as ours
from sennit.web.client import Agent, HTTPConnectionPool, ParseError
from sennit.web.error import SchemeNotSupported
from sennit.web.resource import Resource
from sennit.web.server import Site
from sennit.web.xmlrpc import Fault, Limits, Proxy

if TYPE_CHECKING:
    from sennit.core.engine import Reactor
    from sennit.web.server import Request


class Call:
    """A call over a connection in memory."""

    def __init__(self, url: str | bytes = "http://here/", **options: Any) -> None:
        self.reactor = MemoryReactorClock()
        self.proxy = Proxy(url, reactor=self.reactor, **options)
        self.deferred = self.proxy.callRemote("add", 1, 2)
        clients = (
            self.reactor.sslClients if self.proxy.secure else self.reactor.tcpClients
        )
        self.asked = clients[0]
        self.factory: Any = self.asked[2]

    def connect(self) -> Call:
        self.protocol = self.factory.buildProtocol(None)
        self.transport = StringTransport()
        self.protocol.makeConnection(self.transport)
        return self

    def receive(self, data: bytes) -> Call:
        self.protocol.dataReceived(data)
        return self

    def lose(self, reason: Exception | None = None) -> Call:
        failure = Failure(reason or ConnectionDone())
        self.protocol.connectionLost(failure)
        self.factory.clientConnectionLost(self.reactor.connectors[0], failure)
        return self

    @property
    def outcome(self) -> Any:
        results: list[Any] = []
        self.deferred.addBoth(results.append)
        [result] = results
        return result.value if isinstance(result, Failure) else result

    @property
    def pending(self) -> bool:
        return not self.deferred.called

    @property
    def head(self) -> list[bytes]:
        lines: list[bytes] = (
            self.transport.value().partition(b"\r\n\r\n")[0].split(b"\r\n")
        )
        return lines


def ok(body: bytes | str, status: str = "200 OK") -> bytes:
    data = body if isinstance(body, bytes) else body.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(data)}\r\n\r\n"
    return head.encode() + data


THREE = dumps((3,), methodresponse=True)


# What is sent


def test_a_call_is_a_post() -> None:
    call = Call().connect()
    assert call.head == [
        b"POST /RPC2 HTTP/1.1",
        b"Host: here",
        b"User-Agent: Sennit/XMLRPC",
        b"Content-Type: text/xml; charset=utf-8",
        b"Content-Length: %d" % len(ours.dumpCall("add", [1, 2])),
        b"Connection: close",
    ]
    body = call.transport.value().partition(b"\r\n\r\n")[2]
    assert ours.loadCall(body) == ("add", [1, 2])


@pytest.mark.parametrize(
    ("url", "target", "host", "port"),
    [
        ("http://here", b"/RPC2", b"here", 80),
        (b"http://here:81/a/b?c=d", b"/a/b?c=d", b"here:81", 81),
        ("http://[::1]:81/x#y", b"/x", b"[::1]:81", 81),
        ("https://here/x", b"/x", b"here", 443),
        ("HTTPS://here:8443/", b"/RPC2", b"here:8443", 8443),
    ],
)
def test_the_url_says_where_to(
    url: str | bytes, target: bytes, host: bytes, port: int
) -> None:
    call = Call(url).connect()
    assert call.head[:2] == [b"POST " + target + b" HTTP/1.1", b"Host: " + host]
    assert call.asked[1] == port


@pytest.mark.parametrize(
    ("url", "user", "password", "sent"),
    [
        ("http://joe:s%3Aecret%40@here/", None, None, b"joe:s:ecret@"),
        ("http://joe@here/", None, None, b"joe:"),
        ("http://joe:old@here/", "jane", "new", b"jane:new"),
        ("http://joe:old@here/", None, "new", b"joe:new"),
        ("http://here/", b"joe", b"x" * 100, b"joe:" + b"x" * 100),
        ("http://here/", "d\u00fc", "", b"d\xc3\xbc:"),
    ],
)
def test_credentials_come_from_the_url_or_the_arguments(
    url: str, user: str | None, password: str | None, sent: bytes
) -> None:
    call = Call(url, user=user, password=password).connect()
    [header] = [line for line in call.head if line.startswith(b"Authorization: ")]
    assert b64decode(header.removeprefix(b"Authorization: Basic ")) == sent
    assert b"@" not in call.head[1]


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("ftp://here/", SchemeNotSupported),
        ("here/", SchemeNotSupported),
        ("http:///x", ValueError),
        ("http://here:port/", ValueError),
        ("http://here/a b", ValueError),
        ("http://here/\r\nX-Evil: 1", ValueError),
    ],
)
def test_a_url_that_leads_nowhere_is_refused(url: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        Proxy(url, reactor=MemoryReactorClock())


def test_what_cannot_be_sent_is_told_at_once() -> None:
    reactor = MemoryReactorClock()
    with pytest.raises(ours.CannotSend):
        Proxy("http://here/", reactor=reactor).callRemote("f", None)
    assert reactor.tcpClients == []
    Proxy("http://here/", allowNone=True, reactor=reactor).callRemote("f", None)
    assert len(reactor.tcpClients) == 1


# What is read


@pytest.mark.parametrize(
    "answer",
    [
        ok(THREE),
        f"HTTP/1.0 200 OK\r\n\r\n{THREE}".encode(),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n"
        % (len(THREE), THREE.encode()),
        b"HTTP/1.1 100 Continue\r\n\r\n" + ok(THREE),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_the_result_is_read_however_it_comes(answer: bytes, size: int) -> None:
    call = Call().connect()
    for at in range(0, len(answer), size):
        call.receive(answer[at : at + size])
    assert call.transport.disconnected or b"HTTP/1.0" in answer
    assert call.pending
    assert call.lose().outcome == 3


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        (ok(dumps(Fault(7, "no"))), Fault, "Fault 7: 'no'"),
        (ok("", "404 Not Found"), ours.BadStatus, "404 Not Found"),
        (ok(THREE, "500 Sorry"), ours.BadStatus, "500 Sorry"),
        (ok("no XML"), ours.InvalidMessage, "no element"),
        (ok(""), ours.InvalidMessage, "no element"),
        (ok("<!DOCTYPE a>"), ours.DocumentTypeRefused, "document type"),
        (ok("<" * 2000), ours.MessageTooLong, "more than 1000 bytes"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000, ours.MessageTooLong, "1000 bytes"),
        (b"220 mail.example.org ESMTP\r\n\r\n", ParseError, ""),
    ],
)
def test_what_is_no_result_fails_the_call(
    answer: bytes, error: type[Exception], says: str
) -> None:
    call = Call(limits=Limits(maxBytes=1000)).connect().receive(answer)
    assert call.transport.disconnected
    outcome = call.lose().outcome
    assert isinstance(outcome, error)
    assert says in str(outcome)


@pytest.mark.parametrize(
    ("received", "reason", "error"),
    [
        (b"", ConnectionDone(), ConnectionDone),
        (b"", ConnectionLost(), ConnectionLost),
        (ok(THREE)[:-1], ConnectionDone(), ParseError),
        (b"HTTP/1.1 200", ConnectionDone(), ParseError),
    ],
)
def test_a_connection_that_ends_before_fails_the_call(
    received: bytes, reason: Exception, error: type[Exception]
) -> None:
    call = Call().connect()
    if received:
        call.receive(received)
    assert isinstance(call.lose(reason).outcome, error)


def test_of_an_error_page_nothing_is_read() -> None:
    call = Call().connect().receive(b"HTTP/1.1 404 Not Found\r\n\r\n")
    assert call.transport.disconnected
    assert isinstance(call.outcome, ours.BadStatus)


def test_a_connection_that_is_not_made_fails_the_call() -> None:
    call = Call()
    call.factory.clientConnectionFailed(None, Failure(ConnectionRefusedError()))
    assert isinstance(call.outcome, ConnectionRefusedError)


def test_an_error_of_a_callback_does_not_come_back(
    logged: list[dict[str, Any]],
) -> None:
    """The factory is done with its Deferred once it fires it."""
    call = Call().connect()

    def fail(result: object) -> None:
        raise RuntimeError(result)

    call.deferred.addCallback(fail)
    assert isinstance(call.receive(ok(THREE)).lose().outcome, RuntimeError)


# Time


def test_to_connect_takes_so_long() -> None:
    assert Call().asked[3] == 30
    assert Call(connectTimeout=2.0).asked[3] == 2.0
    assert Call("https://here/", connectTimeout=3.0).asked[4] == 3.0


def test_a_call_takes_so_long() -> None:
    call = Call(timeout=5).connect()
    call.reactor.advance(4.9)
    assert call.pending
    call.reactor.advance(0.2)
    assert isinstance(call.outcome, TimeoutError)
    assert (
        call.reactor.connectors[0].stoppedConnecting
        or call.reactor.connectors[0]._disconnected
    )


def test_a_call_that_is_done_leaves_no_timer() -> None:
    call = Call(timeout=5).connect().receive(ok(THREE)).lose()
    assert call.outcome == 3
    assert call.reactor.getDelayedCalls() == []


def test_a_call_may_be_cancelled() -> None:
    call = Call().connect()
    call.deferred.cancel()
    assert isinstance(call.outcome, CancelledError)
    call.lose()


# Overridden


def test_a_subclass_sees_the_status_and_the_headers() -> None:
    seen: list[tuple[bytes, ...]] = []

    class Noting(ours.QueryProtocol):
        def handleStatus(self, version: bytes, status: bytes, message: bytes) -> None:
            seen.append((version, status, message))
            super().handleStatus(version, status, message)

        def handleHeader(self, key: bytes, val: bytes) -> None:
            seen.append((key, val))

    class Query(ours.QueryFactory):
        protocol = Noting

    class Own(Proxy):
        queryFactory = Query

    reactor = MemoryReactorClock()
    called = Own("http://here/", reactor=reactor).callRemote("f")
    factory = reactor.tcpClients[0][2]
    protocol = factory.buildProtocol(None)
    protocol.makeConnection(StringTransport())
    protocol.dataReceived(ok(THREE))
    protocol.connectionLost(Failure(ConnectionDone()))
    assert seen == [
        (b"HTTP/1.1", b"200", b"OK"),
        (b"Content-Length", b"%d" % len(THREE)),
    ]
    assert called.result == 3


# Over real connections


class Server(ours.XMLRPC):
    def __init__(self) -> None:
        super().__init__()
        self.cancelled = Deferred[None]()

    def xmlrpc_add(self, a: int, b: int) -> int:
        return a + b

    def xmlrpc_many(self) -> list[int]:
        return list(range(1000))

    @ours.withRequest
    def xmlrpc_whose(self, request: Request) -> list[str]:
        return [request.getUser().decode(), request.getPassword().decode()]

    def xmlrpc_never(self) -> Deferred[None]:
        return Deferred(lambda d: self.cancelled.callback(None))


class Counting(Factory):
    """Counts the connections of another factory."""

    def __init__(self, factory: Factory) -> None:
        self.factory = factory
        self.connections = 0

    def buildProtocol(self, addr: Any) -> Any:
        self.connections += 1
        return self.factory.buildProtocol(addr)


BOTH = pytest.mark.sennit(loop=["asyncio", "uvloop"])


@BOTH
async def test_calls_are_answered_and_cancelled_over_tcp(reactor: Reactor) -> None:
    """What the client gives up is cancelled in the server."""
    server = Server()
    port = reactor.listenTCP(0, Site(server, reactor=reactor), interface="127.0.0.1")
    url = f"http://127.0.0.1:{port.getHost().port}/"
    proxy = Proxy(url, reactor=reactor)
    assert await proxy.callRemote("add", 1, 2) == 3
    with pytest.raises(Fault):
        await proxy.callRemote("nothere")
    with pytest.raises(TimeoutError):
        await Proxy(url, timeout=0.05, reactor=reactor).callRemote("never")
    await server.cancelled
    await port.stopListening()


@BOTH
async def test_calls_go_over_tls_to_whom_we_trust(reactor: Reactor) -> None:
    authority = CertificateAuthority()
    options = tls.serverOptions(authority.issue("localhost"))
    port = reactor.listenSSL(
        0, Site(Server(), reactor=reactor), options, interface="127.0.0.1"
    )
    url = f"https://localhost:{port.getHost().port}/"
    trusting = tls.clientOptions("localhost", trustRoot=authority.pem)
    proxy = Proxy(url, contextFactory=trusting, reactor=reactor)
    assert await proxy.callRemote("add", 1, 2) == 3
    with pytest.raises(ssl.SSLError):
        await Proxy(url, reactor=reactor).callRemote("add", 1, 2)
    await port.stopListening()


@BOTH
async def test_an_agent_keeps_the_connection(reactor: Reactor) -> None:
    """Calls one after another go over one; what fails a call leaves it."""
    factory = Site(Server(), reactor=reactor)
    counted = Counting(factory)
    port = reactor.listenTCP(0, counted, interface="127.0.0.1")
    pool = HTTPConnectionPool(reactor)
    url = f"http://joe:secret@127.0.0.1:{port.getHost().port}/"
    agent = Agent(reactor, pool=pool)
    proxy = Proxy(url, agent=agent, limits=Limits(maxBytes=1000), reactor=reactor)
    for _ in range(3):
        assert await proxy.callRemote("add", 1, 2) == 3
    with pytest.raises(Fault):
        await proxy.callRemote("nothere")
    assert await proxy.callRemote("whose") == ["joe", "secret"]
    assert counted.connections == 1
    with pytest.raises(ours.MessageTooLong):
        await proxy.callRemote("many")
    proxy.timeout = 0.05
    with pytest.raises(TimeoutError):
        await proxy.callRemote("never")
    await pool.closeCachedConnections()
    await port.stopListening()


@BOTH
async def test_an_agent_that_finds_no_xmlrpc_fails_the_call(reactor: Reactor) -> None:
    port = reactor.listenTCP(
        0, Site(Resource(), reactor=reactor), interface="127.0.0.1"
    )
    url = f"http://127.0.0.1:{port.getHost().port}/"
    with pytest.raises(ours.BadStatus, match="404"):
        await Proxy(url, agent=Agent(reactor), reactor=reactor).callRemote("f")
    await port.stopListening()


def test_a_task_of_asyncio_awaits_calls() -> None:
    """In a program whose loop is not ours, and with the default reactor."""

    async def main() -> Any:
        reactor = sennit.core.reactor
        port = reactor.listenTCP(0, Site(Server()), interface="127.0.0.1")
        proxy = Proxy(f"http://127.0.0.1:{port.getHost().port}/")
        calls = (asyncio.create_task(ask(proxy, n)) for n in range(5))
        answers = await asyncio.gather(*calls)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(ask(proxy, None), 0.05)
        await port.stopListening()
        return answers

    async def ask(proxy: Proxy, number: int | None) -> Any:
        if number is None:
            return await proxy.callRemote("never")
        return await proxy.callRemote("add", number, number)

    assert asyncio.run(main()) == [0, 2, 4, 6, 8]
