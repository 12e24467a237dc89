"""Any bytes, in any pieces, are messages or a named error; and nothing is made of them.

    pip install atheris && python packages/sennit-spread/fuzz/fuzz_pb.py [FOLDER]

The first byte says how the rest is cut. The folder keeps what was interesting.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import atheris

with atheris.instrument_imports():
    from sennit.core.defer import Deferred
    from sennit.core.testing import StringTransport
    from sennit.spread import banana, pb

MAX_REFERENCES = MAX_CALLS = 20

logging.getLogger("sennit").addHandler(logging.NullHandler())
logging.getLogger("sennit").propagate = False


class Canary(pb.Copyable, pb.RemoteCopy):
    """Registered nowhere: whoever makes one has gone too far."""

    def __new__(cls) -> Canary:
        """Tell that it was made."""
        raise AssertionError("a class was made that was not allowed")


class Copy(pb.Copyable, pb.RemoteCopy):
    """May come."""


class Cache(pb.RemoteCache):
    """May come, and be told of changes."""

    def observe_change(self, value: Any) -> Any:
        """Give back what has changed."""
        return value


pb.setUnjellyableForClass("Copy", Copy)
pb.setUnjellyableForClass("Cache", Cache)


class Root(pb.Root):
    """Lends, gives back, and waits."""

    def __init__(self) -> None:
        self.waiting: list[Deferred[Any]] = []

    def remote_new(self, *args: Any, **kw: Any) -> pb.Referenceable:
        """Lend an object."""
        return pb.Referenceable()

    def remote_same(self, *args: Any, **kw: Any) -> Any:
        """Give back what came."""
        return args, kw

    def remote_wait(self, *args: Any) -> Deferred[Any]:
        """Never answer."""
        self.waiting.append(Deferred())
        return self.waiting[-1]


def check(data: bytes) -> None:
    """Have a broker read it, whole and in pieces."""
    if len(data) < 2:
        return
    size, data = data[0] + 1, data[1:]
    for step in (len(data), size):
        factory = pb.PBServerFactory(
            Root(), maxReferences=MAX_REFERENCES, maxCalls=MAX_CALLS
        )
        broker = factory.buildProtocol(None)
        transport = StringTransport()
        broker.makeConnection(transport)
        broker.dataReceived(banana.encode(b"pb"))
        for at in range(0, len(data), step):
            broker.dataReceived(data[at : at + step])
        assert len(broker.localObjects) <= MAX_REFERENCES + 1
        assert len(broker.answers.under_way) <= MAX_CALLS
        broker.connectionLost()
        assert not broker.localObjects


if __name__ == "__main__":
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
