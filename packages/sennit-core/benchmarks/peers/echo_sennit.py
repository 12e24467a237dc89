"""An echo server on sennit; ``SENNIT_LOOP`` chooses the loop below it."""

from __future__ import annotations

import sys

from sennit.core import reactor
from sennit.core.protocol import DatagramProtocol, Factory, Protocol


class Echo(Protocol):
    """Send back what comes."""

    def dataReceived(self, data: bytes) -> None:
        """Answer."""
        self.transport.write(data)


class EchoUDP(DatagramProtocol):
    """Send back what comes, to where it came from."""

    def datagramReceived(self, datagram: bytes, addr: tuple[str, int]) -> None:
        """Answer."""
        self.transport.write(datagram, addr)


tcp = reactor.listenTCP(0, Factory.forProtocol(Echo), 1024, "127.0.0.1")
udp = reactor.listenUDP(0, EchoUDP(), "127.0.0.1")
sys.stdout.write(f'{{"tcp": {tcp.getHost().port}, "udp": {udp.getHost().port}}}\n')
sys.stdout.flush()
reactor.run()
