"""Real Twisted, with pyOpenSSL, at the other end of our TLS: each serves, each asks."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from sennit.core.testing import CertificateAuthority

pytestmark = pytest.mark.skipif(
    not all(map(importlib.util.find_spec, ("twisted", "OpenSSL", "service_identity"))),
    reason="Twisted's TLS is not installed: nox -s integration has it",
)

SENNIT = """
from sennit.core import reactor, tls
from sennit.core.protocol import ClientFactory, Factory
from sennit.protocols.basic import Int32StringReceiver

def for_server():
    return tls.serverOptions(
        "localhost.pem", trustRoot="authority.pem", acceptableProtocols=[b"b", b"a"]
    )

def for_client(hostname):
    return tls.clientOptions(
        hostname, trustRoot="authority.pem", certificate="somebody.pem",
        acceptableProtocols=[b"a", b"b"],
    )

def shown(transport):
    return transport.getPeerCertificate().commonName

def when_they_can(begin):
    # Twisted loses a first step of TLS that comes in one piece with a message.
    reactor.callLater(0.1, begin)
"""

TWISTED = """
from twisted.internet import reactor
from twisted.internet.protocol import ClientFactory, Factory
from twisted.internet.ssl import (
    Certificate, CertificateOptions, PrivateCertificate, optionsForClientTLS,
    trustRootFromCertificates,
)
from twisted.protocols.basic import Int32StringReceiver

def read(kind, name):
    with open(name, "rb") as file:
        return kind.loadPEM(file.read())

trust = trustRootFromCertificates([read(Certificate, "authority.pem")])

def for_server():
    own = read(PrivateCertificate, "localhost.pem")
    return CertificateOptions(
        privateKey=own.privateKey.original, certificate=own.original,
        trustRoot=trust, acceptableProtocols=[b"b", b"a"],
    )

def for_client(hostname):
    return optionsForClientTLS(
        hostname, trust, read(PrivateCertificate, "somebody.pem"),
        acceptableProtocols=[b"a", b"b"],
    )

def shown(transport):
    return transport.getPeerCertificate().get_subject().CN

def when_they_can(begin):
    begin()
"""

# Both sides' protocol: a message is answered in capitals, or obeyed.
SERVER = """
class Server(Int32StringReceiver):
    MAX_LENGTH = 10_000_000

    def stringReceived(self, string):
        if string == b"who am I":
            self.sendString(shown(self.transport).encode())
        elif string == b"turn":
            self.sendString(b"TURN")
            when_they_can(lambda: self.transport.startTLS(for_client("localhost"), False))
        elif string == b"go over":
            self.sendString(b"GO OVER")
            self.transport.startTLS(for_server())
        else:
            self.sendString(string.upper())
        if string == b"bye":
            self.transport.loseConnection()

    def connectionLost(self, reason):
        print(reason.type.__name__, flush=True)

factory = Factory.forProtocol(Server)
ports = (
    reactor.listenTCP(0, factory, interface="127.0.0.1"),
    reactor.listenSSL(0, factory, for_server(), interface="127.0.0.1"),
)
print(*(port.getHost().port for port in ports), flush=True)
reactor.run()
"""

CLIENT = """
import sys

MUCH = b"0123456789abcdef" * 200_000

class Client(Int32StringReceiver):
    MAX_LENGTH = 10_000_000

    def connectionMade(self):
        self.conversation = self.converse()
        next(self.conversation)

    def stringReceived(self, string):
        try:
            self.conversation.send(string)
        except StopIteration:
            pass

    def asking(self, string):
        self.sendString(string)
        answer = yield
        assert answer == string.upper(), (string[:20], answer[:20])

    def secure(self):
        yield from self.asking(b"hello")
        yield from self.asking(MUCH)
        self.sendString(b"who am I")
        print("I am", (yield).decode(), flush=True)
        print("it is", shown(self.transport), flush=True)

    def connectionLost(self, reason):
        print(reason.type.__name__, flush=True)
        reactor.stop()

