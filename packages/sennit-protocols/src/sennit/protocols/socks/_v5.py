"""SOCKS of version 5: names, IPv6, passwords, and why it did not work (RFC 1928)."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from typing import Any, Final

from sennit.core import log
from sennit.core.defer import maybeDeferred
from sennit.core.errors import (
    ConnectionRefusedError,
    DNSLookupError,
    NoRouteError,
    TimeoutError,
)
from sennit.core.failure import Failure
from sennit.core.protocol import Factory
from sennit.protocols.socks._server import Beyond, SOCKSServer
from sennit.protocols.socks._wire import (
    Login,
    Request,
    SOCKSError,
    readLogin,
    readMethods,
    readRequest5,
)

__all__ = ["SOCKSv5", "SOCKSv5Factory"]

_Found = tuple[Callable[[], object], int] | None

_NO_LOGIN, _PASSWORD, _NO_METHOD = 0, 2, 0xFF
_SUCCEEDED, _FAILURE, _NETWORK, _HOST, _REFUSED = 0, 1, 3, 4, 5
_REPLIES: Final = {
    ConnectionRefusedError: _REFUSED,
    NoRouteError: _NETWORK,
    DNSLookupError: _HOST,
    TimeoutError: _HOST,
}


class SOCKSv5(SOCKSServer):
    """Connects clients of version 5; override ``authorize`` to choose whom.

    Attributes:
        user: Who has logged in; empty if nobody has to.
    """

    user: bytes = b""
    factory: SOCKSv5Factory

    def connectionMade(self) -> None:
        """Wait for the client's greeting."""
        super().connectionMade()
        self.reactor: Any = self.factory.reactor
        # What reads the next message.
        self._reader: Callable[[bytes], _Found] = self._read_methods

    def read(self, data: bytes) -> _Found:
        """Read a greeting, a login, a request: whichever is next."""
        return self._reader(data)

    def _read_methods(self, data: bytes) -> _Found:
        found = readMethods(data)
        return found and (lambda: self._choose(found[0]), found[1])

    def _choose(self, methods: bytes) -> None:
        login = self.factory.checkPassword is not None
        wanted = _PASSWORD if login else _NO_LOGIN
        if wanted not in methods:
            self.transport.write(bytes([5, _NO_METHOD]))
            raise SOCKSError(f"the client cannot log in by method {wanted}")
        self.transport.write(bytes([5, wanted]))
        self._reader = self._read_login if login else self._read_request

    def _read_login(self, data: bytes) -> _Found:
        found = readLogin(data)
        return found and (lambda: self._check(found[0]), found[1])

    def _check(self, login: Login) -> None:
        check = self.factory.checkPassword
        assert check is not None
        self._reader = self._read_nothing
        self._pending = checked = maybeDeferred(check, login.user, login.password)
        checked.addErrback(self._failed_check)
        checked.addCallback(self._checked, login)

    def _read_nothing(self, data: bytes) -> _Found:
        """The client waits for its login; it may send its request before, and no more."""
        if readRequest5(data) is not None:
            self.transport.pauseProducing()
        return None

    def _failed_check(self, reason: Failure) -> bool:
        if not self._over:
            log.err(reason, "a password could not be checked")
        return False

    def _checked(self, right: bool, login: Login) -> None:
        self._pending = None
        if self._over:
            return
        self.transport.write(bytes([1, 0 if right else 1]))
        if not right:
            self._refuse(SOCKSError(f"{login.user!r} has not logged in"))
            return
        self.user = login.user
        self._reader = self._read_request
        self.transport.resumeProducing()
        self.dataReceived(b"")

    def _read_request(self, data: bytes) -> _Found:
        found = readRequest5(data)
        return found and (lambda: self._ask(found[0]), found[1])

    def _ask(self, request: Request) -> None:
        self.begin(request._replace(user=self.user))

    def connectFor(self, request: Request) -> Any:
        """Connect a client; a name may lead to several addresses."""
        return self.connectClass(request.host, request.port, Beyond, self)

    def refused(self, reason: Failure) -> None:
        """Tell the client why it is not, as far as there is a code for it."""
        error = reason.value
        if isinstance(error, SOCKSError):
            if error.reply is not None:
                self._reply(error.reply, "0.0.0.0", 0)
            return
        replies = (code for kind, code in _REPLIES.items() if isinstance(error, kind))
        self._reply(next(replies, _FAILURE), "0.0.0.0", 0)

    def answer(self, host: str, port: int) -> None:
        """Tell the client that it is."""
        self._reply(_SUCCEEDED, host, port)

    def _reply(self, code: int, host: str, port: int) -> None:
        if ":" in host:
            kind, address = 4, socket.inet_pton(socket.AF_INET6, host.partition("%")[0])
        else:
            kind, address = 1, socket.inet_pton(socket.AF_INET, host)
        head = struct.pack("!BBBB", 5, code, 0, kind)
        self.transport.write(head + address + struct.pack("!H", port))


class SOCKSv5Factory(Factory):
    """Connects clients of version 5.

    Without *checkPassword*, whoever reaches the port can go wherever this host can:
    listen for your own clients only, or override ``SOCKSv5.authorize``.

    Attributes:
        checkPassword: Tells whether a name and a password are right; None if nobody has
            to log in.
        reactor: What connects, listens and finds names; None for the global one.
    """

    protocol: Any = SOCKSv5

    def __init__(
        self,
        checkPassword: Callable[[bytes, bytes], Any] | None = None,
        reactor: Any = None,
    ) -> None:
        """Be ready.

        Args:
            checkPassword: Given a name and a password, returns whether they are right,
                or a Deferred of that.
            reactor: What connects, listens and finds names; None for the global one.
        """
        self.checkPassword = checkPassword
        self.reactor: Any = reactor
