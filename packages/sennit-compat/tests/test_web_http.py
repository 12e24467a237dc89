"""``twisted.web.http``: what old programs know of it, and the native API does not have."""

from __future__ import annotations

from typing import Any

from zope.interface import implementer
from zope.interface.verify import verifyObject

from sennit.compat.faces.web import http, iweb
from sennit.core.testing import StringTransport


class Hello(http.Request):
    def process(self) -> None:
        self.respond(b"hello")


def asked(factory: Any, data: bytes) -> StringTransport:
    channel = http.HTTPChannel()
    channel.requestFactory = factory
    transport = StringTransport()
    channel.makeConnection(transport)
    channel.dataReceived(data)
    return transport


def test_no_host_is_needed() -> None:
    """Old clients send none with HTTP/1.1."""
    answer = asked(Hello, b"GET / HTTP/1.1\r\n\r\n").value()
    assert answer == b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def test_what_is_refused_is_answered_by_a_line() -> None:
    """As Twisted does it, whatever is wrong."""
    for data in (b"GET /\r\n", b"GET / HTTP/2.0\r\n\r\n"):
        transport = asked(Hello, data)
        assert transport.value() == b"HTTP/1.1 400 Bad Request\r\n\r\n"
        assert transport.disconnecting


def test_the_budgets_of_a_head_can_be_set_on_the_channel() -> None:
    """By the names that they have there."""
    channel = http.HTTPChannel()
    channel.totalHeadersSize = 20
    transport = StringTransport()
    channel.makeConnection(transport)
    channel.dataReceived(b"GET /a-long-path HTTP/1.1\r\n")
    assert transport.disconnecting


def test_makers_of_requests_are_told_that_they_do_not_wait() -> None:
    """Unless they say that they need not be."""
    told: list[Any] = []

    def classic(channel: Any, queued: bool) -> http.Request:
        told.append(queued)
        return Hello(channel, queued)

    @implementer(iweb.INonQueuedRequestFactory)
    class Modern(Hello):
        def __init__(self, channel: Any) -> None:
            super().__init__(channel)
            told.append("nothing")

    for factory in (classic, Modern):
        made: Any = factory
        if made is Modern:
            made = Maker(Modern)
        asked(made, b"GET / HTTP/1.1\r\n\r\n")
    assert told == [False, "nothing"]


@implementer(iweb.INonQueuedRequestFactory)
class Maker:
    """Makes requests of a channel alone."""

    def __init__(self, kind: Any) -> None:
        self.kind = kind

    def __call__(self, channel: Any) -> Any:
        return self.kind(channel)


def test_semicolons_divide_pairs() -> None:
    """They did so once."""
    assert http.parse_qs(b"a=b;c=d&e=f") == {b"a": [b"b"], b"c": [b"d"], b"e": [b"f"]}


def test_lines_of_the_access_log_have_the_client_between_quotes() -> None:
    """Formatters are IAccessLogFormatters all the same."""
    channel = http.HTTPChannel()
    channel.makeConnection(StringTransport())
    request = http.Request(channel)
    for made in (http.combinedLogFormatter, http.proxiedLogFormatter):
        assert made("T", request).startswith('"192.168.1.1" - - T "')


def test_the_old_client_reads_an_answer() -> None:
    """Status, headers that go over lines, and the body by its length."""

    class Client(http.HTTPClient):
        def __init__(self) -> None:
            self.told: list[Any] = []

        def handleStatus(self, version: bytes, status: bytes, message: bytes) -> None:
            self.told.append((version, status, message))

        def handleHeader(self, key: bytes, val: bytes) -> None:
            self.told.append((key, val))

        def handleResponse(self, response: Any) -> None:
            self.told.append(response)

    client, transport = Client(), StringTransport()
    client.makeConnection(transport)
    client.sendCommand(b"GET", b"/")
    client.sendHeader(b"X", b"a\r\nb")
    client.endHeaders()
    assert transport.value() == b"GET / HTTP/1.0\r\nX: a b\r\n\r\n"
    client.dataReceived(b"HTTP/1.0 200 Fine indeed\r\nA: b\r\n c\r\n")
    client.dataReceived(b"Content-Length: 4\r\n\r\nab")
    client.dataReceived(b"cd")
    assert client.told == [
        (b"HTTP/1.0", b"200", b"Fine indeed"),
        (b"A", b"b c"),
        (b"Content-Length", b"4"),
        b"abcd",
    ]


def test_the_interfaces_are_provided() -> None:
    """Channels are transports, consumers and producers; formatters are formatters."""
    from sennit.core.interfaces import IConsumer, IPushProducer, ITransport

    channel = http.HTTPChannel()
    for interface in (ITransport, IConsumer, IPushProducer):
        assert verifyObject(interface, channel)
