"""Tests of a server and its clients on a reactor, over the loopback interface."""

from collections.abc import AsyncIterator, Callable

import pytest

from sennit.core.defer import Deferred
from sennit.core.endpoints import TCP4ClientEndpoint, connectProtocol
from sennit.core.engine import Reactor
from sennit.core.failure import Failure
from sennit.core.protocol import Factory, connectionDone
from sennit.protocols.basic import LineReceiver


class Greeter(LineReceiver):
    """Greets whoever tells a name."""

    def lineReceived(self, line: bytes) -> None:
        if not line:
            raise ValueError("whoever has no name is not greeted")
        self.sendLine(b"Hello, " + line)


class Guest(LineReceiver):
    """Tells a name, and keeps the answer."""

    def __init__(self) -> None:
        self.answered: Deferred[bytes] = Deferred()
        self.left: Deferred[None] = Deferred()

    def lineReceived(self, line: bytes) -> None:
        self.answered.callback(line)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.left.callback(None)


@pytest.fixture
async def guest(reactor: Reactor) -> AsyncIterator[Guest]:
    """A guest whom the server has let in."""
    factory = Factory.forProtocol(Greeter)
    port = reactor.listenTCP(0, factory, interface="127.0.0.1")
    door = TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port)
    guest = await connectProtocol(door, Guest())
    yield guest
    guest.transport.loseConnection()
    await port.stopListening()


async def test_who_tells_a_name_is_greeted(guest: Guest) -> None:
    guest.sendLine(b"Ada")
    assert await guest.answered == b"Hello, Ada"


@pytest.mark.sennit(timeout=5, loop=["asyncio", "uvloop"])
async def test_who_tells_none_is_hung_up_on(
    guest: Guest, flushLoggedErrors: Callable[..., list[Failure]]
) -> None:
    guest.sendLine(b"")
    await guest.left
    (error,) = flushLoggedErrors(ValueError)
    assert error.getErrorMessage() == "whoever has no name is not greeted"
