"""Who is where, kept in memory."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import sennit.core
from sennit.core import defer
from sennit.protocols.sip._errors import RegistrationError
from sennit.protocols.sip._urls import URL

if TYPE_CHECKING:
    from sennit.core.contracts import IDelayedCall, IReactorTime

__all__ = ["InMemoryRegistry", "Registration"]

# What RFC 3261 section 10.2 proposes where a phone asks for nothing else.
_LIFETIME = 3600.0


class Registration(NamedTuple):
    """Where a user is, and for how many seconds yet."""

    secondsToExpiry: int
    contactURL: URL


class InMemoryRegistry:
    """Keeps, for an hour each, where the users of one domain are.

    Args:
        domain: the domain.
        reactor: its clock; the default one unless told.

    Attributes:
        users: of each user name the timer that ends it, and the URL.
        maxUsers: how many are kept; who is new beyond that is refused (503).
    """

    maxUsers: int = 100_000

    def __init__(self, domain: str, reactor: IReactorTime | None = None) -> None:
        self.domain = domain
        self.users: dict[str, tuple[IDelayedCall, URL]] = {}
        self._reactor = reactor

    @property
    def _clock(self) -> IReactorTime:
        return self._reactor or sennit.core.reactor

    def getAddress(self, userURI: URL) -> defer.Deferred[URL]:
        """Tell where a user is."""
        return self.getRegistrationInfo(userURI).addCallback(lambda it: it.contactURL)

    def getRegistrationInfo(self, userURI: URL) -> defer.Deferred[Registration]:
        """Tell where a user is, and for how long."""
        if userURI.host != self.domain:
            return defer.fail(LookupError("unknown domain"))
        if userURI.username is None or userURI.username not in self.users:
            return defer.fail(LookupError("no such user"))
        return defer.succeed(self._told(userURI.username))

    def _told(self, username: str) -> Registration:
        expiry, url = self.users[username]
        seconds = expiry.getTime() - self._clock.seconds()
        return Registration(max(0, math.floor(seconds)), url)

    def registerAddress(
        self, domainURL: URL, logicalURL: URL, physicalURL: URL
    ) -> defer.Deferred[Registration]:
        """Note where a user is, for an hour from now."""
        username = logicalURL.username
        ours = domainURL.host == logicalURL.host == self.domain
        if not ours or not username:
            return defer.fail(RegistrationError(404))
        if username in self.users:
            self.users[username][0].reset(_LIFETIME)
            self.users[username] = (self.users[username][0], physicalURL)
        elif len(self.users) >= self.maxUsers:
            return defer.fail(RegistrationError(503))
        else:
            expiry = self._clock.callLater(_LIFETIME, self._expire, username)
            self.users[username] = (expiry, physicalURL)
        return defer.succeed(self._told(username))

    def unregisterAddress(
        self, domainURL: URL, logicalURL: URL, physicalURL: URL
    ) -> defer.Deferred[Registration]:
        """Forget where a user is."""
        username = logicalURL.username
        if not domainURL.host == logicalURL.host == self.domain:
            return defer.fail(LookupError("unknown domain"))
        if username is None or username not in self.users:
            return defer.fail(LookupError("no such user"))
        expiry, url = self.users.pop(username)
        if expiry.active():
            expiry.cancel()
        return defer.succeed(Registration(0, url))

    def _expire(self, username: str) -> None:
        del self.users[username]
