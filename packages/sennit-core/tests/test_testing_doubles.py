"""What the transports, protocols and reactors that take notes promise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sennit.core import errors
from sennit.core.address import IPv4Address, IPv6Address, UNIXAddress
from sennit.core.defer import Deferred
from sennit.core.protocol import ClientFactory, DatagramProtocol, Factory, Protocol
from sennit.core.task import Clock
from sennit.core.testing import (
    AccumulatingProtocol,
    EventLoggingObserver,
    FakeDatagramTransport,
    LineSendingProtocol,
    MemoryReactor,
    MemoryReactorClock,
    NonStreamingProducer,
    RaisingMemoryReactor,
    StringIOWithoutClosing,
    StringTransport,
    StringTransportWithDisconnection,
    connectedServerAndClient,
    waitUntilAllDisconnected,
)


def test_a_string_transport_keeps_what_is_written() -> None:
    transport = StringTransport()
    transport.write(b"one ")
    transport.writeSequence([b"two", b"!"])
    assert transport.value() == b"one two!"
    transport.clear()

    assert transport.value() == b""


def test_a_string_transport_takes_bytes_only() -> None:
    transport = StringTransport()

    with pytest.raises(TypeError, match="must be bytes, not str"):
        transport.write("text")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        transport.writeSequence(["text"])  # type: ignore[list-item]


def test_a_string_transport_notes_closing() -> None:
    transport = StringTransport()
    assert not transport.disconnecting
    transport.loseConnection()
    assert (transport.disconnecting, transport.disconnected) == (True, False)
    transport.abortConnection()

    assert (transport.disconnecting, transport.disconnected) == (True, True)


def test_a_string_transport_has_some_addresses_or_those_given() -> None:
    here, there = UNIXAddress("/here"), UNIXAddress("/there")
    transport = StringTransport(here, there)

    assert (transport.getHost(), transport.getPeer()) == (here, there)
    assert isinstance(StringTransport().getHost(), IPv4Address)
    assert isinstance(StringTransport().getPeer(), IPv4Address)


def test_a_string_transport_notes_its_producer() -> None:
    transport = StringTransport()
    transport.registerProducer("producer", True)
    assert (transport.producer, transport.streaming) == ("producer", True)
    with pytest.raises(RuntimeError):
        transport.registerProducer("second", True)
    transport.unregisterProducer()
    with pytest.raises(RuntimeError):
        transport.unregisterProducer()
    lenient = StringTransport(lenient=True)
    lenient.unregisterProducer()
    lenient.registerProducer("one", True)
    lenient.registerProducer("other", False)

    assert (lenient.producer, lenient.streaming) == ("other", False)


def test_a_string_transport_notes_its_own_producing() -> None:
    transport = StringTransport()
    states: list[str] = []
    for method in (
        transport.pauseProducing,
        transport.resumeProducing,
        transport.stopProducing,
    ):
        method()
        states.append(transport.producerState)

    assert states == ["paused", "producing", "stopped"]
    closing = StringTransport()
    closing.loseConnection()
    for done in (transport, closing):
        with pytest.raises(RuntimeError):
            done.pauseProducing()
        with pytest.raises(RuntimeError):
            done.resumeProducing()


def test_a_disconnecting_string_transport_tells_its_protocol_once() -> None:
    protocol = AccumulatingProtocol()
    transport = StringTransportWithDisconnection()
    transport.protocol = protocol
    protocol.makeConnection(transport)
    transport.loseConnection()
    transport.loseConnection()

    assert not transport.connected
    assert protocol.closedReason is not None
    assert protocol.closedReason.check(errors.ConnectionDone)


def test_a_file_without_closing_can_be_read_after_close() -> None:
    file = StringIOWithoutClosing()
    file.write(b"data")
    file.close()

    assert file.getvalue() == b"data"


def test_a_datagram_transport_keeps_what_is_written() -> None:
    transport = FakeDatagramTransport()
    transport.write(b"one", ("127.0.0.1", 1))
    transport.connect("127.0.0.1", 2)
    transport.write(b"two")
    transport.setBroadcastAllowed(True)
    transport.stopListening()

    assert transport.written == [
        (b"one", ("127.0.0.1", 1)),
        (b"two", FakeDatagramTransport.noAddr),
    ]
    assert transport.connectedTo == ("127.0.0.1", 2)
    assert (transport.getBroadcastAllowed(), transport.stopped) == (True, True)
    assert transport.getHost().type == "UDP"


def test_an_accumulating_protocol_fires_when_made_and_when_closed() -> None:
    factory = Factory.forProtocol(AccumulatingProtocol)
    made: Deferred[Any] = Deferred()
    factory.protocolConnectionMade = made  # type: ignore[attr-defined]
    protocol = factory.buildProtocol(None)
    assert isinstance(protocol, AccumulatingProtocol)
    protocol.closedDeferred = Deferred()
    seen: list[Any] = []
    made.addCallback(seen.append)
    protocol.closedDeferred.addCallback(seen.append)
    transport = StringTransportWithDisconnection()
    transport.protocol = protocol
    protocol.makeConnection(transport)
    protocol.dataReceived(b"one ")
    protocol.dataReceived(b"two")
    transport.loseConnection()

    assert seen == [protocol, None]
    assert (protocol.made, protocol.data, protocol.closed) == (1, b"one two", True)


def test_line_sending_protocols_have_a_conversation() -> None:
    client, server, pump = connectedServerAndClient(
        lambda: LineSendingProtocol([b"fine", b"and you"], start=False),
        lambda: LineSendingProtocol([b"how are you", b"?"]),
    )
    client.transport.loseConnection()
    pump.flush()

    assert server.response == [b"how are you", b"?"]
    assert client.response == [b"fine", b"and you"]
    assert (client.lostConn, server.lostConn) == (True, True)


def test_a_producer_of_ten_pieces_ends_after_them() -> None:
    transport = StringTransport()
    producer = NonStreamingProducer(transport)
    transport.registerProducer(producer, False)
    results: list[object] = []
    producer.result.addCallback(results.append)
    for _ in range(10):
        producer.resumeProducing()

    assert transport.value() == b"0123456789"
    assert transport.producer is None
    assert results == [None]
    with pytest.raises(RuntimeError):
        producer.resumeProducing()
    with pytest.raises(RuntimeError):
        producer.pauseProducing()


def test_a_producer_of_ten_pieces_can_be_stopped() -> None:
    producer = NonStreamingProducer(StringTransport())
    results: list[object] = []
    producer.result.addCallback(results.append)
    producer.resumeProducing()
    producer.stopProducing()
    producer.stopProducing()

    assert producer.stopped
    assert results == [1]


def test_a_memory_reactor_notes_what_is_opened() -> None:
    reactor, factory, clients = MemoryReactor(), Factory(), ClientFactory()
    datagrams = DatagramProtocol()
    hosts = [
        reactor.listenTCP(80, factory).getHost(),
        reactor.listenTCP(80, factory, 5, "::1").getHost(),
        reactor.listenSSL(443, factory, "context", interface="10.0.0.1").getHost(),
        reactor.listenUNIX("/socket", factory).getHost(),
        reactor.listenUDP(53, datagrams).getHost(),
        reactor.connectTCP("a.org", 80, clients).getDestination(),
        reactor.connectSSL("::2", 443, clients, "context").getDestination(),
        reactor.connectUNIX("/other", clients).getDestination(),
    ]

    assert hosts == [
        IPv4Address("TCP", "0.0.0.0", 80),
        IPv6Address("TCP", "::1", 80),
        IPv4Address("TCP", "10.0.0.1", 443),
        UNIXAddress("/socket"),
        IPv4Address("UDP", "0.0.0.0", 53),
        IPv4Address("TCP", "a.org", 80),
        IPv6Address("TCP", "::2", 443),
        UNIXAddress("/other"),
    ]
    assert reactor.tcpServers == [(80, factory, 50, ""), (80, factory, 5, "::1")]
    assert reactor.sslServers == [(443, factory, "context", 50, "10.0.0.1")]
    assert reactor.unixServers == [("/socket", factory, 50, 0o666, False)]
    assert reactor.udpPorts == [(53, datagrams, "", 8192)]
    assert reactor.tcpClients == [("a.org", 80, clients, 30, None)]
    assert reactor.sslClients == [("::2", 443, clients, "context", 30, None)]
    assert reactor.unixClients == [("/other", clients, 30, False)]
    assert len(reactor.connectors) == 3


def test_a_memory_reactor_notes_what_is_adopted() -> None:
    reactor, factory, protocol = MemoryReactor(), Factory(), DatagramProtocol()
    reactor.adoptStreamPort(3, 2, factory)
    reactor.adoptDatagramPort(4, 2, protocol)
    reactor.adoptStreamConnection(5, 2, factory)

    assert reactor.adoptedPorts == [(3, 2, factory), (4, 2, protocol, 8192)]
    assert reactor.adoptedStreamConnections == [(5, 2, factory)]


def test_a_memory_reactor_tells_a_factory_that_it_connects() -> None:
    begun: list[object] = []

    class Clients(ClientFactory):
        def startedConnecting(self, connector: object) -> None:
            begun.append(connector)

    reactor = MemoryReactor()
    connector = reactor.connectTCP("a.org", 80, Clients())
    connector.connect()
    connector.stopConnecting()
    connector.disconnect()

    assert begun == reactor.connectors == [connector]
    assert (connector.connectCalls, connector.stoppedConnecting) == (1, True)
    assert connector.disconnected


def test_a_port_of_a_memory_reactor_notes_whether_it_listens() -> None:
    port = MemoryReactor().listenTCP(80, Factory())
    port.stopListening()
    assert not port.listening
    port.startListening()

    assert port.listening


def test_a_memory_reactor_runs_what_waits_for_it() -> None:
    reactor = MemoryReactor()
    seen: list[object] = []
    reactor.callWhenRunning(lambda: seen.append(reactor.running))
    assert seen == []
    reactor.install()
    reactor.run()
    reactor.callWhenRunning(seen.append, "late")
    reactor.crash()
    reactor.iterate()

    assert seen == [True, "late"]
    assert (reactor.hasRun, reactor.hasStopped, reactor.hasCrashed) == (True,) * 3
    assert reactor.hasInstalled
    assert not reactor.running


def test_a_memory_reactor_fires_its_triggers_phase_by_phase() -> None:
    reactor = MemoryReactor()
    seen: list[str] = []
    for phase in ("after", "during", "before"):
        reactor.addSystemEventTrigger(phase, "shutdown", seen.append, phase)
    removed = reactor.addSystemEventTrigger("before", "shutdown", seen.append, "no")
    reactor.removeSystemEventTrigger(removed)
    assert len(reactor.triggers["before"]["shutdown"]) == 1
    reactor.fireSystemEvent("shutdown")

    assert seen == ["before", "during", "after"]
    with pytest.raises(ValueError, match="not in list"):
        reactor.removeSystemEventTrigger(removed)


def test_a_memory_reactor_notes_descriptors() -> None:
    reactor = MemoryReactor()
    reactor.addReader("reader")
    reactor.addReader("reader")
    reactor.addWriter("writer")
    assert (reactor.getReaders(), reactor.getWriters()) == (["reader"], ["writer"])
    reactor.removeReader("other")
    reactor.removeWriter("other")

    assert sorted(reactor.removeAll()) == ["reader", "writer"]
    assert (reactor.getReaders(), reactor.getWriters()) == ([], [])


class Receiver:
    def __init__(self) -> None:
        self.told: list[object] = []

    def resolutionBegan(self, resolutionInProgress: Any) -> None:
        self.told.append(resolutionInProgress.name)
        resolutionInProgress.cancel()

    def addressResolved(self, address: object) -> None:
        self.told.append(address)

    def resolutionComplete(self) -> None:
        self.told.append("complete")


def test_a_memory_reactor_finds_every_name_here() -> None:
    reactor, receiver = MemoryReactor(), Receiver()
    reactor.nameResolver.resolveHostName(receiver, "a.org", 80)
    reactor.nameResolver.resolveHostName(
        receiver, "b.org", 53, [IPv6Address], transportSemantics="UDP"
    )
    found: list[str] = []
    reactor.resolve("a.org").addCallback(found.append)

    assert receiver.told == [
        "a.org",
        IPv4Address("TCP", "127.0.0.1", 80),
        "complete",
        "b.org",
        "complete",
    ]
    assert found == ["127.0.0.1"]
    before = reactor.nameResolver
    another = MemoryReactor().nameResolver
    assert reactor.installNameResolver(another) is before
    assert reactor.nameResolver is another


def test_a_memory_reactor_with_a_clock_has_time() -> None:
    reactor = MemoryReactorClock()
    seen: list[str] = []
    reactor.callLater(1, seen.append, "called")
    reactor.listenTCP(80, Factory())
    reactor.advance(1)

    assert seen == ["called"]
    assert reactor.seconds() == 1
    assert len(reactor.tcpServers) == 1


def test_a_raising_reactor_raises_what_it_was_given() -> None:
    refused = errors.ConnectionRefusedError()
    taken = errors.CannotListenError("", 80, OSError("taken"))
    reactor = RaisingMemoryReactor(taken, refused)
    factory = ClientFactory()
    listens: list[Callable[[], object]] = [
        lambda: reactor.listenTCP(80, factory),
        lambda: reactor.listenSSL(443, factory, None),
        lambda: reactor.listenUNIX("/socket", factory),
        lambda: reactor.listenUDP(53, DatagramProtocol()),
        lambda: reactor.adoptStreamPort(3, 2, factory),
        lambda: reactor.adoptDatagramPort(3, 2, DatagramProtocol()),
    ]
    connects: list[Callable[[], object]] = [
        lambda: reactor.connectTCP("a.org", 80, factory),
        lambda: reactor.connectSSL("a.org", 443, factory, None),
        lambda: reactor.connectUNIX("/socket", factory),
        lambda: reactor.adoptStreamConnection(3, 2, factory),
    ]
    for listen in listens:
        with pytest.raises(errors.CannotListenError):
            listen()
    for attempt in connects:
        with pytest.raises(errors.ConnectionRefusedError):
            attempt()
    with pytest.raises(RuntimeError, match="refused to listen"):
        RaisingMemoryReactor().listenTCP(80, factory)
    resolver = MemoryReactor().nameResolver
    reactor.installNameResolver(resolver)
    assert reactor.nameResolver is resolver


def test_waiting_for_disconnection_ends_with_the_last() -> None:
    clock = Clock()
    fired: list[None] = []
    protocols = [Protocol(), Protocol()]
    for protocol in protocols:
        transport = StringTransportWithDisconnection()
        transport.protocol = protocol
        protocol.makeConnection(transport)
    waitUntilAllDisconnected(clock, protocols).addCallback(fired.append)
    for protocol in protocols:
        clock.advance(1)
        assert fired == []
        protocol.transport.loseConnection()
    clock.advance(1)

    assert fired == [None]
    assert clock.getDelayedCalls() == []


def test_an_observer_keeps_events_until_the_test_is_over() -> None:
    class Publisher:
        def __init__(self) -> None:
            self.observers: list[Any] = []

        def addObserver(self, observer: Any) -> None:
            self.observers.append(observer)

        def removeObserver(self, observer: Any) -> None:
            self.observers.remove(observer)

    class Test:
        def __init__(self) -> None:
            self.cleanups: list[Any] = []

        def addCleanup(self, function: Any, /, *args: Any) -> None:
            self.cleanups.append((function, args))

    publisher, test = Publisher(), Test()
    observer = EventLoggingObserver.createWithCleanup(test, publisher)
    for event in ({"n": 1}, {"n": 2}):
        for each in publisher.observers:
            each(event)
    ((cleanup, args),) = test.cleanups
    cleanup(*args)

    assert list(observer) == [{"n": 1}, {"n": 2}]
    assert (len(observer), observer[1], observer[:1]) == (2, {"n": 2}, [{"n": 1}])
    assert publisher.observers == []
