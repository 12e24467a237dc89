"""What every stream transport does: write, close, survive errors, know its ends."""

from __future__ import annotations

from sennit.core.errors import (
    ConnectionAborted,
    ConnectionClosed,
    ConnectionDone,
    ConnectionLost,
)
from sennit.core.testing._checks import LARGE, Checks, Recorder, lost, made, raises
from sennit.core.testing._steps import Steps, TransportPair, quiet

__all__ = ["CHECKS"]

_checks: Checks[TransportPair] = Checks(lambda pair, steps: pair.drive(steps))


# Writing


@_checks.add
def bytes_arrive_in_the_order_written(pair: TransportPair) -> Steps:
    """Both directions carry bytes, in the order they were written."""
    server, client = Recorder(), Recorder()
    pair.connect(server, client)
    yield made(server, client)
    for piece in (b"one ", b"two ", b"three"):
        client.transport.write(piece)
        server.transport.write(piece.upper())
    yield lambda: len(server.data) == len(client.data) == len(b"one two three")
    assert server.data == b"one two three"
    assert client.data == b"ONE TWO THREE"


@_checks.add
def write_sequence_sends_its_pieces_joined(pair: TransportPair) -> Steps:
    """``writeSequence`` takes any iterable of bytes, in turn with ``write``."""
    server, client = Recorder(), Recorder()
    pair.connect(server, client)
    yield made(server, client)
    client.transport.write(b"<")
    client.transport.writeSequence([b"a", b"", b"b"])
    client.transport.writeSequence(iter((b"c", b"d")))
    client.transport.write(b">")
    yield lambda: len(server.data) == len(b"<abcd>")
    assert server.data == b"<abcd>"


@_checks.add
def text_is_a_type_error(pair: TransportPair) -> Steps:
    """A ``str`` is refused where it is written, and the connection goes on."""
    server, client = Recorder(), Recorder()
    pair.connect(server, client)
    yield made(server, client)
    for write, wrong in (
        (client.transport.write, "text"),
        (client.transport.writeSequence, ["text"]),
    ):
        raises(TypeError, write, wrong)
    client.transport.write(b"bytes")
    yield lambda: server.data == b"bytes"


@_checks.add
def much_arrives_whole(pair: TransportPair) -> Steps:
    """A write of megabytes arrives, and an empty write is nothing."""
    server, client = Recorder(), Recorder()
    pair.connect(server, client)
    yield made(server, client)
    client.transport.write(b"")
    client.transport.write(LARGE)
    yield lambda: sum(map(len, server.pieces)) >= len(LARGE)
    assert server.data == LARGE
    assert b"" not in server.pieces


# Closing


@_checks.add
def lose_connection_sends_what_was_written(pair: TransportPair) -> Steps:
    """``loseConnection`` loses nothing written, and both are told of a clean end."""
    server, client = Recorder(), Recorder()
    pair.connect(server, client)
    yield made(server, client)
    client.transport.write(LARGE)
    client.transport.loseConnection()
    assert not client.reasons, "told before loseConnection returned"
    client.transport.write(b"too late")
    client.transport.writeSequence([b"too late"])
    client.transport.loseConnection()
    yield lost(server, client)
    assert server.data == LARGE
    for recorder in (server, client):
        assert len(recorder.reasons) == 1
        assert recorder.reasons[0].check(ConnectionDone), recorder.reasons[0]


@_checks.add
def nothing_happens_after_the_end(pair: TransportPair) -> Steps:
    """The methods of a transport may be called after its end, without effect."""
    server, client = Recorder(), Recorder()
    pair.connect(server, client)
    yield made(server, client)
    server.transport.loseConnection()
    yield lost(server, client)
    for recorder in (server, client):
        recorder.transport.write(b"late")
        recorder.transport.writeSequence([b"late"])
        recorder.transport.loseConnection()
        recorder.transport.loseWriteConnection()
        recorder.transport.abortConnection()
        recorder.transport.pauseProducing()
        recorder.transport.resumeProducing()
    yield quiet()
    assert [len(recorder.reasons) for recorder in (server, client)] == [1, 1]


