"""The reactor's own methods: run, listenTCP, listenUDP, listenUNIX, callLater.

usage: reactor_methods.py PATH-OF-A-UNIX-SOCKET SECONDS-TO-LIVE [TCP-PORT [UDP-PORT]]

9001 and 9002 unless told; 0 for any that is free.
"""

import sys

from sennit.core import reactor
from sennit.core.protocol import DatagramProtocol, Factory, Protocol


class Tell(Protocol):
    def connectionMade(self) -> None:
        self.transport.write(self.factory.text)
        self.transport.loseConnection()


class TellFactory(Factory):
    protocol = Tell

    def __init__(self, text: bytes) -> None:
        self.text = text


class TellUDP(DatagramProtocol):
    def datagramReceived(self, datagram: bytes, addr: tuple[str, int]) -> None:
        self.transport.write(b"udp: " + datagram, addr)


def someFunction(what: str) -> None:
    print("called later:", what)
    reactor.stop()


if __name__ == "__main__":
    path, seconds, *told = sys.argv[1:]
    ports = [int(word) for word in told] + [9001, 9002][len(told) :]
    tcp = reactor.listenTCP(ports[0], TellFactory(b"tcp"))
    udp = reactor.listenUDP(ports[1], TellUDP())
    reactor.listenUNIX(path, TellFactory(b"unix"))
    reactor.callLater(float(seconds), someFunction, "time is up")
    print("TCP port", tcp.getHost().port)
    print("UDP port", udp.getHost().port)
    print("running", flush=True)
    reactor.run()
    print("stopped")
