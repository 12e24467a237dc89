"""Real Twisted at the other end: each side serves, each side asks."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("twisted") is None,
    reason="Twisted is not installed: nox -s integration has it",
)

SENNIT = """
from sennit.core import reactor
from sennit.core.protocol import ClientFactory, DatagramProtocol, Factory
from sennit.protocols.basic import Int16StringReceiver, LineReceiver, NetstringReceiver
"""

TWISTED = """
from twisted.internet import reactor
from twisted.internet.protocol import ClientFactory, DatagramProtocol, Factory
from twisted.protocols.basic import Int16StringReceiver, LineReceiver, NetstringReceiver
"""

# Line by line, message by message, datagram by datagram: in capitals, and back.
SERVER = """
class Lines(LineReceiver):
    def lineReceived(self, line):
        self.sendLine(line.upper())

class Strings:
    def stringReceived(self, string):
        self.sendString(string.upper())

class Netstrings(Strings, NetstringReceiver):
    pass

class Int16Strings(Strings, Int16StringReceiver):
    pass

class Datagrams(DatagramProtocol):
    def datagramReceived(self, datagram, addr):
        self.transport.write(datagram.upper(), addr)

ports = [
    reactor.listenTCP(0, Factory.forProtocol(protocol), interface="127.0.0.1")
    for protocol in (Lines, Netstrings, Int16Strings)
]
ports.append(reactor.listenUDP(0, Datagrams(), interface="127.0.0.1"))
print(*(port.getHost().port for port in ports), flush=True)
reactor.run()
"""

CLIENT = """
import sys

WORDS = [b"one", b"", b"x" * 10000]
left = 4

def finished(name, heard):
    global left
    assert heard == [word.upper() for word in WORDS], (name, heard)
    print(name, flush=True)
    left -= 1
    if not left:
        reactor.stop()

class Asking:
    def connectionMade(self):
        self.heard = []
        for word in WORDS:
            self.send(word)

    def received(self, message):
        self.heard.append(message)
        if len(self.heard) == len(WORDS):
            self.transport.loseConnection()

    def connectionLost(self, reason):
        finished(type(self).__name__, self.heard)

class Lines(Asking, LineReceiver):
    def send(self, word):
        self.sendLine(word)

    def lineReceived(self, line):
        self.received(line)

class Strings(Asking):
    def send(self, word):
        self.sendString(word)

    def stringReceived(self, string):
        self.received(string)

class Netstrings(Strings, NetstringReceiver):
    pass

class Int16Strings(Strings, Int16StringReceiver):
    pass

class Datagrams(DatagramProtocol):
    def startProtocol(self):
        self.heard = []
        self.transport.connect("127.0.0.1", ports[3])
        self.transport.write(b"datagram")

    def datagramReceived(self, datagram, addr):
        assert datagram == b"DATAGRAM"
        finished("Datagrams", [word.upper() for word in WORDS])

ports = [int(word) for word in sys.argv[1:]]
for port, protocol in zip(ports, (Lines, Netstrings, Int16Strings)):
    factory = ClientFactory()
    factory.protocol = protocol
    reactor.connectTCP("127.0.0.1", port, factory)
reactor.listenUDP(0, Datagrams())
reactor.callLater(20, reactor.stop)
reactor.run()
"""


@contextmanager
def serving(program: str) -> Iterator[list[str]]:
    """Run a server; give the ports it prints."""
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().split()
        finally:
            server.terminate()


@pytest.mark.parametrize(
    ("server", "client"),
    [(TWISTED, SENNIT), (SENNIT, TWISTED)],
    ids=["twisted serves", "sennit serves"],
)
def test_each_understands_what_the_other_says(server: str, client: str) -> None:
    """Lines, netstrings, prefixed strings and datagrams arrive whole and in order."""
    with serving(server + SERVER) as ports:
        done = subprocess.run(
            [sys.executable, "-c", client + CLIENT, *ports],
            capture_output=True,
            text=True,
            timeout=60,
        )
    said = sorted(done.stdout.split())
    assert said == ["Datagrams", "Int16Strings", "Lines", "Netstrings"], done.stderr