@_checks.add
def abort_connection_ends_at_once(pair: TransportPair) -> Steps:
    """``abortConnection`` waits for nobody; either side is told, once, why."""
    server, client = Recorder(), Recorder()
    pair.connect(server, client)
    yield made(server, client)
    server.transport.pauseProducing()
    client.transport.write(LARGE)
    client.transport.abortConnection()
    assert not client.reasons, "told before abortConnection returned"
    client.transport.abortConnection()
    yield lost(client)
    assert client.reasons[0].check(ConnectionAborted), client.reasons[0]
    server.transport.resumeProducing()
    yield lost(server)
    assert server.reasons[0].check(ConnectionLost), server.reasons[0]
    assert len(server.data) < len(LARGE)
    yield quiet()
    assert [len(recorder.reasons) for recorder in (server, client)] == [1, 1]


@_checks.add
def closing_from_within_data_received_answers_first(pair: TransportPair) -> Steps:
    """What is written before ``loseConnection`` in ``dataReceived`` goes out."""

    def answer(recorder: Recorder, data: bytes) -> None:
        recorder.transport.write(b"answer")
        recorder.transport.loseConnection()

    server, client = Recorder(answer), Recorder()
    pair.connect(server, client)
    yield made(server, client)
    client.transport.write(b"question")
    yield lost(server, client)
    assert client.data == b"answer"
    assert server.data == b"question"


# Errors of the user


@_checks.add
def an_error_in_data_received_ends_that_connection_only(pair: TransportPair) -> Steps:
    """An error raised in ``dataReceived`` closes its connection and no other."""

    def fail(recorder: Recorder, data: bytes) -> None:
        raise LookupError("raised by a check, to be logged")

    server, client = Recorder(fail), Recorder()
    bystander, friend = Recorder(), Recorder()
    pair.connect(server, client)
    pair.connect(bystander, friend)
    yield made(server, client, bystander, friend)
    client.transport.write(b"x")
    yield lost(server, client)
    assert not server.reasons[0].check(ConnectionDone), "the end was not clean"
    friend.transport.write(b"still here")
    yield lambda: bystander.data == b"still here"
    assert not bystander.reasons
    assert not friend.reasons


@_checks.add
def an_error_in_connection_made_ends_that_connection_only(pair: TransportPair) -> Steps:
    """An error raised in ``connectionMade`` closes its connection and no other."""

    def fail() -> None:
        raise LookupError("raised by a check, to be logged")

    server, client = Recorder(), Recorder()
    server.when_made = fail
    bystander, friend = Recorder(), Recorder()
    pair.connect(server, client)
    pair.connect(bystander, friend)
    yield made(bystander, friend)
    yield lost(client)
    friend.transport.write(b"still here")
    yield lambda: bystander.data == b"still here"


# The rest


@_checks.add
def each_side_knows_the_addresses(pair: TransportPair) -> Steps:
    """The peer of the one side is the host of the other."""
    server, client = Recorder(), Recorder()
    pair.connect(server, client)
    yield made(server, client)
    assert server.transport.getPeer() == client.transport.getHost()
    assert client.transport.getPeer() == server.transport.getHost()
    assert server.transport.getPeer() != server.transport.getHost()
    peer = client.transport.getPeer()
    client.transport.loseConnection()
    yield lost(server, client)
    assert client.transport.getPeer() == peer, "forgotten after the end"


@_checks.add
def options_are_kept(pair: TransportPair) -> Steps:
    """``TCP_NODELAY`` and ``SO_KEEPALIVE`` are told as they were set."""
    server, client = Recorder(), Recorder()
    pair.connect(server, client)
    yield made(server, client)
    transport = client.transport
    for enabled in (True, False, True):
        transport.setTcpNoDelay(enabled)
        transport.setTcpKeepAlive(enabled)
        assert bool(transport.getTcpNoDelay()) is enabled
        assert bool(transport.getTcpKeepAlive()) is enabled


@_checks.add
def one_protocol_can_take_over_from_another(pair: TransportPair) -> Steps:
    """What arrives after ``transport.protocol`` was replaced goes to the new one."""
    heir = Recorder()

    def hand_over(recorder: Recorder, data: bytes) -> None:
        recorder.transport.protocol = heir
        recorder.transport.write(b"ready")

    server, client = Recorder(hand_over), Recorder()
    pair.connect(server, client)
    yield made(server, client)
    client.transport.write(b"for the first")
    yield lambda: client.data == b"ready"
    client.transport.write(b"for the second")
    client.transport.loseConnection()
    yield lost(heir, client)
    assert server.data == b"for the first"
    assert heir.data == b"for the second"
    assert not server.reasons
    assert heir.reasons[0].check(ConnectionClosed)


CHECKS = _checks.checks
