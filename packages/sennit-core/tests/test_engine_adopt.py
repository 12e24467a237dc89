"""Sockets made by others: served on a duplicate, and looked at before."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sennit.core.defer import Deferred
from sennit.core.engine import Reactor, UDPPort, UNIXConnection, UNIXDatagramPort
from sennit.core.errors import UnsupportedAddressFamily, UnsupportedSocketType
from sennit.core.protocol import DatagramProtocol, Factory, Protocol

Drive = Callable[..., Any]


class Echo(DatagramProtocol):
    noisy = False
    transport: Any

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        self.transport.write(datagram, addr)


class Stream(Protocol):
    transport: Any

    def __init__(self) -> None:
        self.got: Deferred[bytes] = Deferred()

    def dataReceived(self, data: bytes) -> None:
        self.got.callback(data)


def served(protocol: Protocol) -> Factory:
    factory = Factory.forProtocol(lambda: protocol)
    factory.noisy = False
    return factory


@pytest.fixture
def path(tmp_path: Path) -> Iterator[str]:
    yield str(tmp_path / "given")
    # The file is its giver's.
    assert os.path.exists(tmp_path / "given")


async def answered(sock: socket.socket, where: Any) -> bytes:
    sock.sendto(b"ping", where)
    sock.setblocking(False)
    loop = asyncio.get_running_loop()
    return await loop.sock_recv(sock, 100)


def test_a_udp_socket(reactor: Reactor, drive: Drive) -> None:
    given = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    given.bind(("127.0.0.1", 0))
    port = reactor.adoptDatagramPort(given.fileno(), socket.AF_INET, Echo())
    where = given.getsockname()
    given.close()
    assert isinstance(port, UDPPort)

    async def main() -> bytes:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.bind(("127.0.0.1", 0))
            return await answered(client, where)

    assert drive(main) == b"ping"


def test_a_unix_datagram_socket(
    reactor: Reactor, drive: Drive, path: str, tmp_path: Path
) -> None:
    given = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    given.bind(path)
    port = reactor.adoptDatagramPort(given.fileno(), socket.AF_UNIX, Echo())
    given.close()
    assert isinstance(port, UNIXDatagramPort)

    async def main() -> bytes:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
            client.bind(str(tmp_path / "client"))
            return await answered(client, path)

    assert drive(main) == b"ping"


def test_a_unix_socket_that_listens(reactor: Reactor, drive: Drive, path: str) -> None:
    protocol = Stream()
    given = socket.socket(socket.AF_UNIX)
    given.bind(path)
    given.listen()
    reactor.adoptStreamPort(given.fileno(), socket.AF_UNIX, served(protocol))
    given.close()

    async def main() -> bytes:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(path)
            client.send(b"hello")
            return await protocol.got

    assert drive(main) == b"hello"


def test_a_connection(reactor: Reactor, drive: Drive) -> None:
    protocol = Stream()
    given, client = socket.socketpair()
    reactor.adoptStreamConnection(given.fileno(), socket.AF_UNIX, served(protocol))
    given.close()

    async def main() -> bytes:
        with client:
            client.send(b"hello")
            got = await protocol.got
            assert isinstance(protocol.transport, UNIXConnection)
            return got

    assert drive(main) == b"hello"


def adoptions(reactor: Reactor) -> dict[str, Callable[[int, int], object]]:
    return {
        "stream port": lambda fd, family: reactor.adoptStreamPort(
            fd, family, served(Stream())
        ),
        "connection": lambda fd, family: reactor.adoptStreamConnection(
            fd, family, served(Stream())
        ),
        "datagram port": lambda fd, family: reactor.adoptDatagramPort(
            fd, family, Echo()
        ),
    }


@pytest.mark.parametrize("what", ["stream port", "connection", "datagram port"])
@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6, socket.AF_UNIX])
def test_the_wrong_type_is_refused_and_nothing_leaks(
    reactor: Reactor, what: str, family: int
) -> None:
    stream = what != "datagram port"
    wrong = socket.SOCK_DGRAM if stream else socket.SOCK_STREAM
    with socket.socket(family, wrong) as given:
        before = len(os.listdir("/proc/self/fd"))
        with pytest.raises(UnsupportedSocketType, match="needed"):
            adoptions(reactor)[what](given.fileno(), family)
        assert len(os.listdir("/proc/self/fd")) == before
        assert given.fileno() != -1
        given.getsockname()


@pytest.mark.parametrize("what", ["stream port", "connection", "datagram port"])
def test_a_family_that_it_is_not_is_refused(reactor: Reactor, what: str) -> None:
    kind = socket.SOCK_DGRAM if what == "datagram port" else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as given:
        for family in (socket.AF_UNIX, socket.AF_INET6, 12345):
            with pytest.raises(UnsupportedAddressFamily, match="AF_INET"):
                adoptions(reactor)[what](given.fileno(), family)
        given.getsockname()


@pytest.mark.parametrize("what", ["stream port", "connection", "datagram port"])
def test_what_is_no_socket_is_refused(reactor: Reactor, what: str) -> None:
    reading, writing = os.pipe()
    with pytest.raises(OSError, match="non-socket"):
        adoptions(reactor)[what](reading, socket.AF_UNIX)
    os.close(reading)
    os.close(writing)
