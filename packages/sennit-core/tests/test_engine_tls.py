"""TLS on a reactor: from the start, in the middle of a connection, and when it fails."""

from __future__ import annotations

import array
import asyncio
import gc
import os
import socket
import ssl
import sys
import weakref
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from zope.interface.verify import verifyObject

from sennit.core import endpoints, errors, interfaces, tls
from sennit.core.defer import Deferred
from sennit.core.engine import Connection, Reactor, SecureConnection, newLoop
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory, Factory, Protocol, connectionDone
from sennit.core.testing import (
    TRANSPORT_CHECKS,
    CertificateAuthority,
    ReactorPair,
    TransportPair,
    selfSigned,
)

AUTHORITY = CertificateAuthority()
LOCALHOST = AUTHORITY.issue("localhost", "127.0.0.1")

Drive = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


def server(**more: Any) -> tls.ServerOptions:
    return tls.serverOptions(LOCALHOST, **more)


def client(hostname: str = "localhost", **more: Any) -> tls.ClientOptions:
    return tls.clientOptions(hostname, **{"trustRoot": AUTHORITY.pem, **more})


class TLSPair(ReactorPair):
    """Connects over TLS."""

    def connect(self, server_: Protocol, client_: Protocol) -> None:
        factory = quiet(server_)
        port = self._reactor.listenSSL(0, factory, server(), interface="127.0.0.1")
        number = port.getHost().port
        self._reactor.connectSSL("127.0.0.1", number, Client(client_), client())


class UpgradedPair(ReactorPair):
    """Connects in the open, and goes over to TLS before anybody writes."""

    def connect(self, server_: Protocol, client_: Protocol) -> None:
        def upgrading(protocol: Protocol, options: Any) -> Protocol:
            class Upgrading(Protocol):
                def connectionMade(self) -> None:
                    transport: Any = self.transport
                    transport.protocol = protocol
                    transport.startTLS(options)
                    protocol.makeConnection(transport)

            return Upgrading()

        factory = quiet(upgrading(server_, server()))
        port = self._reactor.listenTCP(0, factory, interface="127.0.0.1")
        number = port.getHost().port
        self._reactor.connectTCP(
            "127.0.0.1", number, Client(upgrading(client_, client()))
        )


class Client(ClientFactory):
    """Connects one protocol; what went wrong is told to it as its end."""

    noisy = False

    def __init__(self, protocol: Protocol) -> None:
        self.only = protocol
        self.failed: Deferred[BaseException] = Deferred()

    def buildProtocol(self, addr: object) -> Protocol:
        return self.only

    def clientConnectionFailed(self, connector: object, reason: Failure) -> None:
        self.failed.callback(reason.value)


class Noting(Protocol):
    """Notes what it is told, and tells who waits."""

    transport: Any

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.made: Deferred[Noting] = Deferred()
        self.shaken: Deferred[Noting] = Deferred()
        self.lost: Deferred[BaseException] = Deferred()
        self.data = b""
        self._wanted: tuple[bytes, Deferred[bytes]] | None = None

    def connectionMade(self) -> None:
        self.told.append("made")
        self.made.callback(self)

    def handshakeCompleted(self) -> None:
        self.told.append("shaken")
        self.shaken.callback(self)

    def dataReceived(self, data: bytes) -> None:
        self.data += data
        if self._wanted is not None and self._wanted[0] in self.data:
            found, self._wanted = self._wanted[1], None
            found.callback(self.data)

    def until(self, piece: bytes) -> Deferred[bytes]:
        """Fires when *piece* has come."""
        found: Deferred[bytes] = Deferred()
        if piece in self.data:
            found.callback(self.data)
        else:
            self._wanted = (piece, found)
        return found

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.told.append("lost")
        self.lost.callback(reason.value)


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


