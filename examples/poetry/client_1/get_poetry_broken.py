"""As get_poetry.py, but the sockets block: who is read first holds up all the others.

usage: get_poetry_broken.py [HOST:]PORT ...
"""

import datetime
import socket
import sys

from sennit.core import reactor
from sennit.core.errors import CONNECTION_DONE


def parse(arg: str) -> tuple[str, int]:
    host, _, port = arg.rpartition(":")
    return host or "127.0.0.1", int(port)


class PoetrySocket:
    def __init__(self, number: int, address: tuple[str, int]) -> None:
        self.number = number
        self.address = address
        self.poem = b""
        self.sock = socket.create_connection(address)
        # No setblocking(False): this is what is broken.
        reactor.addReader(self)

    def fileno(self) -> int:
        return self.sock.fileno()

    def logPrefix(self) -> str:
        return "poetry"

    def doRead(self) -> Exception:
        while True:
            piece = self.sock.recv(1024)
            if not piece:
                break
            self.poem += piece
        host, port = self.address
        size = len(self.poem)
        print(f"Task {self.number}: got {size} bytes of poetry from {host}:{port}")
        return CONNECTION_DONE

    def connectionLost(self, reason: object) -> None:
        reactor.removeReader(self)
        self.sock.close()
        if not any(isinstance(r, PoetrySocket) for r in reactor.getReaders()):
            reactor.stop()


def poetry_main() -> None:
    addresses = [parse(arg) for arg in sys.argv[1:]]
    begun = datetime.datetime.now()
    sockets = [PoetrySocket(n, address) for n, address in enumerate(addresses, 1)]
    reactor.run()
    took = datetime.datetime.now() - begun
    for s in sockets:
        print(f"Task {s.number}: {len(s.poem)} bytes of poetry")
    print(f"Got {len(sockets)} poems in {took}")


if __name__ == "__main__":
    poetry_main()
