"""Tell every client a quote, which a thread fetches meanwhile.

usage: qotd_serv.py [PORT]     (9999 unless told; 0 for any that is free)
"""

import sys

from sennit.core import reactor, threads
from sennit.core.failure import Failure
from sennit.core.protocol import Factory, Protocol


class QOTD(Protocol):
    def connectionMade(self) -> None:
        d = threads.deferToThread(getQuoteFromDB)
        d.addCallback(self._cb)
        d.addErrback(self._eb)

    def _cb(self, quote: bytes) -> None:
        self.transport.write(quote + b"\n")
        self.transport.loseConnection()

    def _eb(self, error: Failure) -> None:
        self.transport.write(b"Internal server error!")
        self.transport.loseConnection()


def getQuoteFromDB() -> bytes:
    # A real one asks its database here; it may take its time. See ../demo.
    return b"I am a fish!"


class QOTDFactory(Factory):
    protocol = QOTD


if __name__ == "__main__":
    port = reactor.listenTCP(int(sys.argv[1]) if sys.argv[1:] else 9999, QOTDFactory())
    print("quotes on TCP port", port.getHost().port, flush=True)
    reactor.run()
