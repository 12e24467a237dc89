"""Ports say at once what is wrong, and can be closed and bound again."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sennit.core.address import IPv4Address, IPv6Address
from sennit.core.engine import Bindable, PathBindable, Reactor
from sennit.core.errors import AlreadyListened, CannotListenError
from sennit.core.protocol import DatagramProtocol, Factory, Protocol

Drive = Callable[..., Any]


def quiet() -> Factory:
    factory = Factory.forProtocol(Protocol)
    factory.noisy = False
    return factory


def test_a_port_in_use_is_an_error_at_once_with_address_and_errno(
    reactor: Reactor,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        factory = quiet()
        with pytest.raises(CannotListenError) as caught:
            reactor.listenTCP(number, factory, interface="127.0.0.1")
    error = caught.value
    assert (error.interface, error.port) == ("127.0.0.1", number)
    assert error.errno == error.socketError.errno == errno.EADDRINUSE
    assert str(error).startswith(f"Couldn't listen on 127.0.0.1:{number}: ")
    assert factory.numPorts == 0


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_that_is_no_port_is_an_error_at_once(
    reactor: Reactor, port: int
) -> None:
    with pytest.raises(CannotListenError):
        reactor.listenTCP(port, quiet())


def test_the_address_is_true_before_the_loop_runs(reactor: Reactor) -> None:
    port = reactor.listenTCP(0, quiet(), interface="127.0.0.1")
    host = port.getHost()
    assert isinstance(host, IPv4Address)
    with socket.create_connection((host.host, host.port), timeout=1):
        pass
    port.stopListening()
    reactor.iterate()


def test_ipv6_addresses_have_their_own_type(reactor: Reactor) -> None:
    port = reactor.listenTCP(0, quiet(), interface="::1")
    assert isinstance(port.getHost(), IPv6Address)
    port.stopListening()
    reactor.iterate()


def test_a_stopped_port_can_be_bound_again(reactor: Reactor, drive: Drive) -> None:
    factory = quiet()

    async def main() -> int:
        port = reactor.listenTCP(0, factory, interface="127.0.0.1")
        number = port.getHost().port
        for _ in range(3):
            await port.stopListening()
            assert factory.numPorts == 0
            port = reactor.listenTCP(number, factory, interface="127.0.0.1")
        with pytest.raises(AlreadyListened):
            port.startListening()
        await port.stopListening()
        await port.stopListening()
        port.startListening()
        return factory.numPorts

    assert drive(main) == 1
    assert factory.numPorts == 0


def test_connections_outlive_their_port(reactor: Reactor, drive: Drive) -> None:
    class Echo(Protocol):
        def dataReceived(self, data: bytes) -> None:
            self.transport.write(data)

    async def main() -> bytes:
        echo = Factory.forProtocol(Echo)
        port = reactor.listenTCP(0, echo, interface="127.0.0.1")
        number = port.getHost().port
        reader, writer = await asyncio.open_connection("127.0.0.1", number)
        writer.write(b"one")
        await reader.readexactly(3)
        await port.stopListening()
        with pytest.raises(OSError, match=r"refused|Connect call failed"):
            await asyncio.open_connection("127.0.0.1", number)
        writer.write(b"two")
        data = await reader.readexactly(3)
        writer.close()
        return data

    assert drive(main) == b"two"


def test_the_log_tells_when_a_port_opens_and_closes(
    reactor: Reactor, drive: Drive, logged: list[dict[str, Any]]
) -> None:
    async def main() -> Any:
        port = reactor.listenTCP(0, quiet(), interface="127.0.0.1")
        number = port.getHost().port
        await port.stopListening()
        return number

    number = drive(main)
    told = [event["message"][0] for event in logged if event["message"]]
    assert told[:2] == [f"Factory starting on {number}", f"(TCP Port {number} Closed)"]


def test_sockets_may_come_from_who_has_bound_them(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    """What the source has none of is bound here; so it is after the source is gone."""
    asked: list[tuple[object, ...]] = []
    given = socket.create_server(("127.0.0.1", 0))

    def source(bindable: Bindable) -> socket.socket | None:
        if isinstance(bindable, PathBindable):
            asked.append((bindable.path, bindable.mode))
            return None
        asked.append((bindable.kind, bindable.interface, bindable.port))
        return given.dup() if bindable.kind == "TCP" else None

    reactor.socketSource = source
    path = str(tmp_path / "socket")

    async def main() -> None:
        with given:
            tcp = reactor.listenTCP(80, quiet(), interface="127.0.0.1")
            assert tcp.getHost().port == given.getsockname()[1]
            udp = reactor.listenUDP(0, DatagramProtocol(), interface="127.0.0.1")
            unix = reactor.listenUNIX(path, quiet(), mode=0o600)
            assert os.path.exists(path)
            for port in (tcp, udp, unix):
                await port.stopListening()
            assert not os.path.exists(path)

    drive(main)
    assert asked == [("TCP", "127.0.0.1", 80), ("UDP", "127.0.0.1", 0), (path, 0o600)]


def test_a_file_of_a_socket_is_left_to_who_has_made_it(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    theirs = PathBindable(str(tmp_path / "socket"))
    with theirs.bind() as sock:
        reactor.socketSource = lambda bindable: sock.dup()

        async def main() -> None:
            await reactor.listenUNIX(theirs.path, quiet()).stopListening()

        drive(main)
        assert os.path.exists(theirs.path)
    theirs.unbind()
    assert not os.path.exists(theirs.path)


def test_what_the_source_cannot_have_is_an_error_at_once(reactor: Reactor) -> None:
    def source(bindable: Bindable) -> None:
        raise CannotListenError("", 80, OSError(errno.EACCES, "Permission denied"))

    reactor.socketSource = source
    with pytest.raises(CannotListenError, match="Permission denied"):
        reactor.listenTCP(80, quiet())
