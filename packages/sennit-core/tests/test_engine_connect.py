"""Connectors tell each failure by its name, and never before connect returns."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import pytest

from sennit.core.defer import Deferred
from sennit.core.engine import Connector, Reactor
from sennit.core.errors import (
    BadFileError,
    ConnectBindError,
    ConnectError,
    ConnectionRefusedError,
    DNSLookupError,
    NotConnectingError,
    ServiceNameUnknownError,
    TimeoutError,
    UserError,
)
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory, Factory, Protocol

Drive = Callable[..., Any]


class Client(ClientFactory):
    """Writes down what it is told; its outcome is a Deferred of the last of it."""

    noisy = False
    protocol = Protocol

    def __init__(self) -> None:
        self.told: list[str] = []
        self.outcome: Deferred[Failure] = Deferred()

    def startFactory(self) -> None:
        self.told.append("start")

    def stopFactory(self) -> None:
        self.told.append("stop")

    def startedConnecting(self, connector: Any) -> None:
        self.told.append("connecting")

    def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:
        self.told.append("failed")
        self.outcome.callback(reason.value)

    def clientConnectionLost(self, connector: Any, reason: Failure) -> None:
        self.told.append("lost")
        self.outcome.callback(reason.value)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        number: int = unused.getsockname()[1]
        return number


FAILURES: list[tuple[str, Callable[[Reactor, Client], Connector], type[Exception]]] = [
    (
        "refused",
        lambda reactor, client: reactor.connectTCP("127.0.0.1", free_port(), client),
        ConnectionRefusedError,
    ),
    (
        "refused by name",
        lambda reactor, client: reactor.connectTCP("localhost", free_port(), client),
        ConnectionRefusedError,
    ),
    (
        "no such name",
        lambda reactor, client: reactor.connectTCP("no.such.invalid", 1, client),
        DNSLookupError,
    ),
    (
        "a bind address that is not ours",
        lambda reactor, client: reactor.connectTCP(
            "127.0.0.1", 1, client, bindAddress=("192.0.2.1", 0)
        ),
        ConnectBindError,
    ),
    (
        "no socket there",
        lambda reactor, client: reactor.connectUNIX("/no/such/socket", client),
        ConnectError,
    ),
    (
        "nobody holds the lock",
        lambda reactor, client: reactor.connectUNIX(
            "/no/such/socket", client, checkPID=True
        ),
        BadFileError,
    ),
]


@pytest.mark.parametrize(
    ("connect", "error"),
    [case[1:] for case in FAILURES],
    ids=[case[0] for case in FAILURES],
)
def test_a_failure_has_its_name(
    reactor: Reactor,
    drive: Drive,
    connect: Callable[[Reactor, Client], Connector],
    error: type[Exception],
) -> None:
    client = Client()

    async def main() -> Any:
        connector = connect(reactor, client)
        assert client.told == ["start", "connecting"]
        value = await client.outcome
        await asyncio.sleep(0)
        assert connector.state == "disconnected"
        return value

    assert isinstance(drive(main), error)
    assert client.told == ["start", "connecting", "failed", "stop"]


def test_a_refusal_reads_as_it_always_did(reactor: Reactor, drive: Drive) -> None:
    client = Client()
    reactor.connectTCP("127.0.0.1", free_port(), client)

    async def main() -> Any:
        return await client.outcome

    assert str(drive(main)) == (
        "Connection was refused by other side: 111: Connection refused."
    )


def test_connecting_has_a_deadline(reactor: Reactor, drive: Drive) -> None:
    client = Client()

    async def main() -> Any:
        never: Deferred[str] = Deferred()
        resolver = type("R", (), {"getHostByName": lambda *a: never})()
        reactor.installResolver(resolver)
        reactor.connectTCP("slow.example", 80, client, timeout=0.02)
        return await client.outcome

    assert isinstance(drive(main), TimeoutError)
    assert reactor.getDelayedCalls() == []


def test_an_attempt_can_be_given_up(reactor: Reactor, drive: Drive) -> None:
    client = Client()

    async def main() -> Any:
        connector = reactor.connectTCP("127.0.0.1", free_port(), client)
        connector.stopConnecting()
        with pytest.raises(NotConnectingError):
            connector.stopConnecting()
        return await client.outcome

    assert isinstance(drive(main), UserError)


def test_a_service_name_that_nobody_knows_is_an_error_at_once(
    reactor: Reactor,
) -> None:
    with pytest.raises(ServiceNameUnknownError):
        reactor.connectTCP("127.0.0.1", "no such service", Client())


@pytest.mark.parametrize("wrong", [-1, 65536, 99999])
def test_what_is_no_ports_number_is_an_error_at_once(
    reactor: Reactor, wrong: int
) -> None:
    with pytest.raises(ValueError, match=f"a port's number is 0 to 65535, not {wrong}"):
        reactor.connectTCP("127.0.0.1", wrong, ClientFactory())


def test_a_connector_connects_again(reactor: Reactor, drive: Drive) -> None:
    class Hello(Protocol):
        def connectionMade(self) -> None:
            self.transport.loseConnection()

    port = reactor.listenTCP(0, Factory.forProtocol(Hello), interface="127.0.0.1")

    class Again(Client):
        times = 0

        def clientConnectionLost(self, connector: Any, reason: Failure) -> None:
            self.times += 1
            if self.times < 3:
                connector.connect()
            else:
                super().clientConnectionLost(connector, reason)

    client = Again()

    async def main() -> int:
        number = port.getHost().port
        reactor.connectTCP("127.0.0.1", number, client)
        await client.outcome
        return client.times

    assert drive(main) == 3
    assert client.told == ["start", *["connecting"] * 3, "lost", "stop"]


def test_disconnect_closes_the_connection(reactor: Reactor, drive: Drive) -> None:
    port = reactor.listenTCP(0, Factory.forProtocol(Protocol), interface="127.0.0.1")
    client = Client()

    async def main() -> str:
        number = port.getHost().port
        connector = reactor.connectTCP("127.0.0.1", number, client)
        while connector.state != "connected":
            await asyncio.sleep(0.001)
        connector.disconnect()
        return type(await client.outcome).__name__

    assert drive(main) == "ConnectionDone"


def test_the_bind_address_is_used(reactor: Reactor, drive: Drive) -> None:
    peers: list[Any] = []

    class Seen(Factory):
        def buildProtocol(self, addr: Any) -> None:
            peers.append(addr)

    port = reactor.listenTCP(0, Seen(), interface="127.0.0.1")
    ours = free_port()
    client = Client()

    async def main() -> None:
        reactor.connectTCP(
            "127.0.0.1",
            port.getHost().port,
            client,
            bindAddress=("127.0.0.2", ours),
        )
        await client.outcome

    drive(main)
    assert [(p.host, p.port) for p in peers] == [("127.0.0.2", ours)]
