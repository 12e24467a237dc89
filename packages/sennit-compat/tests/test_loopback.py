from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import sennit.core
from sennit.compat.faces.protocols import loopback
from sennit.core.defer import Deferred
from sennit.core.failure import Failure
from sennit.core.protocol import Protocol, connectionDone


class Talker(Protocol):
    """Says a word, says what it hears once more, and hangs up after the third."""

    def __init__(self, word: bytes = b"") -> None:
        self.word = word
        self.heard: list[bytes] = []
        self.lost = 0

    def connectionMade(self) -> None:
        if self.word:
            self.transport.write(self.word)

    def dataReceived(self, data: bytes) -> None:
        self.heard.append(data)
        self.transport.writeSequence([data])
        if len(self.heard) == 3:
            self.transport.loseConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.lost += 1


class Listener(Talker):
    """Hangs up after three words."""

    def dataReceived(self, data: bytes) -> None:
        self.heard.append(data)
        if len(self.heard) == 3:
            self.transport.loseConnection()


def wait_for(deferred: Deferred[Any]) -> None:
    """Run the reactor until a Deferred has fired."""
    reactor = sennit.core.reactor
    results: list[Any] = []
    deferred.addBoth(results.append)
    deferred.addBoth(lambda _: reactor.stop())
    guard = reactor.callLater(20, reactor.stop)
    reactor.run()
    guard.cancel()
    assert results
    assert not isinstance(results[0], Failure), results[0]


@pytest.mark.parametrize(
    "connect", [loopback.loopbackAsync, loopback.loopbackTCP, loopback.loopbackUNIX]
)
def test_two_protocols_talk_until_one_hangs_up(
    connect: Callable[[Any, Any], Deferred[None]],
) -> None:
    server, client = Talker(b"word"), Talker()
    wait_for(connect(server, client))
    assert b"".join(client.heard) == b"wordwordword"
    assert (server.lost, client.lost) == (1, 1)


def test_what_was_written_may_be_delivered_as_one() -> None:
    server, client = Talker(), Talker()
    done = loopback.loopbackAsync(server, client, loopback.collapsingPumpPolicy)
    for word in (b"a", b"b", b"c"):
        server.transport.write(word)
    server.transport.loseConnection()
    server.transport.write(b"dropped")
    wait_for(done)
    assert client.heard == [b"abc"]


def test_a_pull_producer_is_asked_until_it_is_through() -> None:
    server, client = Talker(), Listener()
    done = loopback.loopbackAsync(server, client)
    pieces = [b"1", b"2", b"3"]

    class Producer:
        def resumeProducing(self) -> None:
            server.transport.write(pieces.pop(0))
            if not pieces:
                transport.unregisterProducer()

    transport: Any = server.transport
    transport.registerProducer(Producer(), False)
    wait_for(done)
    assert client.heard == [b"1", b"2", b"3"]
