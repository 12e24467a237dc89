"""Endpoints listen and connect, and their Deferreds tell what came of it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sennit.core.defer import Deferred
from sennit.core.endpoints import (
    TCP4ClientEndpoint,
    TCP4ServerEndpoint,
    TCP6ClientEndpoint,
    TCP6ServerEndpoint,
    UNIXClientEndpoint,
    UNIXServerEndpoint,
    connectProtocol,
)
from sennit.core.engine import Reactor
from sennit.core.errors import (
    CannotListenError,
    ConnectingCancelledError,
    ConnectionRefusedError,
    NoProtocol,
)
from sennit.core.protocol import Factory, Protocol

Drive = Callable[..., Any]


class Echo(Protocol):
    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data)


class Asker(Protocol):
    """Sends a question when connected; its answer is a Deferred."""

    def __init__(self) -> None:
        self.answer: Deferred[bytes] = Deferred()
        self.made = False

    def connectionMade(self) -> None:
        self.made = True
        self.transport.write(b"ping")

    def dataReceived(self, data: bytes) -> None:
        self.answer.callback(data)
        self.transport.loseConnection()


def quiet(protocol: type[Protocol]) -> Factory:
    factory = Factory.forProtocol(protocol)
    factory.noisy = False
    return factory


def pairs(reactor: Reactor, tmp_path: Path) -> dict[str, tuple[Any, Any]]:
    path = str(tmp_path / "s")
    return {
        "tcp4": (
            TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1"),
            lambda port: TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port),
        ),
        "tcp6": (
            TCP6ServerEndpoint(reactor, 0, interface="::1"),
            lambda port: TCP6ClientEndpoint(reactor, "::1", port.getHost().port),
        ),
        "unix": (
            UNIXServerEndpoint(reactor, path),
            lambda port: UNIXClientEndpoint(reactor, path),
        ),
    }


@pytest.mark.parametrize("kind", ["tcp4", "tcp6", "unix"])
def test_a_client_talks_to_a_server(
    reactor: Reactor, drive: Drive, tmp_path: Path, kind: str
) -> None:
    server, client_for = pairs(reactor, tmp_path)[kind]

    async def main() -> tuple[bytes, bool]:
        port = await server.listen(quiet(Echo))
        asker = await client_for(port).connect(quiet(Asker))
        made_when_fired = asker.made
        answer = await asker.answer
        await port.stopListening()
        return answer, made_when_fired

    assert drive(main) == (b"ping", True)


def test_one_protocol_needs_no_factory(reactor: Reactor, drive: Drive) -> None:
    async def main() -> bytes:
        server = TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1")
        port: Any = await server.listen(quiet(Echo))
        client = TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port)
        asker = Asker()
        assert await connectProtocol(client, asker) is asker
        return await asker.answer

    assert drive(main) == b"ping"


def test_a_refused_connection_fails_the_deferred(
    reactor: Reactor, drive: Drive
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        number = unused.getsockname()[1]
    client = TCP4ClientEndpoint(reactor, "127.0.0.1", number)

    async def main() -> None:
        with pytest.raises(ConnectionRefusedError, match="111: Connection refused"):
            await client.connect(quiet(Echo))

    drive(main)


def test_a_port_in_use_fails_the_deferred(reactor: Reactor, drive: Drive) -> None:
    async def main() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            number = taken.getsockname()[1]
            server = TCP4ServerEndpoint(reactor, number, interface="127.0.0.1")
            with pytest.raises(CannotListenError):
                await server.listen(quiet(Echo))

    drive(main)


def test_a_factory_that_builds_nothing_fails_the_deferred(
    reactor: Reactor, drive: Drive
) -> None:
    class Refusing(Factory):
        noisy = False

        def buildProtocol(self, addr: Any) -> None:
            return None

    async def main() -> None:
        server = TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1")
        port: Any = await server.listen(quiet(Echo))
        client = TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port)
        with pytest.raises(NoProtocol):
            await client.connect(Refusing())

    drive(main)


def test_cancelling_gives_the_attempt_up(reactor: Reactor, drive: Drive) -> None:
    client = TCP4ClientEndpoint(reactor, "127.0.0.1", 9)
    factory = quiet(Echo)

    async def main() -> None:
        connecting = client.connect(factory)
        connecting.cancel()
        with pytest.raises(ConnectingCancelledError):
            await connecting
        assert factory.numPorts == 0

    drive(main)


def test_an_asyncio_time_out_gives_the_attempt_up(
    reactor: Reactor, drive: Drive
) -> None:
    never: Deferred[str] = Deferred()
    resolver = type("R", (), {"getHostByName": lambda *a: never})()
    reactor.installResolver(resolver)
    client = TCP4ClientEndpoint(reactor, "slow.example", 9)
    factory = quiet(Echo)

    async def main() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.connect(factory), 0.02)
        assert factory.numPorts == 0

    drive(main)
