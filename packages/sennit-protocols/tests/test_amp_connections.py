"""AMP over real connections: TLS, another protocol, descriptors of open files."""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from sennit.core import tls
from sennit.core.defer import Deferred, ensureDeferred
from sennit.core.engine import Reactor, newLoop
from sennit.core.errors import ConnectionDone, PeerVerifyError
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory, Factory, Protocol
from sennit.core.testing import CertificateAuthority
from sennit.protocols import amp
from sennit.protocols.amp._passing import Descriptors

AUTHORITY = CertificateAuthority()
SERVER = tls.serverOptions(AUTHORITY.issue("localhost"))
CLIENT = tls.clientOptions("localhost", trustRoot=AUTHORITY.pem)


@pytest.fixture(params=["asyncio", "uvloop"])
def reactor(request: pytest.FixtureRequest) -> Iterator[Reactor]:
    loop = newLoop(request.param)
    made = Reactor(loop)
    yield made
    made.close()
    loop.close()


# Seconds after which a test that hangs is given up.
PATIENCE = 10.0


def drive(reactor: Reactor, main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a coroutine on the reactor, from start to shutdown."""
    outcome: list[Any] = []

    def ended(result: Any) -> None:
        outcome.append(result)
        reactor.stop()

    def begin() -> None:
        ensureDeferred(main()).addTimeout(PATIENCE, reactor).addBoth(ended)

    reactor.callWhenRunning(begin)
    reactor.run(installSignalHandlers=False)
    if isinstance(outcome[0], Failure):
        outcome[0].raiseException()


class Echo(amp.Command):
    arguments = [("text", amp.Unicode())]
    response = [("text", amp.Unicode())]


class Refused(Exception):
    pass


class ToLines(amp.ProtocolSwitchCommand):
    arguments = [("name", amp.Unicode())]
    errors = {Refused: "REFUSED"}


class Give(amp.Command):
    arguments = [("file", amp.Descriptor()), ("other", amp.Descriptor())]
    response = [("said", amp.String())]


class Peer(amp.AMP):
    transport: Any
    certificate: Any = None

    @Echo.responder
    def echo(self, text: str) -> dict[str, str]:
        return {"text": text + ("" if self.peerCertificate is None else "!")}

    @amp.StartTLS.responder
    def secure(self) -> dict[str, Any]:
        return {"tls_localCertificate": self.certificate}

    @ToLines.responder
    def lines(self, name: str) -> Protocol:
        if name == "nobody":
            raise Refused("nobody")
        return Reversing()

    @Give.responder
    def give(self, file: int, other: int) -> dict[str, bytes]:
        with os.fdopen(file, "rb") as one, os.fdopen(other, "rb") as two:
            return {"said": one.read() + two.read()}


class Reversing(Protocol):
    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data[::-1])


class Collecting(Protocol):
    def __init__(self) -> None:
        self.heard: Deferred[bytes] = Deferred()

    def connectionMade(self) -> None:
        self.transport.write(b"abc")

    def dataReceived(self, data: bytes) -> None:
        self.heard.callback(data)


class Switching(ClientFactory):
    noisy = False
    protocol = Collecting

    def __init__(self) -> None:
        self.ended: list[Any] = []
        self.lost: Deferred[Failure] = Deferred()

    def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:
        self.ended.append(reason)

    def clientConnectionLost(self, connector: Any, reason: Failure) -> None:
        self.lost.callback(reason)


class Pair:
    """Two connected peers."""

    def __init__(self, server: Peer, client: Peer) -> None:
        self.server, self.client = server, client
        self.ready: Deferred[None] = Deferred()

    def over(self, reactor: Reactor, path: Path | None = None) -> Deferred[None]:
        factory = Factory.forProtocol(lambda: self.server)
        clients = ClientFactory.forProtocol(lambda: self.client)
        factory.noisy = clients.noisy = False
        made = self.client.connectionMade

        def ready() -> None:
            made()
            self.ready.callback(None)

        self.client.connectionMade = ready  # type: ignore[method-assign]
        if path is None:
            port = reactor.listenTCP(0, factory, interface="127.0.0.1")
            reactor.connectTCP("127.0.0.1", port.getHost().port, clients)
        else:
            reactor.listenUNIX(str(path), factory)
            reactor.connectUNIX(str(path), clients)
        return self.ready


def test_both_sides_go_over_to_tls(reactor: Reactor) -> None:
    pair = Pair(Peer(), Peer())
    pair.server.certificate = SERVER

    async def talk() -> None:
        await pair.over(reactor)
        before = pair.client.callRemote(Echo, text="plain")
        securing = pair.client.callRemote(amp.StartTLS, tls_localCertificate=CLIENT)
        after = pair.client.callRemote(Echo, text="kept meanwhile")
        assert (await before) == {"text": "plain"}
        await securing
        assert (await after) == {"text": "kept meanwhile"}
        assert pair.client.peerCertificate.commonName == "localhost"
        with pytest.raises(amp.OnlyOneTLS):
            pair.client.callRemote(amp.StartTLS, tls_localCertificate=CLIENT)

    drive(reactor, talk)


def test_the_server_may_ask_for_tls(reactor: Reactor) -> None:
    """Who has connected is the client of TLS all the same; its first step comes along."""
    pair = Pair(Peer(), Peer())
    pair.client.certificate = CLIENT

    async def talk() -> None:
        await pair.over(reactor)
        await pair.client.callRemote(Echo, text="")
        await pair.server.callRemote(amp.StartTLS, tls_localCertificate=SERVER)
        assert (await pair.server.callRemote(Echo, text="x")) == {"text": "x!"}

    drive(reactor, talk)


def test_who_is_not_trusted_is_told_by_name(reactor: Reactor) -> None:
    pair = Pair(Peer(), Peer())
    pair.server.certificate = SERVER
    strangers = tls.clientOptions("localhost", trustRoot=CertificateAuthority().pem)

    async def talk() -> None:
        await pair.over(reactor)
        await pair.client.callRemote(amp.StartTLS, tls_localCertificate=strangers)
        with pytest.raises(PeerVerifyError):
            await pair.client.callRemote(Echo, text="a secret")

    drive(reactor, talk)


@pytest.mark.parametrize("name", ["localhost", "elsewhere"])
def test_authorities_verify_whom_no_name_does(reactor: Reactor, name: str) -> None:
    """Without a certificate of its own a client still says whom it trusts."""
    pair = Pair(Peer(), Peer())
    trusted = name == "localhost"
    authority = AUTHORITY if trusted else CertificateAuthority()
    pair.server.certificate = SERVER

    async def talk() -> None:
        await pair.over(reactor)
        await pair.client.callRemote(
            amp.StartTLS, tls_verifyAuthorities=[authority.pem]
        )
        call = pair.client.callRemote(Echo, text="x")
        if trusted:
            await call
        else:
            with pytest.raises(PeerVerifyError):
                await call

    drive(reactor, talk)


def test_without_certificates_it_is_hidden_from_listeners(reactor: Reactor) -> None:
    pair = Pair(Peer(), Peer())

    async def talk() -> None:
        await pair.over(reactor)
        await pair.client.callRemote(amp.StartTLS)
        await pair.client.callRemote(Echo, text="x")
        assert pair.client.transport.TLS

    drive(reactor, talk)


def test_options_know_whom_to_trust(reactor: Reactor) -> None:
    pair = Pair(Peer(), Peer())

    async def talk() -> None:
        await pair.over(reactor)
        with pytest.raises(TypeError, match="TLS options know whom to trust"):
            pair.client.callRemote(
                amp.StartTLS,
                tls_localCertificate=CLIENT,
                tls_verifyAuthorities=[AUTHORITY.pem],
            )
        await pair.client.callRemote(Echo, text="x")

    drive(reactor, talk)


def test_the_connection_goes_on_in_another_protocol(reactor: Reactor) -> None:
    pair, factory = Pair(Peer(), Peer()), Switching()

    async def talk() -> None:
        await pair.over(reactor)
        switching = pair.client.callRemote(ToLines, factory, name="x")
        with pytest.raises(amp.ProtocolSwitched):
            pair.client.callRemote(Echo, text="too late")
        await switching
        inner = pair.client.innerProtocol
        assert (await inner.heard) == b"cba"
        assert isinstance(pair.server.innerProtocol, Reversing)
        with pytest.raises(amp.ProtocolSwitched):
            pair.server.callRemote(Echo, text="too late")
        pair.server.transport.loseConnection()
        reason = await factory.lost.addBoth(lambda reason: [reason])
        assert reason[0].check(ConnectionDone)

    drive(reactor, talk)


def test_what_comes_behind_the_switch_is_for_the_other_protocol(
    reactor: Reactor,
) -> None:
    """Also in one chunk with it, and if it looks like no AMP."""
    question = amp.AmpBox(_ask=b"1", _command=b"ToLines", name=b"x").serialize()
    heard: Deferred[bytes] = Deferred()

    class Raw(Protocol):
        data = b""

        def connectionMade(self) -> None:
            self.transport.write(question + b"\xff\xffabc")

        def dataReceived(self, data: bytes) -> None:
            self.data += data
            if self.data.endswith(b"cba\xff\xff"):
                heard.callback(self.data)

    async def talk() -> None:
        factory = Factory.forProtocol(Peer)
        clients = ClientFactory.forProtocol(Raw)
        factory.noisy = clients.noisy = False
        port = reactor.listenTCP(0, factory, interface="127.0.0.1")
        reactor.connectTCP("127.0.0.1", port.getHost().port, clients)
        data = await heard
        assert data == amp.AmpBox(_answer=b"1").serialize() + b"cba\xff\xff"

    drive(reactor, talk)


def test_a_switch_that_is_refused_leaves_amp_as_it_was(reactor: Reactor) -> None:
    pair, factory = Pair(Peer(), Peer()), Switching()

    async def talk() -> None:
        await pair.over(reactor)
        with pytest.raises(Refused):
            await pair.client.callRemote(ToLines, factory, name="nobody")
        assert len(factory.ended) == 1
        assert (await pair.client.callRemote(Echo, text="x")) == {"text": "x"}

    drive(reactor, talk)


def test_descriptors_are_passed_over_unix_sockets(
    reactor: Reactor, tmp_path: Path
) -> None:
    pair = Pair(Peer(), Peer())
    (tmp_path / "a").write_bytes(b"one, ")
    (tmp_path / "b").write_bytes(b"two")

    async def talk() -> None:
        await pair.over(reactor, tmp_path / "socket")
        for _ in range(3):
            with (tmp_path / "a").open("rb") as a, (tmp_path / "b").open("rb") as b:
                call = pair.client.callRemote(Give, file=a.fileno(), other=b.fileno())
            assert (await call) == {"said": b"one, two"}
        assert pair.server._amp_descriptors.kept == {}

    drive(reactor, talk)


def test_descriptors_that_nobody_asks_for_are_closed(
    reactor: Reactor, tmp_path: Path
) -> None:
    pair = Pair(Peer(), Peer())
    read, write = os.pipe()

    async def talk() -> None:
        await pair.over(reactor, tmp_path / "socket")
        pair.client.transport.sendFileDescriptor(write)
        await pair.client.callRemote(Echo, text="along with it")
        os.close(write)
        assert len(pair.server._amp_descriptors.kept) == 1
        pair.client.transport.loseConnection()

    drive(reactor, talk)
    reactor.close()
    assert os.read(read, 1) == b""
    os.close(read)


def test_over_tcp_there_are_no_descriptors(reactor: Reactor) -> None:
    pair = Pair(Peer(), Peer())

    async def talk() -> None:
        await pair.over(reactor)
        with pytest.raises(TypeError, match="over UNIX sockets only"):
            pair.client.callRemote(Give, file=0, other=1)

    drive(reactor, talk)


def test_more_descriptors_than_boxes_name_end_the_connection() -> None:
    kept = Descriptors()
    ends = [os.pipe() for _ in range(65)]
    for _, write in ends[:64]:
        kept.put(write)
    with pytest.raises(amp.BudgetExceeded, match="more than 64 descriptors"):
        kept.put(ends[64][1])
    kept.close()
    for read, _ in ends:
        assert os.read(read, 1) == b""
        os.close(read)
