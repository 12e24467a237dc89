"""Our HTTP server, and the clients of Python: what each asks is understood, and answered."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import importlib.util
import io
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
import xmlrpc.client
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Served

LOCAL = "127.0.0.1"


def peer(module: str) -> pytest.MarkDecorator:
    """Skips what a client is not there for."""
    return pytest.mark.skipif(
        importlib.util.find_spec(module) is None,
        reason=f"{module} is not installed: nox -s integration has it",
    )


def see(told: Any, method: str, body: bytes = b"", **headers: str) -> None:
    """What was sent has arrived, and no more."""
    assert told["method"] == method
    assert told["version"] == "HTTP/1.1"
    assert told["args"]["q"] == ["a b", "ü"]
    assert told["length"] == len(body)
    assert told["digest"] == hashlib.sha256(body).hexdigest()
    for name, value in headers.items():
        assert told["headers"][name.replace("_", "-")] == [value]


QUERY = "?q=a+b&q=%C3%BC"


class TestHttpClient:
    """http.client of the standard library."""

    @pytest.fixture
    def connection(self, site: Served) -> Iterator[http.client.HTTPConnection]:
        connection = http.client.HTTPConnection(LOCAL, site.port, 20)
        yield connection
        connection.close()

    def test_one_connection_serves_every_method(
        self, connection: http.client.HTTPConnection
    ) -> None:
        connection.connect()
        kept = connection.sock
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
            body = b"" if method in ("GET", "DELETE") else os.urandom(300_000)
            connection.request(method, "/echo" + QUERY, body or None, {"X-A": "b"})
            with connection.getresponse() as answer:
                see(json.load(answer), method, body, x_a="b")
        connection.request("HEAD", "/echo" + QUERY)
        with connection.getresponse() as answer:
            assert int(answer.headers["content-length"]) > 100
            assert answer.read() == b""
        # One that is known, but not here, and one that nobody knows.
        for method, status in (("OPTIONS", 405), ("BREW", 501)):
            connection.request(method, "/echo")
            with connection.getresponse() as answer:
                assert answer.status == status
                answer.read()
        assert connection.sock is kept

    def test_a_body_of_unknown_length_goes_in_chunks(
        self, connection: http.client.HTTPConnection
    ) -> None:
        pieces = [b"x" * size for size in (1, 10, 100_000, 7)]
        for path in ("/echo" + QUERY, "/digest"):
            connection.request("PUT", path, iter(pieces), encode_chunked=True)
            with connection.getresponse() as answer:
                expected = hashlib.sha256(b"".join(pieces)).hexdigest()
                assert expected.encode() in answer.read()

    def test_what_is_written_in_pieces_is_read_in_pieces(
        self, connection: http.client.HTTPConnection
    ) -> None:
        for _ in range(2):
            connection.request("GET", "/pieces/1000")
            with connection.getresponse() as answer:
                assert answer.headers["transfer-encoding"] == "chunked"
                assert [int(line) for line in answer] == list(range(1000))

    def test_a_client_of_http_1_0_reads_to_the_end(self, site: Served) -> None:
        """It knows no chunks, and its connection is closed."""
        connection = http.client.HTTPConnection(LOCAL, site.port, 20)
        connection._http_vsn, connection._http_vsn_str = 10, "HTTP/1.0"  # type: ignore[attr-defined]
        for path, length in (
            ("/pieces/1000", 3890),
            ("/files/large.bin", len(site.large)),
        ):
            connection.request("GET", path)
            with connection.getresponse() as answer:
                assert answer.headers["transfer-encoding"] is None
                assert len(answer.read()) == length
        connection.close()

    def test_a_body_that_ends_too_early_is_noticed(
        self, connection: http.client.HTTPConnection
    ) -> None:
        connection.request("GET", "/fail/late")
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            connection.getresponse().read()


def test_the_wsgi_era_opener_logs_in_and_keeps_cookies(site: Served) -> None:
    """urllib: basic and digest logins, cookies, redirects, errors as exceptions."""
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, site.url, "joe", "secret")
    opener = urllib.request.build_opener(
        urllib.request.HTTPBasicAuthHandler(passwords),
        urllib.request.HTTPDigestAuthHandler(passwords),
        urllib.request.HTTPCookieProcessor(),
    )

    def read(path: str) -> bytes:
        with opener.open(site.url + path, timeout=20) as answer:
            body: bytes = answer.read()
        return body

    assert read("/basic") == read("/digested") == b"welcome, joe"
    assert [read("/visits") for _ in range(3)] == [b"1", b"2", b"3"]
    assert json.loads(read("/away"))["args"] == {"from": ["away"]}
    with pytest.raises(urllib.error.HTTPError, match="404") as missing:
        read("/<nothing>".replace("<", "%3C"))
    with missing.value as page:
        assert b"<nothing>" not in page.read()


class TestXmlrpcClient:
    """xmlrpc.client of the standard library."""

    def test_procedures_are_called(self, site: Served) -> None:
        with xmlrpc.client.ServerProxy(site.url + "/rpc", allow_none=True) as server:
            values: list[Any] = [1, -2.5, "ü<&", True, None, [1, [2]], {"a": {"b": []}}]
            assert server.echo(*values) == values
            data = bytes(range(256)) * 100
            assert server.echo(xmlrpc.client.Binary(data)) == [
                xmlrpc.client.Binary(data)
            ]
            assert server.add(40, 2) == 42
            assert "echo" in server.system.listMethods()  # type: ignore[operator]
            calls = xmlrpc.client.MultiCall(server)
            calls.add(1, 2)
            calls.fault()
            results = iter(calls())
            assert next(results) == 3
            with pytest.raises(xmlrpc.client.Fault, match="no <such> thing"):
                next(results)

    @pytest.mark.parametrize(
        ("name", "code"), [("fault", 7), ("fail", 8002), ("nothing", 8001)]
    )
    def test_faults_have_their_codes(self, site: Served, name: str, code: int) -> None:
        with (
            xmlrpc.client.ServerProxy(site.url + "/rpc") as server,
            pytest.raises(xmlrpc.client.Fault) as fault,
        ):
            getattr(server, name)()
        assert fault.value.faultCode == code
        assert "secret" not in fault.value.faultString

    def test_over_tls(self, site: Served) -> None:
        url = site.secure + "/rpc"
        with xmlrpc.client.ServerProxy(url, context=site.trust) as server:
            assert server.add(1, 2) == 3


@peer("requests")
class TestRequests:
    """requests, whose connections are kept in a session."""

    def test_forms_files_cookies_logins(self, site: Served) -> None:
        import requests
        from requests.auth import HTTPDigestAuth

        with requests.Session() as session:
            told = session.put(site.url + "/echo" + QUERY, data=site.large, timeout=20)
            see(told.json(), "PUT", site.large)
            form = {"word": "grün", "more": ["1", "2"]}
            files = {"file": ("seven.bin", io.BytesIO(b"\7" * 300_000))}
            sent = session.post(site.url + "/form", form, files=files, timeout=20)
            digest = hashlib.sha256(b"\7" * 300_000).hexdigest()
            assert sent.json() == {**form, "word": ["grün"], "file": [digest]}
            sent = session.post(site.url + "/form", form, timeout=20)
            assert sent.json() == {**form, "word": ["grün"]}
            seen = [session.get(site.url + "/visits", timeout=20).text for _ in "12"]
            assert seen == ["1", "2"]
            for path, auth in (
                ("/basic", ("joe", "secret")),
                ("/digested", HTTPDigestAuth("joe", "secret")),
            ):
                for password, status in ((auth, 200), (("joe", "no"), 401)):
                    got = session.get(site.url + path, auth=password, timeout=20)
                    assert got.status_code == status
            assert session.get(site.url + "/away", timeout=20).history

    def test_packed_streamed_and_partial_bodies(self, site: Served) -> None:
        import requests

        with requests.Session() as session:
            packed = session.get(site.url + "/packed", timeout=20)
            assert packed.headers["content-encoding"] == "gzip"
            assert packed.text == "hello\n" * 10_000
            chunks = (b"x" * 1000 for _ in range(100))
            sent = session.put(site.url + "/digest", data=chunks, timeout=20)
            assert sent.text == hashlib.sha256(b"x" * 100_000).hexdigest()
            url = site.url + "/files/large.bin"
            some = session.get(url, headers={"Range": "bytes=5-9,-3"}, timeout=20)
            assert some.status_code == 206
            for part in (site.large[5:10], site.large[-3:]):
                assert part in some.content
            whole = session.get(url, stream=True, timeout=20)
            assert b"".join(whole.iter_content(50_000)) == site.large
            unless = {"If-None-Match": whole.headers["etag"]}
            assert session.get(url, headers=unless, timeout=20).status_code == 304

    def test_over_tls(self, site: Served) -> None:
        import requests

        roots = str(site.folder / "roots.pem")
        told = requests.get(site.secure + "/echo" + QUERY, verify=roots, timeout=20)
        see(told.json(), "GET", host=f"localhost:{site.tls}")
        assert told.json()["secure"]


@peer("httpx")
class TestHttpx:
    """httpx, from threads and in tasks."""

    def test_many_at_once_over_few_connections(self, site: Served) -> None:
        import httpx

        limits = httpx.Limits(max_connections=5)

        async def main() -> None:
            async with httpx.AsyncClient(
                base_url=site.url, limits=limits, timeout=20, trust_env=False
            ) as client:

                async def ask(number: int) -> None:
                    body = b"%d" % number * number
                    told = await client.post("/echo" + QUERY, content=body)
                    see(told.json(), "POST", body)

                await asyncio.gather(*map(ask, range(200)))

        asyncio.run(main())

    def test_bodies_in_pieces_both_ways(self, site: Served) -> None:
        import httpx

        async def halves() -> AsyncIterator[bytes]:
            yield site.large[:5_000_000]
            yield site.large[5_000_000:]

        async def main() -> None:
            async with httpx.AsyncClient(
                base_url=site.url, timeout=20, trust_env=False
            ) as client:
                sent = await client.put("/digest", content=halves())
                assert sent.text == hashlib.sha256(site.large).hexdigest()
                async with client.stream("GET", "/pieces/100") as answer:
                    lines = [int(line) async for line in answer.aiter_lines()]
                assert lines == list(range(100))
                auth = httpx.DigestAuth("joe", "secret")
                assert (await client.get("/digested", auth=auth)).status_code == 200

        asyncio.run(main())

    def test_over_tls_and_over_a_unix_socket(self, site: Served) -> None:
        import httpx

        with httpx.Client(verify=site.trust, trust_env=False) as client:
            see(client.get(site.secure + "/echo" + QUERY).json(), "GET")
        transport = httpx.HTTPTransport(uds=str(site.folder / "socket"))
        with httpx.Client(transport=transport, trust_env=False) as client:
            told = client.get("http://any.example/echo" + QUERY).json()
            see(told, "GET", host="any.example")
            assert told["host"] == "any.example"


@peer("aiohttp")
class TestAiohttp:
    """aiohttp's client."""

    def ask(self, site: Served, main: Callable[[Any], Any]) -> None:
        import aiohttp

        async def begin() -> None:
            # A name would be resolved in a thread; the site is at this address alone.
            timeout = aiohttp.ClientTimeout(20)
            async with aiohttp.ClientSession(site.url, timeout=timeout) as session:
                await main(session)

        asyncio.run(begin())

    def test_forms_bodies_and_redirects(self, site: Served) -> None:
        import aiohttp

        async def main(session: aiohttp.ClientSession) -> None:
            async with session.put(
                "/echo" + QUERY, data=io.BytesIO(site.large), expect100=True
            ) as told:
                see(await told.json(), "PUT", site.large, expect="100-continue")
            form = aiohttp.FormData({"word": "grün"})
            form.add_field("file", b"\7" * 300_000, filename="seven.bin")
            async with session.post("/form", data=form) as sent:
                digest = hashlib.sha256(b"\7" * 300_000).hexdigest()
                assert await sent.json() == {"word": ["grün"], "file": [digest]}
            async with session.get("/packed") as packed:
                assert await packed.text() == "hello\n" * 10_000
            async with session.get("/away") as away:
                assert len(away.history) == 1
            # "joe:secret", as basic authentication has it.
            login = {"Authorization": "Basic am9lOnNlY3JldA=="}
            async with session.get("/basic", headers=login) as welcome:
                assert await welcome.text() == "welcome, joe"

        self.ask(site, main)

    def test_many_at_once_and_some_given_up(self, site: Served) -> None:
        """Who is awaited when its client goes away is cancelled."""
        import aiohttp

        before = site.state()["given up"]

        async def main(session: aiohttp.ClientSession) -> None:
            async def ask(number: int) -> None:
                if number % 10 == 0:
                    short = aiohttp.ClientTimeout(0.2)
                    with pytest.raises(TimeoutError):
                        await session.get("/never", timeout=short)
                    return
                async with session.get(f"/pieces/{number}") as answer:
                    text = await answer.text()
                    assert text.split() == [str(each) for each in range(number)]

            await asyncio.gather(*map(ask, range(100)))

        self.ask(site, main)
        assert site.state()["given up"] == before + 10


