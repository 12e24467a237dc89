"""A line chat: the first line is your name, the others are heard by all.

usage: chat_serv.py [PORT]     (9999 unless told; 0 for any that is free)

Try it with two terminals: nc 127.0.0.1 PORT
"""

import sys

from sennit.core import reactor
from sennit.core.failure import Failure
from sennit.core.protocol import Factory
from sennit.protocols.basic import LineReceiver


class Chat(LineReceiver):
    # People type "\n"; what comes before it may end in "\r".
    delimiter = b"\n"

    def __init__(self, people: "dict[bytes, Chat]") -> None:
        self.people = people
        self.name: bytes | None = None

    def connectionMade(self) -> None:
        self.sendLine(b"What is your name?")

    def lineReceived(self, line: bytes) -> None:
        line = line.strip()
        if self.name is None:
            self.enter(line)
        else:
            self.tell(b"<" + self.name + b"> " + line)

    def enter(self, name: bytes) -> None:
        if not name or name in self.people:
            self.sendLine(b"Another name, please.")
            return
        self.name = name
        self.people[name] = self
        self.sendLine(b"Welcome, " + name + b".")
        self.tell(name + b" has come.")

    def tell(self, line: bytes) -> None:
        for person in self.people.values():
            if person is not self:
                person.sendLine(line)

    def connectionLost(self, reason: Failure) -> None:
        if self.name is not None:
            del self.people[self.name]
            self.tell(self.name + b" has gone.")


class ChatFactory(Factory):
    def __init__(self) -> None:
        self.people: dict[bytes, Chat] = {}

    def buildProtocol(self, addr: object) -> Chat:
        return Chat(self.people)


if __name__ == "__main__":
    port = reactor.listenTCP(int(sys.argv[1]) if sys.argv[1:] else 9999, ChatFactory())
    print("chat on TCP port", port.getHost().port, flush=True)
    reactor.run()
