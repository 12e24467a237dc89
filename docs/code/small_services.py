"""The small services, of which the slow one shares what there is by host."""

from typing import Any

from sennit.core import task
from sennit.core.defer import Deferred
from sennit.core.endpoints import clientFromString, connectProtocol, serverFromString
from sennit.core.engine import Reactor
from sennit.core.failure import Failure
from sennit.core.protocol import Factory, Protocol, connectionDone
from sennit.protocols.htb import Bucket, FilterByHost, ShapedProtocolFactory
from sennit.protocols.wire import QOTD


class Quote(QOTD):
    def getQuote(self) -> bytes:
        return b"I am a fish!\r\n" * 10


class ForAll(Bucket):
    maxburst = 10_000
    rate = 1_000_000


class ForEach(Bucket):
    maxburst = 100
    rate = 1_000


class ByHost(FilterByHost):
    bucketFactory = ForEach


class Together(FilterByHost):
    bucketFactory = ForAll

    def getBucketKey(self, transport: object) -> str:
        return "all"


class Reader(Protocol):
    def __init__(self) -> None:
        self.data = b""
        self.done: Deferred[bytes] = Deferred()

    def dataReceived(self, data: bytes) -> None:
        self.data += data

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.done.callback(self.data)


async def main(reactor: Reactor) -> None:
    factory = Factory()
    factory.protocol = ShapedProtocolFactory(Quote, ByHost(Together()))
    endpoint = serverFromString(reactor, "tcp:0:interface=127.0.0.1")
    port: Any = await endpoint.listen(factory)
    begin = reactor.seconds()
    there = clientFromString(reactor, f"tcp:127.0.0.1:{port.getHost().port}")
    reader = await connectProtocol(there, Reader())
    print(len(await reader.done), "bytes")
    print("it took its time:", reactor.seconds() - begin >= 0.03)
    await port.stopListening()


task.react(main)
