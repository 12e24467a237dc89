"""UNIX datagrams arrive whole, in order and all; their sockets leave no files."""

from __future__ import annotations

import asyncio
import builtins
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sennit.core.address import UNIXAddress
from sennit.core.defer import Deferred
from sennit.core.engine import Reactor
from sennit.core.engine._datagrams._outbox import _WAITING
from sennit.core.errors import (
    AlreadyListened,
    CannotListenError,
    ConnectError,
    ConnectionRefusedError,
    MessageLengthError,
)
from sennit.core.failure import Failure
from sennit.core.protocol import ConnectedDatagramProtocol, DatagramProtocol

Drive = Callable[..., Any]
Logged = list[dict[str, Any]]


class Waiting:
    """Lets a test wait for so many datagrams."""

    def __init__(self) -> None:
        self.got: list[Any] = []
        self._wanted = 0
        self._fired: Deferred[list[Any]] = Deferred()

    def until(self, count: int) -> Deferred[list[Any]]:
        self._wanted, self._fired = count, Deferred()
        self._look()
        return self._fired

    def add(self, datagram: Any) -> None:
        self.got.append(datagram)
        self._look()

    def _look(self) -> None:
        if self._wanted and len(self.got) >= self._wanted:
            self._wanted = 0
            self._fired.callback(self.got)


class Mailbox(DatagramProtocol):
    noisy = False
    transport: Any

    def __init__(self) -> None:
        self.mail = Waiting()

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        self.mail.add((datagram, addr))


class Caller(ConnectedDatagramProtocol):
    noisy = False
    transport: Any

    def __init__(self) -> None:
        self.mail = Waiting()
        self.refused = 0
        self.failed: Deferred[BaseException | None] = Deferred()
        self.started = 0
        self.stopped = 0

    def startProtocol(self) -> None:
        self.started += 1

    def stopProtocol(self) -> None:
        self.stopped += 1

    def datagramReceived(  # type: ignore[override]
        self, datagram: bytes
    ) -> None:
        if datagram == b"bad":
            raise ValueError("bad")
        self.mail.add(datagram)

    def connectionRefused(self) -> None:
        self.refused += 1

    def connectionFailed(self, failure: Failure) -> None:
        self.failed.callback(failure.value)


def test_datagrams_come_with_their_sender(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    one, other = Mailbox(), Mailbox()
    here, there = str(tmp_path / "one"), os.fsencode(tmp_path / "other")
    reactor.listenUNIXDatagram(here, one)
    port = reactor.listenUNIXDatagram(there, other)
    assert port.getHost() == UNIXAddress(there)
    assert os.fsdecode(there) in repr(port)

    async def main() -> None:
        for datagram in (b"one", b"", b"x" * 65536):
            one.transport.write(datagram, there)
        got = await other.mail.until(3)
        assert got == [(b"one", here), (b"", here), (b"x" * 65536, here)]
        other.transport.write(b"back", here)
        assert await one.mail.until(1) == [(b"back", os.fsdecode(there))]

    drive(main)
    assert os.listdir(tmp_path) == []


def test_an_abstract_name_has_no_file(reactor: Reactor, drive: Drive) -> None:
    mailbox = Mailbox()
    name = f"\0sennit-datagrams-{os.getpid()}-{id(reactor)}"
    reactor.listenUNIXDatagram(name, mailbox)

    async def main() -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"hello", name)
            # A sender without a name cannot be answered.
            assert await mailbox.mail.until(1) == [(b"hello", None)]

    drive(main)


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_nobody_else_can_send_before_the_mode_is_set(
    reactor: Reactor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, umask: int
) -> None:
    """The file is never more open than it is in the end, whatever the umask is."""
    seen: list[int] = []
    real = os.chmod

    def watched(path: str, mode: int) -> None:
        seen.append(stat.S_IMODE(os.stat(path).st_mode))
        real(path, mode)

    monkeypatch.setattr(os, "chmod", watched)
    before = os.umask(umask)
    try:
        port = reactor.listenUNIXDatagram(str(tmp_path / "s"), Mailbox(), mode=0o620)
    finally:
        os.umask(before)
    assert seen == [0o620 & ~umask]
    assert stat.S_IMODE(os.stat(tmp_path / "s").st_mode) == 0o620
    port.connectionLost()


def test_a_datagram_over_the_limit_is_told_and_dropped_never_cut(
    reactor: Reactor, drive: Drive, tmp_path: Path, logged: Logged
) -> None:
    mailbox = Mailbox()
    path = str(tmp_path / "s")
    reactor.listenUNIXDatagram(path, mailbox, maxPacketSize=10)

    async def main() -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"x" * 11, path)
            sender.sendto(b"y" * 10, path)
            await mailbox.mail.until(1)

    drive(main)
    assert mailbox.mail.got == [(b"y" * 10, None)]
    assert len([e for e in logged if "over 10 bytes" in str(e["message"])]) == 1


