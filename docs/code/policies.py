"""An echo server of which nobody can have too much."""

from typing import Any

from sennit.core import task
from sennit.core.defer import Deferred
from sennit.core.endpoints import (
    TCP4ClientEndpoint,
    TCP4ServerEndpoint,
    connectProtocol,
)
from sennit.core.engine import Reactor
from sennit.core.failure import Failure
from sennit.core.protocol import Factory, Protocol, connectionDone
from sennit.protocols.policies import (
    LimitConnectionsByPeer,
    ThrottlingFactory,
    TimeoutFactory,
)


class Echo(Protocol):
    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data)


def careful(reactor: Reactor) -> Factory:
    limited = LimitConnectionsByPeer(Factory.forProtocol(Echo))
    limited.maxConnectionsPerPeer = 1
    throttled = ThrottlingFactory(limited, readLimit=100_000, clock=reactor)
    return TimeoutFactory(throttled, 0.2, clock=reactor)


class Caller(Protocol):
    def __init__(self, greeting: bytes) -> None:
        self.greeting = greeting
        self.heard: Deferred[bytes] = Deferred()
        self.ended: Deferred[None] = Deferred()

    def connectionMade(self) -> None:
        self.transport.write(self.greeting)

    def dataReceived(self, data: bytes) -> None:
        self.heard.callback(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.ended.callback(None)


async def main(reactor: Reactor) -> None:
    here = TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1")
    port: Any = await here.listen(careful(reactor))
    there = TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port)
    first = await connectProtocol(there, Caller(b"hello"))
    print("the first heard", (await first.heard).decode())
    second = await connectProtocol(there, Caller(b"me, too"))
    await second.ended
    print("the second was one too many")
    await first.ended
    print("the first had nothing more to say")
    await port.stopListening()


task.react(main)
