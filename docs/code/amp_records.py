"""Records, a type of argument of our own, and a big value, over one connection."""

import datetime
from dataclasses import dataclass
from typing import Annotated

from sennit.core import task
from sennit.core.endpoints import TCP4ClientEndpoint, connectProtocol
from sennit.core.engine import Reactor
from sennit.core.protocol import Factory
from sennit.protocols import amp


class Hex(amp.Argument):
    """Whole numbers in hexadecimal."""

    def toString(self, inObject: int) -> bytes:
        return b"%x" % inObject

    def fromString(self, inString: bytes) -> int:
        return int(inString, 16)


class Folder(amp.Record):
    name: str
    folders: list["Folder"] = []


@dataclass
class Picture:
    title: str
    taken: datetime.datetime
    tags: list[str]


class TooSmall(Exception):
    pass


class Store(amp.Command):
    errors = {TooSmall: "TOO_SMALL"}

    where: Folder
    picture: Picture
    data: bytes
    colour: Annotated[int, Hex()] = 0xFFFFFF
    comment: str | None = None

    class Response(amp.Record):
        size: int
        stored: datetime.datetime


class Album(amp.AMP):
    @Store.responder
    async def store(
        self,
        where: Folder,
        picture: Picture,
        data: bytes,
        colour: int,
        comment: str | None,
    ) -> Store.Response:
        if not data:
            raise TooSmall(picture.title)
        print(f"{picture.title!r} to {where.folders[0].name}, on {colour:06x}")
        return Store.Response(size=len(data), stored=picture.taken)


async def main(reactor: Reactor) -> None:
    factory = Factory.forProtocol(Album)
    port = reactor.listenTCP(0, factory, interface="127.0.0.1").getHost().port
    endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", port)
    album = await connectProtocol(endpoint, amp.AMP())

    where = Folder(name="pictures", folders=[Folder(name="summer")])
    taken = datetime.datetime(2025, 7, 1, tzinfo=amp.utc)
    picture = Picture("the sea", taken, ["blue", "windy"])
    stored = await album.callRemote(
        Store, where=where, picture=picture, data=bytes(300_000), colour=0x80
    )
    print("stored", stored.size, "bytes")

    nothing = Store(where=where, picture=picture, data=b"")
    try:
        await album.callRemote(nothing, timeout=5)
    except TooSmall as error:
        print("too small:", error)


task.react(main)
