"""A server and a client over TLS, with a certificate to throw away."""

from sennit.core import task, tls
from sennit.core.address import IPv4Address
from sennit.core.defer import Deferred, maybeDeferred
from sennit.core.endpoints import (
    SSL4ClientEndpoint,
    SSL4ServerEndpoint,
    connectProtocol,
)
from sennit.core.engine import Reactor, SecureConnection
from sennit.core.protocol import Factory
from sennit.core.testing import CertificateAuthority
from sennit.protocols.basic import LineReceiver


class Shout(LineReceiver):
    def lineReceived(self, line: bytes) -> None:
        self.sendLine(line.upper())


class Listener(LineReceiver):
    def __init__(self) -> None:
        self.heard: Deferred[bytes] = Deferred()

    def lineReceived(self, line: bytes) -> None:
        self.heard.callback(line)


async def main(reactor: Reactor) -> None:
    # In earnest: "/etc/letsencrypt/live/example.org/fullchain.pem", "…/privkey.pem".
    authority = CertificateAuthority()
    options = tls.serverOptions(
        authority.issue("localhost"), acceptableProtocols=[b"shout/2", b"shout/1"]
    )
    server = SSL4ServerEndpoint(reactor, 0, options, interface="127.0.0.1")
    port = await server.listen(Factory.forProtocol(Shout))

    host = port.getHost()
    assert isinstance(host, IPv4Address)
    # In earnest, without trustRoot: whom the platform trusts.
    trusting = tls.clientOptions(
        "localhost", trustRoot=authority.pem, acceptableProtocols=[b"shout/1"]
    )
    endpoint = SSL4ClientEndpoint(reactor, "127.0.0.1", host.port, trusting)
    client = await connectProtocol(endpoint, Listener())
    client.sendLine(b"good morning")
    print((await client.heard).decode())

    transport = client.transport
    assert isinstance(transport, SecureConnection)
    print("the server is", transport.getPeerCertificate().commonName)
    print("we agreed on", transport.negotiatedProtocol)
    transport.loseConnection()
    await maybeDeferred(port.stopListening)


task.react(main)
