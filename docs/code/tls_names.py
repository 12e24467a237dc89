"""One port, several names; and clients that must say who they are."""

from sennit.core import task, tls
from sennit.core.address import IPv4Address
from sennit.core.defer import Deferred, maybeDeferred
from sennit.core.endpoints import (
    SSL4ClientEndpoint,
    SSL4ServerEndpoint,
    connectProtocol,
)
from sennit.core.engine import Reactor, SecureConnection
from sennit.core.errors import SSLError
from sennit.core.failure import Failure
from sennit.core.protocol import Factory, Protocol, connectionDone
from sennit.core.testing import CertificateAuthority

AUTHORITY = CertificateAuthority()


class Greeter(Protocol):
    def connectionMade(self) -> None:
        assert isinstance(self.transport, SecureConnection)
        who = self.transport.getPeerCertificate().commonName
        self.transport.write(b"hello, " + who.encode())
        self.transport.loseConnection()


class Listener(Protocol):
    def __init__(self) -> None:
        self.data = b""
        self.over: Deferred[bytes] = Deferred()

    def dataReceived(self, data: bytes) -> None:
        self.data += data

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if reason.check(SSLError):
            self.over.errback(reason)
        else:
            self.over.callback(self.data)


def named(name: str) -> tls.ServerOptions:
    """Options for one name, and for clients of our own authority."""
    return tls.serverOptions(AUTHORITY.issue(name), trustRoot=AUTHORITY.pem)


async def main(reactor: Reactor) -> None:
    options = tls.byServerName(
        named("example.org"),
        {"mail.example.org": named("mail.example.org")},
    )
    server = SSL4ServerEndpoint(reactor, 0, options, interface="127.0.0.1")
    port = await server.listen(Factory.forProtocol(Greeter))
    host = port.getHost()
    assert isinstance(host, IPv4Address)

    for name, certificate in (
        ("example.org", AUTHORITY.issue("ann")),
        ("mail.example.org", AUTHORITY.issue("ben")),
        ("example.org", None),
    ):
        asking = tls.clientOptions(
            name, trustRoot=AUTHORITY.pem, certificate=certificate
        )
        endpoint = SSL4ClientEndpoint(reactor, "127.0.0.1", host.port, asking)
        try:
            client = await connectProtocol(endpoint, Listener())
            print(f"{name}:", (await client.over).decode())
        except SSLError as error:
            print(f"{name}:", error)
    await maybeDeferred(port.stopListening)


task.react(main)
