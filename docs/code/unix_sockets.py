"""A server and a client of it on a UNIX socket, by endpoints."""

import tempfile
from pathlib import Path

from sennit.core import task
from sennit.core.defer import Deferred, maybeDeferred
from sennit.core.endpoints import (
    UNIXClientEndpoint,
    UNIXServerEndpoint,
    connectProtocol,
)
from sennit.core.engine import Reactor
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
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "shout"))
        port = await UNIXServerEndpoint(reactor, path).listen(
            Factory.forProtocol(Shout)
        )
        client = await connectProtocol(UNIXClientEndpoint(reactor, path), Listener())
        client.sendLine(b"good morning")
        print((await client.heard).decode())
        client.transport.loseConnection()
        await maybeDeferred(port.stopListening)


task.react(main)