class FromTheStart(Client):
    def converse(self):
        yield from self.secure()
        # Twisted does not tell of what has gone over to TLS later.
        print("we speak", self.transport.negotiatedProtocol.decode(), flush=True)
        yield from self.asking(b"bye")

class GoingOver(Client):
    def converse(self):
        yield from self.asking(b"in the open")
        yield from self.asking(b"go over")
        self.transport.startTLS(for_client("localhost"))
        yield from self.secure()
        self.transport.loseConnection()

class Turned(Client):
    def converse(self):
        yield from self.asking(b"in the open")
        yield from self.asking(b"turn")
        self.transport.startTLS(for_server(), False)
        yield from self.secure()
        self.sendString(MUCH)
        self.transport.loseConnection()

class Misled(Client):
    def converse(self):
        yield from self.secure()

class Factory(ClientFactory):
    def clientConnectionFailed(self, connector, reason):
        print(reason.type.__name__, flush=True)
        reactor.stop()

way, tcp, tls_port = sys.argv[1:]
factory = Factory()
factory.protocol = globals()[way]
if way in ("FromTheStart", "Misled"):
    name = "localhost" if way == "FromTheStart" else "elsewhere"
    reactor.connectSSL("127.0.0.1", int(tls_port), factory, for_client(name))
else:
    reactor.connectTCP("127.0.0.1", int(tcp), factory)
reactor.callLater(20, reactor.stop)
reactor.run()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificates of both sides, and of who vouches for them."""
    folder = tmp_path_factory.mktemp("pem")
    authority = CertificateAuthority()
    (folder / "authority.pem").write_bytes(authority.pem)
    for name in ("localhost", "somebody"):
        (folder / f"{name}.pem").write_bytes(authority.issue(name))
    return folder


def converse(server: str, client: str, way: str, folder: Path) -> tuple[str, str]:
    """Run both; give what the client has printed, and how the server's side ended."""
    with subprocess.Popen(
        [sys.executable, "-c", server + SERVER],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
    ) as serving:
        assert serving.stdout is not None
        try:
            ports = serving.stdout.readline().split()
            asked = subprocess.run(
                [sys.executable, "-c", client + CLIENT, way, *ports],
                cwd=folder,
                capture_output=True,
                text=True,
                timeout=60,
            )
            assert "Traceback" not in asked.stderr, asked.stderr
            ended = "" if way == "Misled" else serving.stdout.readline().strip()
            return asked.stdout, ended
        finally:
            serving.terminate()


both_ways = pytest.mark.parametrize(
    ("server", "client"),
    [(TWISTED, SENNIT), (SENNIT, TWISTED)],
    ids=["twisted serves", "sennit serves"],
)


@both_ways
def test_each_knows_the_other_and_understands_it(
    server: str, client: str, folder: Path
) -> None:
    """Large messages arrive whole, and both hear that it ends as it should."""
    said, ended = converse(server, client, "FromTheStart", folder)
    expected = ["I am somebody", "it is localhost", "we speak b", "ConnectionDone"]
    assert said.splitlines() == expected
    assert ended == "ConnectionDone"


@both_ways
def test_a_conversation_goes_over_to_tls(
    server: str, client: str, folder: Path
) -> None:
    said, ended = converse(server, client, "GoingOver", folder)
    expected = ["I am somebody", "it is localhost", "ConnectionDone"]
    assert said.splitlines() == expected
    assert ended == "ConnectionDone"


@both_ways
def test_who_has_connected_may_be_the_server_of_tls(
    server: str, client: str, folder: Path
) -> None:
    said, ended = converse(server, client, "Turned", folder)
    expected = ["I am localhost", "it is somebody", "ConnectionDone"]
    assert said.splitlines() == expected
    assert ended == "ConnectionDone"


@both_ways
def test_a_name_that_is_not_in_the_certificate_is_not_talked_to(
    server: str, client: str, folder: Path
) -> None:
    said, _ = converse(server, client, "Misled", folder)
    # Twisted makes the connection first, and loses it then.
    assert said == ("VerifyError\n" if client is SENNIT else "VerificationError\n")
