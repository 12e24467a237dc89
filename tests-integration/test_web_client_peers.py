"""Our HTTP client, and the servers of Twisted and aiohttp at the other end."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sennit.core import tls
from sennit.core.endpoints import HostnameEndpoint, wrapClientTLS
from sennit.core.engine import Reactor
from sennit.core.testing import CertificateAuthority
from sennit.web import client
from sennit.web.client import Agent, Client, HTTPConnectionPool, ProxyAgent

pytestmark = pytest.mark.sennit(timeout=30)

# Each serves the same: /echo, /chunks, /large, /gzip, /redirect, /cookies, /early, /bye.
TWISTED = """
import gzip, json, sys
from twisted.internet import endpoints, reactor
from twisted.web import resource, server

class Page(resource.Resource):
    isLeaf = True

    def render(self, request):
        return getattr(self, request.path.decode().strip("/"))(request)

    def echo(self, request):
        request.setHeader("content-type", "application/json")
        headers = request.requestHeaders.getAllRawHeaders()
        return json.dumps({
            "method": request.method.decode(),
            "query": {k.decode(): [x.decode() for x in v] for k, v in request.args.items()},
            "headers": {k.decode().lower(): v[0].decode() for k, v in headers},
            "body": request.content.read().decode("latin-1"),
        }).encode()

    def chunks(self, request):
        for number in range(5):
            reactor.callLater(number * 0.01, request.write, b"%d" % number * 1000)
        reactor.callLater(0.06, request.finish)
        return server.NOT_DONE_YET

    def large(self, request):
        return bytes(5_000_000)

    def gzip(self, request):
        assert "gzip" in request.getHeader("accept-encoding")
        request.setHeader("content-encoding", "gzip")
        return gzip.compress(b"hello" * 1000)

    def redirect(self, request):
        request.redirect(b"/echo?redirected=1")
        return b"elsewhere"

    def cookies(self, request):
        request.addCookie("visits", str(int(request.getCookie(b"visits") or 0) + 1))
        return request.getCookie(b"visits") or b""

    def early(self, request):
        request.setResponseCode(413)
        request.setHeader("connection", "close")
        return b"too much"

    def bye(self, request):
        request.transport.abortConnection()
        return server.NOT_DONE_YET

where = endpoints.serverFromString(reactor, sys.argv[1])
site = server.Site(Page())
where.listen(site).addCallback(
    lambda port: print(getattr(port.getHost(), "port", 0), flush=True)
)
reactor.run()
"""

AIOHTTP = """
import asyncio, gzip, sys
from aiohttp import web

async def echo(request):
    body = await request.read()
    query = {name: request.query.getall(name) for name in request.query}
    return web.json_response({
        "method": request.method,
        "query": query,
        "headers": {name.lower(): value for name, value in request.headers.items()},
        "body": body.decode("latin-1"),
    })

async def chunks(request):
    response = web.StreamResponse()
    await response.prepare(request)
    for number in range(5):
        await response.write(b"%d" % number * 1000)
        await asyncio.sleep(0.01)
    await response.write_eof()
    return response

async def large(request):
    return web.Response(body=bytes(5_000_000))

async def packed(request):
    assert "gzip" in request.headers["accept-encoding"]
    body = gzip.compress(b"hello" * 1000)
    return web.Response(body=body, headers={"content-encoding": "gzip"})

async def redirect(request):
    raise web.HTTPFound("/echo?redirected=1")

async def cookies(request):
    seen = request.cookies.get("visits", "")
    response = web.Response(text=seen)
    response.set_cookie("visits", str(int(seen or 0) + 1))
    return response

async def early(request):
    return web.Response(status=413, text="too much", headers={"connection": "close"})

async def bye(request):
    request.transport.abort()
    return web.Response()

