"""Tests of a protocol, without a network and without waiting."""

from sennit.core.contracts import IReactorTime
from sennit.core.task import Clock
from sennit.core.testing import StringTransport
from sennit.protocols.basic import LineReceiver


class Shout(LineReceiver):
    """Answers in capitals, and hangs up after ten silent seconds."""

    def __init__(self, clock: IReactorTime) -> None:
        self.clock = clock

    def connectionMade(self) -> None:
        self.patience = self.clock.callLater(10, self.transport.loseConnection)

    def lineReceived(self, line: bytes) -> None:
        self.patience.reset(10)
        self.sendLine(line.upper())


def test_a_line_is_answered_in_capitals() -> None:
    transport = StringTransport()
    shout = Shout(Clock())
    shout.makeConnection(transport)
    shout.dataReceived(b"good mor")
    assert transport.value() == b""
    shout.dataReceived(b"ning\r\n")
    assert transport.value() == b"GOOD MORNING\r\n"


def test_who_says_nothing_for_ten_seconds_is_hung_up_on() -> None:
    clock, transport = Clock(), StringTransport()
    shout = Shout(clock)
    shout.makeConnection(transport)
    clock.advance(9)
    shout.dataReceived(b"still here\r\n")
    clock.advance(9)
    assert not transport.disconnecting
    clock.advance(1)
    assert transport.disconnecting
