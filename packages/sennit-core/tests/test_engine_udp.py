"""UDP ports deliver whole datagrams, and survive what the network tells them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import pytest

from sennit.core.engine import Reactor
from sennit.core.errors import (
    CannotListenError,
    InvalidAddressError,
    MessageLengthError,
)
from sennit.core.protocol import ConnectedDatagramProtocol, DatagramProtocol

Drive = Callable[..., Any]
Logged = list[dict[str, Any]]


class Mailbox(DatagramProtocol):
    """Keeps what it receives."""

    noisy = False

    def __init__(self) -> None:
        self.got: list[bytes] = []

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        if datagram == b"bad":
            raise ValueError("bad")
        self.got.append(datagram)
        self.transport.write(b"re: " + datagram[:100], addr)


async def ask(port: Any, *datagrams: bytes) -> list[bytes]:
    """Send datagrams from outside and collect the answers of a tenth of a second."""
    host = port.getHost()
    family = socket.AF_INET6 if ":" in host.host else socket.AF_INET
    answers = []
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        for datagram in datagrams:
            sock.sendto(datagram, (host.host, host.port))
        for _ in range(20):
            await asyncio.sleep(0.005)
            try:
                while True:
                    answers.append(sock.recv(100000))
            except BlockingIOError:
                pass
    return answers


@pytest.mark.parametrize("interface", ["127.0.0.1", "::1"])
def test_datagrams_come_and_go(reactor: Reactor, drive: Drive, interface: str) -> None:
    port = reactor.listenUDP(0, Mailbox(), interface=interface)

    async def main() -> list[bytes]:
        return await ask(port, b"one", b"", b"two")

    assert drive(main) == [b"re: one", b"re: ", b"re: two"]


def test_the_longest_datagram_is_whole(reactor: Reactor, drive: Drive) -> None:
    mailbox = Mailbox()
    port = reactor.listenUDP(0, mailbox, interface="127.0.0.1")
    longest = bytes(65507)

    async def main() -> None:
        await ask(port, longest)

    drive(main)
    assert mailbox.got == [longest]


def test_a_datagram_over_the_limit_is_told_and_dropped_never_cut(
    reactor: Reactor, drive: Drive, logged: Logged
) -> None:
    mailbox = Mailbox()
    port = reactor.listenUDP(0, mailbox, interface="127.0.0.1", maxPacketSize=10)

    async def main() -> None:
        await ask(port, b"x" * 11, b"y" * 10)

    drive(main)
    assert mailbox.got == [b"y" * 10]
    assert len([e for e in logged if "over 10 bytes" in str(e["message"])]) == 1


def test_what_a_protocol_raises_is_logged_and_the_port_goes_on(
    reactor: Reactor, drive: Drive, logged: Logged
) -> None:
    mailbox = Mailbox()
    port = reactor.listenUDP(0, mailbox, interface="127.0.0.1")

    async def main() -> None:
        await ask(port, b"bad", b"good")

    drive(main)
    assert mailbox.got == [b"good"]
    assert [type(e["failure"].value) for e in logged if e["isError"]] == [ValueError]


def test_a_port_in_use_is_an_error_at_once(reactor: Reactor) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        number = taken.getsockname()[1]
        with pytest.raises(CannotListenError, match=str(number)):
            reactor.listenUDP(number, Mailbox(), interface="127.0.0.1")


def test_bad_writes_have_named_errors(reactor: Reactor, drive: Drive) -> None:
    mailbox = Mailbox()
    port = reactor.listenUDP(0, mailbox, interface="127.0.0.1")

    async def main() -> None:
        with pytest.raises(InvalidAddressError, match="IP address"):
            port.write(b"x", ("localhost", 9))
        with pytest.raises(InvalidAddressError, match="IPv4"):
            port.write(b"x", ("::1", 9))
        with pytest.raises(MessageLengthError):
            port.write(bytes(70000), ("127.0.0.1", 9))
        with pytest.raises(TypeError):
            port.write("text", ("127.0.0.1", 9))  # type: ignore[arg-type]

    drive(main)


def test_a_refused_datagram_is_told_and_the_port_stays_open(
    reactor: Reactor, drive: Drive
) -> None:
    class Caller(ConnectedDatagramProtocol):
        refused = 0
        got: list[bytes] = []

        def connectionRefused(self) -> None:
            self.refused += 1

        def datagramReceived(self, datagram: bytes, addr: Any = None) -> None:
            self.got.append(datagram)

    caller = Caller()
    port = reactor.listenUDP(0, caller, interface="127.0.0.1")

    async def main() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
            peer.bind(("127.0.0.1", 0))
            where = peer.getsockname()
        port.connect(*where)
        with pytest.raises(RuntimeError):
            port.connect(*where)
        port.write(b"anybody?")
        await asyncio.sleep(0.02)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
            peer.bind(where)
            port.write(b"hello")
            assert peer.recv(100) == b"hello"
            host = port.getHost()
            peer.sendto(b"hi", (host.host, host.port))
            await asyncio.sleep(0.02)

    drive(main)
    assert caller.refused >= 1
    assert caller.got == [b"hi"]


def test_what_the_kernel_has_no_room_for_is_sent_later(
    reactor: Reactor, drive: Drive
) -> None:
    class Full:
        """A socket whose first sends find no room."""

        def __init__(self, sock: socket.socket) -> None:
            self._sock = sock
            self.left = 3

        def __getattr__(self, name: str) -> Any:
            return getattr(self._sock, name)

        def sendto(self, data: bytes, addr: Any) -> int:
            if self.left:
                self.left -= 1
                raise BlockingIOError
            return self._sock.sendto(data, addr)

    port = reactor.listenUDP(0, Mailbox(), interface="127.0.0.1")

    async def main() -> list[bytes]:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
            peer.bind(("127.0.0.1", 0))
            peer.settimeout(1)
            port._socket = Full(port._socket)  # type: ignore[arg-type, assignment]
            for n in range(3):
                port.write(b"%d" % n, peer.getsockname())
            await asyncio.sleep(0.02)
            return [peer.recv(10) for _ in range(3)]

    assert drive(main) == [b"0", b"1", b"2"]


def test_a_paused_port_leaves_datagrams_to_the_kernel(
    reactor: Reactor, drive: Drive
) -> None:
    mailbox = Mailbox()
    port = reactor.listenUDP(0, mailbox, interface="127.0.0.1")

    async def main() -> None:
        port.pauseProducing()
        await ask(port, b"x")
        before = list(mailbox.got)
        port.resumeProducing()
        await asyncio.sleep(0.02)
        assert (before, mailbox.got) == ([], [b"x"])
        port.stopListening()
        await port.stopListening()
        left: Any = mailbox.transport
        assert left is None
        port.write(b"into the void", ("127.0.0.1", 9))

    drive(main)
