"""Token buckets, and what they hold back."""

from __future__ import annotations

from typing import Any

import pytest

from sennit.core.address import IPv4Address
from sennit.core.defer import Deferred
from sennit.core.protocol import ClientFactory, Factory, Protocol, connectionDone
from sennit.core.task import Clock
from sennit.core.testing import StringTransport
from sennit.protocols import htb


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time of buckets, and of who waits for them."""
    clock = Clock()
    monkeypatch.setattr(htb, "time", clock.seconds)
    return clock


class Small(htb.Bucket):
    """Ten bytes, of which two a second drain."""

    maxburst = 10
    rate = 2


class Large(htb.Bucket):
    """Fifteen bytes, of which three a second drain."""

    maxburst = 15
    rate = 3


def test_a_bucket_takes_what_fits_and_drains(clock: Clock) -> None:
    """At its rate, until it is empty."""
    bucket = Small()
    assert bucket.add(7) == 7
    assert bucket.add(7) == 3
    assert bucket.add(7) == 0
    clock.advance(1)
    assert bucket.add(7) == 2
    clock.advance(4)
    assert not bucket.drip()
    clock.advance(1)
    assert bucket.drip()
    clock.advance(100)
    assert bucket.add(100) == 10


def test_a_bucket_need_not_have_limits(clock: Clock) -> None:
    """Without a size it takes all, without a rate it is empty at once."""
    assert htb.Bucket().add(1000) == 1000
    bucket = htb.Bucket()
    bucket.maxburst = 10
    assert [bucket.add(20), bucket.add(20)] == [10, 10]
    assert bucket.drip()


def test_a_bucket_below_takes_part(clock: Clock) -> None:
    """What goes into one goes into the other, and must fit there."""
    below = Large()
    one, other = Small(below), Small(below)
    assert one.add(20) == 10
    assert other.add(20) == 5
    clock.advance(1)
    assert other.add(20) == 3
    assert one.add(20) == 0
    clock.advance(5)
    assert other.drip()
    assert below.drip()


def test_a_bucket_tells_how_long_to_wait(clock: Clock) -> None:
    """Until that fits, or as much as ever will."""
    bucket = Small(Large())
    assert bucket.secondsUntil(5) == 0
    bucket.add(10)
    assert bucket.secondsUntil(4) == 2
    assert bucket.secondsUntil(1000) == 5
    other = Small(bucket.parentBucket)
    other.add(5)
    assert other.secondsUntil(6) == 2


class Shared(htb.HierarchicalBucketFilter):
    """One bucket for all."""

    bucketFactory = Large

    def getBucketKey(self, *a: Any, **kw: Any) -> str:
        return "all"


def test_a_filter_knows_whose_a_bucket_is(clock: Clock) -> None:
    """By the host, or the port; on the bucket of the filter below."""
    shared = Shared()
    by_host, by_port = htb.FilterByHost(shared), htb.FilterByServer()
    by_host.bucketFactory = Small
    ours = IPv4Address("TCP", "10.0.0.1", 80)
    one = StringTransport(ours, IPv4Address("TCP", "10.0.0.2", 1))
    same = StringTransport(ours, IPv4Address("TCP", "10.0.0.2", 2))
    other = StringTransport(ours, IPv4Address("TCP", "10.0.0.3", 1))
    assert by_host.getBucketFor(one) is by_host.getBucketFor(same)
    assert by_host.getBucketFor(one) is not by_host.getBucketFor(other)
    assert by_host.getBucketFor(one).parentBucket is shared.buckets["all"]
    assert by_port.getBucketFor(one) is by_port.getBucketFor(other)
    assert list(by_port.buckets) == [80]
    with pytest.raises(NotImplementedError, match="getBucketKey"):
        htb.HierarchicalBucketFilter().getBucketFor(one)


def test_buckets_that_nobody_needs_are_thrown_away(clock: Clock) -> None:
    """When they are empty and nobody uses them; by the filter itself now and then."""

    class Swept(htb.FilterByHost):
        sweepInterval = 10
        bucketFactory = Small

    swept = Swept()
    used, full, free = (
        swept.getBucketFor(StringTransport(None, IPv4Address("TCP", host, 1)))
        for host in ("used", "full", "free")
    )
    shaped = htb.ShapedConsumer(StringTransport(), used, clock)
    clock.advance(11)
    full.add(10)
    swept.getBucketFor(StringTransport(None, IPv4Address("TCP", "new", 1)))
    assert set(swept.buckets) == {"used", "full", "new"}
    shaped.stopProducing()
    clock.advance(5)
    swept.sweep()
    assert swept.buckets == {}
    assert free.drip()


def shaped(clock: Clock, bucket: htb.Bucket) -> tuple[htb.ShapedTransport, Any]:
    transport = StringTransport()
    return htb.ShapedTransport(transport, bucket, clock), transport


def test_what_does_not_fit_waits(clock: Clock) -> None:
    """And is sent in order, as the bucket drains; nobody has to ask."""
    transport, real = shaped(clock, Small())
    transport.write(b"0123456789ab")
    transport.writeSequence([b"cd", b"ef"])
    assert real.value() == b"0123456789"
    clock.advance(1)
    assert real.value() == b"0123456789ab"
    clock.pump([0.5, 0.5, 1])
    assert real.value() == b"0123456789abcdef"
    assert clock.getDelayedCalls() == []


def test_a_transport_that_is_full_is_not_written_to(clock: Clock) -> None:
    """Until it has room."""
    transport, real = shaped(clock, Small())
    assert real.producer is transport
    transport.pauseProducing()
    transport.write(b"hello")
    assert real.value() == b""
    transport.resumeProducing()
    assert real.value() == b"hello"


class Push:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def pauseProducing(self) -> None:
        self.told.append("pause")

    def resumeProducing(self) -> None:
        self.told.append("resume")

    def stopProducing(self) -> None:
        self.told.append("stop")


def test_who_produces_is_paused_while_anything_waits(clock: Clock) -> None:
    """And stopped when the connection is gone."""
    transport, real = shaped(clock, Small())
    push = Push()
    transport.registerProducer(push, True)
    with pytest.raises(RuntimeError, match="before"):
        transport.registerProducer(Push(), True)
    transport.write(b"0123456789ab")
    assert push.told == ["pause"]
    clock.advance(1)
    assert push.told == ["pause", "resume"]
    transport.stopProducing()
    assert push.told == ["pause", "resume", "stop"]
    late = Push()
    transport.registerProducer(late, True)
    assert late.told == ["stop"]
    transport.write(b"late")
    assert real.value() == b"0123456789ab"


class Pull:
    """Writes three bytes when it is asked, ten times."""

    left = 10

    def __init__(self, consumer: Any) -> None:
        self.consumer = consumer

    def resumeProducing(self) -> None:
        self.left -= 1
        if not self.left:
            self.consumer.unregisterProducer()
        self.consumer.write(b"abc")

    def stopProducing(self) -> None:
        self.left = 0


def test_a_pull_producer_is_asked_while_nothing_waits(clock: Clock) -> None:
    """Thirty bytes, of which two a second may go after the first ten."""
    transport, real = shaped(clock, Small())
    pull = Pull(transport)
    transport.registerProducer(pull, False)
    clock.advance(0)
    assert len(real.value()) == 10
    assert pull.left == 6
    clock.pump([0.5] * 40)
    assert len(real.value()) == 30
    assert transport.producer is None


def test_closing_waits_for_what_waits(clock: Clock) -> None:
    """And for who produces; what is written after it is dropped."""
    transport, real = shaped(clock, Small())
    transport.write(b"0123456789ab")
    transport.loseConnection()
    transport.write(b"late")
    assert transport.disconnecting
    assert not real.disconnecting
    clock.advance(1)
    assert real.disconnecting
    assert real.value() == b"0123456789ab"
    assert real.producer is None


def test_a_lost_connection_waits_for_nothing(clock: Clock) -> None:
    """The bucket is let go of, and the clock."""
    bucket = Small()
    transport, _ = shaped(clock, bucket)
    transport.write(b"x" * 100)
    transport.stopProducing()
    transport.stopProducing()
    assert clock.getDelayedCalls() == []
    assert bucket._users == 0


async def test_protocols_are_shaped_over_sockets(reactor: Any) -> None:
    """All arrives, no faster than the rate, and the connection ends."""
    ended: Deferred[bytes] = Deferred()

    class Fast(htb.Bucket):
        maxburst = 100_000
        rate = 1_000_000

    class Server(Protocol):
        def connectionMade(self) -> None:
            self.transport.write(b"x" * 300_000)
            self.transport.loseConnection()

    class Client(Protocol):
        data = b""

        def dataReceived(self, data: bytes) -> None:
            self.data += data

        def connectionLost(self, reason: Any = connectionDone) -> None:
            ended.callback(self.data)

    by_host = htb.FilterByHost()
    by_host.bucketFactory = Fast
    factory = Factory()
    factory.protocol = htb.ShapedProtocolFactory(Server, by_host, reactor)
    port = reactor.listenTCP(0, factory, interface="127.0.0.1")
    begin = reactor.seconds()
    reactor.connectTCP(
        "127.0.0.1", port.getHost().port, ClientFactory.forProtocol(Client)
    )
    assert await ended == b"x" * 300_000
    assert reactor.seconds() - begin > 0.19
    await port.stopListening()
    [bucket] = by_host.buckets.values()
    assert bucket._users == 0
