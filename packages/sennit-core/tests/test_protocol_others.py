"""What protocols of datagrams and of child processes promise."""

from __future__ import annotations

from typing import Any

import pytest

from sennit.core import errors
from sennit.core.failure import Failure
from sennit.core.protocol import (
    ConnectedDatagramProtocol,
    DatagramProtocol,
    ProcessProtocol,
)
from sennit.core.testing import FakeDatagramTransport


class Datagrams(DatagramProtocol):
    noisy = False

    def __init__(self) -> None:
        self.events: list[str] = []

    def startProtocol(self) -> None:
        self.events.append("start")

    def stopProtocol(self) -> None:
        self.events.append("stop")


def test_a_datagram_protocol_starts_with_its_port_and_stops_without() -> None:
    protocol, port = Datagrams(), FakeDatagramTransport()
    protocol.makeConnection(port)
    assert protocol.transport is port
    assert protocol.events == ["start"]
    protocol.doStop()

    assert vars(protocol)["transport"] is None
    assert protocol.events == ["start", "stop"]


def test_a_datagram_protocol_has_one_port() -> None:
    protocol = Datagrams()
    protocol.makeConnection(FakeDatagramTransport())

    with pytest.raises(RuntimeError, match="already has a port"):
        protocol.makeConnection(FakeDatagramTransport())


def test_a_datagram_protocol_that_was_not_started_cannot_stop() -> None:
    with pytest.raises(RuntimeError, match="without having been started"):
        Datagrams().doStop()


def test_a_noisy_datagram_protocol_logs_that_it_starts_and_stops(
    caplog: pytest.LogCaptureFixture,
) -> None:
    protocol = Datagrams()
    protocol.noisy = True
    with caplog.at_level("INFO"):
        protocol.makeConnection(FakeDatagramTransport())
        protocol.doStop()

    assert [record.getMessage() for record in caplog.records] == [
        f"Starting protocol {protocol!r}",
        f"Stopping protocol {protocol!r}",
    ]


def test_what_is_not_overridden_is_accepted() -> None:
    failure = Failure(errors.DNSLookupError("no.such"))
    protocol, connected = DatagramProtocol(), ConnectedDatagramProtocol()
    protocol.datagramReceived(b"x", ("127.0.0.1", 1))
    protocol.connectionRefused()
    connected.datagramReceived(b"x")
    connected.connectionFailed(failure)

    assert protocol.logPrefix() == "DatagramProtocol"


class Process(ProcessProtocol):
    def __init__(self) -> None:
        self.events: list[Any] = []

    def outReceived(self, data: bytes) -> None:
        self.events.append(("out", data))

    def errReceived(self, data: bytes) -> None:
        self.events.append(("err", data))

    def inConnectionLost(self) -> None:
        self.events.append("in lost")

    def outConnectionLost(self) -> None:
        self.events.append("out lost")

    def errConnectionLost(self) -> None:
        self.events.append("err lost")


def test_a_process_protocol_tells_the_streams_apart() -> None:
    protocol = Process()
    for number in (0, 1, 2, 3):
        protocol.childDataReceived(number, b"x")
    for number in (0, 1, 2, 3):
        protocol.childConnectionLost(number)

    assert protocol.events == [
        ("out", b"x"),
        ("err", b"x"),
        "in lost",
        "out lost",
        "err lost",
    ]


def test_a_process_protocol_accepts_its_end() -> None:
    protocol = ProcessProtocol()
    for number in (1, 2):
        protocol.childDataReceived(number, b"x")
    for number in (0, 1, 2):
        protocol.childConnectionLost(number)
    protocol.processExited(Failure(errors.ProcessDone(0)))
    protocol.processEnded(Failure(errors.ProcessDone(0)))
