"""Stream connections over real sockets, where the contract suite does not reach."""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from sennit.core import log
from sennit.core.engine import Reactor
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory, Factory, Protocol, connectionDone

Drive = Callable[..., Any]
Logged = list[dict[str, Any]]


class Recorder(Protocol):
    """Keeps what happens to it, and can be told to do something with data."""

    def __init__(self) -> None:
        self.data = b""
        self.lost: list[Failure] = []
        self.react: Callable[[Recorder, bytes], object] = lambda me, data: None

    def dataReceived(self, data: bytes) -> None:
        self.data += data
        self.react(self, data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.lost.append(reason)


class Served(Factory):
    """Builds recorders and keeps them."""

    noisy = False

    def __init__(self, react: Callable[[Recorder, bytes], object]) -> None:
        self.made: list[Recorder] = []
        self.react = react

    def buildProtocol(self, addr: Any) -> Recorder:
        recorder = Recorder()
        recorder.react = self.react
        self.made.append(recorder)
        return recorder


async def eventually(condition: Callable[[], object]) -> None:
    """Wait until something is true, a second at most."""
    for _ in range(200):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it has not come true in a second")


def serve(
    reactor: Reactor, react: Callable[[Recorder, bytes], object]
) -> tuple[Served, int]:
    factory = Served(react)
    port = reactor.listenTCP(0, factory, interface="127.0.0.1")
    return factory, port.getHost().port


def raising(error: Exception) -> Callable[[Recorder, bytes], None]:
    def react(me: Recorder, data: bytes) -> None:
        if data == b"bad":
            raise error

    return react


@pytest.mark.parametrize(
    "error",
    [ValueError("mine"), FileNotFoundError(2, "mine"), ConnectionResetError(104, "x")],
    ids=lambda error: type(error).__name__,
)
def test_what_a_protocol_raises_is_logged_once_and_ends_its_connection_only(
    reactor: Reactor, drive: Drive, logged: Logged, error: Exception
) -> None:
    factory, port = serve(reactor, raising(error))

    async def main() -> None:
        _, good = await asyncio.open_connection("127.0.0.1", port)
        reader, bad = await asyncio.open_connection("127.0.0.1", port)
        bad.write(b"bad")
        with suppress(ConnectionResetError):
            assert await reader.read() == b""
        bad.close()
        good.write(b"still here")
        await eventually(lambda: factory.made[0].data == b"still here")
        assert not factory.made[0].lost
        good.close()

    drive(main)
    told = [event["failure"] for event in logged if event["isError"]]
    assert [failure.value for failure in told] == [error]
    assert "in react" in told[0].getTraceback()
    assert factory.made[1].lost[0].value is error


def test_an_error_after_closing_is_logged_too(
    reactor: Reactor, drive: Drive, logged: Logged
) -> None:
    def react(me: Recorder, data: bytes) -> None:
        me.transport.loseConnection()
        raise ValueError("late")

    factory, port = serve(reactor, react)

    async def main() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"x")
        with suppress(ConnectionResetError):
            await reader.read()
        await eventually(lambda: factory.made[0].lost)
        writer.close()

    drive(main)
    texts = [str(e["failure"].value) for e in logged if e["isError"]]
    assert texts == ["late"]


def test_an_error_bears_its_connections_system(
    reactor: Reactor, drive: Drive, logged: Logged
) -> None:
    factory, port = serve(reactor, raising(ValueError("x")))

    async def main() -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"bad")
        await eventually(lambda: factory.made and factory.made[0].lost)
        writer.close()

    drive(main)
    systems = [event["system"] for event in logged if event["isError"]]
    assert systems == ["Recorder,0,127.0.0.1"]


