"""Every hook of Protocol and Factory, as it is called.

usage: hooks.py [PORT]     (9999 unless told; 0 for any that is free)

Send it something, then "stop", and it ends.
"""

import sys

from sennit.core import reactor
from sennit.core.address import IPv4Address
from sennit.core.failure import Failure
from sennit.core.protocol import Factory, Protocol


class Watcher(Protocol):
    def connectionMade(self) -> None:
        print("connectionMade from", self.transport.getPeer().host)

    def dataReceived(self, data: bytes) -> None:
        print("dataReceived", data)
        if data == b"stop":
            self.transport.loseConnection()
            self.factory.port.stopListening()

    def connectionLost(self, reason: Failure) -> None:
        print("connectionLost:", reason.getErrorMessage())
        if self.factory.stopping:
            reactor.stop()


class WatcherFactory(Factory):
    protocol = Watcher
    stopping = False

    def startFactory(self) -> None:
        print("startFactory")

    def stopFactory(self) -> None:
        print("stopFactory")
        self.stopping = True

    def buildProtocol(self, addr: IPv4Address) -> Protocol | None:
        print("buildProtocol", addr.type, addr.host)
        return Factory.buildProtocol(self, addr)


if __name__ == "__main__":
    factory = WatcherFactory()
    factory.port = reactor.listenTCP(
        int(sys.argv[1]) if sys.argv[1:] else 9999, factory
    )
    print("hooks on TCP port", factory.port.getHost().port, flush=True)
    reactor.run()
    print("reactor done")
