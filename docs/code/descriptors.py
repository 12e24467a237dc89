"""One program opens files for another, which may not open them itself."""

import os
import tempfile
from pathlib import Path
from typing import Any

from sennit.core import task
from sennit.core.defer import Deferred
from sennit.core.endpoints import (
    UNIXClientEndpoint,
    UNIXServerEndpoint,
    connectProtocol,
)
from sennit.core.engine import Reactor
from sennit.core.protocol import Factory, Protocol


class Opener(Protocol):
    transport: Any

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def connectionMade(self) -> None:
        with open(self.folder / "secret") as file:
            self.transport.sendFileDescriptor(file.fileno())
        self.transport.write(b"!")


class Reader(Protocol):
    def __init__(self) -> None:
        self.text: Deferred[str] = Deferred()

    def fileDescriptorReceived(self, descriptor: int) -> None:
        with os.fdopen(descriptor) as file:
            self.text.callback(file.read())


async def main(reactor: Reactor) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        folder.joinpath("secret").write_text("the key is under the mat")
        path = str(folder / "opener")
        await UNIXServerEndpoint(reactor, path).listen(
            Factory.forProtocol(lambda: Opener(folder))
        )
        reader = await connectProtocol(UNIXClientEndpoint(reactor, path), Reader())
        print(await reader.text)


task.react(main)
