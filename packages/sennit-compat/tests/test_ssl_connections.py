"""pyOpenSSL's contexts on Sennit's reactor."""

from __future__ import annotations

import asyncio
import ssl as stdlib
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

pytest.importorskip("OpenSSL")

from OpenSSL import SSL, crypto
from zope.interface import implementer

from sennit.compat._contexts import takeContexts
from sennit.compat.faces.internet import ssl
from sennit.core import endpoints, errors, log, tls
from sennit.core.defer import Deferred, ensureDeferred
from sennit.core.engine import Reactor, newLoop
from sennit.core.failure import Failure
from sennit.core.interfaces import (
    IOpenSSLClientConnectionCreator,
    IOpenSSLServerConnectionCreator,
)
from sennit.core.protocol import ClientFactory, Factory, Protocol, connectionDone
from sennit.core.testing import (
    TRANSPORT_CHECKS,
    CertificateAuthority,
    ReactorPair,
    TransportPair,
    selfSigned,
)

takeContexts()

# Seconds after which a test that hangs is given up.
PATIENCE = 10.0

AUTHORITY = CertificateAuthority()
TRUSTED = ssl.Certificate.loadPEM(AUTHORITY.pem)
VERSIONS = ssl.TLSVersion

Main = Callable[[], Coroutine[Any, Any, Any]]
Drive = Callable[[Main], Any]


def owned(pem: bytes) -> ssl.PrivateCertificate:
    return ssl.PrivateCertificate.loadPEM(pem)


OWN = owned(AUTHORITY.issue("localhost", "127.0.0.1"))
THEIRS = owned(AUTHORITY.issue("somebody"))


def server(own: ssl.PrivateCertificate = OWN, **more: Any) -> ssl.CertificateOptions:
    return ssl.CertificateOptions(own.privateKey.original, own.original, **more)


def client(hostname: str = "localhost", **more: Any) -> Any:
    return ssl.optionsForClientTLS(hostname, **{"trustRoot": TRUSTED, **more})


