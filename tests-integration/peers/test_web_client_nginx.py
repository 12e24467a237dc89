"""Our HTTP client, and nginx: files, packed ones, logins, connections that end."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from sennit.core.engine import Reactor
from sennit.core.testing import CertificateAuthority
from sennit.web import client
from sennit.web.client import Client

pytestmark = pytest.mark.sennit(timeout=30)

CONFIGURATION = """
daemon off;
error_log stderr crit;
pid {folder}/nginx.pid;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    default_type text/plain;
    server {{
        listen 127.0.0.1:{port};
        listen 127.0.0.1:{tls_port} ssl;
        listen unix:{folder}/socket;
        ssl_certificate {folder}/pem;
        ssl_certificate_key {folder}/pem;
        root {folder};
        location /packed/ {{ gzip on; gzip_types *; alias {folder}/; }}
        location /secret/ {{
            auth_basic "here";
            auth_basic_user_file {folder}/users;
            alias {folder}/;
        }}
        location /moved {{ return 308 /file; }}
        location /away {{ return 302 http://localhost:{port}/echo; }}
        location /echo {{
            return 200 "$request_method $http_authorization $http_cookie";
        }}
        location /twice {{ keepalive_requests 2; alias {folder}/file; }}
        location /small {{ client_max_body_size 10; }}
    }}
}}
"""


class Nginx(NamedTuple):
    """An nginx that serves a folder.

    Attributes:
        url: Where.
        tls: The same over TLS.
        trust: Who vouches for it.
        folder: What it serves; a UNIX socket ``socket`` is in it, too.
    """

    url: str
    tls: str
    trust: bytes
    folder: Path


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[Nginx]:
    """An nginx of the test's own."""
    ports = []
    for _ in range(2):
        with socket.create_server(("127.0.0.1", 0)) as free:
            ports.append(free.getsockname()[1])
    authority = CertificateAuthority()
    (tmp_path / "pem").write_bytes(authority.issue("localhost"))
    (tmp_path / "file").write_bytes(b"hello\n" * 1000)
    (tmp_path / "large").write_bytes(bytes(10_000_000))
    (tmp_path / "users").write_text("joe:{PLAIN}secret\n")
    for path in (tmp_path, *tmp_path.parents[:2]):
        path.chmod(0o755)
    configuration = tmp_path / "nginx.conf"
    text = CONFIGURATION.format(folder=tmp_path, port=ports[0], tls_port=ports[1])
    configuration.write_text(text)
    process = subprocess.Popen(["nginx", "-c", str(configuration), "-p", str(tmp_path)])
    try:
        until = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", ports[1]), 10).close()
                break
            except ConnectionRefusedError:
                assert time.monotonic() < until, "nginx does not come up"
                time.sleep(0.01)
        http, https = (f"://localhost:{port}" for port in ports)
        yield Nginx("http" + http, "https" + https, authority.pem, tmp_path)
    finally:
        process.terminate()
        process.wait(10)


async def test_files_plain_and_packed(reactor: Reactor, nginx: Nginx) -> None:
    expected = b"hello\n" * 1000
    async with Client(nginx.url, reactor=reactor) as asking:
        plain = await asking.get("/file")
        assert (plain.content, plain.response.length) == (expected, len(expected))
        packed = await asking.get("/packed/file")
        assert packed.content == expected
        assert packed.response.length is client.UNKNOWN_LENGTH
        again = {"If-None-Match": plain.headers.getRawHeaders("ETag", [""])[0]}
        assert (await asking.get("/file", headers=again)).status == 304
        part = await asking.get("/file", headers={"Range": "bytes=6-11"})
        assert (part.status, part.content) == (206, b"hello\n")
        head = await asking.head("/file")
        assert (head.content, head.headers.getRawHeaders("Content-Length")) == (
            b"",
            ["6000"],
        )
        missing = await asking.get("/missing")
        with pytest.raises(client.StatusError, match="404 Not Found"):
            missing.raiseForStatus()
        assert len(asking.pool._kept) == 1


async def test_a_large_file_is_paced(reactor: Reactor, nginx: Nginx) -> None:
    async with Client(nginx.url, reactor=reactor) as asking:
        answer = await asking.get("/large", stream=True)
        assert sum([len(piece) async for piece in answer]) == 10_000_000


async def test_logins_and_redirects(reactor: Reactor, nginx: Nginx) -> None:
    async with Client(nginx.url, reactor=reactor) as asking:
        assert (await asking.get("/secret/file")).status == 401
        assert (await asking.get("/secret/file", auth=("joe", "wrong"))).status == 401
        assert (await asking.get("/secret/file", auth=("joe", "secret"))).ok
        moved = await asking.get("/moved")
        assert (moved.url, moved.history[0].status) == (nginx.url + "/file", 308)
        told = await asking.get("/away", auth=("joe", "x"), headers={"Cookie": "a=b"})
        assert told.text() == "GET Basic am9lOng= a=b"


async def test_another_host_is_told_nothing(reactor: Reactor, nginx: Nginx) -> None:
    """The same server under another name is another host."""
    url = nginx.url.replace("localhost", "127.0.0.1")
    async with Client(url, auth=("joe", "x"), reactor=reactor) as asking:
        told = await asking.get("/away", headers={"Cookie": "a=b"})
        assert told.text() == "GET  "


async def test_connections_that_it_ends(reactor: Reactor, nginx: Nginx) -> None:
    async with Client(nginx.url, reactor=reactor) as asking:
        for _ in range(10):
            assert (await asking.get("/twice")).ok


async def test_a_body_that_it_does_not_want(reactor: Reactor, nginx: Nginx) -> None:
    async with Client(nginx.url, reactor=reactor) as asking:
        answer = await asking.post("/small", b"x" * 100)
        assert answer.status == 413


async def test_over_tls_and_over_a_unix_socket(reactor: Reactor, nginx: Nginx) -> None:
    policy = client.BrowserLikePolicyForHTTPS(nginx.trust)
    async with Client(nginx.tls, policy=policy, reactor=reactor) as asking:
        assert len((await asking.get("/large")).content) == 10_000_000
        assert (await asking.get("/file")).ok
    path = str(nginx.folder / "socket")
    async with Client("http://any", unixSocket=path, reactor=reactor) as asking:
        assert (await asking.get("/file")).ok
