"""Views, limits in time, and errors, with both sides in one program."""

from typing import Any

from zope.interface import implementer

from sennit.core import task
from sennit.core.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from sennit.core.cred.credentials import UsernamePassword
from sennit.core.cred.portal import IRealm, Portal
from sennit.core.defer import Deferred, TimeoutError
from sennit.core.endpoints import TCP4ClientEndpoint
from sennit.core.engine import Reactor
from sennit.spread import pb


class Full(pb.Error):
    """There is no seat left."""


class Table(pb.Viewable):
    def __init__(self, seats: int) -> None:
        self.seats = seats
        self.guests: list[str] = []

    def view_sit(self, user: "User") -> list[str]:
        if len(self.guests) == self.seats:
            raise Full(f"all {self.seats} seats are taken")
        self.guests.append(user.name)
        return self.guests


class User(pb.Avatar):
    table = Table(seats=1)

    def __init__(self, name: bytes) -> None:
        self.name = name.decode()

    def perspective_table(self) -> Table:
        return self.table

    async def perspective_wait(self) -> str:
        await Deferred()
        return "nobody came"


@implementer(IRealm)
class Realm:
    def requestAvatar(self, avatarId: bytes, mind: Any, *interfaces: Any) -> Any:
        return pb.IPerspective, User(avatarId), lambda: None


async def main(reactor: Reactor) -> None:
    checker = InMemoryUsernamePasswordDatabaseDontUse(ada=b"1815", bob=b"0000")
    server = pb.PBServerFactory(
        Portal(Realm(), [checker]), maxReferences=100, maxCalls=1000
    )
    port = reactor.listenTCP(0, server, interface="127.0.0.1").getHost().port

    factory = pb.PBClientFactory()
    await factory.connect(TCP4ClientEndpoint(reactor, "127.0.0.1", port))
    ada = await factory.login(UsernamePassword(b"ada", b"1815"))
    bob = await factory.login(UsernamePassword(b"bob", b"0000"))

    seat = await ada.callRemote("table")
    print(await seat.callRemote("sit"))
    seat = await bob.callRemote("table")
    try:
        await seat.callRemote("sit")
    except pb.RemoteError as error:
        if not error.check(Full):
            raise
        print("sorry:", error)
    try:
        await bob.callRemote("wait", timeout=0.05)
    except TimeoutError:
        print("bob goes home")
    factory.disconnect()


if __name__ == "__main__":
    task.react(main)