def test_the_system_is_set_around_all_that_a_protocol_is_told(
    reactor: Reactor, drive: Drive, logged: Logged
) -> None:
    class Talker(Protocol):
        def connectionMade(self) -> None:
            log.msg("made")

        def dataReceived(self, data: bytes) -> None:
            log.msg("data")
            self.transport.loseConnection()

        def connectionLost(self, reason: Failure = connectionDone) -> None:
            log.msg("lost")

    factory = Factory.forProtocol(Talker)
    port = reactor.listenTCP(0, factory, interface="127.0.0.1")

    async def main() -> None:
        number = port.getHost().port
        reader, writer = await asyncio.open_connection("127.0.0.1", number)
        writer.write(b"x")
        await reader.read()
        writer.close()
        await asyncio.sleep(0.01)

    drive(main)
    told = [(e["system"], e["message"][0]) for e in logged if e["message"]]
    mine = [row for row in told if row[1] in ("made", "data", "lost")]
    assert mine == [
        ("sennit.core.protocol._factory.Factory", "made"),
        ("Talker,0,127.0.0.1", "data"),
        ("Talker,0,127.0.0.1", "lost"),
    ]


def test_an_answer_to_data_that_came_with_the_end_is_not_lost(
    reactor: Reactor, drive: Drive
) -> None:
    answer = b"a" * 3_000_000
    _, port = serve(reactor, lambda me, data: me.transport.write(answer))

    async def main() -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"question")
        writer.write_eof()
        data = await reader.read()
        writer.close()
        return data

    assert drive(main) == answer


def test_a_reset_is_a_lost_connection_with_its_cause(
    reactor: Reactor, drive: Drive
) -> None:
    factory, port = serve(reactor, lambda me, data: None)

    async def main() -> None:
        sock = socket.create_connection(("127.0.0.1", port))
        await eventually(lambda: factory.made)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()
        await eventually(lambda: factory.made[0].lost)

    drive(main)
    reason = factory.made[0].lost[0].value
    assert type(reason).__name__ == "ConnectionLost"
    assert reason.__cause__.errno == errno.ECONNRESET


def test_a_factory_may_refuse_a_connection(reactor: Reactor, drive: Drive) -> None:
    class Refusing(Factory):
        def buildProtocol(self, addr: Any) -> None:
            return None

    port = reactor.listenTCP(0, Refusing(), interface="127.0.0.1")

    async def main() -> None:
        number = port.getHost().port
        reader, writer = await asyncio.open_connection("127.0.0.1", number)
        with pytest.raises(ConnectionResetError):
            await reader.read()
        writer.close()

    drive(main)


def test_a_protocol_replaces_itself_and_the_next_data_goes_to_the_other(
    reactor: Reactor, drive: Drive
) -> None:
    second = Recorder()

    def react(me: Recorder, data: bytes) -> None:
        second.transport = me.transport
        me.transport.protocol = second  # type: ignore[attr-defined]
        me.transport.write(b"switched")

    factory, port = serve(reactor, react)

    async def main() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"one")
        await reader.readexactly(8)
        writer.write(b"two")
        await eventually(lambda: second.data)
        writer.close()
        await eventually(lambda: second.lost)

    drive(main)
    assert (factory.made[0].data, second.data) == (b"one", b"two")
    assert not factory.made[0].lost


def test_a_protocol_that_pauses_in_being_made_is_given_nothing_until_it_resumes(
    reactor: Reactor, drive: Drive
) -> None:
    class Patient(Recorder):
        def connectionMade(self) -> None:
            self.transport.pauseProducing()  # type: ignore[attr-defined]

    patient = Patient()
    factory = Factory()
    factory.buildProtocol = lambda addr: patient  # type: ignore[method-assign]
    port = reactor.listenTCP(0, factory, interface="127.0.0.1")

    async def main() -> list[bytes]:
        number = port.getHost().port
        _, writer = await asyncio.open_connection("127.0.0.1", number)
        seen = []
        for piece in (b"one", b"two"):
            writer.write(piece)
            await asyncio.sleep(0.02)
            seen.append(patient.data)
        patient.transport.resumeProducing()  # type: ignore[attr-defined]
        await eventually(lambda: patient.data == b"onetwo")
        writer.write(b"three")
        await eventually(lambda: patient.data == b"onetwothree")
        writer.close()
        return seen

    assert drive(main) == [b"", b""]


def test_writes_after_closing_are_dropped(reactor: Reactor, drive: Drive) -> None:
    def react(me: Recorder, data: bytes) -> None:
        me.transport.write(b"said")
        me.transport.loseConnection()
        me.transport.write(b"too late")
        me.transport.writeSequence([b"much", b"too late"])

    factory, port = serve(reactor, react)

    async def main() -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"x")
        data = await reader.read()
        writer.close()
        factory.made[0].transport.write(b"after the end")
        return data

    assert drive(main) == b"said"


