"""Calls later, and again and again."""

from sennit.core import reactor
from sennit.core.defer import Deferred
from sennit.core.task import LoopingCall, deferLater

ticks: list[str] = []


def tick(word: str) -> None:
    ticks.append(word)
    print(word, len(ticks))
    if len(ticks) == 3:
        loop.stop()


def over(result: object) -> Deferred[None]:
    print("no more ticks")
    return deferLater(reactor, 0.01, reactor.stop)


loop = LoopingCall(tick, "tick")
loop.start(0.01, now=False).addCallback(over)

never = reactor.callLater(60, print, "this is not to be seen")
never.cancel()
print("cancelled:", not never.active())

reactor.run()
