"""A line that asks for TLS: what was received behind it is TLS, and no line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sennit.core import tls
from sennit.core.engine import Reactor, newLoop
from sennit.core.protocol import ClientFactory, Factory
from sennit.core.testing import CertificateAuthority, Steps, driveReactor
from sennit.protocols.basic import LineReceiver

AUTHORITY = CertificateAuthority()
SERVER = tls.serverOptions(AUTHORITY.issue("localhost"))
CLIENT = tls.clientOptions("localhost", trustRoot=AUTHORITY.pem)


@pytest.fixture(params=["asyncio", "uvloop"])
def reactor(request: pytest.FixtureRequest) -> Iterator[Reactor]:
    loop = newLoop(request.param)
    made = Reactor(loop)
    yield made
    made.close()
    loop.close()


class Lines(LineReceiver):
    transport: Any

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    def lineReceived(self, line: bytes) -> None:
        self.lines.append(line)


class Upgrading(Lines):
    """Goes over to TLS when it is asked to, without an answer."""

    def lineReceived(self, line: bytes) -> None:
        super().lineReceived(line)
        if line == b"STARTTLS":
            self.transport.startTLS(SERVER)


class Impatient(Lines):
    """Sends its first step of TLS with the request."""

    def connectionMade(self) -> None:
        self.transport.write(b"EHLO\r\nSTARTTLS\r\n")
        self.transport.startTLS(CLIENT)
        self.sendLine(b"a secret")


def connected(reactor: Reactor, server: Lines, client: Lines) -> None:
    factory = Factory.forProtocol(lambda: server)
    clients = ClientFactory.forProtocol(lambda: client)
    factory.noisy = clients.noisy = False
    port = reactor.listenTCP(0, factory, interface="127.0.0.1")
    reactor.connectTCP("127.0.0.1", port.getHost().port, clients)


def test_a_first_step_that_came_with_the_request_is_read_as_tls(
    reactor: Reactor,
) -> None:
    server, client = Upgrading(), Impatient()

    def steps() -> Steps:
        yield lambda: len(server.lines) == 3
        assert server.lines == [b"EHLO", b"STARTTLS", b"a secret"]

    connected(reactor, server, client)
    driveReactor(reactor, steps())


def test_lines_in_the_open_behind_the_request_are_not_taken_for_safe_ones(
    reactor: Reactor,
) -> None:
    """What somebody put in between is no TLS: it ends the connection."""

    class Injected(Lines):
        def connectionMade(self) -> None:
            self.transport.write(b"STARTTLS\r\nMAIL FROM:<mallory>\r\n")

    class Watching(Upgrading):
        def __init__(self) -> None:
            super().__init__()
            self.reasons: list[Any] = []

        def connectionLost(self, reason: Any = None) -> None:
            self.reasons.append(reason.value)

    server, client = Watching(), Injected()

    def steps() -> Steps:
        yield lambda: server.reasons
        assert server.lines == [b"STARTTLS"]
        assert "wrong version number" in str(server.reasons[0])

    connected(reactor, server, client)
    driveReactor(reactor, steps())
