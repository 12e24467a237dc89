"""Fetch poems at the same time: our own sockets, the reactor's readers.

usage: get_poetry.py [HOST:]PORT ...
"""

import datetime
import socket
import sys

from sennit.core import reactor
from sennit.core.errors import CONNECTION_DONE, CONNECTION_LOST


def parse(arg: str) -> tuple[str, int]:
    host, _, port = arg.rpartition(":")
    return host or "127.0.0.1", int(port)


class PoetrySocket:
    """What the reactor wants of a reader: fileno, doRead, connectionLost, logPrefix."""

    def __init__(self, number: int, address: tuple[str, int]) -> None:
        self.number = number
        self.address = address
        self.poem = b""
        self.sock = socket.create_connection(address)
        self.sock.setblocking(False)
        reactor.addReader(self)

    def fileno(self) -> int:
        return self.sock.fileno()

    def logPrefix(self) -> str:
        return "poetry"

    def doRead(self) -> Exception | None:
        new = b""
        over = False
        while True:
            try:
                piece = self.sock.recv(1024)
            except BlockingIOError:
                break
            except OSError:
                return CONNECTION_LOST
            if not piece:
                over = True
                break
            new += piece
        if new:
            self.poem += new
            host, port = self.address
            print(
                f"Task {self.number}: got {len(new)} bytes of poetry from {host}:{port}"
            )
        if over:
            print(f"Task {self.number} finished")
            return CONNECTION_DONE
        return None

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
