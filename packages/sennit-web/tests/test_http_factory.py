"""What connections share: the budgets, the clock, and the access log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sennit.core.address import IPv4Address
from sennit.core.log import textFromEventDict
from sennit.core.task import Clock
from sennit.core.testing import StringTransport
from sennit.web import http

GET = b'GET /a"b HTTP/1.1\r\nHost: a\r\nReferer: r\r\nUser-Agent: u\\\x80\r\n\r\n'


class Hello(http.Request):
    def process(self) -> None:
        self.respond(b"hello")


def asked(factory: http.HTTPFactory) -> bytes:
    """What a factory's connection answers to a request."""
    factory.requestFactory = Hello
    channel = factory.buildProtocol(None)
    assert channel is not None
    peer = IPv4Address("TCP", "192.0.2.7", 80)
    transport = StringTransport(peerAddress=peer)
    channel.makeConnection(transport)
    channel.dataReceived(GET)
    channel.connectionLost()
    return transport.value()


def test_a_file_has_a_line_for_each_response(tmp_path: Path) -> None:
    """In the combined format, while a port listens; what is there is kept."""
    path = tmp_path / "access.log"
    path.write_text("before\n")
    factory = http.HTTPFactory(path, reactor=Clock())
    factory.noisy = False
    factory.doStart()
    asked(factory)
    asked(factory)
    factory.doStop()
    before, one, two = path.read_text().splitlines()
    assert before == "before"
    client, rest = one.split(" - - [")
    time, rest = rest.split("] ")
    assert client == "192.0.2.7"
    assert len(time) == len("06/Nov/1994:08:49:37 +0000")
    assert rest == r'"GET /a\"b HTTP/1.1" 200 5 "r" "u\\\x80"'
    assert two.endswith(rest)


def test_without_a_file_the_log_has_it(logged: list[dict[str, Any]]) -> None:
    """While somebody looks at the program's log."""
    asked(http.HTTPFactory(reactor=Clock()))
    texts = [textFromEventDict(event) or "" for event in logged]
    assert any('HTTP/1.1" 200 5' in text for text in texts)


def test_nobody_makes_lines_that_nobody_reads() -> None:
    """Without a file and without a log, no line is made."""

    def never(timestamp: str, request: object) -> str:
        raise AssertionError("a line was made")

    assert asked(http.HTTPFactory(logFormatter=never, reactor=Clock()))


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (http.commonLogFormatter, '192.0.2.7 - - T "GET / HTTP/1.1" 404 -'),
        (http.combinedLogFormatter, '192.0.2.7 - - T "GET / HTTP/1.1" 404 - "-" "-"'),
        (http.proxiedLogFormatter, '2001:db8::1 - - T "GET / HTTP/1.1" 404 - "-" "-"'),
    ],
)
def test_there_are_three_formats(made: http.AccessLogFormatter, line: str) -> None:
    """The common one, the combined one, and that of a server behind a proxy."""
    channel = http.HTTPChannel()
    channel.makeConnection(
        StringTransport(peerAddress=IPv4Address("TCP", "192.0.2.7", 80))
    )
    request = http.Request(channel)
    request.method, request.uri, request.clientproto = b"GET", b"/", b"HTTP/1.1"
    request.requestHeaders.setRawHeaders(b"x-forwarded-for", [b"2001:db8::1, 10.0.0.1"])
    request.setResponseCode(404)
    assert made("T", request) == line


def test_no_client_writes_a_line_of_its_own() -> None:
    """Control bytes and quotes are escaped, also in what a proxy has passed on."""
    channel = http.HTTPChannel()
    channel.makeConnection(StringTransport())
    request = http.Request(channel)
    request.requestHeaders = http.Headers()
    request.requestHeaders._raw[b"User-Agent"] = [b'a\nb"c\x1b[2J']
    request.requestHeaders._raw[b"X-Forwarded-For"] = [b'1.2.3.4"\n5']
    line = http.proxiedLogFormatter("T", request)
    assert "\n" not in line
    assert "\x1b" not in line
    assert r'"a\nb\"c\x1b[2J"' in line
    assert line.startswith(r"1.2.3.4\"\n5 - - T")


def test_budgets_are_named_and_each_has_a_default() -> None:
    """They are parameters of the factory; there is no other."""
    factory = http.HTTPFactory(maxBody=7, headTimeout=None)
    assert factory.limits.maxBody == 7
    assert factory.limits.headTimeout is None
    assert factory.limits.maxHeaders == 500
    with pytest.raises(TypeError, match="maxBodies"):
        http.HTTPFactory(maxBodies=7)  # type: ignore[call-arg]


def test_a_head_has_its_budget() -> None:
    """Of bytes and of headers, each as it was set."""
    for budget in ({"maxHead": 50}, {"maxHeaders": 2}):
        factory = http.HTTPFactory(reactor=Clock(), **budget)  # type: ignore[arg-type]
        assert asked(factory).startswith(b"HTTP/1.1 431 ")
