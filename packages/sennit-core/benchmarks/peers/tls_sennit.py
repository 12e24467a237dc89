"""An echo server over TLS on sennit; ``SENNIT_LOOP`` chooses the loop below it."""

from __future__ import annotations

import sys

from sennit.core import reactor, tls
from sennit.core.protocol import Factory, Protocol


class Echo(Protocol):
    """Send back what comes."""

    def dataReceived(self, data: bytes) -> None:
        """Answer."""
        self.transport.write(data)


options = tls.serverOptions(sys.argv[1])
factory = Factory.forProtocol(Echo)
port = reactor.listenSSL(0, factory, options, 1024, "127.0.0.1")
sys.stdout.write(f'{{"tls": {port.getHost().port}}}\n')
sys.stdout.flush()
reactor.run()
