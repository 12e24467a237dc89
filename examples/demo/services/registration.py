"""Users register over AMP, each once: the responders belong to an object of their own."""

import time

from sennit.core.engine import Reactor
from sennit.core.protocol import Factory
from sennit.protocols import amp
from services.service import LOCAL, Said, Service, connect

__all__ = ["SERVICE"]


class UsernameUnavailable(Exception):
    """Somebody has that name."""


class RegisterUser(amp.Command):
    errors = {UsernameUnavailable: "username-unavailable"}

    username: str
    publickey: bytes

    class Response:
        uid: int


class UserRegistration(amp.CommandLocator):
    """Keeps, in memory, who has registered."""

    def __init__(self) -> None:
        self.keys: dict[str, bytes] = {}

    @RegisterUser.responder
    async def register(self, username: str, publickey: bytes) -> int:
        if username in self.keys:
            raise UsernameUnavailable(username)
        self.keys[username] = publickey
        return len(self.keys)


def start(reactor: Reactor) -> int:
    registration = UserRegistration()
    factory = Factory.forProtocol(lambda: amp.AMP(locator=registration))
    port = reactor.listenTCP(0, factory, interface=LOCAL)
    return port.getHost().port


async def talk(reactor: Reactor, port: int) -> Said:
    client = await connect(reactor, port, amp.AMP())
    trips: list[float] = []
    for number in range(100):
        begun = time.perf_counter()
        answer = await client.callRemote(
            RegisterUser, username=f"user{number}", publickey=b"ssh-rsa AAAA"
        )
        trips.append(time.perf_counter() - begun)
    assert answer.uid == 100
    try:
        await client.callRemote(RegisterUser, username="user7", publickey=b"other")
    except UsernameUnavailable as error:
        text = f"100 users, and '{error}' is taken"
    client.transport.loseConnection()
    return Said(text, trips)


SERVICE = Service(
    "registration over AMP",
    "python examples/amp/registration.py call alice {port}",
    start,
    talk,
)
