"""Say three lines to an echo server, and hear them.

usage: echo_client.py [PORT [HOST]]     (8000 on localhost unless told)
"""

import sys

from sennit.core import reactor
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory
from sennit.protocols.basic import LineReceiver


class EchoClient(LineReceiver):
    end = b"Bye-bye!"

    def connectionMade(self) -> None:
        self.sendLine(b"Hello, world!")
        self.sendLine(b"What a fine day it is.")
        self.sendLine(self.end)

    def lineReceived(self, line: bytes) -> None:
        print("receive:", line)
        if line == self.end:
            self.transport.loseConnection()


class EchoClientFactory(ClientFactory):
    protocol = EchoClient

    def clientConnectionFailed(self, connector: object, reason: Failure) -> None:
        print("connection failed:", reason.getErrorMessage())
        reactor.stop()

    def clientConnectionLost(self, connector: object, reason: Failure) -> None:
        print("connection lost:", reason.getErrorMessage())
        reactor.stop()


if __name__ == "__main__":
    port = int(sys.argv[1]) if sys.argv[1:] else 8000
    host = sys.argv[2] if sys.argv[2:] else "localhost"
    reactor.connectTCP(host, port, EchoClientFactory())
    reactor.run()
