"""Fetch poems with a function that takes a callback; no word of errors yet.

usage: get_poetry.py [HOST:]PORT ...
"""

import sys
from collections.abc import Callable

from sennit.core import reactor
from sennit.core.protocol import ClientFactory, Protocol


def parse(arg: str) -> tuple[str, int]:
    host, _, port = arg.rpartition(":")
    return host or "127.0.0.1", int(port)


class PoetryProtocol(Protocol):
    poem = b""

    def dataReceived(self, data: bytes) -> None:
        self.poem += data

    def connectionLost(self, reason: object) -> None:
        self.factory.callback(self.poem)


class PoetryClientFactory(ClientFactory):
    protocol = PoetryProtocol

    def __init__(self, callback: Callable[[bytes], None]) -> None:
        self.callback = callback


def get_poetry(host: str, port: int, callback: Callable[[bytes], None]) -> None:
    """Call callback(poem) when the poem of host and port is complete."""
    reactor.connectTCP(host, port, PoetryClientFactory(callback))


def poetry_main() -> None:
    addresses = [parse(arg) for arg in sys.argv[1:]]
    poems: list[bytes] = []

    def got_poem(poem: bytes) -> None:
        poems.append(poem)
        if len(poems) == len(addresses):
            reactor.stop()

    for host, port in addresses:
        get_poetry(host, port, got_poem)
    reactor.run()

    for poem in poems:
        print(poem.decode())


if __name__ == "__main__":
    poetry_main()
