"""Say three lines to an echo server over TLS, and hear them.

usage: echo_client_tls.py AUTHORITY.pem [PORT [HOST]]     (9443 on localhost unless told)

AUTHORITY.pem is what echo_serv_tls.py has written: who vouches for the server.
"""

import sys
from typing import Any

from sennit.core import reactor, tls
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory
from sennit.protocols.basic import LineReceiver


class EchoClient(LineReceiver):
    transport: Any
    end = b"Bye-bye!"

    def connectionMade(self) -> None:
        print("the server is", self.transport.getPeerCertificate().commonName)
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
    port = int(sys.argv[2]) if sys.argv[2:] else 9443
    host = sys.argv[3] if sys.argv[3:] else "localhost"
    options = tls.clientOptions(host, trustRoot=sys.argv[1])
    reactor.connectSSL(host, port, EchoClientFactory(), options)
    reactor.run()