TWISTED = """
import hashlib, json, sys
from io import BytesIO
from twisted.internet import defer, endpoints, reactor, ssl, task
from twisted.web import client, http_headers, iweb, xmlrpc
from zope.interface import implementer

URL, SECURE, ROOTS, SOCKET = sys.argv[1:]

@implementer(iweb.IPolicyForHTTPS)
class Policy:
    def creatorForNetloc(self, host, port):
        with open(ROOTS, "rb") as file:
            root = ssl.Certificate.loadPEM(file.read())
        return ssl.optionsForClientTLS(host.decode(), trustRoot=root)

@defer.inlineCallbacks
def main(reactor):
    pool = client.HTTPConnectionPool(reactor)
    agent = client.Agent(reactor, Policy(), pool=pool)
    headers = http_headers.Headers({"X-A": ["b"]})
    for url in (URL, SECURE):
        for size in (1, 100_000, 3_000_000):
            body = b"x" * size
            producer = client.FileBodyProducer(BytesIO(body))
            answer = yield agent.request(
                b"PUT", (url + "/echo?q=1").encode(), headers, producer
            )
            told = json.loads((yield client.readBody(answer)))
            assert told["digest"] == hashlib.sha256(body).hexdigest()
            assert told["headers"]["x-a"] == ["b"]
    print("bodies", flush=True)

    answer = yield agent.request(b"GET", (URL + "/pieces/500").encode())
    text = yield client.readBody(answer)
    assert text.split() == [b"%d" % each for each in range(500)]
    print("chunks", flush=True)

    packed = client.ContentDecoderAgent(agent, [(b"gzip", client.GzipDecoder)])
    answer = yield packed.request(b"GET", (URL + "/packed").encode())
    assert (yield client.readBody(answer)) == b"hello\\n" * 10_000
    print("packed", flush=True)

    following = client.RedirectAgent(agent)
    answer = yield following.request(b"GET", (URL + "/away").encode())
    assert json.loads((yield client.readBody(answer)))["args"] == {"from": ["away"]}
    print("redirects", flush=True)

    answer = yield agent.request(b"GET", (URL + "/fail/late").encode())
    try:
        yield client.readBody(answer)
    except Exception as error:
        print("too short:", type(error).__name__, flush=True)

    @implementer(iweb.IAgentEndpointFactory)
    class Local:
        def endpointForURI(self, uri):
            return endpoints.UNIXClientEndpoint(reactor, SOCKET)

    local = client.Agent.usingEndpointFactory(reactor, Local())
    answer = yield local.request(b"GET", b"http://any.example/hello")
    assert (yield client.readBody(answer)) == b"hello"
    print("a UNIX socket", flush=True)

    proxy = xmlrpc.Proxy((URL + "/rpc").encode(), allowNone=True)
    assert (yield proxy.callRemote("add", 1, 2)) == 3
    assert (yield proxy.callRemote("echo", [None, "x"])) == [[None, "x"]]
    print("procedures", flush=True)
    yield pool.closeCachedConnections()

task.react(main)
"""

SAID = """bodies
chunks
packed
redirects
too short: ResponseFailed
a UNIX socket
procedures
"""


@peer("twisted")
def test_the_agent_of_twisted(site: Served) -> None:
    """Bodies both ways, plain and over TLS, packed ones, redirects, procedures."""
    files = (str(site.folder / name) for name in ("roots.pem", "socket"))
    done = subprocess.run(
        [sys.executable, "-c", TWISTED, site.url, site.secure, *files],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    assert done.stdout == SAID, done.stderr
