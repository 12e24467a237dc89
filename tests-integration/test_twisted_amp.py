"""AMP with real Twisted at the other end: each side serves, each side asks."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sennit.core.testing import CertificateAuthority

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("twisted") is None,
    reason="Twisted is not installed: nox -s integration has it",
)

# What differs between the two, by the same names: TLS of either side, and text names.
SENNIT = """
from sennit.core import reactor, tls
from sennit.core.defer import Deferred, inlineCallbacks
from sennit.core.filepath import FilePath
from sennit.core.protocol import ClientFactory, Factory, Protocol
from sennit.protocols import amp

def server_side(pem, roots):
    return {"tls_localCertificate": tls.serverOptions(pem)}

def client_side(pem, roots):
    return {"tls_localCertificate": tls.clientOptions("localhost", trustRoot=roots)}

def name_of(certificate):
    return certificate.commonName
"""

TWISTED = """
from twisted.internet import reactor, ssl
from twisted.internet.defer import Deferred, inlineCallbacks
from twisted.python.filepath import FilePath
from twisted.internet.protocol import ClientFactory, Factory, Protocol
from twisted.protocols import amp

def server_side(pem, roots):
    with open(pem, "rb") as file:
        return {"tls_localCertificate": ssl.PrivateCertificate.loadPEM(file.read())}

def client_side(pem, roots):
    with open(roots, "rb") as file:
        return {"tls_verifyAuthorities": [ssl.Certificate.loadPEM(file.read())]}

def name_of(certificate):
    return certificate.getSubject().commonName.decode()
"""

COMMON = """
import datetime, decimal, os, sys

PEM, ROOTS = sys.argv[1:3]

class Refused(Exception):
    pass

class Fatal(Exception):
    pass

KINDS = [
    (b"integer", amp.Integer(), 2 ** 70),
    (b"string", amp.String(), bytes(range(256))),
    (b"unicode", amp.Unicode(), "\\u00fc \\u4e2d"),
    (b"float", amp.Float(), 0.1),
    (b"boolean", amp.Boolean(), True),
    (b"decimal", amp.Decimal(), decimal.Decimal("-1.50E+3")),
    (b"moment", amp.DateTime(), datetime.datetime(2012, 1, 23, 12, 34, 56, 54321, amp.utc)),
    (b"path", amp.Path(), FilePath("/tmp/x")),
    (b"numbers", amp.ListOf(amp.Integer()), [1, -2, 3]),
    (b"grid", amp.ListOf(amp.ListOf(amp.Unicode())), [["a"], [], ["b", "c"]]),
    (b"people", amp.AmpList([(b"name", amp.Unicode()), (b"age", amp.Integer(optional=True))]),
     [{"name": "x", "age": 1}, {"name": "y", "age": None}]),
    (b"missing", amp.Integer(optional=True), None),
    (b"class", amp.Integer(), 5),
    (b"with-dash", amp.Integer(), 6),
]
NAMES = {b"class": "Class", b"with-dash": "with_dash"}
VALUES = {NAMES.get(name, name.decode()): value for name, _, value in KINDS}

class Everything(amp.Command):
    arguments = [(name, kind) for name, kind, _ in KINDS]
    response = arguments

class Fail(amp.Command):
    arguments = [(b"how", amp.Unicode())]
    errors = {Refused: b"REFUSED"}
    fatalErrors = {Fatal: b"FATAL"}

class Back(amp.Command):
    # Asks the one who asks, before it answers.
    arguments = [(b"depth", amp.Integer())]
    response = [(b"total", amp.Integer())]

class Tell(amp.Command):
    arguments = [(b"what", amp.Integer())]
    requiresAnswer = False

class Told(amp.Command):
    response = [(b"what", amp.ListOf(amp.Integer()))]

class Long(amp.Command):
    arguments = [(b"data", amp.String())]
    response = [(b"data", amp.String())]

class Give(amp.Command):
    arguments = [(b"file", amp.Descriptor())]
    response = [(b"said", amp.String())]

class Switch(amp.ProtocolSwitchCommand):
    arguments = [(b"name", amp.Unicode())]
    errors = {Refused: b"REFUSED"}

class Reversing(Protocol):
    def dataReceived(self, data):
        self.transport.write(data[::-1])

class Peer(amp.AMP):
    def connectionMade(self):
        self.told = []

    @Everything.responder
    def everything(self, **kw):
        assert kw == VALUES, kw
        return kw

    @Fail.responder
    def fail(self, how):
        raise {"refused": Refused, "fatal": Fatal}.get(how, ZeroDivisionError)("for " + how)

    @Back.responder
    @inlineCallbacks
    def back(self, depth):
        if not depth:
            return {"total": 1}
        both = [self.callRemote(Back, depth=depth - 1) for _ in range(2)]
        total = 0
        for each in both:
            total += (yield each)["total"]
        return {"total": total}

    @Tell.responder
    def tell(self, what):
        self.told.append(what)
        return {}

    @Told.responder
    def tell_me(self):
        return {"what": self.told}

    @Long.responder
    def long(self, data):
        return {"data": data[::-1]}

    @Give.responder
    def give(self, file):
        with os.fdopen(file, "rb") as opened:
            return {"said": opened.read()}

    @Switch.responder
    def switch(self, name):
        if name == "nobody":
            raise Refused("nobody")
        return Reversing()

    @amp.StartTLS.responder
    def secure(self):
        return server_side(PEM, ROOTS)
