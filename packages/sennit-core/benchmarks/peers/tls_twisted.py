"""An echo server over TLS on the default reactor of Twisted."""

from __future__ import annotations

import sys
from pathlib import Path

from twisted.internet import reactor
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.ssl import PrivateCertificate


class Echo(Protocol):
    """Send back what comes."""

    def dataReceived(self, data: bytes) -> None:
        """Answer."""
        self.transport.write(data)


options = PrivateCertificate.loadPEM(Path(sys.argv[1]).read_bytes()).options()
factory = Factory.forProtocol(Echo)
port = reactor.listenSSL(0, factory, options, 1024, "127.0.0.1")
sys.stdout.write(f'{{"tls": {port.getHost().port}}}\n')
sys.stdout.flush()
reactor.run()
