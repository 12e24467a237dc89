"""Call objects of the server, and have it call one of here.

usage: counters_client.py [PORT]     (8787 unless told)
"""

import sys

from sennit.core import reactor, task
from sennit.core.engine import Reactor
from sennit.spread import pb


class Listener(pb.Referenceable):
    def remote_tick(self, number: int) -> int:
        print("tick", number)
        return number * 10


async def count(reactor: Reactor, port: int) -> None:
    factory = pb.PBClientFactory()
    reactor.connectTCP("localhost", port, factory)
    front = await factory.getRootObject()

    apples = await front.callRemote("counter", "apples")
    print("apples:", await apples.callRemote("add", 2))
    print("apples:", await apples.callRemote("add", 3))
    print("same reference:", await front.callRemote("counter", "apples") is apples)
    print("name:", await front.callRemote("name_of", apples))
    print(await front.callRemote("count", 3, Listener()))
    try:
        await apples.callRemote("peel")
    except pb.RemoteError as error:
        print(error)
    factory.disconnect()


if __name__ == "__main__":
    number = int(sys.argv[1]) if sys.argv[1:] else pb.portno
    task.react(count, (number,), reactor)
