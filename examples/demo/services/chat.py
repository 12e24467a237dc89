"""A line chat: the first line is a name, the others are heard by all others."""

from sennit.core.defer import DeferredQueue
from sennit.core.engine import Reactor
from sennit.core.protocol import Factory
from sennit.protocols.basic import LineOnlyReceiver
from services.service import LOCAL, Said, Service, connect, repeat

__all__ = ["SERVICE"]


class Person(LineOnlyReceiver):
    """Somebody in the room, as the server sees them."""

    delimiter = b"\n"

    def __init__(self, room: "dict[bytes, Person]") -> None:
        self.room = room
        self.name = b""

    def connectionMade(self) -> None:
        self.sendLine(b"What is your name?")

    def lineReceived(self, line: bytes) -> None:
        line = line.strip()
        if self.name:
            self.tell(self.name + b": " + line)
        elif not line or line in self.room:
            self.sendLine(b"Another name, please.")
        else:
            self.name = line
            self.room[line] = self
            self.sendLine(b"Welcome, " + line + b".")
            self.tell(line + b" has come.")

    def tell(self, line: bytes) -> None:
        for person in self.room.values():
            if person is not self:
                person.sendLine(line)

    def connectionLost(self, reason: object) -> None:
        if self.room.pop(self.name, None):
            self.tell(self.name + b" has gone.")


class Room(Factory):
    """All who are here."""

    def __init__(self) -> None:
        self.people: dict[bytes, Person] = {}

    def buildProtocol(self, addr: object) -> Person:
        return Person(self.people)


class Guest(LineOnlyReceiver):
    """A client that reads line by line."""

    delimiter = b"\n"

    def __init__(self) -> None:
        self.lines: DeferredQueue[bytes] = DeferredQueue()

    def lineReceived(self, line: bytes) -> None:
        self.lines.put(line)


async def enter(reactor: Reactor, port: int, name: bytes) -> Guest:
    """Enter the room under a name."""
    guest = await connect(reactor, port, Guest())
    assert await guest.lines.get() == b"What is your name?"
    guest.sendLine(name)
    assert await guest.lines.get() == b"Welcome, " + name + b"."
    return guest


def start(reactor: Reactor) -> int:
    return reactor.listenTCP(0, Room(), interface=LOCAL).getHost().port


async def talk(reactor: Reactor, port: int) -> Said:
    ann = await enter(reactor, port, b"Ann")
    ben = await enter(reactor, port, b"Ben")
    assert await ann.lines.get() == b"Ben has come."

    async def there_and_back() -> bytes:
        ann.sendLine(b"Lovely day.")
        assert await ben.lines.get() == b"Ann: Lovely day."
        ben.sendLine(b"It is!")
        return await ann.lines.get()

    heard, trips = await repeat(200, there_and_back)
    assert heard == b"Ben: It is!", heard
    ben.transport.loseConnection()
    assert await ann.lines.get() == b"Ben has gone."
    ann.transport.loseConnection()
    return Said("Ann: Lovely day. / Ben: It is!", trips)


SERVICE = Service("chat", "nc 127.0.0.1 {port}, in two terminals", start, talk)