async def main():
    app = web.Application(client_max_size=2 ** 30)
    for name, handler in {
        "echo": echo, "chunks": chunks, "large": large, "gzip": packed,
        "redirect": redirect, "cookies": cookies, "early": early, "bye": bye,
    }.items():
        app.router.add_route("*", "/" + name, handler)
    runner = web.AppRunner(app)
    await runner.setup()
    if sys.argv[1].startswith("unix:"):
        await web.UnixSite(runner, sys.argv[1][5:]).start()
        print(0, flush=True)
    else:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        print(site._server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""

PEERS = {"twisted": TWISTED, "aiohttp": AIOHTTP}
TCP = "tcp:0:interface=127.0.0.1"


def present(name: str) -> Any:
    missing = importlib.util.find_spec(name) is None
    reason = f"{name} is not installed: nox -s integration has it"
    return pytest.param(name, marks=pytest.mark.skipif(missing, reason=reason))


both = pytest.mark.parametrize("peer", [present(name) for name in PEERS])

Serve = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Runs one of the servers; gives its URL."""
    servers: list[subprocess.Popen[str]] = []

    def begin(peer: str, where: str = TCP, scheme: str = "http") -> str:
        command = [sys.executable, "-c", PEERS[peer], where]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        servers.append(server)
        assert server.stdout is not None
        return f"{scheme}://localhost:{server.stdout.readline().strip()}"

    yield begin
    for server in servers:
        server.terminate()
        server.communicate(timeout=10)


@both
async def test_questions_of_all_kinds(
    reactor: Reactor, serve: Serve, peer: str
) -> None:
    async with Client(serve(peer), reactor=reactor) as asking:
        said = (
            await asking.get("/echo", params={"q": "x y"}, headers={"X": "y"})
        ).json()
        assert said["query"] == {"q": ["x y"]}
        assert said["headers"]["x"] == "y"
        for method in ("post", "put", "patch"):
            said = (await getattr(asking, method)("/echo", json={"a": [1]})).json()
            assert (said["method"], said["body"]) == (method.upper(), '{"a":[1]}')
        said = (await asking.post("/echo", files={"f": ("n.txt", b"in it")})).json()
        assert (
            'name="f"; filename="n.txt"'
            in said["headers"]["content-type"] + said["body"]
        )
        assert (await asking.head("/echo")).content == b""
        assert (await asking.delete("/echo")).json()["method"] == "DELETE"
        assert (await asking.get("/gzip")).text() == "hello" * 1000
        assert len(asking.pool._kept) == 1


@both
async def test_a_large_body_goes_up_in_chunks(
    reactor: Reactor, serve: Serve, peer: str
) -> None:
    pieces = [bytes([number]) * 100_000 for number in range(30)]
    async with Client(serve(peer), reactor=reactor) as asking:
        said = (await asking.post("/echo", iter(pieces))).json()
    assert said["headers"]["transfer-encoding"] == "chunked"
    assert said["body"].encode("latin-1") == b"".join(pieces)


@both
async def test_streams_come_down(reactor: Reactor, serve: Serve, peer: str) -> None:
    async with Client(serve(peer), reactor=reactor) as asking:
        answer = await asking.get("/chunks", stream=True)
        taken = [piece async for piece in answer]
        assert b"".join(taken) == b"".join(b"%d" % each * 1000 for each in range(5))
        assert len(taken) > 1
        answer = await asking.get("/large", stream=True)
        assert sum([len(piece) async for piece in answer]) == 5_000_000
        async with await asking.get("/large", stream=True):
            pass
        assert (await asking.get("/echo")).ok


@both
async def test_redirects_and_cookies(reactor: Reactor, serve: Serve, peer: str) -> None:
    async with Client(serve(peer), reactor=reactor) as asking:
        answer = await asking.get("/redirect")
        assert answer.json()["query"] == {"redirected": ["1"]}
        assert [each.status for each in answer.history] == [302]
        visits = [(await asking.get("/cookies")).text() for _ in range(3)]
        assert visits == ["", "1", "2"]


@both
async def test_a_server_that_has_enough_early(
    reactor: Reactor, serve: Serve, peer: str
) -> None:
    async with Client(serve(peer), reactor=reactor) as asking:
        answer = await asking.post("/early", b"x" * 1000)
        assert (answer.status, answer.text()) == (413, "too much")


@both
async def test_a_server_that_hangs_up(
    reactor: Reactor, serve: Serve, peer: str
) -> None:
    async with Client(serve(peer), reactor=reactor) as asking:
        assert (await asking.get("/echo")).ok
        with pytest.raises((client.ResponseFailed, client.RequestTransmissionFailed)):
            await asking.get("/bye")
        assert (await asking.get("/echo")).ok


@both
async def test_many_at_a_time(reactor: Reactor, serve: Serve, peer: str) -> None:
    async with Client(serve(peer), reactor=reactor) as asking:
        asked = [asking.post("/echo", str(number)) for number in range(100)]
        bodies = [(await each).json()["body"] for each in asked]
    assert bodies == [str(number) for number in range(100)]


@both
async def test_over_a_unix_socket(
    reactor: Reactor, serve: Serve, peer: str, tmp_path: Path
) -> None:
    path = str(tmp_path / "socket")
    serve(peer, f"unix:{path}")
    async with Client("http://there", unixSocket=path, reactor=reactor) as asking:
        assert (await asking.get("/echo")).json()["headers"]["host"] == "there"


@pytest.mark.parametrize("peer", [present("twisted")])
async def test_over_tls(
    reactor: Reactor, serve: Serve, peer: str, tmp_path: Path
) -> None:
    authority = CertificateAuthority()
    pem = tmp_path / "pem"
    pem.write_bytes(authority.issue("localhost"))
    where = f"ssl:0:interface=127.0.0.1:privateKey={pem}:certKey={pem}"
    policy = client.BrowserLikePolicyForHTTPS(authority.pem)
    url = serve(peer, where, "https")
    async with Client(url, policy=policy, reactor=reactor) as asking:
        for _ in range(2):
            assert (await asking.get("/echo")).ok
        assert len((await asking.get("/large")).content) == 5_000_000


@both
async def test_agents_by_hand(reactor: Reactor, serve: Serve, peer: str) -> None:
    """The names that programs have used for years."""
    url = serve(peer).encode()
    pool = HTTPConnectionPool(reactor)
    agent = client.ContentDecoderAgent(
        client.BrowserLikeRedirectAgent(Agent(reactor, pool=pool)),
        [(b"gzip", client.GzipDecoder)],
    )
    response = await agent.request(b"GET", url + b"/redirect")
    assert json.loads(await client.readBody(response))["query"] == {"redirected": ["1"]}
    assert response.previousResponse.code == 302
    response = await agent.request(b"GET", url + b"/gzip")
    assert await client.readBody(response) == b"hello" * 1000
    body = client.FileBodyProducer(open(__file__, "rb"))  # noqa: SIM115
    response = await agent.request(b"POST", url + b"/echo", None, body)
    said = json.loads(await client.readBody(response))
    assert said["body"].encode("latin-1") == Path(__file__).read_bytes()
    await pool.closeCachedConnections()


@pytest.mark.parametrize("peer", [present("twisted")])
async def test_through_a_proxy_of_twisted(
    reactor: Reactor, serve: Serve, peer: str
) -> None:
    PEERS["proxy"] = """
from twisted.internet import reactor
from twisted.web import http, proxy

class Factory(http.HTTPFactory):
    def buildProtocol(self, addr):
        return proxy.Proxy()

print(reactor.listenTCP(0, Factory(), interface="127.0.0.1").getHost().port, flush=True)
reactor.run()
"""
    url, through = serve(peer), serve("proxy")
    port = int(through.rsplit(":", 1)[1])
    agent = ProxyAgent(HostnameEndpoint(reactor, "127.0.0.1", port), reactor)
    response = await agent.request(b"GET", url.encode() + b"/echo?q=1")
    assert json.loads(await client.readBody(response))["query"] == {"q": ["1"]}


@pytest.mark.parametrize("peer", [present("twisted")])
async def test_by_an_endpoint_of_ones_own(
    reactor: Reactor, serve: Serve, peer: str, tmp_path: Path
) -> None:
    """TLS over a UNIX socket, which no URL tells."""
    authority = CertificateAuthority()
    pem = tmp_path / "pem"
    pem.write_bytes(authority.issue("inside"))
    where = f"ssl:0:interface=127.0.0.1:privateKey={pem}:certKey={pem}"
    port = int(serve(peer, where).rsplit(":", 1)[1])

    class Inside:
        def endpointForURI(self, uri: client.URI) -> Any:
            options = tls.clientOptions("inside", trustRoot=authority.pem)
            below = HostnameEndpoint(reactor, "127.0.0.1", port)
            return wrapClientTLS(options, below)

    agent = Agent.usingEndpointFactory(reactor, Inside())
    response = await agent.request(b"GET", b"inside://any/echo")
    assert json.loads(await client.readBody(response))["headers"]["host"] == "any:80"
