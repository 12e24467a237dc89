"""Echo over TLS: the same, encrypted, with a certificate made for the occasion."""

from sennit.core import tls
from sennit.core.endpoints import SSL4ClientEndpoint, connectProtocol
from sennit.core.engine import Reactor
from sennit.core.protocol import Factory
from sennit.core.testing import CertificateAuthority
from services.echo_tcp import WORDS, Caller, Echo
from services.service import LOCAL, Said, Service, repeat

__all__ = ["SERVICE"]

AUTHORITY = CertificateAuthority()


def start(reactor: Reactor) -> int:
    factory: Factory = Factory.forProtocol(Echo)
    options = tls.serverOptions(AUTHORITY.issue("localhost"))
    return reactor.listenSSL(0, factory, options, interface=LOCAL).getHost().port


async def talk(reactor: Reactor, port: int) -> Said:
    options = tls.clientOptions("localhost", trustRoot=AUTHORITY.pem)
    endpoint = SSL4ClientEndpoint(reactor, LOCAL, port, options)
    caller: Caller = await connectProtocol(endpoint, Caller())
    heard, trips = await repeat(500, lambda: caller.call(WORDS))
    caller.transport.loseConnection()
    assert heard == WORDS, heard
    return Said(f"said '{WORDS.decode()}', heard the same", trips)


SERVICE = Service(
    "echo, TLS", "openssl s_client -quiet -connect 127.0.0.1:{port}", start, talk
)
