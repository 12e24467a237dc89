"""A desk for each user, behind a door that asks for name and password."""

import urllib.error
import urllib.request
from typing import Any

from sennit.core import task, threads
from sennit.core.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from sennit.core.cred.contracts import Login
from sennit.core.cred.portal import Portal
from sennit.core.engine import Reactor
from sennit.web.contracts import ICredentialFactory
from sennit.web.guard import (
    BasicCredentialFactory,
    DigestCredentialFactory,
    HTTPAuthSessionWrapper,
)
from sennit.web.resource import Resource
from sennit.web.server import Request, Site


class Desk(Resource):
    isLeaf = True

    def __init__(self, owner: str) -> None:
        super().__init__()
        self.owner = owner

    def render_GET(self, request: Request) -> bytes:
        return f"the desk of {self.owner}".encode()


class Office:
    def requestAvatar(self, avatarId: bytes, mind: object, *interfaces: Any) -> Login:
        return interfaces[0], Desk(avatarId.decode()), lambda: None


users = InMemoryUsernamePasswordDatabaseDontUse(ali=b"sesame")
portal = Portal(Office(), [users])
ways: list[ICredentialFactory] = [
    DigestCredentialFactory(b"SHA-256", b"The office"),
    BasicCredentialFactory(b"The office"),
]
root = Resource()
root.putChild(b"desk", HTTPAuthSessionWrapper(portal, ways))


def visit(url: str, password: str) -> str:
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, url, "ali", password)
    opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))
    try:
        with opener.open(url) as response:
            return str(response.read(), "ascii")
    except urllib.error.HTTPError as error:
        with error:
            return f"{error.code}, {error.headers.get_all('www-authenticate', [])[1]}"


async def main(reactor: Reactor) -> None:
    port = reactor.listenTCP(0, Site(root), interface="127.0.0.1")
    url = f"http://127.0.0.1:{port.getHost().port}/desk"
    for password in ("sesame", "barley"):
        print(await threads.deferToThread(visit, url, password))


task.react(main)
