"""What protocols and factories of streams promise."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from sennit.core import errors
from sennit.core.failure import Failure
from sennit.core.protocol import (
    ClientFactory,
    ConsumerToProtocolAdapter,
    Factory,
    FileWrapper,
    Protocol,
    ProtocolToConsumerAdapter,
    ServerFactory,
    connectionDone,
)
from sennit.core.testing import NonStreamingProducer, StringTransport


class Started(Factory):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.events: list[str] = []
        self.given = (args, kwargs)

    def startFactory(self) -> None:
        self.events.append("start")

    def stopFactory(self) -> None:
        self.events.append("stop")


def test_a_protocol_has_its_transport_when_connection_made_is_called() -> None:
    seen: list[object] = []

    class Greeter(Protocol):
        def connectionMade(self) -> None:
            seen.append((self.transport, self.connected))

    protocol, transport = Greeter(), StringTransport()
    assert not protocol.connected
    assert vars(protocol) == {}, "nothing is set before the connection"
    protocol.makeConnection(transport)

    assert seen == [(transport, True)]


def test_a_protocol_names_itself_in_the_log_by_its_class() -> None:
    class Counter(Protocol):
        pass

    assert Counter().logPrefix() == "Counter"
    assert Started().logPrefix() == "Started"


def test_connection_lost_may_be_called_without_a_reason() -> None:
    Protocol().connectionLost()

    assert connectionDone.check(errors.ConnectionDone)
    assert connectionDone.getErrorMessage() == "Connection was closed cleanly."


def test_a_factory_makes_protocols_that_know_it() -> None:
    factory = Factory.forProtocol(Protocol)
    one, other = factory.buildProtocol(None), factory.buildProtocol(None)

    assert type(one) is Protocol
    assert one is not other
    assert one.factory is factory


def test_for_protocol_passes_arguments_to_the_factory() -> None:
    factory = Started.forProtocol(Protocol, 1, two=2)

    assert factory.protocol is Protocol
    assert factory.given == ((1,), {"two": 2})


def test_a_factory_without_a_protocol_says_so() -> None:
    with pytest.raises(TypeError, match="has no protocol"):
        ServerFactory().buildProtocol(None)


def test_a_factory_starts_with_its_first_port_and_stops_with_its_last() -> None:
    factory = Started()
    factory.noisy = False
    for _ in range(2):
        factory.doStart()
    assert (factory.events, factory.numPorts) == (["start"], 2)
    factory.doStop()
    assert factory.events == ["start"]
    factory.doStop()
    factory.doStop()

    assert (factory.events, factory.numPorts) == (["start", "stop"], 0)


@pytest.mark.parametrize("noisy", [True, False])
def test_a_noisy_factory_logs_that_it_starts_and_stops(
    noisy: bool, caplog: pytest.LogCaptureFixture
) -> None:
    factory = Started()
    factory.noisy = noisy
    with caplog.at_level("INFO"):
        factory.doStart()
        factory.doStop()

    said = [record.getMessage() for record in caplog.records]
    expected = [f"Starting factory {factory!r}", f"Stopping factory {factory!r}"]
    assert said == (expected if noisy else [])


def test_a_client_factory_accepts_being_told() -> None:
    factory, connector = ClientFactory(), object()

    factory.startedConnecting(connector)  # type: ignore[arg-type]
    factory.clientConnectionFailed(connector, connectionDone)  # type: ignore[arg-type]
    factory.clientConnectionLost(connector, connectionDone)  # type: ignore[arg-type]


def test_a_protocol_as_a_consumer_receives_what_is_written() -> None:
    received: list[bytes] = []

    class Keeping(Protocol):
        def dataReceived(self, data: bytes) -> None:
            received.append(data)

    consumer = ProtocolToConsumerAdapter(Keeping())
    producer = NonStreamingProducer(consumer)
    consumer.registerProducer(producer, False)
    for _ in range(10):
        producer.resumeProducing()

    assert b"".join(received) == b"0123456789"


def test_a_consumer_as_a_protocol_writes_what_it_receives() -> None:
    consumer = StringTransport()
    protocol = ConsumerToProtocolAdapter(consumer)
    protocol.makeConnection(StringTransport())
    protocol.connectionMade()
    protocol.dataReceived(b"data")
    protocol.connectionLost()
    protocol.connectionLost(Failure(errors.ConnectionLost()))

    assert consumer.value() == b"data"


def test_a_file_is_written_to_as_a_transport() -> None:
    file = BytesIO()
    wrapper = FileWrapper(file)
    wrapper.write(b"one ")
    wrapper.writeSequence([b"two", b"!"])
    wrapper.write("lost, as errors are")  # type: ignore[arg-type]

    assert file.getvalue() == b"one two!"
    with pytest.raises(TypeError):
        wrapper.writeSequence(["text"])  # type: ignore[list-item]
    assert (wrapper.getPeer(), wrapper.getHost()) == (("file", "file"), "file")


def test_a_file_takes_all_that_a_pull_producer_has() -> None:
    file = BytesIO()
    wrapper = FileWrapper(file)
    producer = NonStreamingProducer(wrapper)
    wrapper.registerProducer(producer, False)

    assert file.getvalue() == b"0123456789"
    assert wrapper.producer is None


def test_a_file_that_stops_consuming_stops_its_producer_and_closes() -> None:
    wrapper = FileWrapper(BytesIO())
    producer = NonStreamingProducer(wrapper)
    wrapper.registerProducer(producer, True)
    wrapper.pauseProducing()
    wrapper.resumeProducing()
    wrapper.stopConsuming()

    assert producer.stopped
    assert wrapper.closed
    assert wrapper.file.closed
    wrapper.stopProducing()
