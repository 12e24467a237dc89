"""UNIX connections carry descriptors, in order, and leak none."""

from __future__ import annotations

import array
import asyncio
import fcntl
import os
import resource
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from sennit.core.defer import Deferred
from sennit.core.engine import Reactor, UNIXConnection, newLoop
from sennit.core.engine._passing._outflow import Outflow
from sennit.core.engine._passing._transport import PassingTransport
from sennit.core.errors import (
    ConnectionAborted,
    ConnectionDone,
    ConnectionLost,
    FileDescriptorOverrun,
    FileDescriptorsTruncated,
)
from sennit.core.failure import Failure
from sennit.core.protocol import (
    ClientFactory,
    Factory,
    Protocol,
    connectionDone,
)
from sennit.core.testing import TRANSPORT_CHECKS, TransportPair, driveReactor
from sennit.core.testing._steps import Steps

Drive = Callable[..., Any]
Logged = list[dict[str, Any]]


def descriptors() -> int:
    """How many descriptors this process has open."""
    return len(os.listdir("/proc/self/fd"))


def same_file(one: int, other: int) -> bool:
    return os.path.samestat(os.fstat(one), os.fstat(other))


class Side(Protocol):
    """Notes what comes, in its order; descriptors as the files that they are."""

    transport: Any

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.made: Deferred[None] = Deferred()
        self.lost: Deferred[BaseException | None] = Deferred()
        self.waiting: list[tuple[int, Deferred[bytes]]] = []

    @property
    def data(self) -> bytes:
        return b"".join(each for each in self.events if isinstance(each, bytes))

    @property
    def received(self) -> list[int]:
        return [each for each in self.events if isinstance(each, int)]

    def until(self, size: int) -> Deferred[bytes]:
        """All that came, once that is so many bytes."""
        fired: Deferred[bytes] = Deferred()
        self.waiting.append((size, fired))
        self.look()
        return fired

    def look(self) -> None:
        for size, fired in list(self.waiting):
            if len(self.data) >= size:
                self.waiting.remove((size, fired))
                fired.callback(self.data)

    def connectionMade(self) -> None:
        self.made.callback(None)

    def dataReceived(self, data: bytes) -> None:
        self.events.append(data)
        self.look()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.lost.callback(reason.value)


class Taker(Side):
    """Takes descriptors as well."""

    def fileDescriptorReceived(self, descriptor: int) -> None:
        self.events.append(descriptor)

    def close(self) -> None:
        for descriptor in self.received:
            os.close(descriptor)


async def joined(reactor: Reactor, path: Path, server: Side, client: Side) -> None:
    """Connect two protocols over a UNIX socket."""
    factory = Factory.forProtocol(lambda: server)
    factory.noisy = False
    port = reactor.listenUNIX(str(path), factory)
    clients = ClientFactory.forProtocol(lambda: client)
    clients.noisy = False
    reactor.connectUNIX(str(path), clients)
    await server.made
    await client.made
    # Until the connectionMade that woke us has returned.
    await asyncio.sleep(0)
    port.stopListening()


@pytest.fixture
def parcel(tmp_path: Path) -> Iterator[int]:
    """An open file to send."""
    with open(tmp_path / "parcel", "wb") as file:
        yield file.fileno()


@pytest.mark.parametrize("from_the_server", [False, True])
def test_a_descriptor_comes_before_its_byte(
    reactor: Reactor, drive: Drive, tmp_path: Path, parcel: int, from_the_server: bool
) -> None:
    one, other = Taker(), Taker()

    async def main() -> None:
        await joined(reactor, tmp_path / "s", one, other)
        sender, taker = (one, other) if from_the_server else (other, one)
        assert isinstance(sender.transport, UNIXConnection)
        sender.transport.sendFileDescriptor(parcel)
        sender.transport.write(b"here it is")
        await taker.until(10)
        assert isinstance(taker.events[0], int)
        assert taker.events[1:] == [b"here it is"]
        assert same_file(taker.events[0], parcel)
        assert not os.get_inheritable(taker.events[0])
        taker.close()

    drive(main)


