"""Objects over Perspective Broker: a login, calls by reference, a copy, a cache."""

from typing import Any

from zope.interface import implementer

from sennit.core import defer
from sennit.core.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from sennit.core.cred.credentials import UsernamePassword
from sennit.core.cred.portal import IRealm, Portal
from sennit.core.engine import Reactor
from sennit.spread import pb
from services.service import LOCAL, Said, Service, repeat

__all__ = ["SERVICE"]


class Reading(pb.Copyable, pb.RemoteCopy):
    """Goes by copy."""

    degrees = 4

    def getStateToCopy(self) -> dict[str, Any]:
        return {"degrees": self.degrees}


class Board(pb.Cacheable):
    """Is cached by each user, and tells them of every line."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.observers: list[pb.RemoteCacheObserver] = []

    def getStateToCacheAndObserveFor(
        self, perspective: Any, observer: pb.RemoteCacheObserver
    ) -> dict[str, Any]:
        self.observers.append(observer)
        return {"lines": list(self.lines)}

    def stoppedObserving(
        self, perspective: Any, observer: pb.RemoteCacheObserver
    ) -> None:
        self.observers.remove(observer)


class BoardCache(pb.RemoteCache):
    lines: list[str]

    def observe_posted(self, line: str) -> None:
        self.lines.append(line)


pb.setUnjellyableForClass(Reading, Reading)
pb.setUnjellyableForClass(Board, BoardCache)


class User(pb.Avatar):
    """What a user works with; ``mind`` is the user's own object."""

    board = Board()

    def __init__(self, mind: Any) -> None:
        self.mind = mind

    def perspective_echo(self, value: Any) -> Any:
        return value

    def perspective_ask_back(self) -> Any:
        return self.mind.callRemote("name")

    def perspective_reading(self) -> Reading:
        return Reading()

    def perspective_board(self) -> Board:
        return self.board

    def perspective_post(self, line: str) -> Any:
        self.board.lines.append(line)
        return defer.gatherResults(
            [each.callRemote("posted", line) for each in self.board.observers]
        ).addCallback(len)


class Me(pb.Referenceable):
    def remote_name(self) -> str:
        return "Ada"


@implementer(IRealm)
class Realm:
    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: Any) -> Any:
        return pb.IPerspective, User(mind), lambda: None


def start(reactor: Reactor) -> int:
    checker = InMemoryUsernamePasswordDatabaseDontUse(guest=b"guest")
    factory = pb.PBServerFactory(Portal(Realm(), [checker]))
    return reactor.listenTCP(0, factory, interface=LOCAL).getHost().port


async def talk(reactor: Reactor, port: int) -> Said:
    factory = pb.PBClientFactory()
    reactor.connectTCP(LOCAL, port, factory)
    user = await factory.login(UsernamePassword(b"guest", b"guest"), client=Me())
    _, trips = await repeat(200, lambda: user.callRemote("echo", {"n": [1, 2, 3]}))
    assert await user.callRemote("ask_back") == "Ada"
    reading = await user.callRemote("reading")
    board = await user.callRemote("board")
    assert await user.callRemote("post", "hello") == 1
    text = f"200 echoes, {reading.degrees} degrees, a board that says {board.lines[-1]}"
    factory.disconnect()
    return Said(text, trips)


SERVICE = Service(
    "objects over PB", "python examples/spread/echo_client.py {port}", start, talk
)
