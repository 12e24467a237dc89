"""TLS by options of another kind: told early, with handles and errors of their own."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Coroutine
from typing import Any

from sennit.core import endpoints, errors, tls
from sennit.core.defer import Deferred
from sennit.core.engine import Reactor
from sennit.core.failure import Failure
from sennit.core.protocol import Factory, Protocol, connectionDone
from sennit.core.testing import CertificateAuthority, selfSigned

AUTHORITY = CertificateAuthority()
SERVER = tls.serverOptions(AUTHORITY.issue("localhost"))

Drive = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


class OtherError(errors.SSLError):
    """What another library calls an error, by our name."""


class Foreign:
    """Options that are not of the standard library's, though what is below them is."""

    handshakeTimeout = 5.0
    shutdownTimeout = 5.0
    tellsEarly = True

    def __init__(self) -> None:
        self.below = tls.clientOptions("localhost", trustRoot=AUTHORITY.pem)

    def begin(self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO) -> Any:
        return Begun(self.below.begin(incoming, outgoing))

    def offer(self, protocols: Any) -> None:
        self.below.offer(protocols)


class Begun:
    """A connection with a handle and errors of its own."""

    def __init__(self, below: ssl.SSLObject) -> None:
        self.below = below
        self.read = below.read
        self.write = below.write
        self.unwrap = below.unwrap

    def do_handshake(self) -> None:
        try:
            self.below.do_handshake()
        except ssl.SSLCertVerificationError as error:
            raise OtherError(string="not good") from error

    def getHandle(self) -> ssl.SSLObject:
        return self.below

    def getPeerCertificate(self) -> bytes | None:
        return self.below.getpeercert(True)


class Noting(Protocol):
    """Notes what it is told, and tells who waits."""

    transport: Any

    def __init__(self, leaves: bool = False) -> None:
        self.leaves = leaves
        self.told: list[str] = []
        self.data = b""
        self.lost: Deferred[BaseException] = Deferred()
        self.shaken: Deferred[None] = Deferred()

    def connectionMade(self) -> None:
        self.told.append("made")
        assert isinstance(self.transport.getHandle(), ssl.SSLObject)
        if self.leaves:
            self.transport.abortConnection()
        else:
            self.transport.write(b"early")

    def handshakeCompleted(self) -> None:
        self.told.append("shaken")
        self.shaken.callback(None)

    def dataReceived(self, data: bytes) -> None:
        self.data += data
        self.transport.loseConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.told.append("lost")
        self.lost.callback(reason.value)


class Echo(Protocol):
    transport: Any

    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data)


def connected(
    reactor: Reactor, serving: tls.ServerOptions, client: Noting
) -> Deferred[Any]:
    factory = Factory.forProtocol(Echo)
    factory.noisy = False
    port = reactor.listenSSL(0, factory, serving, interface="127.0.0.1")
    endpoint = endpoints.SSL4ClientEndpoint(
        reactor, "127.0.0.1", port.getHost().port, Foreign()
    )
    return endpoints.connectProtocol(endpoint, client)


def test_a_connection_may_be_told_before_the_handshake(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        client = Noting()
        await connected(reactor, SERVER, client)
        assert client.told == ["made"]
        await client.shaken
        assert isinstance(client.transport.getPeerCertificate(), bytes)
        assert isinstance(await client.lost, errors.ConnectionDone)
        assert client.told == ["made", "shaken", "lost"]
        assert client.data == b"early"

    drive(main)


def test_a_handshake_that_fails_is_then_a_connection_that_is_lost(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        client = Noting()
        untrusted = tls.serverOptions(selfSigned("localhost"))
        await connected(reactor, untrusted, client)
        reason = await client.lost
        assert type(reason) is OtherError
        assert client.told == ["made", "lost"]

    drive(main)


def test_who_leaves_when_the_connection_is_made_shakes_no_hands(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        client = Noting(leaves=True)
        await connected(reactor, SERVER, client)
        assert isinstance(await client.lost, errors.ConnectionAborted)
        assert client.told == ["made", "lost"]

    drive(main)
