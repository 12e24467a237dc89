"""An avatar for each user who logs in: it echoes, and fails on purpose.

usage: echo_server.py [PORT]     (8787 unless told; 0 for any that is free)
"""

import sys
from typing import Any

from zope.interface import implementer

from sennit.core import reactor
from sennit.core.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from sennit.core.cred.portal import IRealm, Portal
from sennit.spread import pb


class DefinedError(pb.Error):
    """Goes to the client as ``echo_server.DefinedError``, also from the program."""


class SimplePerspective(pb.Avatar):
    def perspective_echo(self, text: str) -> str:
        print("echoing", text, flush=True)
        return text

    async def perspective_error(self) -> None:
        raise DefinedError("exception!")

    def logout(self) -> None:
        print("logged out", flush=True)


@implementer(IRealm)
class SimpleRealm:
    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: Any) -> Any:
        if pb.IPerspective not in interfaces:
            raise NotImplementedError
        avatar = SimplePerspective()
        return pb.IPerspective, avatar, avatar.logout


if __name__ == "__main__":
    number = int(sys.argv[1]) if sys.argv[1:] else pb.portno
    checker = InMemoryUsernamePasswordDatabaseDontUse(guest=b"guest")
    factory = pb.PBServerFactory(Portal(SimpleRealm(), [checker]))
    port = reactor.listenTCP(number, factory, interface="127.0.0.1")
    print("echo on port", port.getHost().port, flush=True)
    reactor.run()
