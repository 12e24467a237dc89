"""Log in, have something echoed, and meet an error of the other side.

usage: echo_client.py [PORT [PASSWORD]]     (8787 and "guest" unless told)
"""

import sys

from echo_server import DefinedError

from sennit.core import reactor, task
from sennit.core.cred.credentials import UsernamePassword
from sennit.core.cred.error import UnauthorizedLogin
from sennit.core.engine import Reactor
from sennit.spread import pb


async def talk(reactor: Reactor, port: int, password: bytes) -> None:
    factory = pb.PBClientFactory()
    reactor.connectTCP("localhost", port, factory)
    try:
        user = await factory.login(UsernamePassword(b"guest", password))
    except pb.RemoteError as error:
        if not error.check(UnauthorizedLogin):
            raise
        print("login refused")
        return
    print("Message received:", await user.callRemote("echo", "hello world", timeout=10))
    try:
        await user.callRemote("error")
    except pb.RemoteError as error:
        print("error received:", error.check(DefinedError), error)
    factory.disconnect()


if __name__ == "__main__":
    number = int(sys.argv[1]) if sys.argv[1:] else pb.portno
    password = sys.argv[2].encode() if sys.argv[2:] else b"guest"
    task.react(talk, (number, password), reactor)
