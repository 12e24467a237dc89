"""The short face, over real connections: on both loops, by Deferreds and in tasks."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from sennit.core import tls
from sennit.core.defer import Deferred
from sennit.core.endpoints import TCP4ClientEndpoint, connectProtocol
from sennit.core.engine import Reactor
from sennit.core.errors import ConnectionRefusedError, VerifyError
from sennit.core.protocol import Factory, Protocol
from sennit.core.testing import CertificateAuthority
from sennit.web import client
from sennit.web.client import Client, Timeouts
from sennit.web.error import PageRedirect

pytestmark = pytest.mark.sennit(loop=["asyncio", "uvloop"], timeout=20)


class Server(Protocol):
    """Answers whole requests by a function of the test."""

    answer: Any = None
    connections = 0

    def connectionMade(self) -> None:
        type(self).connections += 1
        self.data = b""

    def dataReceived(self, data: bytes) -> None:
        self.data += data
        head, end, body = self.data.partition(b"\r\n\r\n")
        if not end:
            return
        lower = head.lower()
        if b"\r\ntransfer-encoding: chunked" in lower:
            if not body.endswith(b"0\r\n\r\n"):
                return
        elif b"\r\ncontent-length: " in lower:
            length = int(lower.split(b"\r\ncontent-length: ")[1].split(b"\r\n")[0])
            if len(body) < length:
                return
        self.data = b""
        said = type(self).answer(head, body)
        if said is None:
            self.transport.loseConnection()
        elif said:
            self.transport.write(said)


def ok(body: bytes = b"", *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


Serve = Callable[..., str]


@pytest.fixture
async def serve(reactor: Reactor) -> AsyncIterator[Serve]:
    """Serves by a function of a request's head and body; gives the URL."""
    ports: list[Any] = []

    def begin(
        answer: Callable[[bytes, bytes], bytes | None], options: Any = None
    ) -> str:
        kind = type("Serving", (Server,), {"answer": staticmethod(answer)})
        factory = Factory.forProtocol(kind)
        if options is None:
            port = reactor.listenTCP(0, factory, interface="127.0.0.1")
        else:
            port = reactor.listenSSL(0, factory, options, interface="127.0.0.1")
        ports.append(port)
        begin.kind = kind  # type: ignore[attr-defined]
        scheme = "http" if options is None else "https"
        return f"{scheme}://localhost:{port.getHost().port}"

    yield begin
    for port in ports:
        await port.stopListening()


def echo(head: bytes, body: bytes) -> bytes:
    """Tell what was asked."""
    line, *headers = head.decode().split("\r\n")
    told = dict(header.split(": ", 1) for header in headers)
    said = {"line": line, "headers": told, "body": body.decode()}
    return ok(json.dumps(said).encode(), "Content-Type: application/json")


async def test_one_line_gets_an_answer(reactor: Reactor, serve: Serve) -> None:
    answer = await client.get(
        serve(echo) + "/a b/ä", params={"q": "x y", "n": [1, 2]}, reactor=reactor
    )
    assert (answer.status, answer.code, answer.ok, answer.reason) == (
        200,
        200,
        True,
        "OK",
    )
    said = answer.json()
    assert said["line"] == "GET /a%20b/%C3%A4?q=x+y&n=1&n=2 HTTP/1.1"
    assert said["headers"]["Connection"] == "close"
    assert "gzip" in said["headers"]["Accept-Encoding"]
    assert answer.url.endswith("/a%20b/%C3%A4?q=x+y&n=1&n=2")
    assert answer.raiseForStatus() is answer


@pytest.mark.parametrize(
    "method", ["get", "head", "options", "delete", "post", "put", "patch"]
)
async def test_every_method_has_a_name(
    reactor: Reactor, serve: Serve, method: str
) -> None:
    def answer(head: bytes, body: bytes) -> bytes:
        return ok(b"", "X: " + head.decode().split()[0])

    said = await getattr(client, method)(serve(answer), reactor=reactor)
    assert said.headers.getRawHeaders("X") == [method.upper()]
    async with Client(reactor=reactor) as asking:
        said = await getattr(asking, method)(serve(answer))
        assert said.headers.getRawHeaders("X") == [method.upper()]


