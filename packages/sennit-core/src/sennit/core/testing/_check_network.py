"""What every reactor does with connections, datagrams and descriptors."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from sennit.core import errors
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory, DatagramProtocol, Factory, Protocol
from sennit.core.testing._checks import Checks, Recorder, raises
from sennit.core.testing._steps import Steps, driveReactor, quiet, runReactor

__all__ = ["CHECKS"]

_checks: Checks[Any] = Checks(driveReactor)


class _Clients(ClientFactory):
    noisy = False

    def __init__(self) -> None:
        self.events: list[str] = []
        self.failures: list[Failure] = []

    def startFactory(self) -> None:
        self.events.append("start")

    def stopFactory(self) -> None:
        self.events.append("stop")

    def startedConnecting(self, connector: Any) -> None:
        self.events.append("connecting")

    def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:
        self.events.append("failed")
        self.failures.append(reason)

    def clientConnectionLost(self, connector: Any, reason: Failure) -> None:
        self.events.append("lost")
        self.failures.append(reason)


def _clients(protocol: Protocol) -> _Clients:
    factory = _Clients()
    factory.protocol = lambda: protocol
    return factory


def _listen(reactor: Any, protocol: Protocol) -> Any:
    factory = Factory.forProtocol(lambda: protocol)
    factory.noisy = False
    return reactor.listenTCP(0, factory, interface="127.0.0.1")


@_checks.add
def stopping_ends_what_is_open(reactor: Any) -> None:
    """Connections are told of the end when the reactor stops, and ports close."""
    server, client = Recorder(), Recorder()
    port = _listen(reactor, server)
    number = port.getHost().port
    clients = _clients(client)
    reactor.connectTCP("127.0.0.1", number, clients)
    client.when_made = lambda: reactor.callLater(0.01, reactor.stop)
    runReactor(reactor)
    assert [len(each.reasons) for each in (server, client)] == [1, 1]
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", number)) != 0, "the port is still open"


@_checks.add
def a_client_reaches_a_server(reactor: Any) -> Steps:
    """TCP there and back; the port's number is known at once, the factory is told."""
    server, client = Recorder(), Recorder()
    port = _listen(reactor, server)
    assert port.getHost().port > 0
    clients = _clients(client)
    client.when_made = lambda: client.transport.write(b"ping")
    server.when_made = lambda: server.transport.write(b"pong")
    connector = reactor.connectTCP("127.0.0.1", port.getHost().port, clients)
    assert connector.getDestination() == port.getHost()
    yield lambda: (server.data, client.data) == (b"ping", b"pong")
    connector.disconnect()
    yield lambda: client.reasons and server.reasons
    yield lambda: "stop" in clients.events
    assert clients.events == ["start", "connecting", "lost", "stop"]


@_checks.add
def a_port_that_stops_listening_is_closed(reactor: Any) -> Steps:
    """``stopListening`` fires when the port is closed; connections live on."""
    server, client = Recorder(), Recorder()
    port = _listen(reactor, server)
    number = port.getHost().port
    server.when_made = lambda: server.transport.write(b"hello")
    reactor.connectTCP("127.0.0.1", number, _clients(client))
    yield lambda: client.data == b"hello"
    closed: list[object] = []
    stopping = port.stopListening()
    if stopping is not None:
        stopping.addCallback(closed.append)
        yield lambda: closed
    server.transport.write(b" again")
    yield lambda: client.data == b"hello again"
    late = _clients(Recorder())
    reactor.connectTCP("127.0.0.1", number, late)
    yield lambda: late.failures
    assert late.failures[0].check(errors.ConnectionRefusedError), late.failures[0]
    yield lambda: "stop" in late.events
    assert late.events == ["start", "connecting", "failed", "stop"]


@_checks.add
def a_port_in_use_cannot_be_listened_at(reactor: Any) -> Steps:
    """``CannotListenError`` is raised at once, with the address in it."""
    port = _listen(reactor, Recorder())
    number = port.getHost().port
    factory = Factory()
    factory.noisy = False
    error = raises(
        errors.CannotListenError, reactor.listenTCP, number, factory, 50, "127.0.0.1"
    )
    assert str(number) in str(error)
    assert factory.numPorts == 0
    yield lambda: True


@_checks.add
def an_attempt_can_be_given_up(reactor: Any) -> Steps:
    """``stopConnecting`` fails the attempt with ``UserError``; later, it is an error."""
    port = _listen(reactor, Recorder())
    clients = _clients(Recorder())
    connector = reactor.connectTCP("127.0.0.1", port.getHost().port, clients)
    connector.stopConnecting()
    yield lambda: clients.failures
    assert clients.failures[0].check(errors.UserError), clients.failures[0]
    raises(errors.NotConnectingError, connector.stopConnecting)


