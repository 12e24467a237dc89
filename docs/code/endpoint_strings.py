"""A server and a client whose places come as text, as from a command line."""

from sennit.core import task
from sennit.core.address import IPv4Address
from sennit.core.defer import Deferred, maybeDeferred
from sennit.core.endpoints import clientFromString, connectProtocol, serverFromString
from sennit.core.engine import Reactor
from sennit.core.errors import EndpointStringError
from sennit.core.protocol import Factory
from sennit.protocols.basic import LineReceiver


class Shout(LineReceiver):
    def lineReceived(self, line: bytes) -> None:
        self.sendLine(line.upper())


class Listener(LineReceiver):
    def __init__(self) -> None:
        self.heard: Deferred[bytes] = Deferred()

    def lineReceived(self, line: bytes) -> None:
        self.heard.callback(line)


async def main(reactor: Reactor) -> None:
    server = serverFromString(reactor, "tcp:0:interface=127.0.0.1")
    port = await server.listen(Factory.forProtocol(Shout))

    host = port.getHost()
    assert isinstance(host, IPv4Address)
    client = clientFromString(reactor, f"tcp:127.0.0.1:{host.port}:timeout=5")
    listener = await connectProtocol(client, Listener())
    listener.sendLine(b"good morning")
    print((await listener.heard).decode())
    await maybeDeferred(port.stopListening)

    try:
        serverFromString(reactor, "tcp:8080:interfase=127.0.0.1")
    except EndpointStringError as error:
        print(error)


task.react(main)
