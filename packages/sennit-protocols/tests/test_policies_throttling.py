"""Bytes per second, of all connections together."""

from __future__ import annotations

from typing import Any

import pytest

from sennit.core.address import IPv4Address
from sennit.core.defer import Deferred
from sennit.core.protocol import ClientFactory, Factory, Protocol, connectionDone
from sennit.core.task import Clock
from sennit.core.testing import StringTransport
from sennit.protocols.policies import ThrottlingFactory

HERE = IPv4Address("TCP", "127.0.0.1", 1)


class Push:
    """A push producer that notes what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def pauseProducing(self) -> None:
        self.told.append("pause")

    def resumeProducing(self) -> None:
        self.told.append("resume")

    def stopProducing(self) -> None:
        self.told.append("stop")


class Pull:
    """A pull producer: after five pieces its transport is full, then it fails."""

    asked = 0
    stopped = False

    def __init__(self, consumer: Any) -> None:
        self.consumer = consumer

    def resumeProducing(self) -> None:
        self.asked += 1
        self.consumer.write(b"four")
        if self.asked == 5:
            self.consumer.transport.producer.pauseProducing()
        elif self.asked > 5:
            raise OSError("unreadable")

    def stopProducing(self) -> None:
        self.stopped = True


class Bench:
    """A factory that throttles, its clock, and connections."""

    def __init__(self, **limits: Any) -> None:
        self.clock = Clock()
        self.factory = ThrottlingFactory(
            Factory.forProtocol(Protocol), clock=self.clock, **limits
        )

    def connect(self) -> tuple[Any, Any]:
        protocol, transport = self.factory.buildProtocol(HERE), StringTransport()
        protocol.makeConnection(transport)
        return protocol, transport


def test_who_reads_too_much_waits() -> None:
    """Twice the limit is a second to wait, for every connection."""
    bench = Bench(readLimit=10)
    one, first = bench.connect()
    _, second = bench.connect()
    one.dataReceived(b"x" * 20)
    bench.clock.advance(1)
    assert bench.factory.readsThrottled
    assert first.producerState == second.producerState == "paused"
    bench.clock.advance(0.5)
    assert first.producerState == "paused"
    bench.clock.advance(0.5)
    assert first.producerState == second.producerState == "producing"
    assert not bench.factory.readsThrottled


def test_who_keeps_to_the_limit_does_not_wait() -> None:
    """Just as much as it is, second by second."""
    bench = Bench(readLimit=10, writeLimit=10)
    one, transport = bench.connect()
    for _ in range(5):
        one.dataReceived(b"x" * 10)
        one.write(b"x" * 10)
        bench.clock.advance(1)
        assert transport.producerState == "producing"
    assert not bench.factory.writesThrottled


def test_a_connection_that_comes_meanwhile_waits_as_well() -> None:
    """It begins to read when the others do."""
    bench = Bench(readLimit=10, writeLimit=10)
    one, _ = bench.connect()
    one.dataReceived(b"x" * 20)
    one.write(b"x" * 20)
    bench.clock.advance(1)
    two, transport = bench.connect()
    push = Push()
    two.registerProducer(push, True)
    assert transport.producerState == "paused"
    assert push.told == ["pause"]
    bench.clock.advance(1)
    assert transport.producerState == "producing"
    assert push.told == ["pause", "resume"]


def test_a_protocol_that_has_paused_stays_so() -> None:
    """The end of the waiting does not resume what the protocol has paused, nor back."""
    bench = Bench(readLimit=10)
    one, transport = bench.connect()
    one.dataReceived(b"x" * 20)
    one.pauseProducing()
    bench.clock.advance(1)
    bench.clock.advance(1)
    assert transport.producerState == "paused"
    one.dataReceived(b"x" * 20)
    bench.clock.advance(1)
    one.resumeProducing()
    assert transport.producerState == "paused"
    bench.clock.advance(1)
    assert transport.producerState == "producing"


def test_a_push_producer_is_paused_once() -> None:
    """It goes on when neither the transport nor the limit wants it to wait."""
    bench = Bench(writeLimit=10)
    one, transport = bench.connect()
    push = Push()
    one.registerProducer(push, True)
    paced = transport.producer
    one.writeSequence([b"x" * 15, b"x" * 15])
    bench.clock.advance(1)
    paced.pauseProducing()
    bench.clock.advance(2)
    assert push.told == ["pause"]
    paced.resumeProducing()
    assert push.told == ["pause", "resume"]
    one.connectionLost(connectionDone)
    paced.stopProducing()
    assert push.told == ["pause", "resume", "stop"]


def test_a_producer_that_is_only_set_is_paused() -> None:
    """Programs do so that pace a protocol of their own."""
    bench = Bench(writeLimit=10)
    one, _ = bench.connect()
    one.producer = push = Push()
    one.write(b"x" * 20)
    bench.clock.advance(1)
    bench.clock.advance(1)
    assert push.told == ["pause", "resume"]


def test_a_pull_producer_is_not_asked_while_it_waits() -> None:
    """It is asked turn by turn, until the limit or the transport says no."""
    bench = Bench(writeLimit=10)
    one, transport = bench.connect()
    pull = Pull(one)
    one.registerProducer(pull, False)
    paced = transport.producer
    bench.clock.advance(0)
    assert pull.asked == 5
    bench.clock.advance(1)
    paced.resumeProducing()
    bench.clock.advance(0.5)
    assert pull.asked == 5
    with pytest.raises(OSError, match="unreadable"):
        bench.clock.advance(0.5)
    bench.clock.advance(1)
    assert pull.asked == 6
    paced.stopProducing()
    assert pull.stopped


def test_the_waiting_ends_with_the_last_connection() -> None:
    """Nothing waits on the clock then, and the next begins anew."""
    bench = Bench(readLimit=10, writeLimit=10)
    one, _ = bench.connect()
    one.dataReceived(b"x" * 50)
    one.write(b"x" * 50)
    bench.clock.advance(1)
    one.connectionLost(connectionDone)
    assert bench.clock.getDelayedCalls() == []
    assert not bench.factory.readsThrottled
    _, transport = bench.connect()
    assert transport.producerState == "producing"


def test_there_may_be_a_limit_to_the_connections() -> None:
    """One too many is refused; room is made by one that ends."""
    bench = Bench(maxConnectionCount=1)
    one, _ = bench.connect()
    assert bench.factory.buildProtocol(HERE) is None
    one.connectionLost(connectionDone)
    bench.connect()


@pytest.mark.parametrize("limit", [0, -1, float("nan")])
def test_a_limit_is_a_number_of_bytes(limit: float) -> None:
    """Nothing at all a second would be no connection."""
    with pytest.raises(ValueError, match="above 0"):
        Bench(readLimit=limit)


async def test_over_sockets_a_second_holds_as_much_as_it_may(reactor: Any) -> None:
    """What is too much is held back, arrives in the end, and nothing stays."""
    clock = Clock()
    ended: Deferred[int] = Deferred()
    half: Deferred[None] = Deferred()
    size = 1_000_000

    class Sender(Protocol):
        left = size // 1000

        def connectionMade(self) -> None:
            self.transport.registerProducer(self, False)  # type: ignore[attr-defined]

        def resumeProducing(self) -> None:
            if self.left == 500:
                half.callback(None)
            self.left -= 1
            self.transport.write(b"x" * 1000)
            if not self.left:
                self.transport.unregisterProducer()  # type: ignore[attr-defined]
                self.transport.loseConnection()

        def stopProducing(self) -> None:
            self.left = 0

    class Receiver(Protocol):
        count = 0

        def dataReceived(self, data: bytes) -> None:
            self.count += len(data)

        def connectionLost(self, reason: Any = connectionDone) -> None:
            ended.callback(self.count)

    factory = ThrottlingFactory(Factory.forProtocol(Sender), writeLimit=100)

    def later(period: float, func: Any) -> Any:
        if not period:
            return reactor.callLater(0, func)
        return clock.callLater(period, func)

    factory.callLater = later  # type: ignore[method-assign]
    port = reactor.listenTCP(0, factory, interface="127.0.0.1")
    reactor.connectTCP(
        "127.0.0.1", port.getHost().port, ClientFactory.forProtocol(Receiver)
    )
    await half
    clock.advance(1)
    assert factory.writesThrottled
    assert not ended.called
    clock.advance(100_000)
    assert await ended == size
    await port.stopListening()
