"""A child with descriptors of all kinds, one of them a file of ours."""

import tempfile

from sennit.core import task
from sennit.core.defer import Deferred
from sennit.core.engine import Reactor
from sennit.core.failure import Failure
from sennit.core.protocol import ProcessProtocol


class Teller(ProcessProtocol):
    def __init__(self) -> None:
        self.ended: Deferred[None] = Deferred()

    def childDataReceived(self, childFD: int, data: bytes) -> None:
        print(childFD, data)

    def processEnded(self, reason: Failure) -> None:
        self.ended.callback(None)


async def main(reactor: Reactor) -> None:
    teller = Teller()
    script = "cat <&3 >&4; echo kept >&5"
    with tempfile.TemporaryFile() as log:
        child = reactor.spawnProcess(
            teller,
            "/bin/sh",
            ["sh", "-c", script],
            {"PATH": "/bin:/usr/bin"},
            childFDs={3: "w", 4: "r", 5: log.fileno()},
        )
        child.writeToChild(3, b"by another way\n")
        child.closeChildFD(3)
        await teller.ended
        log.seek(0)
        print("in the file:", log.read())


task.react(main)
