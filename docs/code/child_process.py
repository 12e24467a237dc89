"""A talk with a child process: written to, read line by line, ended."""

from sennit.core import task
from sennit.core.defer import Deferred
from sennit.core.engine import Reactor
from sennit.core.errors import ProcessDone
from sennit.core.failure import Failure
from sennit.core.protocol import ProcessProtocol


class Sorter(ProcessProtocol):
    def __init__(self, words: list[bytes]) -> None:
        self.words = words
        self.sorted = b""
        self.ended: Deferred[list[bytes]] = Deferred()

    def connectionMade(self) -> None:
        self.transport.writeSequence([word + b"\n" for word in self.words])
        self.transport.closeStdin()

    def outReceived(self, data: bytes) -> None:
        self.sorted += data

    def errReceived(self, data: bytes) -> None:
        print("it complains:", data)

    def processEnded(self, reason: Failure) -> None:
        if reason.check(ProcessDone):
            self.ended.callback(self.sorted.split())
        else:
            self.ended.errback(reason)


async def main(reactor: Reactor) -> None:
    sorter = Sorter([b"plum", b"apple", b"quince"])
    reactor.spawnProcess(sorter, "/usr/bin/sort", ["sort"], {"LC_ALL": "C"})
    print(await sorter.ended)


task.react(main)
