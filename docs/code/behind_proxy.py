"""A server behind a proxy: who is there, and by which name it was asked for."""

from typing import Any

from sennit.core import task
from sennit.core.defer import Deferred
from sennit.core.endpoints import clientFromString, connectProtocol, serverFromString
from sennit.core.engine import Reactor
from sennit.core.protocol import Factory, Protocol
from sennit.protocols.haproxy import TLVType


class Greet(Protocol):
    transport: Any

    def connectionMade(self) -> None:
        client = self.transport.getPeer()
        name = self.transport.proxyInfo.tlv(TLVType.AUTHORITY)
        self.transport.write(b"%b asks for %b" % (client.host.encode(), name))


class Proxy(Protocol):
    def __init__(self) -> None:
        self.heard: Deferred[bytes] = Deferred()

    def connectionMade(self) -> None:
        addresses = bytes([192, 0, 2, 1]) + bytes([192, 0, 2, 9]) + b"\xdc\x04\x01\xbb"
        values = b"\x02\x00\x0bexample.org"
        length = bytes([0, len(addresses + values)])
        header = b"\r\n\r\n\x00\r\nQUIT\n\x21\x11" + length + addresses + values
        self.transport.write(header)

    def dataReceived(self, data: bytes) -> None:
        self.heard.callback(data)


async def main(reactor: Reactor) -> None:
    endpoint = serverFromString(reactor, "haproxy:tcp:0:interface=127.0.0.1")
    port: Any = await endpoint.listen(Factory.forProtocol(Greet))
    there = clientFromString(reactor, f"tcp:127.0.0.1:{port.getHost().port}")
    proxy = await connectProtocol(there, Proxy())
    print((await proxy.heard).decode())
    proxy.transport.loseConnection()
    await port.stopListening()


task.react(main)
