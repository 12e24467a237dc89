"""Fetch poems at the same time, with a Protocol and a ClientFactory.

usage: get_poetry.py [HOST:]PORT ...
"""

import datetime
import sys
from typing import Any

from sennit.core import reactor
from sennit.core.protocol import ClientFactory, Protocol


def parse(arg: str) -> tuple[str, int]:
    host, _, port = arg.rpartition(":")
    return host or "127.0.0.1", int(port)


class PoetryProtocol(Protocol):
    poem = b""
    number = 0

    def dataReceived(self, data: bytes) -> None:
        self.poem += data
        peer = self.transport.getPeer()
        print(f"Task {self.number}: got {len(data)} bytes of poetry from {peer}")

    def connectionLost(self, reason: object) -> None:
        self.factory.finished(self.number, self.poem)


class PoetryClientFactory(ClientFactory):
    protocol = PoetryProtocol
    number = 1

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.poems: dict[int, bytes] = {}

    def buildProtocol(self, addr: Any) -> Any:
        proto: Any = ClientFactory.buildProtocol(self, addr)
        proto.number = self.number
        self.number += 1
        return proto

    def clientConnectionFailed(self, connector: Any, reason: object) -> None:
        print("Failed to connect to:", connector.getDestination())
        self.finished()

    def finished(self, number: int | None = None, poem: bytes = b"") -> None:
        if number is not None:
            self.poems[number] = poem
        self.wanted -= 1
        if not self.wanted:
            for n in sorted(self.poems):
                print(f"Task {n}: {len(self.poems[n])} bytes of poetry")
            reactor.stop()


def poetry_main() -> None:
    addresses = [parse(arg) for arg in sys.argv[1:]]
    begun = datetime.datetime.now()
    factory = PoetryClientFactory(len(addresses))
    for host, port in addresses:
        reactor.connectTCP(host, port, factory)
    reactor.run()
    took = datetime.datetime.now() - begun
    print(f"Got {len(addresses)} poems in {took}")


if __name__ == "__main__":
    poetry_main()
