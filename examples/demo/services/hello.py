"""Hello: tells every client so, and hangs up."""

from sennit.core.defer import Deferred
from sennit.core.engine import Reactor
from sennit.core.protocol import Factory, Protocol
from services.service import LOCAL, Said, Service, connect, repeat

__all__ = ["SERVICE", "Listener"]


class Hello(Protocol):
    """Greets, and hangs up."""

    def connectionMade(self) -> None:
        self.transport.write(b"Hello, World!\n")
        self.transport.loseConnection()


class Listener(Protocol):
    """A client that hears all until the other side hangs up."""

    def __init__(self) -> None:
        self.heard = b""
        self.over: Deferred[bytes] = Deferred()

    def dataReceived(self, data: bytes) -> None:
        self.heard += data

    def connectionLost(self, reason: object) -> None:
        self.over.callback(self.heard)


def start(reactor: Reactor) -> int:
    factory: Factory = Factory.forProtocol(Hello)
    return reactor.listenTCP(0, factory, interface=LOCAL).getHost().port


async def talk(reactor: Reactor, port: int) -> Said:
    async def visit() -> bytes:
        return await (await connect(reactor, port, Listener())).over

    heard, trips = await repeat(50, visit)
    assert heard == b"Hello, World!\n", heard
    return Said("heard 'Hello, World!', then it hung up", trips)


SERVICE = Service("hello", "nc 127.0.0.1 {port}", start, talk)