class Noting(Protocol):
    """Notes what it is told, and tells who waits."""

    transport: Any

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.data = b""
        self.made: Deferred[Noting] = Deferred()
        self.shaken: Deferred[Noting] = Deferred()
        self.came: Deferred[bytes] = Deferred()
        self.lost: Deferred[BaseException] = Deferred()

    def connectionMade(self) -> None:
        self.told.append("made")
        self.made.callback(self)

    def handshakeCompleted(self) -> None:
        self.told.append("shaken")
        self.shaken.callback(self)

    def dataReceived(self, data: bytes) -> None:
        self.data += data
        if not self.came.called:
            self.came.callback(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.told.append("lost")
        self.lost.callback(reason.value)


class Client(ClientFactory):
    """Connects one protocol; what went wrong is told to who waits."""

    noisy = False

    def __init__(self, protocol: Protocol) -> None:
        self.only = protocol
        self.failed: Deferred[BaseException] = Deferred()

    def buildProtocol(self, addr: object) -> Protocol:
        return self.only

    def clientConnectionFailed(self, connector: object, reason: Failure) -> None:
        self.failed.callback(reason.value)


def quiet(protocol: Protocol) -> Factory:
    factory = Factory.forProtocol(lambda: protocol)
    factory.noisy = False
    return factory


@pytest.fixture(params=["asyncio", "uvloop"])
def loops(request: pytest.FixtureRequest) -> Iterator[Callable[[], Reactor]]:
    made: list[asyncio.AbstractEventLoop] = []

    def make() -> Reactor:
        made.append(newLoop(request.param))
        return Reactor(made[-1])

    yield make
    for loop in made:
        loop.close()


@pytest.fixture
def reactor(loops: Callable[[], Reactor]) -> Iterator[Reactor]:
    made = loops()
    yield made
    made.close()


@pytest.fixture
def drive(reactor: Reactor) -> Drive:
    def run(main: Main) -> Any:
        outcome: list[Any] = []

        def ended(result: Any) -> None:
            outcome.append(result)
            reactor.stop()

        def begin() -> None:
            finished: Deferred[Any] = ensureDeferred(main())
            finished.addTimeout(PATIENCE, reactor)
            finished.addBoth(ended)

        reactor.callWhenRunning(begin)
        reactor.run(installSignalHandlers=False)
        if isinstance(outcome[0], Failure):
            outcome[0].raiseException()
        return outcome[0]

    return run


@pytest.fixture
def logged() -> Iterator[list[dict[str, Any]]]:
    events: list[dict[str, Any]] = []
    log.addObserver(events.append)
    yield events
    log.removeObserver(events.append)


def connect(
    reactor: Reactor, serving: Any, connecting: Any, own: Protocol | None = None
) -> tuple[Noting, Noting]:
    """Connect a protocol to another over TLS: the server's, the client's."""
    ends = Noting(), Noting()
    port = reactor.listenSSL(0, quiet(own or ends[0]), serving, interface="127.0.0.1")
    number = port.getHost().port
    reactor.connectSSL("127.0.0.1", number, Client(ends[1]), connecting)
    return ends


# The contract of transports


class SSLPair(ReactorPair):
    """Connects over TLS by pyOpenSSL."""

    def connect(self, server_: Protocol, client_: Protocol) -> None:
        factory = quiet(server_)
        port = self._reactor.listenSSL(0, factory, server(), interface="127.0.0.1")
        number = port.getHost().port
        self._reactor.connectSSL("127.0.0.1", number, Client(client_), client())


class UpgradedPair(ReactorPair):
    """Connects in the open, and goes over to TLS: the server by pyOpenSSL alone."""

    def connect(self, server_: Protocol, client_: Protocol) -> None:
        def upgrading(protocol: Protocol, options: Any) -> Protocol:
            class Upgrading(Protocol):
                transport: Any

                def connectionMade(self) -> None:
                    self.transport.protocol = protocol
                    self.transport.startTLS(options)
                    protocol.makeConnection(self.transport)

            return Upgrading()

        native = tls.clientOptions("localhost", trustRoot=AUTHORITY.pem)
        factory = quiet(upgrading(server_, server()))
        port = self._reactor.listenTCP(0, factory, interface="127.0.0.1")
        number = port.getHost().port
        self._reactor.connectTCP(
            "127.0.0.1", number, Client(upgrading(client_, native))
        )


class SSLOverSSLPair(ReactorPair):
    """Connects by endpoints with TLS laid over them, in TLS over TCP."""

    def connect(self, server_: Protocol, client_: Protocol) -> None:
        below = endpoints.SSL4ServerEndpoint(
            self._reactor, 0, server(), interface="127.0.0.1"
        )

        def listens(port: Any) -> Deferred[Any]:
            over = endpoints.SSL4ClientEndpoint(
                self._reactor, "127.0.0.1", port.getHost().port, client()
            )
            return endpoints.connectProtocol(
                endpoints.wrapClientTLS(client(), over), client_
            )

        listening = endpoints.wrapServerTLS(server(), below).listen(quiet(server_))
        listening.addCallback(listens)


@pytest.mark.parametrize("check", TRANSPORT_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("pair", [SSLPair, UpgradedPair, SSLOverSSLPair])
def test_pyopenssl_keeps_the_contract_of_transports(
    check: Callable[[Callable[[], TransportPair]], None],
    pair: type[ReactorPair],
    loops: Callable[[], Reactor],
) -> None:
    check(lambda: pair(loops()))


# Who they are


def test_both_know_each_other_and_the_protocol_after_the_handshake(
    reactor: Reactor, drive: Drive
) -> None:
    serving = server(trustRoot=TRUSTED, acceptableProtocols=[b"b", b"a"])
    connecting = client(
        clientCertificate=THEIRS, acceptableProtocols=[b"a", b"b", b"c"]
    )

    async def main() -> None:
        at_server, at_client = connect(reactor, serving, connecting)
        await at_client.made
        assert at_client.transport.getPeerCertificate() is None
        await at_client.shaken
        await at_server.shaken
        assert at_client.told == at_server.told == ["made", "shaken"]
        shown = at_client.transport.getPeerCertificate()
        assert isinstance(shown, crypto.X509)
        assert ssl.Certificate.peerFromTransport(at_client.transport) == OWN
        assert ssl.Certificate.hostFromTransport(at_client.transport) == THEIRS
        assert ssl.Certificate.peerFromTransport(at_server.transport) == THEIRS
        assert at_client.transport.negotiatedProtocol == b"b"
        assert at_server.transport.negotiatedProtocol == b"b"
        assert at_client.transport.getHandle().get_protocol_version_name() == "TLSv1.3"
        assert isinstance(at_server.transport, ssl.Client)

    drive(main)


def test_both_are_asked_as_the_standard_librarys_objects_are(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        at_server, at_client = connect(reactor, server(), client())
        await at_client.shaken
        await at_server.shaken
        ask = at_client.transport._transport.get_extra_info("ssl_object")
        assert ask.version() == "TLSv1.3"
        assert ask.selected_alpn_protocol() is None
        assert ask.getpeercert() == {}
        assert ask.getpeercert(True) == OWN.dump()
        ask = at_server.transport._transport.get_extra_info("ssl_object")
        assert ask.getpeercert() is None

    drive(main)


def test_the_peers_certificate_is_known_of_native_connections_too(
    reactor: Reactor, drive: Drive
) -> None:
    native = tls.clientOptions("localhost", trustRoot=AUTHORITY.pem)

    async def main() -> None:
        _, at_client = connect(reactor, server(), native)
        await at_client.shaken
        assert ssl.Certificate.peerFromTransport(at_client.transport) == OWN

    drive(main)


@pytest.mark.parametrize(
    ("own", "connecting", "kinds", "words"),
    [
        (
            owned(AUTHORITY.issue("elsewhere")),
            client(),
            (errors.VerifyError, ssl.VerificationError),
            "not valid for 'localhost'",
        ),
        (
            OWN,
            client("127.0.0.2"),
            (errors.VerifyError, ssl.VerificationError),
            "not valid for '127.0.0.2'",
        ),
        (
            owned(AUTHORITY.issue("localhost", days=-1)),
            client(),
            (errors.VerifyError, SSL.Error, stdlib.SSLCertVerificationError),
            "cert has expired",
        ),
        (
            owned(selfSigned("localhost")),
            client(),
            (errors.VerifyError, SSL.Error),
            "self signed",
        ),
        (
            OWN,
            client(trustRoot=ssl.platformTrust()),
            (errors.VerifyError, SSL.Error),
            "unable to get issuer",
        ),
        (
            OWN,
            ssl.CertificateOptions(lowerMaximumSecurityTo=VERSIONS.TLSv1_1),
            (errors.SSLError, SSL.Error),
            "",
        ),
    ],
    ids=["host", "address", "expired", "self-signed", "unknown issuer", "too old"],
)
def test_a_handshake_that_fails_is_told_to_old_and_new_programs(
    own: ssl.PrivateCertificate,
    connecting: Any,
    kinds: tuple[type, ...],
    words: str,
    reactor: Reactor,
    drive: Drive,
) -> None:
    async def main() -> None:
        at_server, at_client = connect(reactor, server(own), connecting)
        reason = await at_client.lost
        for kind in kinds:
            assert isinstance(reason, kind)
        assert words in str(reason)
        assert isinstance(await at_server.lost, ConnectionError)
        assert at_client.told == at_server.told == ["made", "lost"]

    drive(main)


def test_an_error_of_openssl_keeps_what_openssl_said(
    reactor: Reactor, drive: Drive
) -> None:
    untrusted = server(owned(selfSigned("localhost")))

    async def main() -> None:
        at_server, at_client = connect(reactor, untrusted, client())
        reason: Any = await at_client.lost
        assert reason.args == ([("SSL routines", "", "certificate verify failed")],)
        assert (
            reason.verify_code
            == SSL.X509VerificationCodes.ERR_SELF_SIGNED_CERT_IN_CHAIN
            or (
                reason.verify_code
                == SSL.X509VerificationCodes.ERR_DEPTH_ZERO_SELF_SIGNED_CERT
            )
        )
        reason = await at_server.lost
        assert isinstance(reason, errors.PeerVerifyError)
        assert Failure(reason).check(SSL.Error) is SSL.Error
        assert "does not accept our certificate: unknown ca" in str(reason)

    drive(main)


def test_a_client_must_show_its_certificate_if_the_server_says_so(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        serving = server(trustRoot=TRUSTED)
        at_server, at_client = connect(reactor, serving, client())
        assert isinstance(await at_client.lost, errors.PeerVerifyError)
        assert "did not return a certificate" in str(await at_server.lost)

    drive(main)


# Protocols


def test_no_protocol_in_common_ends_the_connection(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        serving = server(acceptableProtocols=[b"h2"])
        connecting = client(acceptableProtocols=[b"spdy"])
        at_server, at_client = connect(reactor, serving, connecting)
        assert "no application protocol" in str(await at_client.lost)
        assert "none of the protocols [b'spdy']" in str(await at_server.lost)

    drive(main)


@pytest.mark.parametrize("acceptable", [None, [b"h2"]])
def test_who_offers_none_is_served_without(
    acceptable: Any, reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        serving = server(acceptableProtocols=acceptable)
        _, at_client = connect(reactor, serving, client())
        await at_client.shaken
        assert at_client.transport.negotiatedProtocol is None

    drive(main)


def test_factories_that_share_options_speak_different_protocols(
    reactor: Reactor, drive: Drive
) -> None:
    serving = server()

    def listen(*acceptable: bytes) -> int:
        factory: Any = quiet(Noting())
        if acceptable:
            factory.acceptableProtocols = lambda: list(acceptable)
        port = reactor.listenSSL(0, factory, serving, interface="127.0.0.1")
        return port.getHost().port

    async def main() -> None:
        numbers = listen(b"h2", b"http/1.1"), listen(b"imap"), listen()
        for number, agreed in zip(numbers, (b"h2", b"imap", None), strict=True):
            factory: Any = Client(at_client := Noting())
            factory.acceptableProtocols = lambda: [b"imap", b"http/1.1", b"h2"]
            reactor.connectSSL("127.0.0.1", number, factory, client())
            await at_client.shaken
            assert at_client.transport.negotiatedProtocol == agreed

    drive(main)


def test_a_context_of_ones_own_agrees_on_the_factorys_protocols(
    reactor: Reactor, drive: Drive
) -> None:
    context = SSL.Context(SSL.TLS_METHOD)
    context.use_certificate(OWN.original.to_cryptography())
    key: Any = OWN.privateKey.original.to_cryptography_key()
    context.use_privatekey(key)
    at_server: Any = Noting()
    factory: Any = quiet(at_server)
    factory.acceptableProtocols = lambda: [b"h2"]

    async def main() -> None:
        for given in (context, Giving(context)):
            at_server.__init__()
            port = reactor.listenSSL(0, factory, given, interface="127.0.0.1")
            connecting = client(acceptableProtocols=[b"h2"])
            number = port.getHost().port
            at_client = Noting()
            reactor.connectSSL("127.0.0.1", number, Client(at_client), connecting)
            await at_client.shaken
            assert at_client.transport.negotiatedProtocol == b"h2"

    drive(main)


# What old programs give for options


class Giving:
    """A context factory that is nothing else."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self.asked = 0

    def getContext(self) -> Any:
        self.asked += 1
        return self.context


def test_a_context_factory_is_asked_for_each_connection(
    reactor: Reactor, drive: Drive
) -> None:
    serving = Giving(server().getContext())
    connecting = Giving(SSL.Context(SSL.TLS_METHOD))

    async def main() -> None:
        factory = Factory.forProtocol(Protocol)
        port = reactor.listenSSL(0, factory, serving, interface="127.0.0.1")
        before = serving.asked
        for _ in range(2):
            at_client = Noting()
            number = port.getHost().port
            reactor.connectSSL("127.0.0.1", number, Client(at_client), connecting)
            await at_client.shaken
        assert serving.asked == before + 2

    drive(main)


def test_a_context_of_the_standard_library_is_told_as_native_ones_are(
    reactor: Reactor, drive: Drive
) -> None:
    context = stdlib.create_default_context(cadata=AUTHORITY.pem.decode())

    async def main() -> None:
        _, at_client = connect(reactor, server(), Giving(context))
        await at_client.made
        assert isinstance(at_client.transport.getPeerCertificate(), tls.Certificate)

    # It verifies the name that is connected to.
    drive(main)


def test_callbacks_of_the_program_are_called(reactor: Reactor, drive: Drive) -> None:
    called: list[Any] = []

    class Own(ssl.ClientContextFactory):
        def getContext(self) -> SSL.Context:
            context = super().getContext()
            context.set_info_callback(self.informed)
            context.set_verify(SSL.VERIFY_PEER, self.verify)
            return context

        def informed(self, connection: SSL.Connection, where: int, ret: int) -> None:
            if where & SSL.SSL_CB_HANDSHAKE_START:
                connection.set_tlsext_host_name(b"asked.example")
            called.append(where)

        def verify(
            self, connection: Any, shown: crypto.X509, number: int, depth: int, ok: int
        ) -> bool:
            called.append(("verify", ssl.Certificate(shown) == OWN))
            return True

    async def main() -> None:
        at_server, at_client = connect(reactor, server(), Own())
        await at_client.shaken
        await at_server.shaken
        assert ("verify", True) in called
        assert SSL.SSL_CB_HANDSHAKE_DONE in called
        assert at_server.transport.getHandle().get_servername() == b"asked.example"

    drive(main)


def test_what_a_verify_callback_raises_is_the_reason(
    reactor: Reactor, drive: Drive
) -> None:
    context = SSL.Context(SSL.TLS_METHOD)

    def verify(*of_no_matter: Any) -> bool:
        raise LookupError("not in the list")

    context.set_verify(SSL.VERIFY_PEER, verify)

    async def main() -> None:
        _, at_client = connect(reactor, server(), context)
        reason = await at_client.lost
        assert isinstance(reason, LookupError)
        assert isinstance(reason, errors.SSLError)
        assert "LookupError: not in the list" in str(reason)

    drive(main)


def test_a_maker_of_connections_may_refuse_the_other_side(
    reactor: Reactor, drive: Drive
) -> None:
    @implementer(IOpenSSLClientConnectionCreator)
    class Own:
        def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:
            connection = SSL.Connection(SSL.Context(SSL.TLS_METHOD), None)
            connection.set_app_data(tlsProtocol)
            connection.set_info_callback(self.informed)
            return connection

        def informed(self, connection: SSL.Connection, where: int, ret: int) -> None:
            if where & SSL.SSL_CB_HANDSHAKE_DONE:
                refused = Failure(LookupError("not in the list"))
                connection.get_app_data().failVerification(refused)

    async def main() -> None:
        at_server, at_client = connect(reactor, server(), Own())
        at_client.made.addCallback(lambda made: made.transport.write(b"a secret"))
        assert isinstance(await at_client.lost, LookupError)
        # The server has not seen the end of the handshake, and nothing beyond.
        assert isinstance(await at_server.lost, errors.ConnectionLost)
        assert at_server.told == ["made", "lost"]
        assert at_server.data == b""

    drive(main)


def test_a_maker_of_connections_is_for_its_own_side(reactor: Reactor) -> None:
    @implementer(IOpenSSLServerConnectionCreator)
    class Serving:
        def serverConnectionForTLS(self, tlsProtocol: Any) -> Any:
            raise AssertionError("it is not asked")

    with pytest.raises(TypeError, match="makes no connections for the client's side"):
        reactor.connectSSL("127.0.0.1", 1, Client(Noting()), Serving())
    with pytest.raises(TypeError, match="makes no connections for the server's side"):
        reactor.listenSSL(0, quiet(Noting()), client())


def test_what_gives_no_context_is_told_at_once(reactor: Reactor) -> None:
    with pytest.raises(TypeError, match="neither TLS options nor"):
        reactor.listenSSL(0, quiet(Noting()), Giving("none"))


def test_what_gives_no_context_any_more_ends_the_attempt(
    reactor: Reactor, drive: Drive
) -> None:
    class Once(Giving):
        def getContext(self) -> Any:
            context = super().getContext()
            if self.asked > 1:
                raise LookupError("no more")
            return context

    async def main() -> None:
        port = reactor.listenSSL(0, quiet(Noting()), server(), interface="127.0.0.1")
        attempt = Client(Noting())
        once = Once(SSL.Context(SSL.TLS_METHOD))
        reactor.connectSSL("127.0.0.1", port.getHost().port, attempt, once)
        reason = await attempt.failed
        assert isinstance(reason, LookupError)
        assert isinstance(reason, errors.SSLError)

    drive(main)


# Names


def test_a_server_chooses_its_context_by_the_name_asked_for(
    reactor: Reactor, drive: Drive
) -> None:
    other = server(owned(AUTHORITY.issue("other.example")))
    asked: list[bytes | None] = []

    def choose(name: bytes | None) -> SSL.Context | None:
        asked.append(name)
        return other.getContext() if name == b"other.example" else None

    async def main() -> None:
        serving = server(contextForServerName=choose)
        for name in ("localhost", "other.example"):
            _, at_client = connect(reactor, serving, client(name))
            await at_client.shaken
        assert asked == [b"localhost", b"other.example"]

    drive(main)


def test_a_choice_that_fails_is_logged_and_ends_the_connection(
    reactor: Reactor, drive: Drive, logged: list[dict[str, Any]]
) -> None:
    def choose(name: bytes | None) -> SSL.Context | None:
        raise LookupError("no such name")

    async def main() -> None:
        serving = server(contextForServerName=choose)
        at_server, at_client = connect(reactor, serving, client())
        assert isinstance(await at_server.lost, errors.ConnectionLost)
        assert isinstance(await at_client.lost, errors.ConnectionLost)

    drive(main)
    failures = [event["failure"].value for event in logged if event["isError"]]
    assert [str(failure) for failure in failures] == ["no such name"]


# Bytes


def test_much_is_carried_whole_in_both_directions(
    reactor: Reactor, drive: Drive
) -> None:
    much = bytes(range(256)) * 8192

    class Echo(Protocol):
        transport: Any

        def dataReceived(self, data: bytes) -> None:
            self.transport.write(data)

    class Counting(Noting):
        def dataReceived(self, data: bytes) -> None:
            self.data += data
            if len(self.data) == len(much):
                self.came.callback(self.data)

    async def main() -> None:
        port = reactor.listenSSL(0, quiet(Echo()), server(), interface="127.0.0.1")
        at_client = Counting()
        reactor.connectSSL(
            "127.0.0.1", port.getHost().port, Client(at_client), client()
        )
        await at_client.made
        at_client.transport.write(much)
        assert await at_client.came == much
        at_client.transport.loseConnection()
        assert isinstance(await at_client.lost, errors.ConnectionDone)

    drive(main)


def test_what_is_written_is_bytes(reactor: Reactor, drive: Drive) -> None:
    async def main() -> None:
        _, at_client = connect(reactor, server(), client())
        await at_client.made
        with pytest.raises(TypeError):
            at_client.transport.write("text")
        await at_client.shaken
        with pytest.raises(TypeError):
            at_client.transport.write("text")
        at_client.transport.write(bytearray(b"bytes"))

    drive(main)


def test_bytes_that_are_no_tls_are_an_error_of_openssl(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        at_server, at_client = connect(reactor, server(), client())
        await at_client.shaken
        await at_server.shaken
        with at_server.transport.socket.dup() as below:
            below.send(b"this is no record of TLS")
        reason = await at_client.lost
        assert isinstance(reason, SSL.Error)
        assert isinstance(reason, errors.SSLError)

    drive(main)


def test_a_client_that_speaks_no_tls_is_lost(reactor: Reactor, drive: Drive) -> None:
    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        port = reactor.listenSSL(0, quiet(at_server), server(), interface="127.0.0.1")
        reactor.connectTCP("127.0.0.1", port.getHost().port, Client(at_client))
        await at_client.made
        at_client.transport.write(b"GET / HTTP/1.0\r\n\r\n")
        assert isinstance(await at_server.lost, SSL.Error)

    drive(main)


def test_a_record_may_come_byte_by_byte() -> None:
    """Without a reactor: what is moved between the buffers is moved a record at a time."""
    options: Any = tls.optionsFor(server(), True)
    incoming, outgoing = stdlib.MemoryBIO(), stdlib.MemoryBIO()
    ours = options.begin(incoming, outgoing)
    context = stdlib.create_default_context(cadata=AUTHORITY.pem.decode())
    back, forth = stdlib.MemoryBIO(), stdlib.MemoryBIO()
    theirs = context.wrap_bio(back, forth, server_hostname="localhost")

    def step(go: Callable[[], Any]) -> Any:
        try:
            return go()
        except stdlib.SSLWantReadError:
            return None

    for _ in range(4):
        step(theirs.do_handshake)
        for byte in forth.read():
            incoming.write(bytes([byte]))
            step(ours.do_handshake)
        back.write(outgoing.read())
    theirs.write(b"one")
    theirs.write(b"two")
    got = []
    for byte in forth.read():
        incoming.write(bytes([byte]))
        got.append(step(lambda: ours.read(16384)))
    assert [each for each in got if each] == [b"one", b"two"]
    # Two records at once are read one at a time, and the engine knows of the second.
    theirs.write(b"three")
    theirs.write(b"four")
    incoming.write(forth.read())
    assert ours.read(16384) == b"three"
    assert incoming.pending
    assert ours.read(16384) == b"four"
    assert not incoming.pending
