"""Tell every client hello, and hang up.

usage: hello_serv.py [PORT]     (9999 unless told; 0 for any that is free)
"""

import sys

from sennit.core import reactor
from sennit.core.protocol import Factory, Protocol


class Hello(Protocol):
    def connectionMade(self) -> None:
        self.transport.write(b"Hello, World!\n")
        self.transport.loseConnection()


class HelloFactory(Factory):
    protocol = Hello


if __name__ == "__main__":
    port = reactor.listenTCP(int(sys.argv[1]) if sys.argv[1:] else 9999, HelloFactory())
    print("hello on TCP port", port.getHost().port, flush=True)
    reactor.run()
