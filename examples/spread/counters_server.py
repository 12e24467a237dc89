"""Objects that stay here while the other side has references to them, and calls back.

usage: counters_server.py [PORT]     (8787 unless told; 0 for any that is free)
"""

import sys

from sennit.core import reactor
from sennit.spread import pb


class Counter(pb.Referenceable):
    def __init__(self, name: str) -> None:
        self.name = name
        self.total = 0

    def remote_add(self, number: int) -> int:
        self.total += number
        print(f"{self.name} is now {self.total}", flush=True)
        return self.total


class Front(pb.Root):
    def __init__(self) -> None:
        self.counters: dict[str, Counter] = {}

    def remote_counter(self, name: str) -> Counter:
        return self.counters.setdefault(name, Counter(name))

    def remote_name_of(self, counter: Counter) -> str:
        # A reference that comes home is the object itself.
        print("came home:", counter is self.counters[counter.name], flush=True)
        return counter.name

    async def remote_count(self, upto: int, listener: pb.RemoteReference) -> str:
        last = None
        for number in range(1, upto + 1):
            last = await listener.callRemote("tick", number)
        return f"last answer: {last}"


if __name__ == "__main__":
    number = int(sys.argv[1]) if sys.argv[1:] else pb.portno
    factory = pb.PBServerFactory(Front())
    port = reactor.listenTCP(number, factory, interface="127.0.0.1")
    print("counters on port", port.getHost().port, flush=True)
    reactor.run()
