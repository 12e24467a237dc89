"""What every stream transport does with producers, and with half of a connection."""

from __future__ import annotations

from sennit.core.errors import ConnectionDone
from sennit.core.testing._checks import (
    LARGE,
    Checks,
    HalfRecorder,
    PushProducer,
    Recorder,
    lost,
    made,
    raises,
)
from sennit.core.testing._protocols import NonStreamingProducer
from sennit.core.testing._steps import Steps, TransportPair, quiet

__all__ = ["CHECKS"]

_checks: Checks[TransportPair] = Checks(lambda pair, steps: pair.drive(steps))


# Back-pressure


@_checks.add
def a_paused_transport_delivers_nothing(pair: TransportPair) -> Steps:
    """After ``pauseProducing`` nothing arrives; after ``resumeProducing`` all does."""
    server, client = Recorder(), Recorder()
    pair.connect(server, client)
    yield made(server, client)
    server.transport.pauseProducing()
    server.transport.pauseProducing()
    client.transport.write(b"patience")
    yield quiet()
    assert server.data == b""
    server.transport.resumeProducing()
    server.transport.resumeProducing()
    yield lambda: server.data == b"patience"


@_checks.add
def a_push_producer_is_paused_and_resumed(pair: TransportPair) -> Steps:
    """A push producer is paused while the other side does not read."""
    server, client, producer = Recorder(), Recorder(), PushProducer()
    pair.connect(server, client)
    yield made(server, client)
    server.transport.pauseProducing()
    client.transport.registerProducer(producer, True)
    client.transport.write(LARGE)
    yield lambda: producer.events == ["pause"]
    server.transport.resumeProducing()
    yield lambda: producer.events == ["pause", "resume"]
    client.transport.unregisterProducer()
    client.transport.loseConnection()
    yield lost(server, client)
    assert producer.events == ["pause", "resume"]
    assert len(server.data) == len(LARGE)


@_checks.add
def a_pull_producer_is_asked_until_it_is_done(pair: TransportPair) -> Steps:
    """A pull producer is asked for piece after piece, and is awaited in closing."""
    server, client = Recorder(), Recorder()
    pair.connect(server, client)
    yield made(server, client)
    producer = NonStreamingProducer(client.transport)
    client.transport.registerProducer(producer, False)
    client.transport.loseConnection()
    yield lost(server, client)
    assert server.data == b"0123456789"
    assert not producer.stopped


@_checks.add
def a_pull_producer_is_not_asked_while_nobody_reads(pair: TransportPair) -> Steps:
    """A pull producer makes no more than the buffers hold, until the other reads."""
    piece, total = b"x" * 64 * 1024, 512

    class Puller(PushProducer):
        made = 0

        def resumeProducing(self) -> None:
            self.made += 1
            client.transport.write(piece)
            if self.made == total:
                client.transport.unregisterProducer()

    server, client, producer = Recorder(), Recorder(), Puller()
    pair.connect(server, client)
    yield made(server, client)
    server.transport.pauseProducing()
    client.transport.registerProducer(producer, False)
    yield quiet()
    assert 0 < producer.made < total
    server.transport.resumeProducing()
    yield lambda: sum(map(len, server.pieces)) == total * len(piece)


@_checks.add
def losing_the_connection_waits_for_a_producer(pair: TransportPair) -> Steps:
    """``loseConnection`` takes effect when the producer has unregistered."""
    server, client, producer = Recorder(), Recorder(), PushProducer()
    pair.connect(server, client)
    yield made(server, client)
    client.transport.registerProducer(producer, True)
    client.transport.loseConnection()
    yield quiet()
    assert not client.reasons
    client.transport.write(b"the last")
    client.transport.unregisterProducer()
    yield lost(server, client)
    assert server.data == b"the last"


@_checks.add
def one_producer_at_a_time(pair: TransportPair) -> Steps:
    """A second producer is a ``RuntimeError``; after the first is done, it is not."""
    server, client = Recorder(), Recorder()
    pair.connect(server, client)
    yield made(server, client)
    client.transport.registerProducer(PushProducer(), True)
    second = PushProducer()
    raises(RuntimeError, client.transport.registerProducer, second, True)
    client.transport.unregisterProducer()
    client.transport.registerProducer(PushProducer(), True)


@_checks.add
def a_producer_is_stopped_when_the_connection_ends(pair: TransportPair) -> Steps:
    """Whoever produces for a connection is told of its end, also when it comes late."""
    server, client, producer = Recorder(), Recorder(), PushProducer()
    pair.connect(server, client)
    yield made(server, client)
    client.transport.registerProducer(producer, True)
    server.transport.abortConnection()
    yield lost(server, client)
    assert producer.events == ["stop"]
    late = PushProducer()
    client.transport.registerProducer(late, True)
    assert late.events == ["stop"]


# Half closing


@_checks.add
def a_half_closed_connection_goes_on_the_other_way(pair: TransportPair) -> Steps:
    """After ``loseWriteConnection`` the other direction still carries bytes."""
    server, client = HalfRecorder(), HalfRecorder()
    pair.connect(server, client)
    yield made(server, client)
    client.transport.write(b"that is all")
    client.transport.loseWriteConnection()
    yield lambda: client.halves == ["write"]
    yield lambda: server.halves == ["read"]
    assert server.data == b"that is all"
    client.transport.write(b"too late")
    server.transport.write(b"thank you")
    yield lambda: client.data == b"thank you"
    assert not client.reasons
    assert not server.reasons
    server.transport.loseConnection()
    yield lost(server, client)
    assert server.data == b"that is all"
    for recorder in (server, client):
        assert recorder.reasons[0].check(ConnectionDone), recorder.reasons[0]


@_checks.add
def a_connection_half_closed_twice_is_over(pair: TransportPair) -> Steps:
    """When each side has closed its direction, both are told of a clean end."""
    server, client = HalfRecorder(), HalfRecorder()
    pair.connect(server, client)
    yield made(server, client)
    client.transport.loseWriteConnection()
    yield lambda: server.halves == ["read"]
    server.transport.loseWriteConnection()
    yield lost(server, client)
    for recorder in (server, client):
        assert recorder.reasons[0].check(ConnectionDone), recorder.reasons[0]


@_checks.add
def the_answer_to_a_half_closer_arrives(pair: TransportPair) -> Steps:
    """One that knows no half closing still sends what it has written, then closes."""

    def answer(recorder: Recorder, data: bytes) -> None:
        recorder.transport.write(LARGE)

    server, client = Recorder(answer), HalfRecorder()
    pair.connect(server, client)
    yield made(server, client)
    client.transport.write(b"question")
    client.transport.loseWriteConnection()
    yield lost(server, client)
    assert client.data == LARGE
    assert server.reasons[0].check(ConnectionDone), server.reasons[0]


CHECKS = _checks.checks
