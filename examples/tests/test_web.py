"""The web examples answer clients that others have made."""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Run

LOCAL = "127.0.0.1"


def ask(
    connection: http.client.HTTPConnection, method: str, path: str, **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    """Ask on a connection that stays; the answer, and its body."""
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    return answer, answer.read()


def test_the_smallest_site_says_hello_at_its_paths(run: Run) -> None:
    server = run("web/web_serv.py", 0)
    connection = http.client.HTTPConnection(LOCAL, server.port("a site on TCP"), 10)
    for path in ("/", "//", "/"):
        answer, body = ask(connection, "GET", path)
        assert (answer.status, body) == (200, b"hello world")
        assert answer.headers["content-type"] == "text/plain"
    assert ask(connection, "GET", "/nothing")[0].status == 404
    assert ask(connection, "HEAD", "/")[1] == b""
    assert ask(connection, "DELETE", "/")[0].status == 405
    connection.close()
    server.interrupt()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_is_said_hello(run: Run) -> None:
    server = run("web/web_serv.py", 0)
    url = f"http://{LOCAL}:{server.port('a site on TCP')}/"
    done = subprocess.run(
        ["curl", "--silent", "--fail", "--include", url, url],
        capture_output=True,
        timeout=20,
    )
    assert done.returncode == 0
    assert done.stdout.count(b"HTTP/1.1 200 OK") == 2
    assert done.stdout.count(b"hello world") == 2
    server.interrupt()


class TestShop:
    @pytest.fixture
    def shop(self, run: Run) -> http.client.HTTPConnection:
        port = run("web/shop.py", 0).port("the shop on TCP")
        return http.client.HTTPConnection(LOCAL, port, 10)

    def test_each_visitor_has_a_basket(self, shop: http.client.HTTPConnection) -> None:
        answer, body = ask(shop, "GET", "/")
        assert b"Your basket: nothing yet" in body
        cookie = answer.headers["set-cookie"].partition(";")[0]
        answer, _ = ask(shop, "POST", "/things/pear", cookie=cookie)
        assert (answer.status, answer.headers["location"]) == (303, "/")
        assert b"Your basket: pear" in ask(shop, "GET", "/", cookie=cookie)[1]
        assert b"Your basket: nothing yet" in ask(shop, "GET", "/")[1]
        shop.close()

    def test_paths_have_parameters(self, shop: http.client.HTTPConnection) -> None:
        assert b"30 cents" in ask(shop, "GET", "/things/apple")[1]
        answer, body = ask(shop, "GET", "/things/%3Cb%3E")
        assert (answer.status, b"no &lt;b&gt;." in body) == (404, True)
        assert json.loads(ask(shop, "GET", "/cheaper/40")[1]) == ["apple", "plum"]
        assert ask(shop, "GET", "/cheaper/many")[0].status == 404
        answer, _ = ask(shop, "PUT", "/things/pear")
        assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, POST")
        shop.close()

    @pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
    def test_curl_gets_it_compressed(self, shop: http.client.HTTPConnection) -> None:
        url = f"http://{LOCAL}:{shop.port}/things/plum"
        done = subprocess.run(
            ["curl", "-s", "-i", "--compressed", url], capture_output=True, timeout=20
        )
        assert b"content-encoding: gzip" in done.stdout.lower()
        assert b"20 cents" in done.stdout


def test_a_folder_is_served(run: Run, tmp_path: Path) -> None:
    (tmp_path / "poems").mkdir()
    (tmp_path / "poems" / "rose.txt").write_text("A rose is a rose.")
    server = run("web/files.py", str(tmp_path), 0)
    connection = http.client.HTTPConnection(LOCAL, server.port("files on TCP"), 10)
    answer, body = ask(connection, "GET", "/")
    assert (answer.status, b'href="poems/"' in body) == (200, True)
    answer, body = ask(connection, "GET", "/poems/rose.txt", Range="bytes=2-5")
    assert (answer.status, body) == (206, b"rose")
    assert ask(connection, "GET", "/../etc/passwd")[0].status == 404
    connection.close()
    server.interrupt()
