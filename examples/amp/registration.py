"""Register users, each once: the responders are not the protocol, but another object.

usage: registration.py serve FOLDER [PORT]    (8750 unless told; 0 for any that is free)
       registration.py call NAME [PORT]
"""

import sys

from sennit.core import log, reactor
from sennit.core.endpoints import TCP4ClientEndpoint, connectProtocol
from sennit.core.filepath import FilePath
from sennit.core.protocol import Factory
from sennit.protocols.amp import AMP, Command, CommandLocator, Integer, String, Unicode


class UsernameUnavailable(Exception):
    """Somebody has that name."""


class RegisterUser(Command):
    arguments = [("username", Unicode()), ("publickey", String())]
    response = [("uid", Integer())]
    errors = {UsernameUnavailable: "username-unavailable"}


class UserRegistration(CommandLocator):
    def __init__(self, folder: str) -> None:
        self.folder = FilePath(folder)
        self.uidCounter = 0

    @RegisterUser.responder
    def register(self, username: str, publickey: bytes) -> dict[str, int]:
        path = self.folder.child(username)
        if path.exists():
            raise UsernameUnavailable(username)
        self.uidCounter += 1
        path.setContent(b"%d %s\n" % (self.uidCounter, publickey))
        return {"uid": self.uidCounter}


def serve(folder: str, port: int) -> None:
    registration = UserRegistration(folder)
    factory = Factory.forProtocol(lambda: AMP(locator=registration))
    listening = reactor.listenTCP(port, factory, interface="127.0.0.1")
    print("registering on port", listening.getHost().port, flush=True)


def call(username: str, port: int) -> None:
    endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", port)
    d = connectProtocol(endpoint, AMP())
    d.addCallback(
        lambda protocol: protocol.callRemote(
            RegisterUser, username=username, publickey=b"ssh-rsa AAAAB3NzaC1yc2"
        )
    )
    d.addCallback(lambda result: print("Registration result:", result))
    d.addErrback(log.err, "Failed to register")
    d.addCallback(lambda _: reactor.stop())


if __name__ == "__main__":
    log.startLogging(sys.stdout)
    begin = {"serve": serve, "call": call}[sys.argv[1]]
    begin(sys.argv[2], int(sys.argv[3]) if sys.argv[3:] else 8750)
    reactor.run()
