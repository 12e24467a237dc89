"""Fetch poems with a function that takes a callback and an errback.

usage: get_poetry_1.py [HOST:]PORT ...
"""

import sys
from collections.abc import Callable

from sennit.core import reactor
from sennit.core.failure import Failure
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

    def __init__(
        self, callback: Callable[[bytes], None], errback: Callable[[Failure], None]
    ) -> None:
        self.callback = callback
        self.errback = errback

    def clientConnectionFailed(self, connector: object, reason: Failure) -> None:
        self.errback(reason)


def get_poetry(
    host: str,
    port: int,
    callback: Callable[[bytes], None],
    errback: Callable[[Failure], None],
) -> None:
    """Call callback(poem) when the poem is complete, or errback(failure)."""
    reactor.connectTCP(host, port, PoetryClientFactory(callback, errback))


def poetry_main() -> None:
    addresses = [parse(arg) for arg in sys.argv[1:]]
    poems: list[bytes] = []
    errors: list[Failure] = []

    def got_poem(poem: bytes) -> None:
        poems.append(poem)
        poem_done()

    def poem_failed(err: Failure) -> None:
        print("Poem failed:", err, file=sys.stderr)
        errors.append(err)
        poem_done()

    def poem_done() -> None:
        if len(poems) + len(errors) == len(addresses):
            reactor.stop()

    for host, port in addresses:
        get_poetry(host, port, got_poem, poem_failed)
    reactor.run()

    for poem in poems:
        print(poem.decode())


if __name__ == "__main__":
    poetry_main()