def test_addresses_are_known_also_when_the_connection_is_lost(
    reactor: Reactor, drive: Drive
) -> None:
    seen: list[tuple[int, int]] = []

    class Asking(Protocol):
        def connectionLost(self, reason: Failure = connectionDone) -> None:
            host: Any = self.transport.getHost()
            peer: Any = self.transport.getPeer()
            seen.append((host.port, peer.port))

    factory = Factory.forProtocol(Asking)
    port: Any = reactor.listenTCP(0, factory, interface="127.0.0.1")

    async def main() -> tuple[int, int]:
        number = port.getHost().port
        _, writer = await asyncio.open_connection("127.0.0.1", number)
        ours = writer.get_extra_info("sockname")[1]
        writer.close()
        await eventually(lambda: seen)
        return number, ours

    assert drive(main) == seen[0]


@contextmanager
def descriptors(limit: int) -> Iterator[None]:
    """Within, the process may have so many descriptors."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_without_descriptors_accepting_pauses_and_goes_on_later(
    reactor: Reactor, drive: Drive, logged: Logged
) -> None:
    used = len(os.listdir("/proc/self/fd"))

    async def main() -> int:
        with descriptors(used + 100):
            factory, port = serve(reactor, lambda me, data: None)
            # Each takes two descriptors, both ends being ours.
            clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(30)]
            await asyncio.sleep(0.1)
            served = len(factory.made)
            for client in clients:
                client.close()
            begun = os.times().user
            await asyncio.sleep(1.2)
            busy = os.times().user - begun
            with socket.create_connection(("127.0.0.1", port)):
                await eventually(lambda: len(factory.made) == 31)
            assert busy < 0.5
            return served

    assert drive(main) <= 30
    told = [e for e in logged if "out of file descriptors" in str(e["message"])]
    assert len(told) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_small_writes_are_not_held_back(
    host: str, reactor: Reactor, drive: Drive
) -> None:
    """On either side: the second of two would wait for an answer to the first."""

    async def main() -> list[Any]:
        servers, clients = Served(lambda me, data: None), Served(lambda me, data: None)
        port = reactor.listenTCP(0, servers, interface=host)
        factory = ClientFactory()
        factory.noisy = False
        factory.buildProtocol = clients.buildProtocol  # type: ignore[method-assign]
        reactor.connectTCP(host, port.getHost().port, factory)
        await eventually(lambda: servers.made and clients.made)
        made: list[Any] = [*servers.made, *clients.made]
        return [protocol.transport.getTcpNoDelay() for protocol in made]

    assert drive(main) == [True, True]


def test_a_reactor_tells_which_connections_are_open(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        factory, port = serve(reactor, lambda me, data: None)
        with socket.create_connection(("127.0.0.1", port)):
            await eventually(lambda: factory.made)
            (connection,) = reactor.getConnections()
            assert connection.protocol is factory.made[0]
            assert connection.accepted
            assert [each.factory for each in reactor.getPorts()] == [factory]
        await eventually(lambda: not reactor.getConnections())

    drive(main)


def test_who_was_accepted_is_served_although_the_port_is_closed(
    reactor: Reactor, drive: Drive
) -> None:
    """The loop accepts a turn or two before we see it; nobody is hung up on for that."""

    async def try_after(turns: int) -> None:
        factory = Served(lambda me, data: me.transport.write(data))
        listening = reactor.listenTCP(0, factory, interface="127.0.0.1")
        await asyncio.sleep(0.01)
        address = ("127.0.0.1", listening.getHost().port)
        with socket.create_connection(address) as client:
            client.setblocking(False)
            client.send(b"x")
            for _ in range(turns):
                await asyncio.sleep(0)
            await listening.stopListening()
            # In the system's queue it is nobody's, and ends with the socket.
            with suppress(ConnectionResetError):
                await eventually(lambda: received(client))
                assert factory.made[0].data == b"x"

    async def main() -> None:
        for turns in range(6):
            await try_after(turns)

    drive(main)


def received(client: socket.socket) -> bytes | None:
    """What has come; None if that is nothing yet."""
    try:
        return client.recv(100)
    except BlockingIOError:
        return None