def test_what_was_written_before_comes_first_and_nothing_is_lost(
    reactor: Reactor, drive: Drive, tmp_path: Path, parcel: int
) -> None:
    """Megabytes wait in the loop's buffer while the connection changes over."""
    sender, taker = Side(), Taker()
    before, after = bytes(range(256)) * 16384, b"z" * 300_000

    async def main() -> None:
        await joined(reactor, tmp_path / "s", sender, taker)
        taker.transport.pauseProducing()
        sender.transport.write(before)
        sender.transport.sendFileDescriptor(parcel)
        sender.transport.writeSequence([b"X", after])
        await asyncio.sleep(0.05)
        taker.transport.resumeProducing()
        await taker.until(len(before) + 1 + len(after))
        assert taker.data == before + b"X" + after
        [place] = [i for i, each in enumerate(taker.events) if isinstance(each, int)]
        # The kernel may deliver what was sent before in one chunk with it.
        early = len(b"".join(taker.events[:place]))
        assert len(before) - 65536 <= early <= len(before)
        assert same_file(taker.events[place], parcel)
        taker.close()

    drive(main)


def test_each_descriptor_has_a_byte_of_its_own(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    sender, taker = Side(), Taker()

    async def main() -> None:
        await joined(reactor, tmp_path / "s", sender, taker)
        pipes = [os.pipe() for _ in range(3)]
        for reading, _ in pipes:
            sender.transport.sendFileDescriptor(reading)
        sender.transport.write(b"abcd")
        await taker.until(4)
        for got, (reading, writing) in zip(taker.received, pipes, strict=True):
            os.write(writing, b"%d" % reading)
            assert os.read(got, 10) == b"%d" % reading
            os.close(reading)
            os.close(writing)
        assert taker.data == b"abcd"
        taker.close()

    drive(main)


def test_a_descriptor_may_be_closed_when_it_was_sent(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    sender, taker = Side(), Taker()

    async def main() -> None:
        await joined(reactor, tmp_path / "s", sender, taker)
        reading, writing = os.pipe()
        sender.transport.sendFileDescriptor(reading)
        os.close(reading)
        sender.transport.write(b"!")
        await taker.until(1)
        os.write(writing, b"still there")
        assert os.read(taker.received[0], 20) == b"still there"
        os.close(writing)
        taker.close()
        with pytest.raises(OSError, match="Bad file descriptor"):
            sender.transport.sendFileDescriptor(reading)

    drive(main)


@pytest.mark.parametrize(
    "end", ["nothing", "loseConnection", "loseWriteConnection", "too few"]
)
def test_a_descriptor_without_a_byte_ends_the_connection(
    reactor: Reactor, drive: Drive, tmp_path: Path, parcel: int, end: str
) -> None:
    sender, taker = Side(), Taker()

    async def main() -> None:
        await joined(reactor, tmp_path / "s", sender, taker)
        before = descriptors()
        sender.transport.sendFileDescriptor(parcel)
        if end == "too few":
            sender.transport.sendFileDescriptor(parcel)
            sender.transport.write(b"x")
        elif end != "nothing":
            getattr(sender.transport, end)()
        assert type(await sender.lost) is FileDescriptorOverrun
        await taker.lost
        taker.close()
        await asyncio.sleep(0)
        assert descriptors() <= before

    drive(main)


def test_a_connection_that_carries_none_stays_on_the_loops_transport(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    server, client = Side(), Side()

    async def main() -> None:
        await joined(reactor, tmp_path / "s", server, client)
        client.transport.write(b"x")
        await server.until(1)
        for side in (server, client):
            below = side.transport._transport
            assert not isinstance(below, PassingTransport)
            assert side.transport.write.__self__ is below

    drive(main)


def test_descriptors_that_nobody_takes_are_closed_and_told_of_once(
    reactor: Reactor, drive: Drive, tmp_path: Path, parcel: int, logged: Logged
) -> None:
    """Also where the protocol took some before, and was replaced by one that does not."""
    server, client = Taker(), Side()
    plain = Side()

    async def main() -> None:
        await joined(reactor, tmp_path / "s", server, client)
        server.transport.protocol = plain
        before = descriptors()
        for _ in range(100):
            client.transport.sendFileDescriptor(parcel)
            client.transport.write(b"x")
        await plain.until(100)
        # The sender's change to another transport costs a descriptor or two of epoll.
        assert descriptors() <= before + 2

    drive(main)
    told = [e for e in logged if "takes none" in str(e["message"])]
    assert len(told) == 1


def test_who_becomes_a_receiver_later_gets_what_comes_from_then_on(
    reactor: Reactor, drive: Drive, tmp_path: Path, parcel: int
) -> None:
    server, client, taker = Side(), Side(), Taker()

    async def main() -> None:
        await joined(reactor, tmp_path / "s", server, client)
        client.transport.write(b"please")
        await server.until(6)
        server.transport.write(b"go " * 100_000)
        server.transport.protocol = taker
        server.transport.write(b"on")
        await client.until(300_002)
        assert client.data == b"go " * 100_000 + b"on"
        client.transport.sendFileDescriptor(parcel)
        client.transport.write(b"here")
        await taker.until(4)
        assert same_file(taker.received[0], parcel)
        taker.close()

    drive(main)


def test_a_paused_receiver_gets_neither_bytes_nor_descriptors(
    reactor: Reactor, drive: Drive, tmp_path: Path, parcel: int
) -> None:
    class Pausing(Taker):
        def connectionMade(self) -> None:
            self.transport.pauseProducing()
            super().connectionMade()

        def fileDescriptorReceived(self, descriptor: int) -> None:
            super().fileDescriptorReceived(descriptor)
            self.transport.pauseProducing()

    sender, taker = Side(), Pausing()

    async def main() -> None:
        await joined(reactor, tmp_path / "s", sender, taker)
        sender.transport.sendFileDescriptor(parcel)
        sender.transport.write(b"x")
        await asyncio.sleep(0.02)
        assert taker.events == []
        taker.transport.resumeProducing()
        while not taker.events:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.02)
        assert taker.data == b""
        taker.transport.resumeProducing()
        assert await taker.until(1) == b"x"
        taker.close()

    drive(main)


def test_what_waits_for_a_paused_receiver_is_closed_with_the_connection(
    reactor: Reactor, drive: Drive, tmp_path: Path, parcel: int
) -> None:
    class Pausing(Taker):
        def fileDescriptorReceived(self, descriptor: int) -> None:
            super().fileDescriptorReceived(descriptor)
            self.transport.pauseProducing()

    sender, taker = socket.socketpair()
    served = Pausing()
    before = descriptors()

    async def main() -> None:
        reactor.adoptStreamConnection(
            taker.fileno(), socket.AF_UNIX, Factory.forProtocol(lambda: served)
        )
        taker.close()
        await served.made
        rights = array.array("i", [parcel] * 10)
        sender.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        while not served.events:
            await asyncio.sleep(0.001)
        served.transport.abortConnection()
        assert type(await served.lost) is ConnectionAborted
        assert served.data == b""
        assert len(served.received) == 1
        served.close()

    drive(main)
    sender.close()
    assert descriptors() <= before + 3  # the loop's own


def test_what_a_receiver_raises_ends_its_connection_and_is_logged(
    reactor: Reactor, drive: Drive, tmp_path: Path, parcel: int, logged: Logged
) -> None:
    class Bad(Taker):
        def fileDescriptorReceived(self, descriptor: int) -> None:
            os.close(descriptor)
            raise ValueError("not this one")

    class BadData(Taker):
        def dataReceived(self, data: bytes) -> None:
            raise ValueError("not this one")

    async def main() -> None:
        for number, taker in enumerate((Bad(), BadData())):
            sender = Side()
            await joined(reactor, tmp_path / f"s{number}", taker, sender)
            sender.transport.sendFileDescriptor(parcel)
            sender.transport.write(b"x")
            assert type(await taker.lost) is ValueError
            assert type(await sender.lost) in (ConnectionDone, ConnectionLost)
            taker.close()

    drive(main)
    errors = [e["failure"].type for e in logged if e["isError"]]
    assert errors == [ValueError, ValueError]


def test_descriptors_that_do_not_fit_end_the_connection(
    reactor: Reactor, drive: Drive, tmp_path: Path, parcel: int
) -> None:
    """They are cut off when this process has no room for them."""
    taker = Taker()
    sender, theirs = socket.socketpair()

    async def main() -> None:
        reactor.adoptStreamConnection(
            theirs.fileno(), socket.AF_UNIX, Factory.forProtocol(lambda: taker)
        )
        theirs.close()
        await taker.made
        before = descriptors()
        rights = array.array("i", [parcel] * 200)
        sender.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (before + 20, hard))
        try:
            reason = await taker.lost
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert type(reason) is FileDescriptorsTruncated
        assert taker.events == []
        assert descriptors() <= before

    drive(main)
    sender.close()


def test_as_many_as_the_kernel_takes_come_at_once(
    reactor: Reactor, drive: Drive, tmp_path: Path, parcel: int
) -> None:
    taker = Taker()
    sender, theirs = socket.socketpair()

    async def main() -> None:
        reactor.adoptStreamConnection(
            theirs.fileno(), socket.AF_UNIX, Factory.forProtocol(lambda: taker)
        )
        theirs.close()
        await taker.made
        rights = array.array("i", [parcel] * 253)
        sender.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        await taker.until(1)
        assert len(taker.received) == 253
        taker.close()

    drive(main)
    sender.close()


def test_many_waiting_descriptors_pause_the_producer(
    reactor: Reactor, drive: Drive, tmp_path: Path, parcel: int
) -> None:
    class Producer:
        def __init__(self) -> None:
            self.events: list[str] = []

        def pauseProducing(self) -> None:
            self.events.append("pause")

        def resumeProducing(self) -> None:
            self.events.append("resume")

        def stopProducing(self) -> None:
            self.events.append("stop")

    sender, taker = Side(), Taker()
    producer = Producer()

    async def main() -> None:
        await joined(reactor, tmp_path / "s", sender, taker)
        taker.transport.pauseProducing()
        sender.transport.registerProducer(producer, True)
        count = 0
        while not producer.events:
            sender.transport.sendFileDescriptor(parcel)
            sender.transport.write(b"x")
            count += 1
            if not count % 50:
                await asyncio.sleep(0)
        taker.transport.resumeProducing()
        await taker.until(count)
        while producer.events != ["pause", "resume"]:
            await asyncio.sleep(0.001)
        assert len(taker.received) == count
        taker.close()

    drive(main)


class Halves(Taker):
    """Goes on when one direction has closed."""

    def readConnectionLost(self) -> None:
        self.events.append("read")

    def writeConnectionLost(self) -> None:
        self.events.append("write")


def test_a_half_closed_connection_still_carries_descriptors(
    reactor: Reactor, drive: Drive, tmp_path: Path, parcel: int
) -> None:
    server, client = Halves(), Halves()

    async def main() -> None:
        await joined(reactor, tmp_path / "s", server, client)
        client.transport.write(b"that is all")
        client.transport.loseWriteConnection()
        while "read" not in server.events or "write" not in client.events:
            await asyncio.sleep(0.001)
        server.transport.sendFileDescriptor(parcel)
        server.transport.write(b"ok")
        await client.until(2)
        assert same_file(client.received[0], parcel)
        client.close()
        server.transport.loseConnection()
        assert type(await server.lost) is ConnectionDone
        assert type(await client.lost) is ConnectionDone
        assert server.events == [b"that is all", "read"]

    drive(main)


def test_what_changes_over_while_its_write_side_closes_tells_that_once(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    class Half(Side):
        def readConnectionLost(self) -> None:
            self.events.append("read")

    server, client, replaced = Half(), Halves(), Halves()
    much = b"m" * 3_000_000

    async def main() -> None:
        await joined(reactor, tmp_path / "s", client, server)
        server.transport.write(much)
        server.transport.loseWriteConnection()
        server.transport.protocol = replaced
        await client.until(len(much))
        while replaced.events != ["write"] or "read" not in client.events:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.01)
        assert replaced.events == ["write"]
        client.transport.loseConnection()
        await client.lost

    drive(main)


@pytest.mark.parametrize("end", ["loseConnection", "abortConnection"])
def test_a_connection_may_end_while_the_loops_transport_still_sends(
    reactor: Reactor, drive: Drive, tmp_path: Path, parcel: int, end: str
) -> None:
    sender, taker = Side(), Taker()
    much = b"m" * 3_000_000

    async def main() -> None:
        await joined(reactor, tmp_path / "s", sender, taker)
        taker.transport.pauseProducing()
        before = descriptors()
        sender.transport.write(much)
        sender.transport.sendFileDescriptor(parcel)
        sender.transport.write(b"x")
        getattr(sender.transport, end)()
        await asyncio.sleep(0.02)
        taker.transport.resumeProducing()
        await taker.lost
        reason = await sender.lost
        if end == "loseConnection":
            assert taker.data == much + b"x"
            assert type(reason) is ConnectionDone
        else:
            assert len(taker.data) < len(much)
            assert type(reason) is ConnectionAborted
        taker.close()
        await asyncio.sleep(0.01)
        assert descriptors() < before

    drive(main)


def test_a_peer_that_hangs_up_is_told_with_its_reason(
    reactor: Reactor, drive: Drive, parcel: int
) -> None:
    """Unread bytes make the kernel reset the connection, and it says so on reading."""
    taker = Taker()
    sender, theirs = socket.socketpair()

    async def main() -> None:
        reactor.adoptStreamConnection(
            theirs.fileno(), socket.AF_UNIX, Factory.forProtocol(lambda: taker)
        )
        theirs.close()
        await taker.made
        taker.transport.write(b"you do not read this")
        sender.close()
        reason = await taker.lost
        assert type(reason) is ConnectionLost
        assert "reset" in str(reason)

    drive(main)


@pytest.mark.parametrize("kind", [Side, Taker])
def test_a_peer_that_goes_while_something_waits_is_told(
    reactor: Reactor, drive: Drive, parcel: int, kind: type[Side]
) -> None:
    """Whether it waits in the loop's transport or in ours; nothing is left of it."""
    sender = kind()
    peer, ours = socket.socketpair()

    async def main() -> None:
        reactor.adoptStreamConnection(
            ours.fileno(), socket.AF_UNIX, Factory.forProtocol(lambda: sender)
        )
        ours.close()
        await sender.made
        await asyncio.sleep(0)
        before = descriptors()
        sender.transport.write(bytes(3_000_000))
        for _ in range(10):
            sender.transport.sendFileDescriptor(parcel)
            sender.transport.write(b"x")
        assert descriptors() >= before + 10
        peer.close()
        assert type(await sender.lost) in (ConnectionLost, ConnectionDone)
        await asyncio.sleep(0.01)
        assert descriptors() < before

    drive(main)


def test_text_is_refused_as_on_every_transport(
    reactor: Reactor, drive: Drive, tmp_path: Path, parcel: int
) -> None:
    one, other = Taker(), Taker()

    async def main() -> None:
        await joined(reactor, tmp_path / "s", one, other)
        with pytest.raises(TypeError, match="bytes are written, not str"):
            one.transport.write("text")

    drive(main)


def test_nothing_is_sent_after_the_end(
    reactor: Reactor, drive: Drive, tmp_path: Path, parcel: int
) -> None:
    sender, taker = Side(), Taker()

    async def main() -> None:
        await joined(reactor, tmp_path / "s", sender, taker)
        sender.transport.loseConnection()
        sender.transport.sendFileDescriptor(parcel)
        assert type(await sender.lost) is ConnectionDone
        sender.transport.sendFileDescriptor(parcel)
        await taker.lost
        assert taker.events == []

    drive(main)


def test_after_thousands_of_descriptors_none_is_left(
    reactor: Reactor, drive: Drive, tmp_path: Path, parcel: int
) -> None:
    class Returning(Side):
        """Sends back what it gets."""

        def fileDescriptorReceived(self, descriptor: int) -> None:
            self.transport.sendFileDescriptor(descriptor)
            os.close(descriptor)

        def dataReceived(self, data: bytes) -> None:
            super().dataReceived(data)
            self.transport.write(data)

    counts: list[int] = []

    async def main() -> None:
        for turn in range(4):
            sender, taker = Taker(), Returning()
            await joined(reactor, tmp_path / f"s{turn}", sender, taker)
            for _ in range(1000):
                sender.transport.sendFileDescriptor(parcel)
                sender.transport.write(b"x")
                await sender.until(len(sender.received) + 1)
            sender.close()
            sender.transport.loseConnection()
            await sender.lost
            await taker.lost
            await asyncio.sleep(0.01)
            counts.append(descriptors())

    drive(main)
    assert counts[1:] == counts[:1] * 3


# The transport that carries them keeps the contract of all stream transports


class PassingPair:
    """Connects by a reactor over a UNIX socket, on transports that carry descriptors."""

    def __init__(self, reactor: Reactor, folder: Path) -> None:
        self._reactor = reactor
        self._folder = folder
        self._count = 0

    def connect(self, server: Any, client: Any) -> None:
        for each in (server, client):
            each.fileDescriptorReceived = os.close
        self._count += 1
        path = str(self._folder / f"s{self._count}")
        factory = Factory.forProtocol(lambda: server)
        factory.noisy = False
        self._reactor.listenUNIX(path, factory)
        clients = ClientFactory.forProtocol(lambda: client)
        clients.noisy = False
        self._reactor.connectUNIX(path, clients)

    def drive(self, steps: Steps) -> None:
        driveReactor(self._reactor, steps)


# A UNIX socket does not tell its peer that it was aborted, and has no options of TCP's.
CHECKS = [
    check
    for check in TRANSPORT_CHECKS
    if check.__name__ not in ("abort_connection_ends_at_once", "options_are_kept")
]


@pytest.mark.parametrize("loop_name", ["asyncio", "uvloop"])
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_it_keeps_the_contract_of_transports(
    check: Callable[[Callable[[], TransportPair]], None],
    loop_name: str,
    tmp_path: Path,
) -> None:
    loop = newLoop(loop_name)
    try:
        check(lambda: PassingPair(Reactor(loop), tmp_path))
    finally:
        loop.close()


# What goes with what


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.one_of(st.binary(min_size=1, max_size=5000), st.just("descriptor")),
        max_size=20,
    ),
    st.integers(1, 4000),
)
def test_bytes_keep_their_order_and_each_descriptor_its_byte(
    items: list[bytes | str], chunk: int
) -> None:
    """Whatever is written between them, and however much is taken at once."""
    flow = Outflow()
    sent = b""
    places: list[int] = []
    for item in items:
        if isinstance(item, bytes):
            flow.write(item)
            sent += item
        else:
            places.append(max(len(sent), places[-1] + 1 if places else 0))
            flow.pass_on(0)
    assert flow.lacking == bool(places and places[-1] >= len(sent))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.setblocking(False)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4608)
        came, came_at = b"", []
        while not flow.send(ours) or len(came) < len(sent):
            try:
                data, rights, _, _ = theirs.recvmsg(chunk, 1024)
            except BlockingIOError:
                continue
            for _, _, found in rights:
                for descriptor in array.array("i", found):
                    assert fcntl.fcntl(descriptor, fcntl.F_GETFD) >= 0
                    os.close(descriptor)
                    came_at.append((len(came), len(came) + len(data)))
            came += data
    flow.close()
    assert came == sent
    delivered = [place for place in places if place < len(sent)]
    assert len(came_at) == len(delivered)
    for place, (begin, end) in zip(delivered, came_at, strict=True):
        assert begin <= place < end
