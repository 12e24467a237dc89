"""A board is cached by whoever looks at it, and every line that is posted follows.

usage: board.py serve [PORT]     (8787 unless told; 0 for any that is free)
       board.py look [PORT]
"""

import gc
import sys
from typing import Any

from sennit.core import reactor, task
from sennit.core.engine import Reactor
from sennit.spread import pb


class Board(pb.Cacheable):
    def __init__(self) -> None:
        self.lines: list[str] = ["welcome"]
        self.observers: list[pb.RemoteCacheObserver] = []

    def post(self, line: str) -> None:
        self.lines.append(line)
        for observer in self.observers:
            observer.callRemote("posted", line)

    def getStateToCacheAndObserveFor(
        self, perspective: Any, observer: pb.RemoteCacheObserver
    ) -> dict[str, Any]:
        self.observers.append(observer)
        print("observers:", len(self.observers), flush=True)
        return {"lines": list(self.lines)}

    def stoppedObserving(
        self, perspective: Any, observer: pb.RemoteCacheObserver
    ) -> None:
        self.observers.remove(observer)
        print("observers:", len(self.observers), flush=True)


class BoardCache(pb.RemoteCache):
    lines: list[str]

    def observe_posted(self, line: str) -> None:
        self.lines.append(line)
        print("update:", line)


pb.setUnjellyableForClass(Board, BoardCache)


class Hall(pb.Root):
    def __init__(self) -> None:
        self.board = Board()

    def remote_board(self) -> Board:
        return self.board

    def remote_post(self, line: str) -> None:
        self.board.post(line)


async def look(reactor: Reactor, port: int) -> None:
    factory = pb.PBClientFactory()
    reactor.connectTCP("localhost", port, factory)
    hall = await factory.getRootObject()
    board = await hall.callRemote("board")
    print("first:", board.lines)
    await hall.callRemote("post", "one")
    await hall.callRemote("post", "two")
    print("now:", board.lines)
    print("it is one object:", await hall.callRemote("board") is board)
    del board
    gc.collect()
    await task.deferLater(reactor, 0.1)
    await hall.callRemote("post", "nobody sees this")
    factory.disconnect()


if __name__ == "__main__":
    number = int(sys.argv[2]) if sys.argv[2:] else pb.portno
    if sys.argv[1] == "serve":
        factory = pb.PBServerFactory(Hall())
        port = reactor.listenTCP(number, factory, interface="127.0.0.1")
        print("board on port", port.getHost().port, flush=True)
        reactor.run()
    else:
        task.react(look, (number,), reactor)
