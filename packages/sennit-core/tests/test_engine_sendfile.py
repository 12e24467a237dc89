"""Files into connections, by the system: in order, to the byte, and to its end."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sennit.core.defer import CancelledError, Deferred
from sennit.core.endpoints import TCP4ClientEndpoint, connectProtocol
from sennit.core.engine import Reactor, canSendFile, sendFile
from sennit.core.errors import ConnectionClosed, ConnectionLost
from sennit.core.failure import Failure
from sennit.core.protocol import Factory, Protocol, connectionDone

Drive = Callable[..., Any]

# More than any socket takes at once.
LARGE = 16 * 1024 * 1024


class Sender(Protocol):
    """Does something as soon as it is connected."""

    act: Callable[[Sender], object]

    def connectionMade(self) -> None:
        self.act(self)


class Taker(Protocol):
    """Takes what comes, and tells when no more will."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.over: Deferred[bytes] = Deferred()

    def dataReceived(self, data: bytes) -> None:
        self.data += data

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.over.callback(bytes(self.data))


@pytest.fixture
def large(tmp_path: Path) -> Iterator[int]:
    """A file of pseudo-random bytes."""
    path = tmp_path / "large"
    path.write_bytes(content())
    fd = os.open(path, os.O_RDONLY)
    yield fd
    os.close(fd)


def content() -> bytes:
    return bytes(range(251)) * (LARGE // 251) + b"end"


async def connected(
    reactor: Reactor, act: Callable[[Sender], object], taker: Taker
) -> None:
    sender = type("Acting", (Sender,), {"act": staticmethod(act)})
    port = reactor.listenTCP(0, Factory.forProtocol(sender), interface="127.0.0.1")
    here = TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port)
    await connectProtocol(here, taker)


async def eventually(condition: Callable[[], object]) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it has not come true")


def open_descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def test_a_file_comes_after_what_was_written_and_before_what_is(
    reactor: Reactor, drive: Drive, large: int
) -> None:
    """Even if the loop's buffer is full of what was written before."""
    before = b"b" * LARGE
    progress: list[int] = []
    fired: list[int] = []

    def act(me: Sender) -> None:
        transport: Any = me.transport
        assert canSendFile(transport)
        transport.write(before)
        sent = sendFile(transport, large, 3, LARGE // 2, progress.append)

        def then(count: int) -> None:
            fired.append(count)
            transport.write(b"after")
            transport.loseConnection()

        sent.addCallback(then)

    async def main() -> bytes:
        taker = Taker()
        await connected(reactor, act, taker)
        return await taker.over

    found = drive(main)
    assert found == before + content()[3 : 3 + LARGE // 2] + b"after"
    assert fired == [LARGE // 2] == [sum(progress)]


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_what_fits_is_sent_at_once(
    reactor: Reactor, drive: Drive, large: int, count: int
) -> None:
    def act(me: Sender) -> None:
        sent = sendFile(me.transport, large, 10, count)
        assert sent.called
        me.transport.loseConnection()

    async def main() -> bytes:
        taker = Taker()
        await connected(reactor, act, taker)
        return await taker.over

    assert drive(main) == content()[10 : 10 + count]


def test_a_file_that_has_become_shorter_is_an_error(
    reactor: Reactor, drive: Drive, large: int
) -> None:
    """What there was has been sent."""
    failed: list[Failure] = []

    def act(me: Sender) -> None:
        def shorter(failure: Failure) -> None:
            failed.append(failure)
            me.transport.loseConnection()

        end = len(content())
        sendFile(me.transport, large, end - 5, 10).addErrback(shorter)

    async def main() -> bytes:
        taker = Taker()
        await connected(reactor, act, taker)
        return await taker.over

    assert drive(main) == content()[-5:]
    assert failed[0].check(EOFError)


def test_what_cannot_be_read_is_an_error(reactor: Reactor, drive: Drive) -> None:
    failed: list[Failure] = []

    def act(me: Sender) -> None:
        folder = os.open("/", os.O_RDONLY)
        sendFile(me.transport, folder, 0, 10).addErrback(failed.append)
        os.close(folder)
        me.transport.loseConnection()

    async def main() -> bytes:
        taker = Taker()
        await connected(reactor, act, taker)
        return await taker.over

    assert drive(main) == b""
    assert failed[0].check(OSError)


async def ended(
    reactor: Reactor,
    large: int,
    end: Callable[[Sender, Deferred[int], socket.socket], object],
) -> Failure:
    """Begin to send to somebody who takes nothing, then end it in some way."""
    begun: list[tuple[Sender, Deferred[int]]] = []
    failed: list[Failure] = []

    def act(me: Sender) -> None:
        begun.append((me, sendFile(me.transport, large, 0, LARGE)))

    made = type("Acting", (Sender,), {"act": staticmethod(act)})
    port = reactor.listenTCP(0, Factory.forProtocol(made), interface="127.0.0.1")
    client = socket.create_connection(("127.0.0.1", port.getHost().port))
    await eventually(lambda: begun)
    sender, sent = begun[0]
    transport: Any = sender.transport
    sent.addErrback(failed.append)
    end(sender, sent, client)
    await eventually(lambda: failed)
    client.close()
    await eventually(lambda: not transport.connected)
    await port.stopListening()
    return failed[0]


def hang_up(me: Sender, sent: Deferred[int], client: socket.socket) -> None:
    # With unread bytes in it, a socket is closed by a reset.
    client.close()


def abort(me: Sender, sent: Deferred[int], client: socket.socket) -> None:
    me.transport.abortConnection()  # type: ignore[attr-defined]


def lose(me: Sender, sent: Deferred[int], client: socket.socket) -> None:
    me.transport.loseConnection()


def cancel(me: Sender, sent: Deferred[int], client: socket.socket) -> None:
    sent.cancel()


@pytest.mark.parametrize(
    ("end", "error"),
    [
        (hang_up, ConnectionLost),
        (abort, ConnectionClosed),
        (lose, ConnectionClosed),
        (cancel, CancelledError),
    ],
)
def test_who_ends_it_leaves_nothing_open(
    reactor: Reactor,
    drive: Drive,
    large: int,
    end: Callable[[Sender, Deferred[int], socket.socket], object],
    error: type[Exception],
) -> None:
    """Whichever side: the Deferred fails, and both descriptors of it are closed."""

    async def main() -> None:
        await ended(reactor, large, end)
        before = open_descriptors()
        failure = await ended(reactor, large, end)
        assert failure.check(error)
        await eventually(lambda: open_descriptors() <= before)

    drive(main)


def test_what_is_no_plain_connection_is_refused(large: int) -> None:
    """TLS has to encrypt, a wrapper to see what is sent, and anything else is none."""
    assert not canSendFile(object())
    assert not canSendFile(None)
    with pytest.raises(TypeError, match="cannot be sent"):
        sendFile(object(), large, 0, 1)
