"""What goes through a connection, written down."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

from sennit.core import log
from sennit.core.address import IPv4Address
from sennit.core.protocol import Factory, Protocol, connectionDone
from sennit.core.testing import StringTransport
from sennit.protocols.policies import (
    SpewingFactory,
    TrafficLoggingFactory,
    TrafficLoggingProtocol,
)

HERE = IPv4Address("TCP", "127.0.0.1", 1)


class Answering(Protocol):
    """Answers in two ways, and hangs up."""

    def dataReceived(self, data: bytes) -> None:
        self.transport.write(b"your ")
        self.transport.writeSequence([b"own ", data])
        self.transport.loseConnection()


def talk(factory: Any) -> StringTransport:
    """A connection that receives, and is lost."""
    protocol, transport = factory.buildProtocol(HERE), StringTransport()
    protocol.makeConnection(transport)
    protocol.dataReceived(b"words")
    protocol.connectionLost(connectionDone)
    return transport


def test_each_connection_has_a_file(tmp_path: Path) -> None:
    """The first's ends in -1; it is closed with the connection."""
    factory = TrafficLoggingFactory(
        Factory.forProtocol(Answering), str(tmp_path / "traffic")
    )
    for _ in range(2):
        assert talk(factory).value() == b"your own words"
    for number in (1, 2):
        lines = (tmp_path / f"traffic-{number}").read_text().splitlines()
        assert lines[:-1] == [
            f"C {number}: *",
            f"C {number}: b'words'",
            f"S {number}: b'your '",
            f"SV {number}: [b'own ', b'words']",
            f"S {number}: *",
        ]
        assert "ConnectionDone" in lines[-1]
    factory.resetCounter()
    talk(factory)
    assert not (tmp_path / "traffic-3").exists()


def test_long_texts_may_be_cut() -> None:
    """Dots stand for what is left out; what is sent is whole."""
    logfile = StringIO()
    protocol = TrafficLoggingProtocol(
        SpewingFactory(Factory()), Protocol(), logfile, lengthLimit=10
    )
    transport = StringTransport()
    protocol.makeConnection(transport)
    protocol.write(b"0123456789ABC")
    assert transport.value() == b"0123456789ABC"
    assert logfile.getvalue() == "C 0: *\nS 0: b'0123456...'\n"


def test_where_no_protocol_is_made_there_is_no_file(tmp_path: Path) -> None:
    """Refused connections are not numbered."""

    class Refusing(Factory):
        def buildProtocol(self, addr: Any) -> None:
            return None

    factory = TrafficLoggingFactory(Refusing(), str(tmp_path / "traffic"))
    assert factory.buildProtocol(HERE) is None
    assert list(tmp_path.iterdir()) == []


def test_the_log_may_have_it_all() -> None:
    """A spewing factory logs what is received and sent."""
    events: list[dict[str, Any]] = []
    log.addObserver(events.append)
    try:
        talk(SpewingFactory(Factory.forProtocol(Answering)))
    finally:
        log.removeObserver(events.append)
    assert [event["message"][0] for event in events] == [
        "Received: b'words'",
        "Sending: b'your '",
        "Sending: b'own words'",
    ]
