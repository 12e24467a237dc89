"""What a connection in memory promises beyond the contract of transports."""

from __future__ import annotations

import pytest

from sennit.core import errors
from sennit.core.protocol import Protocol
from sennit.core.testing import (
    AccumulatingProtocol,
    connect,
    connectedServerAndClient,
)


class Echo(Protocol):
    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data)


def test_nothing_arrives_before_the_pump_is_moved() -> None:
    server, client = AccumulatingProtocol(), AccumulatingProtocol()
    pump = connect(server, client)
    client.transport.write(b"data")
    assert (client.made, server.made, server.data) == (1, 1, b"")

    assert pump.pump()
    assert server.data == b"data"
    assert not pump.pump()


def test_flush_moves_until_all_is_quiet() -> None:
    client, server, pump = connectedServerAndClient(Echo, AccumulatingProtocol)
    client.transport.write(b"data")

    assert pump.flush()
    assert client.data == b"data"
    assert not pump.flush()
    assert (pump.client, pump.server) == (client, server)


def test_flush_does_not_turn_for_ever() -> None:
    client, _, pump = connectedServerAndClient(Echo, Echo)
    client.transport.write(b"ping")

    with pytest.raises(RuntimeError, match="still not quiet"):
        pump.flush()


def test_the_high_water_mark_can_be_set() -> None:
    class Producer:
        def __init__(self) -> None:
            self.events: list[str] = []

        def pauseProducing(self) -> None:
            self.events.append("pause")

        def resumeProducing(self) -> None:
            self.events.append("resume")

        def stopProducing(self) -> None:
            self.events.append("stop")

    producer = Producer()
    pump = connect(AccumulatingProtocol(), AccumulatingProtocol(), highWater=4)
    pump.clientIO.registerProducer(producer, True)
    pump.clientIO.write(b"123")
    assert producer.events == []
    pump.clientIO.write(b"4")
    assert producer.events == ["pause"]
    pump.flush()
    assert producer.events == ["pause", "resume"]


def test_an_error_is_logged_and_both_sides_are_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Failing(AccumulatingProtocol):
        def dataReceived(self, data: bytes) -> None:
            raise LookupError("not found")

    client, server, pump = connectedServerAndClient(Failing, AccumulatingProtocol)
    client.transport.write(b"data")
    pump.flush()

    assert "LookupError: not found" in caplog.text
    assert server.closedReason is not None
    assert server.closedReason.check(LookupError)
    assert client.closedReason is not None
    assert client.closedReason.check(errors.ConnectionLost)


def test_stop_producing_closes() -> None:
    client, server, pump = connectedServerAndClient(
        AccumulatingProtocol, AccumulatingProtocol
    )
    client.transport.stopProducing()  # type: ignore[attr-defined]
    pump.flush()

    assert client.closed
    assert server.closed
