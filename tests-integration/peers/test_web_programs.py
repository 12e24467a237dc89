"""Programs of the system ask our site: curl, wrk, h2load, and nginx that stands before it."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Served


def curl(*args: str, data: bytes = b"") -> bytes:
    command = ["curl", "--silent", "--show-error", "--max-time", "30", *args]
    done = subprocess.run(command, input=data, capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def headers(answer: bytes) -> dict[str, str]:
    """The headers of what ``curl --include`` shows last."""
    head = answer.partition(b"\r\n\r\n")[0].decode()
    fields = [line.partition(": ") for line in head.splitlines()[1:]]
    return {name.lower(): value for name, _, value in fields}


class TestCurl:
    """curl."""

    def test_http_1_0_gets_no_chunks_and_a_closed_connection(
        self, site: Served
    ) -> None:
        for path, length in (("hello", 5), ("pieces/1000", 3890)):
            answer = curl("--http1.0", "--include", f"{site.url}/{path}")
            assert "transfer-encoding" not in headers(answer)
            assert len(answer.partition(b"\r\n\r\n")[2]) == length
        url = f"{site.url}/hello"
        kept = curl("--http1.0", "--header", "Connection: keep-alive", "-i", url)
        assert headers(kept)["connection"].lower() == "keep-alive"

    def test_head_is_told_what_get_would_be(self, site: Served) -> None:
        url = f"{site.url}/files/large.bin"
        told = headers(curl("--head", url))
        assert told["content-length"] == str(len(site.large))
        assert told["accept-ranges"] == "bytes"
        assert curl("--head", f"{site.url}/hello", url).count(b"200 OK") == 2

    def test_parts_of_a_file(self, site: Served, tmp_path: Path) -> None:
        url, large = f"{site.url}/files/large.bin", site.large
        for wanted, expected in (
            ("0-9", large[:10]),
            ("-5", large[-5:]),
            ("5000000-", large[5_000_000:]),
        ):
            assert curl("--range", wanted, url) == expected
        several = curl("--range", "0-1,-1", "--include", url)
        assert "multipart/byteranges" in headers(several)["content-type"]
        # A download that was broken off goes on where it was.
        begun = tmp_path / "begun"
        begun.write_bytes(large[:123_456])
        curl("--continue-at", "-", "--output", str(begun), url)
        assert begun.read_bytes() == large
        beyond = curl(
            "--range", "99999999-", "-o", "/dev/null", "-w", "%{http_code}", url
        )
        assert beyond == b"416"

    def test_what_is_not_new_is_not_sent(self, site: Served, tmp_path: Path) -> None:
        url, tag = f"{site.url}/files/large.bin", str(tmp_path / "tag")
        code = ("--write-out", "%{http_code} %{size_download}", "-o", "/dev/null", url)
        assert curl("--etag-save", tag, *code) == b"200 %d" % len(site.large)
        assert curl("--etag-compare", tag, *code) == b"304 0"
        # The time of a file that was made after it.
        assert curl("--time-cond", tag, *code) == b"304 0"

    def test_packed_bodies(self, site: Served) -> None:
        expected = b"hello\n" * 10_000
        url = f"{site.url}/packed"
        assert curl("--compressed", url) == expected
        assert gzip.decompress(curl("-H", "Accept-Encoding: gzip", url)) == expected
        assert curl("-H", "Accept-Encoding: gzip;q=0", url) == expected

    @pytest.mark.parametrize("path", ["echo", "digest"])
    def test_uploads(self, site: Served, path: str) -> None:
        """By length and in chunks, waiting for 100 Continue or not; by TLS as well."""
        data = site.large * 2
        digest = hashlib.sha256(data).hexdigest().encode()
        roots = ("--cacert", str(site.folder / "roots.pem"))
        for options in (
            ("--header", "Expect:"),
            ("--header", "Expect: 100-continue", "--expect100-timeout", "60"),
            ("--header", "Transfer-Encoding: chunked"),
        ):
            for url in (site.url, site.secure):
                asked = (*options, *roots, f"{url}/{path}")
                assert digest in curl("--upload-file", "-", *asked, data=data)

    def test_a_body_that_is_too_long_is_not_sent(
        self, site: Served, tmp_path: Path
    ) -> None:
        """curl waits for 100 Continue, and is told 413 instead."""
        file = tmp_path / "file"
        with file.open("wb") as made:
            made.truncate(400_000_000)
        told = curl(
            *("--upload-file", str(file), "--expect100-timeout", "20"),
            *("--header", "Expect: 100-continue", "--output", "/dev/null"),
            *("--write-out", "%{http_code} %{size_upload}", f"{site.url}/echo"),
        )
        assert told == b"413 0"

    def test_forms(self, site: Served, tmp_path: Path) -> None:
        file = tmp_path / "file"
        file.write_bytes(b"\7" * 300_000)
        told = curl(
            *("--form", "word=grün", "--form", f"file=@{file}"), f"{site.url}/form"
        )
        digest = hashlib.sha256(b"\7" * 300_000).hexdigest()
        assert json.loads(told) == {"word": ["grün"], "file": [digest]}
        told = curl("--data-urlencode", "word=a&b =c", f"{site.url}/form")
        assert json.loads(told) == {"word": ["a&b =c"]}

    def test_logins(self, site: Served) -> None:
        code = ("--write-out", " %{http_code}")
        for way, path in (("--basic", "basic"), ("--digest", "digested")):
            asked = (way, *code, f"{site.url}/{path}")
            assert curl("--user", "joe:secret", *asked) == b"welcome, joe 200"
            assert curl("--user", "joe:other", *asked) == b"Unauthorized 401"
        # Another's challenge is answered for each URL, and on a connection that is kept.
        urls = [f"{site.url}/digested"] * 3
        assert curl("--digest", "--user", "joe:secret", *urls) == b"welcome, joe" * 3

    @pytest.mark.parametrize("secure", [False, True])
    def test_urls_share_a_connection(self, site: Served, secure: bool) -> None:
        base = site.secure if secure else site.url
        paths = ["hello", "echo", "pieces/100", "nothing", "fail", "files/large.bin"]
        quiet = ("--output", "/dev/null")
        made = curl(
            *("--cacert", str(site.folder / "roots.pem")),
            *("--write-out", "%{http_code} %{num_connects}\n"),
            *(each for path in paths for each in (*quiet, f"{base}/{path}")),
        )
        assert made == b"200 1\n200 0\n200 0\n404 0\n500 0\n200 0\n"

    def test_over_a_unix_socket(self, site: Served) -> None:
        local = ("--unix-socket", str(site.folder / "socket"))
        told = json.loads(curl(*local, "http://any.example/echo?q=1"))
        assert (told["host"], told["args"]) == ("any.example", {"q": ["1"]})
        assert curl(*local, "http://any.example/files/large.bin") == site.large

    def test_cookies_redirects_and_failures(self, site: Served, tmp_path: Path) -> None:
        jar = str(tmp_path / "jar")
        visit = ("--cookie", jar, "--cookie-jar", jar, f"{site.url}/visits")
        assert [curl(*visit) for _ in range(3)] == [b"1", b"2", b"3"]
        assert json.loads(curl("--location", f"{site.url}/away"))["args"] == {
            "from": ["away"]
        }
        page = curl("--include", f"{site.url}/fail")
        assert page.startswith(b"HTTP/1.1 500 ")
        assert b"secret" not in page
        command = ["curl", "--silent", "--show-error", f"{site.url}/fail/late"]
        late = subprocess.run(command, capture_output=True, timeout=30)
        # 18: a part only; 56: the connection was reset while it was read.
        assert late.returncode in (18, 56)

    def test_a_slow_reader_gets_all_of_it(self, site: Served) -> None:
        url = f"{site.url}/files/large.bin"
        assert curl("--limit-rate", "8M", url) == site.large


class TestLoad:
    """wrk and h2load: as fast as they can, and nothing fails."""

    @pytest.mark.parametrize("path", ["hello", "echo", "pieces/3", "files/"])
    def test_wrk(self, site: Served, path: str) -> None:
        command = ["wrk", "--threads", "1", "--connections", "50", "--duration", "1s"]
        done = subprocess.run(
            [*command, f"{site.url}/{path}"],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
        found = re.search(r"(\d+) requests in", done.stdout)
        assert found is not None
        assert int(found[1]) > 100
        # What wrk says of answers that are no 2xx, and of connections that failed.
        assert "Non-2xx" not in done.stdout
        assert "Socket errors" not in done.stdout

    @pytest.mark.parametrize("path", ["hello", "echo", "pieces/3"])
    @pytest.mark.parametrize("secure", [False, True])
    def test_h2load(self, site: Served, path: str, secure: bool) -> None:
        """HTTP/1.1, each connection with ten requests under way."""
        url = f"{site.secure if secure else site.url}/{path}"
        command = ["h2load", "--h1", "-n", "3000", "-c", "20", "-m", "10", url]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        expected = "3000 total, 3000 started, 3000 done, 3000 succeeded, 0 failed"
        assert expected in done.stdout, done.stdout
        assert "3000 2xx, 0 3xx, 0 4xx, 0 5xx" in done.stdout


# Its workers are who we are, even root: others see neither our folders nor our sockets.
CONFIGURATION = """
daemon off;
user root;
error_log {folder}/nginx.log error;
pid {folder}/nginx.pid;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    client_max_body_size 100m;
    upstream ours {{ server 127.0.0.1:{ours}; keepalive 4; }}
    upstream local {{ server unix:{socket}; keepalive 4; }}
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $remote_addr;
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass http://ours; }}
        location /local/ {{ proxy_pass http://local/; }}
        location /unbuffered/ {{
            proxy_request_buffering off;
            proxy_buffering off;
            proxy_pass http://ours/;
        }}
        location /old/ {{
            proxy_http_version 1.0;
            proxy_set_header Connection close;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_pass http://ours/;
        }}
    }}
}}
"""


class TestNginx:
    """nginx as a reverse proxy, that keeps its connections to us."""

    @pytest.fixture
    def proxy(self, site: Served, tmp_path: Path) -> Iterator[str]:
        """The URL of an nginx before the site."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        configuration = tmp_path / "nginx.conf"
        local = site.folder / "socket"
        text = CONFIGURATION.format(
            folder=tmp_path, port=port, ours=site.port, socket=local
        )
        configuration.write_text(text)
        command = ["nginx", "-c", str(configuration), "-p", str(tmp_path)]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            until = time.monotonic() + 10
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 10).close()
                    break
                except ConnectionRefusedError:
                    assert time.monotonic() < until, "nginx does not come up"
                    time.sleep(0.01)
            yield f"http://127.0.0.1:{port}"
            process.terminate()
        assert (tmp_path / "nginx.log").read_text() == ""

    @pytest.mark.parametrize("place", ["", "/local", "/unbuffered", "/old"])
    def test_what_is_asked_of_it_is_asked_of_us(
        self, site: Served, proxy: str, place: str
    ) -> None:
        url = proxy + place
        data = site.large
        digest = hashlib.sha256(data).hexdigest()
        for options in ((), ("--header", "Transfer-Encoding: chunked")):
            told: Any = json.loads(
                curl("--upload-file", "-", *options, f"{url}/echo?q=1", data=data)
            )
            assert (told["method"], told["digest"]) == ("PUT", digest)
            assert told["headers"]["x-forwarded-for"] == ["127.0.0.1"]
            sent = curl("--upload-file", "-", *options, f"{url}/digest", data=data)
            assert sent.decode() == digest
        assert curl(f"{url}/files/large.bin") == data
        assert curl("--range", "5-9", f"{url}/files/large.bin") == data[5:10]
        assert len(curl(f"{url}/pieces/1000")) == 3890
        assert curl("--compressed", f"{url}/packed") == b"hello\n" * 10_000
        assert curl("--head", f"{url}/hello").startswith(b"HTTP/1.1 200 OK")
        assert curl("--include", f"{url}/nothing").startswith(b"HTTP/1.1 404 ")

    @pytest.mark.parametrize("place", ["", "/local", "/old"])
    def test_under_load_nothing_fails(self, proxy: str, place: str) -> None:
        command = ["h2load", "--h1", "-n", "3000", "-c", "20", f"{proxy}{place}/echo"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert "3000 2xx, 0 3xx, 0 4xx, 0 5xx" in done.stdout, done.stdout

    def test_who_goes_away_there_is_gone_here(self, site: Served, proxy: str) -> None:
        before = site.state()["given up"]
        command = ["curl", "--silent", "--max-time", "0.3", f"{proxy}/never"]
        for _ in range(3):
            assert subprocess.run(command).returncode == 28
        until = time.monotonic() + 10
        while site.state()["given up"] != before + 3:
            assert time.monotonic() < until, "nobody was told"
