"""An asyncio program that serves and asks with sennit: one loop, no second one.

usage: attached.py [PORT]     (any that is free unless told)

On its first use the reactor attaches to the loop that runs. A Deferred is awaited in
any task of asyncio, and what is built on asyncio is awaited next to it.
"""

import asyncio
import sys

from sennit.core import endpoints, reactor
from sennit.core.defer import DeferredQueue
from sennit.core.protocol import Factory
from sennit.protocols.basic import LineReceiver


class Shout(LineReceiver):
    def lineReceived(self, line: bytes) -> None:
        self.sendLine(line.upper())


class Asker(LineReceiver):
    def __init__(self) -> None:
        self.answers: DeferredQueue[bytes] = DeferredQueue()

    def lineReceived(self, line: bytes) -> None:
        self.answers.put(line)

    async def ask(self, line: bytes) -> bytes:
        self.sendLine(line)
        return await self.answers.get()


async def converse(client: Asker, words: list[bytes]) -> None:
    for word in words:
        print(word.decode(), "->", (await client.ask(word)).decode())
        await asyncio.sleep(0.01)


async def main() -> None:
    factory: Factory = Factory.forProtocol(Shout)
    port = reactor.listenTCP(int(sys.argv[1]) if sys.argv[1:] else 0, factory)
    number = port.getHost().port
    print("shouting on TCP port", number)
    where = endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", number)
    clients = [await endpoints.connectProtocol(where, Asker()) for _ in range(2)]
    async with asyncio.timeout(5):
        await asyncio.gather(
            converse(clients[0], [b"good", b"morning"]),
            converse(clients[1], [b"well", b"met"]),
        )
    for client in clients:
        client.transport.loseConnection()
    await port.stopListening()
    print("over")


if __name__ == "__main__":
    asyncio.run(main())
