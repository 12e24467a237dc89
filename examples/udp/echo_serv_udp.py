"""Send every datagram back to where it came from.

usage: echo_serv_udp.py [PORT]     (9999 unless told; 0 for any that is free)
"""

import sys

from sennit.core import reactor
from sennit.core.protocol import DatagramProtocol


class EchoUDP(DatagramProtocol):
    def datagramReceived(self, datagram: bytes, addr: tuple[str, int]) -> None:
        self.transport.write(datagram, addr)


if __name__ == "__main__":
    port = reactor.listenUDP(int(sys.argv[1]) if sys.argv[1:] else 9999, EchoUDP())
    print("echo on UDP port", port.getHost().port, flush=True)
    reactor.run()
