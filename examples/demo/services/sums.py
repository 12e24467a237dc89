"""Sums and quotients over AMP: many calls at once, and an error that is an answer."""

import time

from sennit.core import defer
from sennit.core.engine import Reactor
from sennit.core.protocol import Factory
from sennit.protocols import amp
from services.service import LOCAL, Said, Service, connect

__all__ = ["SERVICE"]


class Sum(amp.Command):
    a: int
    b: int

    class Response:
        total: int


class Divide(amp.Command):
    errors = {ZeroDivisionError: "ZERO_DIVISION"}

    numerator: int
    denominator: int

    class Response:
        result: float


class Math(amp.AMP):
    """Answers both commands."""

    @Sum.responder
    async def sum(self, a: int, b: int) -> int:
        return a + b

    @Divide.responder
    async def divide(self, numerator: int, denominator: int) -> float:
        return numerator / denominator


def start(reactor: Reactor) -> int:
    port = reactor.listenTCP(0, Factory.forProtocol(Math), interface=LOCAL)
    return port.getHost().port


async def talk(reactor: Reactor, port: int) -> Said:
    math = await connect(reactor, port, amp.AMP())
    trips: list[float] = []
    for a in range(200):
        begun = time.perf_counter()
        assert (await math.callRemote(Sum, a=a, b=5)).total == a + 5
        trips.append(time.perf_counter() - begun)
    calls = [math.callRemote(Sum, a=a, b=a) for a in range(100)]
    answers = await defer.gatherResults(calls)
    assert [answer.total for answer in answers] == [2 * a for a in range(100)]
    try:
        await math.callRemote(Divide, numerator=1, denominator=0)
    except ZeroDivisionError as error:
        text = f"300 sums, and '{error}'"
    math.transport.loseConnection()
    return Said(text, trips)


SERVICE = Service(
    "sums over AMP", "python examples/amp/math_client.py {port}", start, talk
)
