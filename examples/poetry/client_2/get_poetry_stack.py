"""Print the stack that the first bytes of a poem are received in, and end.

usage: get_poetry_stack.py [HOST:]PORT ...
"""

import os
import sys
import traceback
from typing import Any

from sennit.core import reactor
from sennit.core.protocol import ClientFactory, Protocol


def parse(arg: str) -> tuple[str, int]:
    host, _, port = arg.rpartition(":")
    return host or "127.0.0.1", int(port)


class PoetryProtocol(Protocol):
    def dataReceived(self, data: bytes) -> None:
        traceback.print_stack()
        os._exit(0)


class PoetryClientFactory(ClientFactory):
    protocol = PoetryProtocol

    def clientConnectionFailed(self, connector: Any, reason: object) -> None:
        print("Failed to connect to:", connector.getDestination())
        reactor.stop()


def poetry_main() -> None:
    factory = PoetryClientFactory()
    for host, port in [parse(arg) for arg in sys.argv[1:]]:
        reactor.connectTCP(host, port, factory)
    reactor.run()


if __name__ == "__main__":
    poetry_main()