def test_a_path_in_use_is_an_error_and_what_is_dead_is_taken_over(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as dead:
        dead.bind(path)
        with pytest.raises(CannotListenError, match="in use"):
            reactor.listenUNIXDatagram(path, Mailbox())
    mailbox = Mailbox()
    reactor.listenUNIXDatagram(path, mailbox)
    with pytest.raises(CannotListenError, match="in use"):
        reactor.listenUNIXDatagram(path, Mailbox())
    precious = tmp_path / "precious"
    precious.write_text("text")
    with pytest.raises(CannotListenError):
        reactor.listenUNIXDatagram(str(precious), Mailbox())
    with pytest.raises(CannotListenError, match="No such file"):
        reactor.listenUNIXDatagram(str(tmp_path / "no" / "s"), Mailbox())
    assert precious.read_text() == "text"

    async def main() -> None:
        mailbox.transport.write(b"to myself", path)
        assert await mailbox.mail.until(1) == [(b"to myself", path)]

    drive(main)


def test_a_socket_that_another_made_since_is_not_removed(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    path = tmp_path / "s"
    port = reactor.listenUNIXDatagram(str(path), Mailbox())

    async def main() -> None:
        path.unlink()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as others:
            others.bind(str(path))
            await port.stopListening()

    drive(main)
    assert path.is_socket()


def test_what_cannot_be_sent_has_a_named_error(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    mailbox = Mailbox()
    path = str(tmp_path / "s")
    port = reactor.listenUNIXDatagram(path, mailbox)
    dead = str(tmp_path / "dead")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(dead)

    async def main() -> None:
        with pytest.raises(ConnectError, match="No such file"):
            port.write(b"x", str(tmp_path / "nobody"))
        with pytest.raises(ConnectionRefusedError):
            port.write(b"x", dead)
        with pytest.raises(MessageLengthError):
            port.write(bytes(1_000_000), path)
        with pytest.raises(TypeError):
            port.write("text", path)  # type: ignore[arg-type]
        with pytest.raises(AlreadyListened):
            port.startListening()
        await port.stopListening()
        port.write(b"into the void", path)

    drive(main)


def test_a_receiver_without_room_is_waited_for_and_holds_nobody_up(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    slow, quick, sender = Mailbox(), Mailbox(), Mailbox()
    to_slow, to_quick = str(tmp_path / "slow"), str(tmp_path / "quick")
    reactor.listenUNIXDatagram(to_slow, slow)
    reactor.listenUNIXDatagram(to_quick, quick)
    reactor.listenUNIXDatagram(str(tmp_path / "sender"), sender)
    many = [b"%d" % number for number in range(100)]

    async def main() -> None:
        slow.transport.pauseProducing()
        for datagram in many:
            sender.transport.write(datagram, to_slow)
        sender.transport.write(b"hello", to_quick)
        assert [each for each, _ in await quick.mail.until(1)] == [b"hello"]
        assert slow.mail.got == []
        slow.transport.resumeProducing()
        assert [each for each, _ in await slow.mail.until(100)] == many

    drive(main)


def test_more_than_so_many_waiting_datagrams_are_dropped_and_told_of_once(
    reactor: Reactor, drive: Drive, tmp_path: Path, logged: Logged
) -> None:
    slow, sender = Mailbox(), Mailbox()
    path = str(tmp_path / "slow")
    reactor.listenUNIXDatagram(path, slow)
    reactor.listenUNIXDatagram(str(tmp_path / "sender"), sender)

    async def main() -> None:
        slow.transport.pauseProducing()
        for _ in range(2 * _WAITING):
            sender.transport.write(b"x", path)
        await asyncio.sleep(0)

    drive(main)
    assert len([e for e in logged if "are dropped" in str(e["message"])]) == 1


def test_a_receiver_that_dies_while_it_is_waited_for_is_told(
    reactor: Reactor, drive: Drive, tmp_path: Path, logged: Logged
) -> None:
    sender = Mailbox()
    reactor.listenUNIXDatagram(str(tmp_path / "sender"), sender)
    path = str(tmp_path / "slow")

    async def main() -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as slow:
            slow.bind(path)
            for _ in range(20):
                sender.transport.write(b"x", path)
        while not any(event["isError"] for event in logged):
            await asyncio.sleep(0.001)

    drive(main)
    errors = [event["failure"].type for event in logged if event["isError"]]
    assert set(errors) == {builtins.ConnectionRefusedError}


# One peer


def test_a_connected_socket_has_one_peer(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    server, caller, nameless = Mailbox(), Caller(), Caller()
    there, here = str(tmp_path / "server"), str(tmp_path / "caller")
    reactor.listenUNIXDatagram(there, server)
    port = reactor.connectUNIXDatagram(there, caller, mode=0o600, bindAddress=here)
    other = reactor.connectUNIXDatagram(there, nameless)
    assert stat.S_IMODE(os.stat(here).st_mode) == 0o600
    assert (port.getHost(), port.getPeer()) == (UNIXAddress(here), UNIXAddress(there))
    assert other.getHost() == UNIXAddress(None)

    async def main() -> None:
        caller.transport.write(b"hello")
        nameless.transport.write(b"hi")
        assert await server.mail.until(2) == [(b"hello", here), (b"hi", None)]
        server.transport.write(b"back", here)
        assert await caller.mail.until(1) == [b"back"]
        with pytest.raises(MessageLengthError):
            caller.transport.write(bytes(1_000_000))
        with pytest.raises(AlreadyListened):
            port.startListening()
        await port.stopListening()
        caller.mail.got.clear()
        port.write(b"into the void")

    drive(main)
    assert (caller.started, caller.stopped, nameless.stopped) == (1, 1, 1)
    assert os.listdir(tmp_path) == []


def test_what_cannot_be_connected_is_told_to_the_protocol_later(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    taken = str(tmp_path / "taken")
    server = Mailbox()
    reactor.listenUNIXDatagram(taken, server)
    dead = str(tmp_path / "dead")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(dead)
    before = len(os.listdir("/proc/self/fd"))
    cases = [
        (str(tmp_path / "nobody"), str(tmp_path / "mine"), ConnectError),
        (dead, None, ConnectionRefusedError),
        (taken, taken, CannotListenError),
    ]

    async def main() -> None:
        for address, own, expected in cases:
            caller = Caller()
            port = reactor.connectUNIXDatagram(address, caller, bindAddress=own)
            assert not caller.failed.called
            assert type(await caller.failed) is expected
            assert "not listening" in repr(port)
            assert caller.started == 0
            await port.stopListening()

    drive(main)
    assert not (tmp_path / "mine").exists()
    assert len(os.listdir("/proc/self/fd")) <= before


def test_a_peer_that_is_gone_refuses_until_another_is_in_its_place(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    caller, successor = Caller(), Mailbox()
    path = str(tmp_path / "server")

    async def main() -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
            server.bind(path)
            port = reactor.connectUNIXDatagram(path, caller)
        for count in (1, 2, 3):
            port.write(b"anybody?")
            assert caller.refused == count
        reactor.listenUNIXDatagram(path, successor)
        port.write(b"anybody?")
        assert await successor.mail.until(1) == [(b"anybody?", None)]

    drive(main)
    assert caller.refused == 3


def test_a_connected_socket_waits_for_a_slow_peer(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    server, caller = Mailbox(), Caller()
    path = str(tmp_path / "server")
    reactor.listenUNIXDatagram(path, server)
    reactor.connectUNIXDatagram(path, caller)
    many = [b"%d" % number for number in range(100)]

    async def main() -> None:
        server.transport.pauseProducing()
        for datagram in many:
            caller.transport.write(datagram)
        await asyncio.sleep(0.01)
        server.transport.resumeProducing()
        assert [each for each, _ in await server.mail.until(100)] == many

    drive(main)


def test_a_slow_peer_that_dies_refuses_what_waits(
    reactor: Reactor, drive: Drive, tmp_path: Path, logged: Logged
) -> None:
    caller = Caller()
    path = str(tmp_path / "server")

    async def main() -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
            server.bind(path)
            reactor.connectUNIXDatagram(path, caller)
            for _ in range(20):
                caller.transport.write(b"x")
        while not caller.refused:
            await asyncio.sleep(0.001)

    drive(main)
    assert not any(event["isError"] for event in logged)


def test_what_a_protocol_raises_is_logged_and_the_socket_goes_on(
    reactor: Reactor, drive: Drive, tmp_path: Path, logged: Logged
) -> None:
    class Failing(Caller):
        def connectionFailed(self, failure: Failure) -> None:
            raise ValueError("bad")

    server, caller = Mailbox(), Caller()
    there, here = str(tmp_path / "server"), str(tmp_path / "caller")
    reactor.listenUNIXDatagram(there, server)
    reactor.connectUNIXDatagram(there, caller, bindAddress=here)
    reactor.connectUNIXDatagram(str(tmp_path / "nobody"), Failing())

    async def main() -> None:
        server.transport.write(b"bad", here)
        server.transport.write(b"good", here)
        assert await caller.mail.until(1) == [b"good"]

    drive(main)
    assert [e["failure"].type for e in logged if e["isError"]] == [ValueError] * 2


def test_a_protocol_that_cannot_start_leaves_nothing(
    reactor: Reactor, tmp_path: Path
) -> None:
    class Broken(Mailbox):
        def startProtocol(self) -> None:
            raise ValueError("not today")

    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(ValueError, match="not today"):
        reactor.listenUNIXDatagram(str(tmp_path / "s"), Broken())
    assert os.listdir(tmp_path) == []
    assert len(os.listdir("/proc/self/fd")) == before