@pytest.mark.parametrize("check", TRANSPORT_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("pair", [TLSPair, UpgradedPair])
def test_tls_keeps_the_contract_of_transports(
    check: Callable[[Callable[[], TransportPair]], None],
    pair: type[ReactorPair],
    loops: Callable[[], Reactor],
) -> None:
    check(lambda: pair(loops()))


class WrappedPair(ReactorPair):
    """Connects by endpoints with TLS laid over them, in TLS over TCP."""

    def connect(self, server_: Protocol, client_: Protocol) -> None:
        below = endpoints.SSL4ServerEndpoint(
            self._reactor, 0, server(), interface="127.0.0.1"
        )
        listening = endpoints.wrapServerTLS(server(), below).listen(quiet(server_))

        def listens(port: Any) -> Deferred[Any]:
            number = port.getHost().port
            over = endpoints.SSL4ClientEndpoint(
                self._reactor, "127.0.0.1", number, client()
            )
            return endpoints.connectProtocol(
                endpoints.wrapClientTLS(client(), over), client_
            )

        listening.addCallback(listens)


@pytest.mark.parametrize("check", TRANSPORT_CHECKS, ids=lambda check: check.__name__)
def test_tls_over_tls_keeps_the_contract_of_transports(
    check: Callable[[Callable[[], TransportPair]], None],
    loops: Callable[[], Reactor],
) -> None:
    check(lambda: WrappedPair(loops()))


def listen(reactor: Reactor, protocol: Protocol, options: Any) -> int:
    port = reactor.listenSSL(0, quiet(protocol), options, interface="127.0.0.1")
    return port.getHost().port


async def failure_of(
    reactor: Reactor, number: int, options: Any, timeout: float = 30
) -> BaseException:
    """What connecting comes to, which must be an error."""
    attempt = Client(Noting())
    reactor.connectSSL("127.0.0.1", number, attempt, options, timeout)
    return await attempt.failed


# Who they are


def test_both_know_each_other_and_the_protocol_when_the_connection_is_made(
    reactor: Reactor, drive: Drive
) -> None:
    ours = AUTHORITY.issue("somebody")
    speaks = server(trustRoot=AUTHORITY.pem, acceptableProtocols=[b"b", b"a"])
    knows = client(certificate=ours, acceptableProtocols=[b"a", b"b", b"c"])

    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        number = listen(reactor, at_server, speaks)
        reactor.connectSSL("127.0.0.1", number, Client(at_client), knows)
        await at_client.shaken
        await at_server.shaken
        assert at_client.told == at_server.told == ["made", "shaken"]
        seen = at_client.transport.getPeerCertificate()
        assert seen.commonName == "localhost"
        assert seen.pem.encode() in LOCALHOST
        assert at_server.transport.getPeerCertificate().commonName == "somebody"
        assert at_client.transport.negotiatedProtocol == b"b"
        assert at_server.transport.negotiatedProtocol == b"b"
        assert at_server.transport.TLS
        window: Any = interfaces
        assert verifyObject(window.INegotiated, at_server.transport)

    drive(main)


def test_a_factory_says_which_protocols_it_speaks(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        factory: Any = quiet(at_server)
        factory.acceptableProtocols = lambda: [b"h2", b"http/1.1"]
        port = reactor.listenSSL(0, factory, server(), interface="127.0.0.1")
        offers = client(acceptableProtocols=[b"http/1.1"])
        number = port.getHost().port
        reactor.connectSSL("127.0.0.1", number, Client(at_client), offers)
        await at_client.made
        assert at_client.transport.negotiatedProtocol == b"http/1.1"

    drive(main)


def test_who_shows_no_certificate_and_agrees_on_nothing_is_none(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        number = listen(reactor, at_server, server())
        reactor.connectSSL("127.0.0.1", number, Client(at_client), client())
        await at_server.made
        assert at_server.transport.getPeerCertificate() is None
        assert at_server.transport.negotiatedProtocol is None

    drive(main)


def test_a_context_of_the_standard_library_is_taken_as_it_is(
    reactor: Reactor, drive: Drive
) -> None:
    context = ssl.create_default_context(cadata=AUTHORITY.pem.decode())

    class Old:
        def getContext(self) -> ssl.SSLContext:
            return context

    async def main() -> None:
        number = listen(reactor, Noting(), server().context)
        for given in (context, Old()):
            at_client = Noting()
            reactor.connectSSL("127.0.0.1", number, Client(at_client), given)
            await at_client.made
            break

    drive(main)


def test_options_for_the_other_side_are_a_type_error(reactor: Reactor) -> None:
    for call, wrong in (
        (lambda o: reactor.listenSSL(0, quiet(Noting()), o), client()),
        (lambda o: reactor.connectSSL("a", 1, Client(Noting()), o), server()),
        (lambda o: reactor.listenSSL(0, quiet(Noting()), o), "cert.pem"),
    ):
        with pytest.raises(TypeError):
            call(wrong)


# Going over


def test_what_is_written_around_start_tls_arrives_in_order(
    reactor: Reactor, drive: Drive
) -> None:
    much = b"0123456789abcdef" * 50_000

    async def main() -> None:
        class Server(Noting):
            def dataReceived(self, data: bytes) -> None:
                super().dataReceived(data)
                if self.data == b"please":
                    self.transport.write(b"go on")
                    self.transport.startTLS(server())
                    self.transport.write(much)
                    self.transport.write(b"end")

        at_server, at_client = Server(), Noting()
        port = reactor.listenTCP(0, quiet(at_server), interface="127.0.0.1")
        number = port.getHost().port
        reactor.connectTCP("127.0.0.1", number, Client(at_client))
        await at_client.made
        at_client.transport.write(b"please")
        await at_client.until(b"go on")
        at_client.transport.startTLS(client())
        at_client.transport.write(b"thanks")
        assert await at_client.until(b"end") == b"go on" + much + b"end"
        assert await at_server.until(b"thanks") == b"pleasethanks"
        assert at_client.told == ["made", "shaken"]
        at_client.transport.loseConnection()
        reason = await at_server.lost
        assert isinstance(reason, errors.ConnectionDone)

    drive(main)


def test_tls_that_came_with_the_request_for_it_is_read_as_tls(
    reactor: Reactor, drive: Drive
) -> None:
    """A client that does not wait for the answer sends its first step at once."""

    async def main() -> None:
        class Lines(Noting):
            rest = b""

            def dataReceived(self, data: bytes) -> None:
                line, _, self.rest = data.partition(b"\r\n")
                if line == b"STARTTLS":
                    self.transport.startTLS(server())
                else:
                    super().dataReceived(data)

            def clearLineBuffer(self) -> bytes:
                rest, self.rest = self.rest, b""
                return rest

        at_server, at_client = Lines(), Noting()
        port = reactor.listenTCP(0, quiet(at_server), interface="127.0.0.1")
        number = port.getHost().port
        reactor.connectTCP("127.0.0.1", number, Client(at_client))
        await at_client.made
        at_client.transport.write(b"STARTTLS\r\n")
        at_client.transport.startTLS(client())
        at_client.transport.write(b"secret")
        assert await at_server.until(b"secret") == b"secret"

    drive(main)


def test_start_tls_after_the_end_does_nothing(reactor: Reactor, drive: Drive) -> None:
    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        port = reactor.listenTCP(0, quiet(at_server), interface="127.0.0.1")
        number = port.getHost().port
        reactor.connectTCP("127.0.0.1", number, Client(at_client))
        await at_client.made
        at_client.transport.loseConnection()
        at_client.transport.startTLS(client())
        reason = await at_client.lost
        assert isinstance(reason, errors.ConnectionDone)
        at_client.transport.startTLS(client())

    drive(main)


def test_a_connection_in_the_open_becomes_a_secure_one_in_place(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        port = reactor.listenTCP(0, quiet(at_server), interface="127.0.0.1")
        number = port.getHost().port
        reactor.connectTCP("127.0.0.1", number, Client(at_client))
        await at_client.made
        await at_server.made
        transport = at_client.transport
        assert isinstance(transport, Connection)
        assert not transport.TLS
        window: Any = interfaces
        assert verifyObject(window.ITLSTransport, transport)
        assert not window.ISSLTransport.providedBy(transport)
        transport.startTLS(client())
        at_server.transport.startTLS(server())
        await at_client.shaken
        assert at_client.transport is transport
        assert isinstance(transport, SecureConnection)
        assert verifyObject(window.ISSLTransport, transport)

    drive(main)


# Ends


def cut(transport: Any) -> None:
    """Close the socket below, without a word of TLS's."""
    with transport.socket.dup() as below:
        below.shutdown(socket.SHUT_WR)


def test_an_end_without_close_notify_is_a_truncation(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        number = listen(reactor, at_server, server())
        reactor.connectSSL("127.0.0.1", number, Client(at_client), client())
        await at_client.made
        await at_server.made
        cut(at_server.transport)
        reason = await at_client.lost
        assert isinstance(reason, errors.ConnectionTruncated)

    drive(main)


def test_closing_while_the_other_side_writes_loses_nothing_of_ours(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        class Chatter(Noting):
            def connectionMade(self) -> None:
                super().connectionMade()
                self.transport.write(b"x" * 300_000)

        at_server, at_client = Chatter(), Noting()
        number = listen(reactor, at_server, server())
        reactor.connectSSL("127.0.0.1", number, Client(at_client), client())
        await at_client.made
        at_client.transport.write(b"y" * 300_000)
        at_client.transport.loseConnection()
        for each in (await at_client.lost, await at_server.lost):
            assert isinstance(each, errors.ConnectionDone)
        assert at_server.data == b"y" * 300_000

    drive(main)


def test_who_never_agrees_to_close_is_waited_for_in_vain_no_longer_than_said(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        number = listen(reactor, at_server, server())
        reactor.connectSSL(
            "127.0.0.1", number, Client(at_client), client(shutdownTimeout=0.05)
        )
        await at_client.made
        await at_server.made
        at_server.transport.pauseProducing()
        at_client.transport.loseConnection()
        reason = await at_client.lost
        assert isinstance(reason, errors.ConnectionDone)

    drive(main)


def test_bytes_that_are_no_tls_end_the_connection_by_name(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        number = listen(reactor, at_server, server())
        reactor.connectSSL("127.0.0.1", number, Client(at_client), client())
        await at_client.made
        await at_server.made
        with at_server.transport.socket.dup() as below:
            below.send(b"this is no record of TLS")
        reason = await at_client.lost
        assert isinstance(reason, errors.SSLError)
        assert isinstance(reason, ssl.SSLError)

    drive(main)


def test_a_protocol_that_fails_ends_its_own_connection_only(
    reactor: Reactor, drive: Drive, logged: list[dict[str, Any]]
) -> None:
    async def main() -> None:
        class Failing(Noting):
            def dataReceived(self, data: bytes) -> None:
                raise ValueError("not today")

        at_server, at_client = Failing(), Noting()
        number = listen(reactor, at_server, server())
        reactor.connectSSL("127.0.0.1", number, Client(at_client), client())
        await at_client.made
        at_client.transport.write(b"now")
        reason = await at_server.lost
        assert isinstance(reason, ValueError)
        await at_client.lost

    drive(main)
    assert [str(e["failure"].value) for e in logged if e["isError"]] == ["not today"]


# Handshakes that fail


@pytest.mark.parametrize(
    ("certificate", "options", "words"),
    [
        (AUTHORITY.issue("elsewhere"), client(), "not valid for 'localhost'"),
        (AUTHORITY.issue("localhost", days=-1), client(), "expired"),
        (selfSigned("localhost"), client(), "self-signed"),
        (LOCALHOST, client("127.0.0.2"), "IP address mismatch"),
        (
            CertificateAuthority("another").issue("localhost"),
            client(),
            "unable to get local issuer",
        ),
    ],
    ids=["wrong host", "expired", "self-signed", "wrong address", "unknown issuer"],
)
def test_a_certificate_that_is_not_good_is_a_verify_error(
    certificate: bytes,
    options: tls.ClientOptions,
    words: str,
    reactor: Reactor,
    drive: Drive,
    logged: list[dict[str, Any]],
) -> None:
    async def main() -> None:
        at_server = Noting()
        number = listen(reactor, at_server, tls.serverOptions(certificate))
        error = await failure_of(reactor, number, options)
        assert isinstance(error, errors.VerifyError)
        assert isinstance(error, ssl.SSLCertVerificationError)
        assert words in str(error)
        assert at_server.told == []

    drive(main)


def test_the_server_logs_who_does_not_trust_it(
    reactor: Reactor, drive: Drive, logged: list[dict[str, Any]]
) -> None:
    async def main() -> None:
        number = listen(reactor, Noting(), tls.serverOptions(selfSigned("localhost")))
        await failure_of(reactor, number, client())
        while not any("no TLS with" in str(e["message"]) for e in logged):
            await asyncio.sleep(0.001)

    drive(main)
    told = next(e["message"][0] for e in logged if "no TLS" in str(e["message"]))
    assert "127.0.0.1" in told
    assert "does not accept our certificate: unknown ca" in told


def test_a_client_without_the_certificate_asked_for_is_told(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        at_client = Noting()
        number = listen(reactor, Noting(), server(trustRoot=AUTHORITY.pem))
        factory = Client(at_client)
        reactor.connectSSL("127.0.0.1", number, factory, client())
        # In TLS 1.3 the client's handshake is done before the server says no.
        reason = await at_client.lost
        assert isinstance(reason, errors.PeerVerifyError)
        assert "certificate required" in str(reason)

    drive(main)


def test_a_handshake_that_is_cut_off_is_an_ssl_error(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        class Rude(Protocol):
            def dataReceived(self, data: bytes) -> None:
                self.transport.loseConnection()

        port = reactor.listenTCP(0, quiet(Rude()), interface="127.0.0.1")
        error = await failure_of(reactor, port.getHost().port, client())
        assert isinstance(error, errors.SSLError)
        assert "hung up in the handshake" in str(error)

    drive(main)


def test_a_reset_in_the_handshake_is_an_ssl_error(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        class Rude(Protocol):
            transport: Any

            def dataReceived(self, data: bytes) -> None:
                self.transport.abortConnection()

        port = reactor.listenTCP(0, quiet(Rude()), interface="127.0.0.1")
        error = await failure_of(reactor, port.getHost().port, client())
        assert isinstance(error, errors.SSLError)
        assert isinstance(error.__cause__, ConnectionResetError)

    drive(main)


def test_a_server_that_speaks_no_tls_is_an_ssl_error(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        class Greeting(Protocol):
            def connectionMade(self) -> None:
                self.transport.write(b"220 hello\r\n")

        port = reactor.listenTCP(0, quiet(Greeting()), interface="127.0.0.1")
        error = await failure_of(reactor, port.getHost().port, client())
        assert type(error) is errors.SSLError

    drive(main)


def test_a_handshake_that_takes_too_long_is_a_timeout_on_either_side(
    reactor: Reactor, drive: Drive, logged: list[dict[str, Any]]
) -> None:
    async def main() -> None:
        silent = Noting()
        port = reactor.listenTCP(0, quiet(silent), interface="127.0.0.1")
        number = port.getHost().port
        error = await failure_of(reactor, number, client(handshakeTimeout=0.05))
        assert isinstance(error, TimeoutError)
        number = listen(reactor, Noting(), server(handshakeTimeout=0.05))
        reactor.connectTCP("127.0.0.1", number, Client(slow := Noting()))
        await slow.lost

    drive(main)
    assert "no TLS handshake in 0.05 s" in str([e["message"] for e in logged])


def test_the_connectors_own_timeout_includes_the_handshake(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        silent = Noting()
        port = reactor.listenTCP(0, quiet(silent), interface="127.0.0.1")
        number = port.getHost().port
        error = await failure_of(reactor, number, client(), timeout=0.05)
        assert isinstance(error, errors.TimeoutError)
        await silent.lost

    drive(main)


def test_an_attempt_may_be_given_up_in_the_handshake(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        silent = Noting()
        port = reactor.listenTCP(0, quiet(silent), interface="127.0.0.1")
        number = port.getHost().port
        for endpoint in (
            endpoints.SSL4ClientEndpoint(reactor, "127.0.0.1", number, client()),
            endpoints.wrapClientTLS(
                client(), endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", number)
            ),
        ):
            silent.__init__()  # type: ignore[misc]
            connecting = endpoints.connectProtocol(endpoint, Noting())
            await silent.until(b"\x16\x03")  # a handshake's record, of any version
            connecting.cancel()
            with pytest.raises(errors.ConnectingCancelledError):
                await connecting
            await silent.lost

    drive(main)


def test_an_endpoint_over_another_fails_as_tls_does(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        number = listen(reactor, Noting(), tls.serverOptions(selfSigned("localhost")))
        below = endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", number)
        endpoint = endpoints.wrapClientTLS(client(), below)
        with pytest.raises(errors.VerifyError):
            await endpoints.connectProtocol(endpoint, Noting())

    drive(main)


def test_a_reactor_that_stops_gives_up_handshakes(
    reactor: Reactor, drive: Drive, logged: list[dict[str, Any]]
) -> None:
    waiting = socket.create_server(("127.0.0.1", 0))
    ours = socket.socket()

    async def main() -> None:
        loop = asyncio.get_running_loop()
        port = listen(reactor, Noting(), server())
        ours.connect(("127.0.0.1", port))
        number = waiting.getsockname()[1]
        reactor.connectSSL("127.0.0.1", number, Client(Noting()), client())
        waiting.setblocking(False)
        theirs, _ = await loop.sock_accept(waiting)
        with theirs:
            assert await loop.sock_recv(theirs, 1) == b"\x16"

    with waiting, ours:
        drive(main)
        ours.settimeout(5)
        assert ours.recv(1) == b""
    told = [str(e["message"]) for e in logged]
    assert any("no TLS with" in each for each in told), told


# Names


def test_the_certificate_is_chosen_by_the_name_asked_for(
    reactor: Reactor, drive: Drive
) -> None:
    def named(*names: str) -> tls.ServerOptions:
        return tls.serverOptions(AUTHORITY.issue(*names))

    options = tls.byServerName(
        named("localhost"),
        {"a.example": named("a.example"), "*.b.example": named("*.b.example")},
    )

    async def main() -> None:
        number = listen(reactor, Noting(), options)
        for asked, shown in (
            ("localhost", "localhost"),
            ("a.example", "a.example"),
            ("x.b.example", "*.b.example"),
            ("A.EXAMPLE", "a.example"),
        ):
            options_ = client(asked)
            at_client = Noting()
            reactor.connectSSL("127.0.0.1", number, Client(at_client), options_)
            await at_client.made
            seen = at_client.transport.getPeerCertificate().commonName
            assert seen == shown
        error = await failure_of(reactor, number, client("y.x.b.example"))
        assert isinstance(error, errors.VerifyError)

    drive(main)


def test_names_offer_what_the_factory_speaks(reactor: Reactor, drive: Drive) -> None:
    def named(*names: str) -> tls.ServerOptions:
        return tls.serverOptions(AUTHORITY.issue(*names))

    own = named("own.example")
    own.offer([b"own"])
    options = tls.byServerName(
        named("localhost"), {"a.example": named("a.example"), "own.example": own}
    )

    async def main() -> None:
        factory: Any = quiet(Noting())
        factory.acceptableProtocols = lambda: [b"h2"]
        port = reactor.listenSSL(0, factory, options, interface="127.0.0.1")
        for name, agreed in (
            ("localhost", b"h2"),
            ("a.example", b"h2"),
            ("own.example", b"own"),
        ):
            factory.protocol = Noting
            knows = client(name, acceptableProtocols=[b"h2", b"own"])
            at_client = Noting()
            number = port.getHost().port
            reactor.connectSSL("127.0.0.1", number, Client(at_client), knows)
            await at_client.made
            assert at_client.transport.negotiatedProtocol == agreed

    drive(main)


# Each state, and what may come in it


async def connected(
    reactor: Reactor, at_server: Noting, at_client: Noting, **patience: Any
) -> None:
    """Connect two protocols over TLS."""
    number = listen(reactor, at_server, server(**patience))
    reactor.connectSSL("127.0.0.1", number, Client(at_client), client(**patience))
    await at_client.shaken
    await at_server.shaken


async def connected_in_the_open(
    reactor: Reactor, at_server: Noting, at_client: Noting
) -> None:
    """Connect two protocols over TCP."""
    port = reactor.listenTCP(0, quiet(at_server), interface="127.0.0.1")
    reactor.connectTCP("127.0.0.1", port.getHost().port, Client(at_client))
    await at_client.made
    await at_server.made


class Half(Noting):
    """Goes on when the other side is through."""

    def readConnectionLost(self) -> None:
        self.told.append("theirs ended")

    def writeConnectionLost(self) -> None:
        self.told.append("ours ended")


@pytest.mark.parametrize("wrong", ["text", "", 5, None])
def test_what_is_no_bytes_is_a_type_error_in_every_state(
    wrong: Any, reactor: Reactor, drive: Drive
) -> None:
    def refuses(transport: Any) -> None:
        with pytest.raises(TypeError):
            transport.write(wrong)
        with pytest.raises(TypeError):
            transport.writeSequence([b"", wrong])

    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        await connected_in_the_open(reactor, at_server, at_client)
        at_client.transport.startTLS(client())
        refuses(at_client.transport)
        at_server.transport.startTLS(server())
        await at_client.shaken
        refuses(at_client.transport)
        at_client.transport.write(b"whole")
        assert await at_server.until(b"whole") == b"whole"

    drive(main)


def test_every_kind_of_bytes_is_sent_as_it_was_when_written(
    reactor: Reactor, drive: Drive
) -> None:
    numbers = array.array("I", range(20_000))
    changing = bytearray(b"before")

    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        await connected_in_the_open(reactor, at_server, at_client)
        for transport, options in (
            (at_client.transport, client()),
            (at_server.transport, server()),
        ):
            transport.startTLS(options)
        for _ in range(2):  # before the handshake is done, and after
            changing[:] = b"before"
            at_client.transport.write(changing)
            changing[:] = b"after"
            at_client.transport.write(memoryview(numbers))
            at_client.transport.write(b"")
            await at_client.shaken
        at_client.transport.write(b"end")
        sent = b"before" + numbers.tobytes()
        assert await at_server.until(b"end") == sent + sent + b"end"

    drive(main)


def test_many_small_writes_before_the_handshake_take_no_time(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        await connected_in_the_open(reactor, at_server, at_client)
        at_client.transport.startTLS(client())
        for _ in range(100_000):
            at_client.transport.write(b"x")
        at_client.transport.write(b"end")
        at_server.transport.startTLS(server())
        assert await at_server.until(b"end") == b"x" * 100_000 + b"end"

    drive(main)


def test_before_the_handshake_nothing_is_agreed_on(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        await connected_in_the_open(reactor, at_server, at_client)
        at_client.transport.startTLS(client())
        assert at_client.transport.getPeerCertificate() is None
        assert at_client.transport.negotiatedProtocol is None

    drive(main)


def test_options_that_cannot_begin_end_the_connection_by_name(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    """A context that checks names, and nobody who knows one."""
    path = str(tmp_path / "socket")

    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        reactor.listenUNIX(path, quiet(at_server))
        reactor.connectUNIX(path, Client(at_client))
        await at_client.made
        at_client.transport.startTLS(client().context)
        reason = await at_client.lost
        assert isinstance(reason, errors.SSLError)
        assert "the context checks the host's name, which is not known" in str(reason)
        assert at_client.transport.getPeerCertificate() is None
        assert at_client.transport.negotiatedProtocol is None

    drive(main)


def test_a_context_without_a_name_verifies_the_host_connected_to(
    reactor: Reactor, drive: Drive
) -> None:
    elsewhere = tls.serverOptions(AUTHORITY.issue("elsewhere"))

    async def main() -> None:
        for options, good in ((server(), True), (elsewhere, False)):
            at_server, at_client = Noting(), Noting()
            await connected_in_the_open(reactor, at_server, at_client)
            at_client.transport.startTLS(client().context)
            at_server.transport.startTLS(options)
            if good:
                await at_client.shaken
            else:
                assert isinstance(await at_client.lost, errors.VerifyError)

    drive(main)


def test_tls_older_than_1_2_is_not_spoken(
    reactor: Reactor, drive: Drive, logged: list[dict[str, Any]]
) -> None:
    old = client().context
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1 is deprecated"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1

    async def main() -> None:
        number = listen(reactor, Noting(), server())
        error = await failure_of(reactor, number, old)
        assert isinstance(error, errors.SSLError)
        assert "protocol version" in str(error)

    drive(main)


def test_who_failed_in_being_connected_is_not_told_of_the_handshake(
    reactor: Reactor, drive: Drive, logged: list[dict[str, Any]]
) -> None:
    class Failing(Noting):
        def connectionMade(self) -> None:
            raise ValueError("not today")

    async def main() -> None:
        at_server = Failing()
        number = listen(reactor, at_server, server())
        reactor.connectSSL("127.0.0.1", number, Client(Noting()), client())
        await at_server.lost
        assert at_server.told == ["lost"]

    drive(main)


# Ends, on either side


def test_closing_in_connection_made_sends_what_was_written(
    reactor: Reactor, drive: Drive
) -> None:
    class Hello(Noting):
        def connectionMade(self) -> None:
            super().connectionMade()
            self.transport.write(b"hello" * 20_000)
            self.transport.loseConnection()

    async def main() -> None:
        at_server, at_client = Hello(), Noting()
        number = listen(reactor, at_server, server())
        reactor.connectSSL("127.0.0.1", number, Client(at_client), client())
        for each in (at_client, at_server):
            assert isinstance(await each.lost, errors.ConnectionDone)
        assert at_client.data == b"hello" * 20_000

    drive(main)


def test_what_is_written_after_our_end_is_dropped(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        at_server, at_client = Half(), Half()
        await connected(reactor, at_server, at_client)
        write = at_client.transport.write
        at_client.transport.loseWriteConnection()
        write(b"too late")
        at_server.transport.write(b"an answer")
        await at_client.until(b"an answer")
        assert at_server.data == b""
        assert "lost" not in at_client.told

    drive(main)


def test_their_end_is_told_once(reactor: Reactor, drive: Drive) -> None:
    class Resuming(Half):
        def dataReceived(self, data: bytes) -> None:
            self.transport.pauseProducing()
            self.transport.resumeProducing()
            super().dataReceived(data)

    async def main() -> None:
        at_server, at_client = Resuming(), Half()
        await connected(reactor, at_server, at_client)
        at_client.transport.write(b"the last")
        at_client.transport.loseWriteConnection()
        await at_server.until(b"the last")
        with at_client.transport.socket.dup() as below:
            for _ in range(3):
                below.send(b"\x17\x03\x03\x00\x20" + bytes(32))
                at_server.transport.write(b"here")
                await at_client.until(b"here")
                at_client.data = b""
        assert at_server.told == ["made", "shaken", "theirs ended"]

    drive(main)


def test_closing_gives_slow_readers_their_time(reactor: Reactor, drive: Drive) -> None:
    """Who takes something now and then gets it all, however long that takes."""
    size, portion = 24_000_000, 3_000_000

    class Much(Noting):
        def connectionMade(self) -> None:
            super().connectionMade()
            self.transport.write(bytes(size))
            self.transport.loseConnection()

    class Slow(Noting):
        received = 0
        rest = portion

        def dataReceived(self, data: bytes) -> None:
            self.received += len(data)
            self.rest -= len(data)
            if self.rest <= 0:
                self.rest = portion
                self.transport.pauseProducing()
                reactor.callLater(0.12, self.transport.resumeProducing)

    async def main() -> None:
        at_server, at_client = Much(), Slow()
        number = listen(reactor, at_server, server(shutdownTimeout=0.5))
        reactor.connectSSL("127.0.0.1", number, Client(at_client), client())
        for each in (at_client, at_server):
            assert isinstance(await each.lost, errors.ConnectionDone)
        assert at_client.received == size

    drive(main)


def test_closing_gives_up_on_who_takes_nothing_any_more(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        await connected(reactor, at_server, at_client, shutdownTimeout=0.05)
        at_client.transport.pauseProducing()
        at_server.transport.write(bytes(24_000_000))
        at_server.transport.loseConnection()
        reason = await at_server.lost
        assert isinstance(reason, errors.ConnectionLost)
        assert "has taken nothing for 0.05 s" in str(reason)

    drive(main)


def test_the_end_of_the_reactor_ends_handshakes(reactor: Reactor, drive: Drive) -> None:
    hello = ssl.MemoryBIO()
    begun = client().begin(ssl.MemoryBIO(), hello)
    with pytest.raises(ssl.SSLWantReadError):
        begun.do_handshake()

    async def main() -> socket.socket:
        number = listen(reactor, Noting(), server())
        silent = socket.create_connection(("127.0.0.1", number))
        silent.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(silent, hello.read())
        assert await loop.sock_recv(silent, 65536)
        return silent

    with drive(main) as silent:
        silent.settimeout(5)
        assert silent.recv(1) == b""


def test_connections_that_never_speak_cannot_take_all_descriptors(
    reactor: Reactor, drive: Drive, logged: list[dict[str, Any]]
) -> None:
    resource = pytest.importorskip("resource")
    used = len(os.listdir("/proc/self/fd"))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    async def main() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (used + 100, hard))
        number = listen(reactor, Noting(), server())
        silent = []
        try:
            # Each takes two descriptors, both ends being ours.
            for _ in range(40):
                silent.append(socket.create_connection(("127.0.0.1", number)))
                await asyncio.sleep(0.002)
            with open(os.devnull):
                pass  # there is one left for others
        finally:
            for each in silent:
                each.close()
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    drive(main)
    told = [e for e in logged if "out of file descriptors" in str(e["message"])]
    assert len(told) == 1


# TLS in TLS, and over what is no TCP


def test_tls_may_be_started_again_within_itself(reactor: Reactor, drive: Drive) -> None:
    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        await connected(reactor, at_server, at_client)
        for each in (at_server, at_client):
            each.shaken = Deferred()
        at_server.transport.startTLS(server())
        at_client.transport.startTLS(client())
        await at_client.shaken
        at_client.transport.write(b"deep within")
        assert await at_server.until(b"within") == b"deep within"
        at_client.transport.loseConnection()
        for each in (at_server, at_client):
            assert isinstance(await each.lost, errors.ConnectionDone)

    drive(main)


def test_a_connection_lost_in_its_second_handshake_is_let_go(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        await connected(reactor, at_server, at_client)
        at_client.transport.startTLS(client())
        at_server.transport.abortConnection()
        assert isinstance(await at_client.lost, errors.ConnectionLost)
        kept = weakref.ref(at_client.transport)
        del at_client
        await asyncio.sleep(0)  # until what has told us is through
        gc.collect()
        assert kept() is None

    drive(main)


def test_tls_over_ipv6(reactor: Reactor, drive: Drive) -> None:
    options = tls.serverOptions(AUTHORITY.issue("::1"))

    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        port = reactor.listenSSL(0, quiet(at_server), options, interface="::1")
        number = port.getHost().port
        reactor.connectSSL("::1", number, Client(at_client), client().context)
        await at_client.made
        at_client.transport.write(b"hello")
        await at_server.until(b"hello")
        assert at_server.transport.getPeer().host == "::1"

    drive(main)


def test_tls_over_a_unix_socket(reactor: Reactor, drive: Drive, tmp_path: Path) -> None:
    path = str(tmp_path / "socket")

    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        listens = endpoints.wrapServerTLS(
            server(), endpoints.UNIXServerEndpoint(reactor, path)
        )
        await listens.listen(quiet(at_server))
        connects = endpoints.wrapClientTLS(
            client(), endpoints.UNIXClientEndpoint(reactor, path)
        )
        await endpoints.connectProtocol(connects, at_client)
        at_client.transport.write(b"hello")
        await at_server.until(b"hello")
        at_server.transport.loseConnection()
        for each in (at_server, at_client):
            assert isinstance(await each.lost, errors.ConnectionDone)

    drive(main)


def test_a_unix_connection_goes_over_to_tls(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    path = str(tmp_path / "socket")

    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        reactor.listenUNIX(path, quiet(at_server))
        reactor.connectUNIX(path, Client(at_client))
        await at_client.made
        await at_server.made
        at_server.transport.startTLS(server())
        at_client.transport.startTLS(client())
        at_client.transport.write(b"hello")
        await at_server.until(b"hello")
        at_client.transport.loseConnection()
        for each in (at_server, at_client):
            assert isinstance(await each.lost, errors.ConnectionDone)

    drive(main)


# Passes on between its standard streams and a port, as ssh and nc do.
RELAY = """
import socket, sys, threading
there = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
def back():
    while data := there.recv(65536):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
threading.Thread(target=back).start()
while data := sys.stdin.buffer.read1(65536):
    there.sendall(data)
there.shutdown(socket.SHUT_WR)
"""


def test_tls_through_a_child_process(reactor: Reactor, drive: Drive) -> None:
    much = bytes(range(256)) * 2000

    class Echo(Noting):
        def dataReceived(self, data: bytes) -> None:
            self.transport.write(data)

    async def main() -> None:
        at_server, at_client = Echo(), Noting()
        number = listen(reactor, at_server, server())
        command = [sys.executable, "-c", RELAY, str(number)]
        below = endpoints.ProcessEndpoint(reactor, sys.executable, command)
        connects = endpoints.wrapClientTLS(client(), below)
        await endpoints.connectProtocol(connects, at_client)
        assert at_client.transport.getPeerCertificate().commonName == "localhost"
        at_client.transport.write(much)
        at_client.transport.write(b"end")
        assert await at_client.until(b"end") == much + b"end"
        at_client.transport.loseConnection()
        for each in (at_server, at_client):
            assert isinstance(await each.lost, errors.ConnectionDone)

    drive(main)


def test_a_context_that_checks_names_connects_to_nobody_over_another_endpoint(
    reactor: Reactor, drive: Drive
) -> None:
    """An endpoint does not tell the name of the host that it leads to."""

    async def main() -> None:
        number = listen(reactor, Noting(), server())
        below = endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", number)
        connects = endpoints.wrapClientTLS(client().context, below)
        with pytest.raises(errors.SSLError, match="which is not known here"):
            await endpoints.connectProtocol(connects, Noting())

    drive(main)


def test_endpoints_with_options_for_the_other_side_fail_when_used(
    reactor: Reactor, drive: Drive
) -> None:
    below = endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", 1)
    port = endpoints.TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1")

    async def main() -> None:
        for connects in (
            endpoints.wrapClientTLS(server(), below),
            endpoints.SSL4ClientEndpoint(reactor, "127.0.0.1", 1, server()),
        ):
            with pytest.raises(TypeError):
                await endpoints.connectProtocol(connects, Noting())
        for listens in (
            endpoints.wrapServerTLS(client(), port),
            endpoints.SSL4ServerEndpoint(reactor, 0, client()),
        ):
            with pytest.raises(TypeError):
                await listens.listen(quiet(Noting()))

    drive(main)


def test_a_connection_that_is_over_is_freed_at_once(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        number = listen(reactor, at_server, server())
        reactor.connectSSL("127.0.0.1", number, Client(at_client), client())
        await at_client.made
        gone = weakref.ref(at_client.transport)
        at_client.transport.loseConnection()
        await at_client.lost
        await at_server.lost
        at_client.transport = None
        turn: Deferred[None] = Deferred()
        reactor.callLater(0.01, turn.callback, None)
        await turn
        assert gone() is None

    gc.disable()
    try:
        drive(main)
    finally:
        gc.enable()


def test_what_openssl_holds_is_freed_with_the_connection(
    reactor: Reactor, drive: Drive, logged: list[dict[str, Any]]
) -> None:
    """Tens of KiB each, which the garbage collector sees as a few objects."""
    begun: list[weakref.ref[ssl.SSLObject]] = []

    class Watched(tls.ServerOptions):
        def begin(
            self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO
        ) -> ssl.SSLObject:
            made = super().begin(incoming, outgoing)
            begun.append(weakref.ref(made))
            return made

    async def main() -> None:
        at_server, at_client = Noting(), Noting()
        number = listen(reactor, at_server, Watched(server().context))
        reactor.connectSSL("127.0.0.1", number, Client(at_client), client())
        await at_client.made
        at_client.transport.loseConnection()
        await at_server.lost
        await failure_of(reactor, number, client("elsewhere"))
        while not any("no TLS with" in str(e["message"]) for e in logged):
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.01)  # until the loop has let go as well
        assert [watched() for watched in begun] == [None, None]

    gc.disable()
    try:
        drive(main)
    finally:
        gc.enable()
