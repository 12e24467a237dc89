"""Echo over UDP: sends every datagram back to where it came from."""

from sennit.core.defer import Deferred
from sennit.core.engine import Reactor
from sennit.core.protocol import DatagramProtocol
from services.service import LOCAL, Said, Service, repeat

__all__ = ["SERVICE"]

WORDS = b"A short message"


class Echo(DatagramProtocol):
    """Sends back what it is sent."""

    def datagramReceived(self, datagram: bytes, addr: tuple[str, int]) -> None:
        self.transport.write(datagram, addr)


class Caller(DatagramProtocol):
    """A client of one server, which waits for one answer at a time."""

    def __init__(self, port: int) -> None:
        self.port = port

    def startProtocol(self) -> None:
        self.transport.connect(LOCAL, self.port)

    def call(self, words: bytes) -> Deferred[bytes]:
        self.answered: Deferred[bytes] = Deferred()
        self.transport.write(words)
        return self.answered

    def datagramReceived(self, datagram: bytes, addr: tuple[str, int]) -> None:
        self.answered.callback(datagram)


def start(reactor: Reactor) -> int:
    return reactor.listenUDP(0, Echo(), LOCAL).getHost().port


async def talk(reactor: Reactor, port: int) -> Said:
    caller = Caller(port)
    listening = reactor.listenUDP(0, caller, LOCAL)
    heard, trips = await repeat(500, lambda: caller.call(WORDS))
    await listening.stopListening()
    assert heard == WORDS, heard
    return Said(f"said '{WORDS.decode()}', heard the same", trips)


SERVICE = Service("echo, UDP", "nc -u 127.0.0.1 {port}", start, talk)
