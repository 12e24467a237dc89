"""Two sides that count in turns over AMP: each asks and answers on one connection."""

import itertools
import time

from sennit.core import defer
from sennit.core.engine import Reactor
from sennit.core.protocol import Factory
from sennit.protocols import amp
from services.service import LOCAL, Said, Service, connect

__all__ = ["SERVICE"]

LAST = 200


class Count(amp.Command):
    n: int

    class Response:
        ok: bool


class Counter(amp.AMP):
    """Answers a number with the next one, in a call of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []
        self.done = defer.Deferred[int]()

    @Count.responder
    async def count(self, n: int) -> bool:
        self.times.append(time.perf_counter())
        if n < LAST:
            self.callRemote(Count, n=n + 1).addErrback(self.lost)
        if n >= LAST - 1:
            self.done.callback(n)
        return True

    def lost(self, failure: object) -> None:
        """Whoever ends first leaves the other without an answer."""


def start(reactor: Reactor) -> int:
    port = reactor.listenTCP(0, Factory.forProtocol(Counter), interface=LOCAL)
    return port.getHost().port


async def talk(reactor: Reactor, port: int) -> Said:
    counter = await connect(reactor, port, Counter())
    await counter.callRemote(Count, n=1)
    last = await counter.done
    counter.transport.loseConnection()
    times = counter.times
    trips = [after - before for before, after in itertools.pairwise(times)]
    return Said(f"counted to {last} in turns", trips)


SERVICE = Service(
    "counting over AMP", "python examples/amp/count.py call {port}", start, talk
)
