"""Echo over TCP: sends back what it is sent."""

from sennit.core.defer import Deferred
from sennit.core.engine import Reactor
from sennit.core.protocol import Factory, Protocol
from services.service import LOCAL, Said, Service, connect, repeat

__all__ = ["SERVICE"]

WORDS = b"Is there anybody there?"


class Echo(Protocol):
    """Sends back what it is sent."""

    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data)


class Caller(Protocol):
    """A client that sends words and waits until as many bytes have come back."""

    def call(self, words: bytes) -> Deferred[bytes]:
        self.missing = len(words)
        self.heard = b""
        self.answered: Deferred[bytes] = Deferred()
        self.transport.write(words)
        return self.answered

    def dataReceived(self, data: bytes) -> None:
        self.heard += data
        if len(self.heard) == self.missing:
            self.answered.callback(self.heard)


def start(reactor: Reactor) -> int:
    factory: Factory = Factory.forProtocol(Echo)
    return reactor.listenTCP(0, factory, interface=LOCAL).getHost().port


async def talk(reactor: Reactor, port: int) -> Said:
    caller = await connect(reactor, port, Caller())
    heard, trips = await repeat(500, lambda: caller.call(WORDS))
    caller.transport.loseConnection()
    assert heard == WORDS, heard
    return Said(f"said '{WORDS.decode()}', heard the same", trips)


SERVICE = Service("echo, TCP", "nc 127.0.0.1 {port}", start, talk)
