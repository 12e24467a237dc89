"""Send every client back what it sends.

usage: echo_serv_tcp.py [PORT]     (9999 unless told; 0 for any that is free)
"""

import sys

from sennit.core import reactor
from sennit.core.protocol import Factory, Protocol


class Echo(Protocol):
    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data)


class EchoFactory(Factory):
    protocol = Echo


if __name__ == "__main__":
    port = reactor.listenTCP(int(sys.argv[1]) if sys.argv[1:] else 9999, EchoFactory())
    print("echo on TCP port", port.getHost().port, flush=True)
    reactor.run()