async def test_bodies_of_all_kinds_are_sent(
    reactor: Reactor, serve: Serve, tmp_path: Any
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"one "
        await asyncio.sleep(0)
        yield b"two"

    path = tmp_path / "file"
    path.write_bytes(b"of a file")
    async with Client(serve(echo), reactor=reactor) as asking:
        said = (await asking.post("/", json={"a": 1})).json()
        assert said["body"] == '{"a":1}'
        assert said["headers"]["Content-Type"] == "application/json"
        said = (await asking.post("/", {"a": "1 2"})).json()
        assert said["body"] == "a=1+2"
        said = (await asking.put("/", pieces())).json()
        assert said["body"] == "4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n"
        with open(path, "rb") as file:
            said = (await asking.put("/", file)).json()
        assert said["body"] == "of a file"
        assert said["headers"]["Content-Length"] == "9"
        said = (await asking.post("/", files={"f": ("n", b"content")})).json()
        assert "content" in said["body"]


async def test_a_client_keeps_connections_and_cookies(
    reactor: Reactor, serve: Serve
) -> None:
    def answer(head: bytes, body: bytes) -> bytes:
        return ok(head, "Set-Cookie: a=1; Path=/")

    async with Client(serve(answer), reactor=reactor) as asking:
        assert b"Cookie" not in (await asking.get("/")).content
        assert b"Cookie: a=1" in (await asking.get("/")).content
        assert [cookie.name for cookie in asking.cookies] == ["a"]
    assert serve.kind.connections == 1  # type: ignore[attr-defined]


async def test_redirects_are_followed_and_told(reactor: Reactor, serve: Serve) -> None:
    def answer(head: bytes, body: bytes) -> bytes:
        if b" /end " in head:
            return ok(head)
        return ok(b"elsewhere", "Location: /end", status="302 Found")

    url = serve(answer)
    async with Client(url, auth=("joe", "secret"), reactor=reactor) as asking:
        said = await asking.get("/begin")
        assert said.url == url + "/end"
        assert [(each.status, each.url) for each in said.history] == [
            (302, url + "/begin")
        ]
        assert b"Authorization: Basic am9lOnNlY3JldA==" in said.content
        said = await asking.get("/begin", redirects=0)
        assert (said.status, said.content) == (302, b"elsewhere")
    assert serve.kind.connections == 1  # type: ignore[attr-defined]


async def test_another_host_is_not_told_the_password(
    reactor: Reactor, serve: Serve
) -> None:
    other = serve(lambda head, body: ok(head))
    first = serve(lambda head, body: ok(b"", f"Location: {other}/", status="307 There"))
    async with Client(first, auth=("joe", "secret"), reactor=reactor) as asking:
        said = await asking.get("/", headers={"Cookie": "a=b"})
        assert b"Authorization" not in said.content
        assert b"Cookie" not in said.content
        said = await asking.get(other)
        assert b"Authorization" not in said.content
        said = await asking.get(other.replace("://", "://n:p%40@"))
        assert b"Authorization: Basic bjpwQA==" in said.content
        assert "p%40" not in said.url


async def test_a_body_is_sent_again_where_it_was_asked_for(
    reactor: Reactor, serve: Serve
) -> None:
    def answer(head: bytes, body: bytes) -> bytes:
        if b" /end " in head:
            return echo(head, body)
        return ok(b"", "Location: /end", status="308 There")

    url = serve(answer)
    said = (await client.post(url, json=[1], reactor=reactor)).json()
    assert (said["line"], said["body"]) == ("POST /end HTTP/1.1", "[1]")
    with pytest.raises(client.ResponseFailed) as caught:
        await client.post(url, iter([b"once"]), reactor=reactor)
    assert caught.value.reasons[0].check(PageRedirect)


async def test_a_packed_body_is_unpacked(reactor: Reactor, serve: Serve) -> None:
    url = serve(
        lambda head, body: ok(gzip.compress(b"hello"), "Content-Encoding: gzip")
    )
    assert (await client.get(url, reactor=reactor)).content == b"hello"


async def test_text_is_decoded_as_the_headers_say(
    reactor: Reactor, serve: Serve
) -> None:
    kinds = iter(["text/html; charset=latin-1", "text/plain", 'x; charset="none-such"'])

    def answer(head: bytes, body: bytes) -> bytes:
        return ok("ä".encode("latin-1"), f"Content-Type: {next(kinds)}")

    async with Client(serve(answer), reactor=reactor) as asking:
        assert (await asking.get("/")).text() == "ä"
        assert (await asking.get("/")).text() == "\ufffd"
        assert (await asking.get("/")).text("latin-1") == "ä"


async def test_a_status_of_an_error_can_be_raised(
    reactor: Reactor, serve: Serve
) -> None:
    url = serve(lambda head, body: ok(b"nothing here", status="404 Not Found"))
    answer = await client.get(url, reactor=reactor)
    assert not answer.ok
    with pytest.raises(client.StatusError) as caught:
        answer.raiseForStatus()
    assert str(caught.value) == "404 Not Found"
    assert (caught.value.answer, caught.value.response) == (answer, b"nothing here")


# Streams


async def test_a_stream_is_taken_piece_by_piece(reactor: Reactor, serve: Serve) -> None:
    large = bytes(range(256)) * 4000
    async with Client(serve(lambda head, body: ok(large)), reactor=reactor) as asking:
        answer = await asking.get("/", stream=True)
        with pytest.raises(RuntimeError):
            answer.content  # noqa: B018
        taken = [piece async for piece in answer]
        assert b"".join(taken) == large
        assert len(taken) > 1
        answer = await asking.get("/", stream=True)
        assert await answer.read() == answer.content == large
        assert [piece async for piece in answer] == [large]
    assert serve.kind.connections == 1  # type: ignore[attr-defined]


async def test_a_stream_that_is_left_ends_its_connection(
    reactor: Reactor, serve: Serve
) -> None:
    large = bytes(1_000_000)
    async with Client(serve(lambda head, body: ok(large)), reactor=reactor) as asking:
        async with await asking.get("/", stream=True) as answer:
            async for piece in answer:
                assert piece
                break
        async with await asking.get("/", stream=True):
            pass
        assert (await asking.get("/")).content == large
    assert serve.kind.connections == 3  # type: ignore[attr-defined]


# What goes wrong


async def test_nobody_listens(reactor: Reactor, serve: Serve) -> None:
    port = reactor.listenTCP(0, Factory(), interface="127.0.0.1")
    number = port.getHost().port
    await port.stopListening()
    with pytest.raises(ConnectionRefusedError):
        await client.get(f"http://127.0.0.1:{number}/", reactor=reactor)


async def test_a_server_that_hangs_up(reactor: Reactor, serve: Serve) -> None:
    with pytest.raises(client.ResponseNeverReceived):
        await client.get(serve(lambda head, body: None), reactor=reactor)


async def test_a_server_that_ends_kept_connections(
    reactor: Reactor, serve: Serve
) -> None:
    """Each request but the first is sent once more."""
    seen: list[bytes] = []

    def answer(head: bytes, body: bytes) -> bytes | None:
        seen.append(head)
        return None if len(seen) % 2 == 0 else ok(b"yes")

    async with Client(serve(answer), reactor=reactor) as asking:
        for _ in range(3):
            assert (await asking.get("/")).content == b"yes"


@pytest.mark.parametrize(
    ("timeout", "error"),
    [
        (Timeouts(headers=0.05), client.HeadersTimeout),
        (Timeouts(total=0.05), client.TotalTimeout),
        (0.05, client.TotalTimeout),
    ],
)
async def test_a_server_that_says_nothing(
    reactor: Reactor, serve: Serve, timeout: Any, error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        await client.get(
            serve(lambda head, body: b""), timeout=timeout, reactor=reactor
        )
    assert isinstance(caught.value, TimeoutError)


@pytest.mark.parametrize("timeout", [Timeouts(body=0.05), Timeouts(total=0.05)])
async def test_a_server_that_stops_in_the_middle(
    reactor: Reactor, serve: Serve, timeout: Any
) -> None:
    url = serve(lambda head, body: b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
    with pytest.raises((client.BodyTimeout, client.TotalTimeout)):
        await client.get(url, timeout=timeout, reactor=reactor)


async def test_a_body_that_ends_with_its_connection_is_whole(
    reactor: Reactor, serve: Serve
) -> None:
    class OldServer(Protocol):
        def dataReceived(self, data: bytes) -> None:
            self.transport.write(b"HTTP/1.0 200 OK\r\n\r\nall of it")
            self.transport.loseConnection()

    port = reactor.listenTCP(0, Factory.forProtocol(OldServer), interface="127.0.0.1")
    url = f"http://127.0.0.1:{port.getHost().port}/"
    assert (await client.get(url, reactor=reactor)).content == b"all of it"
    await port.stopListening()


async def test_a_body_larger_than_memory_may_be_is_refused(
    reactor: Reactor, serve: Serve
) -> None:
    url = serve(lambda head, body: ok(bytes(1000)))
    limits = client.ResponseLimits(bodyBytes=999)
    with pytest.raises(client.BodyTooLong):
        await client.get(url, limits=limits, reactor=reactor)


async def test_what_exceeds_a_budget_is_told_plainly(
    reactor: Reactor, serve: Serve
) -> None:
    long = serve(lambda head, body: ok(b"", "X: " + "y" * 70_000))
    with pytest.raises(client.HeadTooLong):
        await client.get(long, reactor=reactor)
    bomb = gzip.compress(bytes(10_000_000))
    url = serve(lambda head, body: ok(bomb, "Content-Encoding: gzip"))
    with pytest.raises(client.DecompressionBomb):
        await client.get(url, reactor=reactor)


@pytest.mark.parametrize(
    ("url", "options", "what"),
    [
        ("/relative", {}, "no host"),
        ("http://h/\r\nX: y", {}, "control"),
        ("http://h:x/", {}, "[Pp]ort"),
        ("http://h/", {"headers": {"X": "a\r\nY: b"}}, "line break"),
        ("http://h/", {"headers": {"X\r\nY": "b"}}, "X"),
        ("http://h/", {"headers": {"X": "a\0b"}}, "a"),
        ("http://h/", {"auth": ("a:b", "c")}, "colon"),
        ("http://h/", {"json": 1, "data": b""}, "one body"),
        ("http://h/", {"proxy": "ftp://h/"}, "proxy"),
    ],
)
async def test_what_cannot_be_asked_is_refused_at_once(
    reactor: Reactor, url: str, options: dict[str, Any], what: str
) -> None:
    with pytest.raises(ValueError, match=what):
        client.get(url, reactor=reactor, **options)


# By tasks, TLS, sockets and proxies


async def test_it_is_awaited_in_tasks_and_cancelled_by_them(
    reactor: Reactor, serve: Serve
) -> None:
    url = serve(lambda head, body: b"" if b" /never " in head else ok(b"yes"))

    async def ask() -> bytes:
        async with Client(url, reactor=reactor) as asking:
            answers = await asyncio.gather(*(asking.get("/") for _ in range(5)))
            assert len(asking.pool._kept) == 1
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await asking.get("/never")
            return b"".join(answer.content for answer in answers)

    assert await asyncio.get_running_loop().create_task(ask()) == b"yes" * 5


async def test_a_deferred_is_given(reactor: Reactor, serve: Serve) -> None:
    asked = client.get(serve(lambda head, body: ok(b"yes")), reactor=reactor)
    assert isinstance(asked, Deferred)
    assert await asked.addCallback(lambda answer: answer.content) == b"yes"


async def test_a_server_over_tls_is_verified(reactor: Reactor, serve: Serve) -> None:
    authority = CertificateAuthority()
    options = tls.serverOptions(authority.issue("localhost"))
    url = serve(lambda head, body: ok(b"secret"), options)
    trusting = client.BrowserLikePolicyForHTTPS(authority.pem)
    async with Client(url, policy=trusting, reactor=reactor) as asking:
        assert (await asking.get("/")).content == b"secret"
        assert (await asking.get("/")).content == b"secret"
        with pytest.raises(VerifyError):
            await asking.get(url.replace("localhost", "127.0.0.1"))
    with pytest.raises(VerifyError):
        await client.get(url, reactor=reactor)


async def test_a_server_behind_a_unix_socket(reactor: Reactor, tmp_path: Any) -> None:
    kind = type("Serving", (Server,), {"answer": staticmethod(echo)})
    path = str(tmp_path / "socket")
    port = reactor.listenUNIX(path, Factory.forProtocol(kind))
    async with Client("http://docker/", unixSocket=path, reactor=reactor) as asking:
        said = (await asking.get("/info")).json()
    assert said["line"] == "GET /info HTTP/1.1"
    assert said["headers"]["Host"] == "docker"
    await port.stopListening()


async def test_a_proxy_is_asked_with_its_password(
    reactor: Reactor, serve: Serve
) -> None:
    proxy = serve(echo).replace("://", "://me:pw@")
    async with Client("http://far.example", proxy=proxy, reactor=reactor) as asking:
        said = (await asking.get("/x")).json()
    assert said["line"] == "GET http://far.example/x HTTP/1.1"
    assert said["headers"]["Proxy-Authorization"] == "Basic bWU6cHc="


class Tunnel(Protocol):
    """A proxy that connects to one place, whatever it is asked for."""

    reactor: Any = None
    port = 0
    asked: Any = None

    def connectionMade(self) -> None:
        self.other: Any = None

    def dataReceived(self, data: bytes) -> None:
        if self.other is not None:
            self.other.transport.write(data)
            return
        type(self).asked = data
        here = self

        class Other(Protocol):
            def connectionMade(self) -> None:
                here.other = self
                here.transport.write(b"HTTP/1.1 200 OK\r\n\r\n")

            def dataReceived(self, data: bytes) -> None:
                here.transport.write(data)

            def connectionLost(self, reason: Any = None) -> None:
                here.transport.loseConnection()

        connectProtocol(
            TCP4ClientEndpoint(self.reactor, "127.0.0.1", self.port), Other()
        )

    def connectionLost(self, reason: Any = None) -> None:
        if self.other is not None:
            self.other.transport.loseConnection()


async def test_tls_goes_through_a_tunnel(reactor: Reactor, serve: Serve) -> None:
    authority = CertificateAuthority()
    options = tls.serverOptions(authority.issue("far.example"))
    url = serve(lambda head, body: ok(b"secret"), options)
    target = int(url.rsplit(":", 1)[1])
    kind: Any = type("Serving", (Tunnel,), {"reactor": reactor, "port": target})
    port = reactor.listenTCP(0, Factory.forProtocol(kind), interface="127.0.0.1")
    async with Client(
        "https://far.example",
        proxy=f"http://127.0.0.1:{port.getHost().port}",
        policy=client.BrowserLikePolicyForHTTPS(authority.pem),
        reactor=reactor,
    ) as asking:
        for _ in range(2):
            assert (await asking.get("/")).content == b"secret"
    assert kind.asked.startswith(b"CONNECT far.example:443 HTTP/1.1\r\n")
    await port.stopListening()
