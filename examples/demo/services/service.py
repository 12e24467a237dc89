"""What a service of the demo is, and what its clients share."""

import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NamedTuple, TypeVar

from sennit.core.endpoints import TCP4ClientEndpoint, connectProtocol
from sennit.core.engine import Reactor
from sennit.core.protocol import Protocol

__all__ = ["LOCAL", "Said", "Service", "connect", "repeat"]

LOCAL = "127.0.0.1"

P = TypeVar("P", bound=Protocol)


class Said(NamedTuple):
    """What was said in a conversation, and the seconds of each round trip."""

    text: str
    trips: list[float]


class Service(NamedTuple):
    """One service: how it is started, talked to, and tried by hand."""

    name: str
    hint: str
    """A command for a terminal; ``{port}`` stands for the port."""
    start: Callable[[Reactor], int]
    """Start it on a free port, and return that."""
    talk: Callable[[Reactor, int], Coroutine[Any, Any, Said]]
    """Talk to it on its port, as a client."""


async def connect(reactor: Reactor, port: int, client: P) -> P:
    """Connect a client's protocol."""
    return await connectProtocol(TCP4ClientEndpoint(reactor, LOCAL, port), client)


async def repeat(
    count: int, ask: Callable[[], Awaitable[object]]
) -> tuple[object, list[float]]:
    """Ask several times; return the last answer and the seconds of each time."""
    trips: list[float] = []
    answer: object = None
    for _ in range(count):
        begun = time.perf_counter()
        answer = await ask()
        trips.append(time.perf_counter() - begun)
    return answer, trips
