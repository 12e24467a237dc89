"""A connection that goes over to TLS before anything secret is said."""

from typing import Any

from sennit.core import task, tls
from sennit.core.endpoints import TCP4ClientEndpoint, connectProtocol
from sennit.core.engine import Reactor
from sennit.core.protocol import Factory
from sennit.core.testing import CertificateAuthority
from sennit.protocols import amp

authority = CertificateAuthority()
ours = tls.serverOptions(authority.issue("localhost"))
theirs = tls.clientOptions("localhost", trustRoot=authority.pem)


class Login(amp.Command):
    name: str
    password: str

    class Response:
        secure: bool


class Server(amp.AMP):
    @amp.StartTLS.responder
    def secure(self) -> dict[str, Any]:
        return {"tls_localCertificate": ours}

    @Login.responder
    def login(self, name: str, password: str) -> bool:
        return self.hostCertificate is not None


async def main(reactor: Reactor) -> None:
    factory = Factory.forProtocol(Server)
    port = reactor.listenTCP(0, factory, interface="127.0.0.1").getHost().port
    endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", port)
    server = await connectProtocol(endpoint, amp.AMP())
    await server.callRemote(amp.StartTLS, tls_localCertificate=theirs)
    login = await server.callRemote(Login, name="joe", password="a secret")
    print("secure:", login.secure)
    print("it is", server.peerCertificate.commonName)


task.react(main)