@_checks.add
def a_connector_connects_again(reactor: Any) -> Steps:
    """``connect`` after a loss makes another connection with another protocol."""
    served: list[Recorder] = []
    made: list[Recorder] = []

    def make(kept: list[Recorder]) -> Callable[[], Recorder]:
        def new() -> Recorder:
            kept.append(Recorder())
            return kept[-1]

        return new

    factory = Factory.forProtocol(make(served))
    factory.noisy = False
    port = reactor.listenTCP(0, factory, interface="127.0.0.1")
    clients = _Clients()
    clients.protocol = make(made)
    connector = reactor.connectTCP("127.0.0.1", port.getHost().port, clients)
    yield lambda: served and made
    served[0].transport.loseConnection()
    yield lambda: clients.failures
    connector.connect()
    yield lambda: len(served) == len(made) == 2


@_checks.add
def datagrams_go_both_ways(reactor: Any) -> Steps:
    """UDP there and back, one datagram for one, empty ones too."""

    class Answering(DatagramProtocol):
        noisy = False

        def __init__(self) -> None:
            self.got: list[bytes] = []
            self.stopped = False

        def datagramReceived(self, datagram: bytes, addr: Any) -> None:
            self.got.append(datagram)
            if datagram.startswith(b"ask"):
                self.transport.write(b"answer to " + datagram, addr)

        def stopProtocol(self) -> None:
            self.stopped = True

    one, other = Answering(), Answering()
    there = reactor.listenUDP(0, one, interface="127.0.0.1").getHost()
    port = reactor.listenUDP(0, other, interface="127.0.0.1")
    for datagram in (b"ask 1", b"", b"ask 2"):
        other.transport.write(datagram, ("127.0.0.1", there.port))
    yield lambda: len(one.got) == 3 and len(other.got) == 2
    assert one.got == [b"ask 1", b"", b"ask 2"]
    assert other.got == [b"answer to ask 1", b"answer to ask 2"]
    port.stopListening()
    yield lambda: other.stopped


# Descriptors


class _Descriptor:
    """One end of a socket pair, for the reactor to watch."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end
        self.received: list[bytes] = []
        self.written = 0
        self.reasons: list[Failure] = []
        self.result: Exception | None = None

    def fileno(self) -> int:
        return self.end.fileno()

    def logPrefix(self) -> str:
        return "check"

    def doRead(self) -> Exception | None:
        self.received.append(self.end.recv(100))
        return self.result

    def doWrite(self) -> Exception | None:
        self.written += 1
        return self.result

    def connectionLost(self, reason: Failure) -> None:
        self.reasons.append(reason)


@_checks.add
def readers_are_called_while_there_is_something_to_read(reactor: Any) -> Steps:
    """``doRead`` comes from ``addReader`` on, until ``removeReader``."""
    left, right = socket.socketpair()
    with left, right:
        reader = _Descriptor(left)
        reactor.addReader(reader)
        reactor.addReader(reader)
        assert reactor.getReaders() == [reader]
        right.send(b"one")
        yield lambda: reader.received == [b"one"]
        reactor.removeReader(reader)
        reactor.removeReader(reader)
        assert reactor.getReaders() == []
        right.send(b"two")
        yield quiet()
        assert reader.received == [b"one"]


@_checks.add
def writers_are_called_while_there_is_room(reactor: Any) -> Steps:
    """``doWrite`` comes from ``addWriter`` on, until ``removeWriter``."""
    left, right = socket.socketpair()
    with left, right:
        writer = _Descriptor(left)
        reactor.addWriter(writer)
        assert reactor.getWriters() == [writer]
        yield lambda: writer.written > 1
        reactor.removeWriter(writer)
        assert reactor.getWriters() == []
        before = writer.written
        yield quiet()
        assert writer.written == before


@_checks.add
def a_descriptor_that_returns_an_error_is_lost(reactor: Any) -> Steps:
    """What ``doRead`` returns is told to ``connectionLost``, and it is over."""
    left, right = socket.socketpair()
    with left, right:
        reader = _Descriptor(left)
        reader.result = errors.CONNECTION_LOST
        reactor.addReader(reader)
        right.send(b"one")
        yield lambda: reader.reasons
        assert reader.reasons[0].check(errors.ConnectionLost)
        assert reactor.getReaders() == []
        assert reactor.removeAll() == []


CHECKS = _checks.checks
