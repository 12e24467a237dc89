"""Tables for Postfix."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from sennit.core.defer import Deferred
from sennit.core.protocol import ServerFactory, connectionDone
from sennit.core.task import Clock
from sennit.core.testing import StringTransport
from sennit.protocols.postfix import (
    PostfixTCPMapDeferringDictServerFactory,
    PostfixTCPMapDictServerFactory,
    PostfixTCPMapServer,
    quote,
    unquote,
)


class Bench:
    """A connection by Postfix."""

    def __init__(self, factory: Any) -> None:
        self.clock = Clock()
        self.server = factory.buildProtocol(None)
        self.server.callLater = self.clock.callLater
        self.transport = StringTransport()
        self.server.makeConnection(self.transport)

    def ask(self, request: bytes) -> bytes:
        """What is answered to a request so far."""
        self.transport.clear()
        self.server.dataReceived(request)
        return self.transport.value()


TABLE = {b"foo": b"bar", b"two words": b"100 % sure"}


@pytest.mark.parametrize(
    "factory",
    [
        PostfixTCPMapDictServerFactory(TABLE),
        PostfixTCPMapDeferringDictServerFactory(TABLE),
    ],
)
@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (b"get foo\n", b"200 bar\n"),
        (b"get two%20words\n", b"200 100%20%25%20sure\n"),
        (b"get nobody\n", b"500 \n"),
        (b"get\n", b"400 Command 'get' takes 1 parameters.\n"),
        (b"put foo\n", b"400 Command 'put' takes 2 parameters.\n"),
        (b"put foo bar\n", b"500 put is not implemented yet.\n"),
        (b"frobnicate\n", b"400 unknown command\n"),
        (b"\xff\n", b"400 unknown command\n"),
        (b"GET foo\nget foo\n", b"200 bar\n200 bar\n"),
    ],
)
def test_a_request_is_answered(factory: Any, request_: bytes, answer: bytes) -> None:
    """By a table of either kind."""
    assert Bench(factory).ask(request_) == answer


@given(data=st.binary())
def test_quoted_bytes_have_neither_spaces_nor_ends_of_lines(data: bytes) -> None:
    """And are the same when they are read."""
    quoted = quote(data)
    assert unquote(quoted) == data
    assert all(0x20 < byte < 0x7F for byte in quoted)


class Slow(ServerFactory):
    """Looks up for as long as the test wants."""

    protocol = PostfixTCPMapServer

    def __init__(self) -> None:
        self.waiting: list[Deferred[Any]] = []
        self.stored: dict[bytes, bytes] = {}

    def get(self, key: bytes) -> Deferred[Any]:
        self.waiting.append(Deferred())
        return self.waiting[-1]

    def put(self, key: bytes, value: bytes) -> None:
        self.stored[key] = value


def test_answers_come_in_the_order_of_the_requests() -> None:
    """The second is not looked up before the first is answered."""
    factory = Slow()
    bench = Bench(factory)
    assert bench.ask(b"get a\nget b\n") == b""
    assert len(factory.waiting) == 1
    assert bench.transport.producerState == "paused"
    factory.waiting[0].callback(b"first")
    assert bench.transport.value() == b"200 first\n"
    factory.waiting[1].callback(None)
    assert bench.transport.value() == b"200 first\n500 \n"
    assert bench.ask(b"put a b%20c\n") == b"200 put%20done\n"
    assert factory.stored == {b"a": b"b c"}


def test_a_lookup_that_fails_may_be_tried_again() -> None:
    """The answer says why, on one line of no more than a thousand bytes."""
    factory = Slow()
    bench = Bench(factory)
    bench.ask(b"get a\n")
    factory.waiting[0].errback(OSError("no\nroute " + "x" * 5000))
    answer = bench.transport.value()
    assert answer.startswith(b"400 no route xxx")
    assert answer.count(b"\n") == 1
    assert len(answer) < 1010


def test_a_lost_connection_gives_its_lookup_up() -> None:
    """It is cancelled, and nothing is written."""
    factory = Slow()
    bench = Bench(factory)
    bench.ask(b"get a\nget b\n")
    bench.server.connectionLost(connectionDone)
    assert factory.waiting[0].called
    assert len(factory.waiting) == 1
    assert bench.transport.value() == b""
    assert bench.clock.getDelayedCalls() == []


def test_who_asks_nothing_for_long_is_hung_up_on() -> None:
    """After ten minutes."""
    bench = Bench(PostfixTCPMapDictServerFactory(TABLE))
    bench.clock.advance(599)
    bench.ask(b"get foo\n")
    bench.clock.advance(599)
    assert not bench.transport.disconnecting
    bench.clock.advance(1)
    assert bench.transport.disconnecting
