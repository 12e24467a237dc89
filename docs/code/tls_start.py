"""A conversation that goes over to TLS when the client asks for it."""

from typing import Any

from sennit.core import task, tls
from sennit.core.address import IPv4Address
from sennit.core.defer import Deferred, maybeDeferred
from sennit.core.endpoints import (
    TCP4ClientEndpoint,
    TCP4ServerEndpoint,
    connectProtocol,
)
from sennit.core.engine import Reactor
from sennit.core.protocol import Factory
from sennit.core.testing import CertificateAuthority
from sennit.protocols.basic import LineReceiver

AUTHORITY = CertificateAuthority()
SERVER = tls.serverOptions(AUTHORITY.issue("localhost"))
CLIENT = tls.clientOptions("localhost", trustRoot=AUTHORITY.pem)


class Server(LineReceiver):
    transport: Any

    def lineReceived(self, line: bytes) -> None:
        if line == b"STARTTLS":
            self.sendLine(b"go on")
            self.transport.startTLS(SERVER)
        elif self.transport.TLS:
            self.sendLine(b"your secret: " + line)
        else:
            self.sendLine(b"not in the open")


class Client(LineReceiver):
    transport: Any

    def __init__(self) -> None:
        self.heard: Deferred[bytes] = Deferred()

    def connectionMade(self) -> None:
        self.sendLine(b"STARTTLS")

    def lineReceived(self, line: bytes) -> None:
        if line == b"go on":
            self.transport.startTLS(CLIENT)
            self.sendLine(b"a cake")  # waits for the handshake
        else:
            self.heard.callback(line)

    def handshakeCompleted(self) -> None:
        print("talking to", self.transport.getPeerCertificate().commonName)


async def main(reactor: Reactor) -> None:
    server = TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1")
    port = await server.listen(Factory.forProtocol(Server))
    host = port.getHost()
    assert isinstance(host, IPv4Address)
    endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", host.port)
    client = await connectProtocol(endpoint, Client())
    print((await client.heard).decode())
    client.transport.loseConnection()
    await maybeDeferred(port.stopListening)


task.react(main)
