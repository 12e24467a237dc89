"""Time limits, put off by what happens on the connection."""

from __future__ import annotations

from typing import Any

from sennit.core.address import IPv4Address
from sennit.core.protocol import Factory, Protocol, connectionDone
from sennit.core.task import Clock
from sennit.core.testing import StringTransport
from sennit.protocols.policies import TimeoutFactory, TimeoutMixin, TimeoutProtocol

HERE = IPv4Address("TCP", "127.0.0.1", 1)


class Limited(TimeoutMixin, Protocol):
    """Has a clock of its own."""

    def __init__(self) -> None:
        self.clock = Clock()

    def callLater(self, period: float, func: Any) -> Any:
        return self.clock.callLater(period, func)


def limited() -> tuple[Limited, StringTransport]:
    protocol, transport = Limited(), StringTransport()
    protocol.makeConnection(transport)
    return protocol, transport


def test_when_the_time_is_over_the_connection_ends() -> None:
    """What resets the limit puts it off by all of it."""
    protocol, transport = limited()
    assert protocol.setTimeout(10) is None
    protocol.clock.advance(9)
    protocol.resetTimeout()
    protocol.clock.advance(9)
    assert not transport.disconnecting
    protocol.clock.advance(1)
    assert transport.disconnecting


def test_the_limit_can_be_changed_and_taken_away() -> None:
    """The limit that there was is returned; without one nothing waits."""
    protocol, transport = limited()
    protocol.setTimeout(10)
    assert protocol.setTimeout(20) == 10
    protocol.clock.advance(19)
    assert protocol.setTimeout(None) == 20
    protocol.resetTimeout()
    protocol.clock.advance(100)
    assert not transport.disconnecting
    assert not protocol.clock.getDelayedCalls()


def connected(period: float | None) -> tuple[Any, StringTransport, Clock]:
    """A wrapper with a limit, its transport, its clock."""
    clock = Clock()
    factory = TimeoutFactory(Factory.forProtocol(Protocol), period, clock=clock)
    protocol, transport = factory.buildProtocol(HERE), StringTransport()
    protocol.makeConnection(transport)
    return protocol, transport, clock


def test_any_traffic_puts_the_limit_off() -> None:
    """Received or written, in one piece or several."""
    protocol, transport, clock = connected(10)
    for method, argument in (
        (protocol.dataReceived, b"x"),
        (protocol.write, b"x"),
        (protocol.writeSequence, [b"x"]),
    ):
        clock.advance(9)
        method(argument)
    clock.advance(9)
    assert not transport.disconnecting
    clock.advance(1)
    assert transport.disconnecting


def test_who_takes_nothing_is_hung_up_on_in_the_end() -> None:
    """A connection that does not close within the same time is aborted."""
    protocol, transport, clock = connected(10)
    clock.advance(10)
    assert (transport.disconnecting, transport.disconnected) == (True, False)
    protocol.dataReceived(b"a drop")
    clock.advance(10)
    assert transport.disconnected
    assert clock.getDelayedCalls() == []


def test_a_lost_connection_waits_for_nothing() -> None:
    """Its limit is called off, before the time is over or after it."""
    for passed in (0, 10):
        protocol, _, clock = connected(10)
        clock.advance(passed)
        protocol.connectionLost(connectionDone)
        assert clock.getDelayedCalls() == []


def test_a_limit_of_one_connection_can_be_changed() -> None:
    """By the protocol itself: its transport is the wrapper."""
    protocol, transport, clock = connected(None)
    assert clock.getDelayedCalls() == []
    protocol.wrappedProtocol.transport.setTimeout(5)
    clock.advance(4)
    protocol.resetTimeout()
    clock.advance(4)
    protocol.setTimeout(None)
    clock.advance(100)
    assert not transport.disconnecting


def test_what_happens_then_can_be_told_otherwise() -> None:
    """A subclass may do something else than to hang up."""

    class Nagging(TimeoutProtocol):
        def timeoutFunc(self) -> None:
            self.write(b"well?")
            self.setTimeout(10)

    clock = Clock()
    factory = TimeoutFactory(Factory.forProtocol(Protocol), 10, clock=clock)
    factory.protocol = Nagging
    protocol, transport = factory.buildProtocol(HERE), StringTransport()
    protocol.makeConnection(transport)
    clock.pump([10, 10])
    assert transport.value() == b"well?well?"
    assert not transport.disconnecting


def test_where_no_protocol_is_made_there_is_none() -> None:
    """Nothing is wrapped, and nothing waits."""

    class Refusing(Factory):
        def buildProtocol(self, addr: Any) -> None:
            return None

    clock = Clock()
    assert TimeoutFactory(Refusing(), 10, clock=clock).buildProtocol(HERE) is None
    assert clock.getDelayedCalls() == []