"""

SERVER = """
factory = Factory.forProtocol(Peer)
port = reactor.listenTCP(0, factory, interface="127.0.0.1")
reactor.listenUNIX(sys.argv[3], factory)
print(port.getHost().port, flush=True)
reactor.run()
"""

CLIENT = """
PORT, PATH = int(sys.argv[3]), sys.argv[4]

def connect(path=None):
    ready = Deferred()

    class Client(Peer):
        def connectionMade(self):
            Peer.connectionMade(self)
            ready.callback(self)

    factory = ClientFactory.forProtocol(Client)
    if path is None:
        reactor.connectTCP("127.0.0.1", PORT, factory)
    else:
        reactor.connectUNIX(path, factory)
    return ready

def said(name):
    print(name, flush=True)

@inlineCallbacks
def fails(call, kind, text):
    try:
        yield call
    except kind as error:
        assert text in str(error), error
    else:
        raise AssertionError("it has not failed")

class Inner(Protocol):
    def connectionMade(self):
        self.data, self.heard = b"", Deferred()
        self.transport.write(b"abc")

    def dataReceived(self, data):
        self.data += data
        if len(self.data) == 3:
            self.heard.callback(self.data)

@inlineCallbacks
def talk():
    peer = yield connect()
    response = yield peer.callRemote(Everything, **VALUES)
    assert response == VALUES, response
    said("everything")

    yield fails(peer.callRemote(Fail, how="refused"), Refused, "for refused")
    yield fails(peer.callRemoteString(b"Nothing"), amp.UnhandledCommand, "Nothing")
    said("errors")

    total = yield peer.callRemote(Back, depth=4)
    assert total == {"total": 16}
    said("both at once")

    for what in range(3):
        assert peer.callRemote(Tell, what=what) is None
    assert (yield peer.callRemote(Told)) == {"what": [0, 1, 2]}
    said("no answers")

    data = os.urandom(65535)
    assert (yield peer.callRemote(Long, data=data)) == {"data": data[::-1]}
    said("long values")

    calls = [peer.callRemote(Long, data=b"%d" % n) for n in range(500)]
    for n, call in enumerate(calls):
        assert (yield call) == {"data": (b"%d" % n)[::-1]}
    said("many calls")

    before = peer.callRemote(Long, data=b"plain")
    securing = peer.callRemote(amp.StartTLS, **client_side(PEM, ROOTS))
    after = peer.callRemote(Long, data=b"kept")
    assert (yield before) == {"data": b"nialp"}
    yield securing
    assert (yield after) == {"data": b"tpek"}
    assert name_of(peer.peerCertificate) == "localhost"
    said("TLS")

    other = yield connect()
    factory = ClientFactory.forProtocol(Inner)
    yield fails(other.callRemote(Switch, factory, name="nobody"), Refused, "nobody")
    yield other.callRemote(Switch, factory, name="x")
    assert (yield other.innerProtocol.heard) == b"cba"
    said("another protocol")

    local = yield connect(PATH)
    with open(PEM, "rb") as file:
        given = yield local.callRemote(Give, file=file.fileno())
        file.seek(0)
        assert given == {"said": file.read()}
    said("descriptors")

    for how, kind, text in (
        ("fatal", Fatal, "for fatal"),
        ("else", amp.UnknownRemoteError, "Unknown Error"),
    ):
        last = yield connect()
        yield fails(last.callRemote(Fail, how=how), kind, text)
    said("the end")

talking = talk()
talking.addErrback(lambda failure: failure.printTraceback())
talking.addBoth(lambda _: reactor.stop())
reactor.callLater(40, reactor.stop)
reactor.run()
"""

SAID = """everything
errors
both at once
no answers
long values
many calls
TLS
another protocol
descriptors
the end
"""

BIG = """
@inlineCallbacks
def talk():
    peer = yield connect()
    for _ in range(2):
        yield fails(peer.callRemote(Long, data=b"x" * 70000), amp.NoBigValues, "65535")
    assert (yield peer.callRemote(Long, data=b"abc")) == {"data": b"cba"}
    said("no big values")
"""


@contextmanager
def serving(program: str, files: Path) -> Iterator[str]:
    """Run a server; give the port it prints."""
    arguments = (files / "server.pem", files / "roots.pem", files / "socket")
    command = [sys.executable, "-c", program, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    authority = CertificateAuthority()
    (tmp_path / "server.pem").write_bytes(authority.issue("localhost"))
    (tmp_path / "roots.pem").write_bytes(authority.pem)
    return tmp_path


def talk(program: str, port: str, files: Path) -> subprocess.CompletedProcess[str]:
    arguments = (files / "server.pem", files / "roots.pem", port, files / "socket")
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )


@pytest.mark.parametrize(
    ("server", "client"),
    [(TWISTED, SENNIT), (SENNIT, TWISTED)],
    ids=["twisted serves", "sennit serves"],
)
def test_each_understands_what_the_other_asks(
    server: str, client: str, files: Path
) -> None:
    """Every type of argument, every kind of error, TLS, another protocol, both ways."""
    with serving(server + COMMON + SERVER, files) as port:
        done = talk(client + COMMON + CLIENT, port, files)
    assert done.stdout == SAID, done.stderr


def test_towards_twisted_a_big_value_fails_by_name(files: Path) -> None:
    """The connection stays as it is, and Twisted's side logs nothing of it."""
    program = CLIENT.replace("talking = talk()", BIG + "\ntalking = talk()")
    with serving(TWISTED + COMMON + SERVER, files) as port:
        done = talk(SENNIT + COMMON + program, port, files)
    assert done.stdout == "no big values\n", done.stderr
