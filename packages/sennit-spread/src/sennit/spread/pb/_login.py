"""Logging in: a challenge, an answer to it, and the avatar that the portal gives.

The client asks the root to ``login`` with a name, gets a challenge and an object, and
has that ``respond``; or asks for ``loginAnonymous``. The user leaves, and the realm's
logout is called once, when the client has dropped its reference to the avatar or when
the connection ends.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from typing import TYPE_CHECKING, Any

from zope.interface import implementer

from sennit.core import log
from sennit.core.cred.credentials import Anonymous
from sennit.core.cred.error import LoginFailed, UnauthorizedLogin
from sennit.core.cred.interfaces import IUsernameHashedPassword
from sennit.core.cred.portal import Portal
from sennit.core.defer import maybeDeferred
from sennit.spread.interfaces import (
    IJellyable,
    IPBRoot,
    IPerspective,
    IUsernameMD5Password,
)
from sennit.spread.pb._errors import PBConnectionLost, TooManyReferences
from sennit.spread.pb._flavors import Referenceable
from sennit.spread.pb._references import AsReferenceable

if TYPE_CHECKING:
    from collections.abc import Callable

    from sennit.core.cred.contracts import Login
    from sennit.core.defer import Deferred
    from sennit.core.failure import Failure
    from sennit.spread.pb._references import RemoteReference

__all__ = ["PortalRoot", "challenge", "log_in", "log_in_anonymously", "respond"]

# To type checkers it is a Protocol, which has no such method.
_jellyable: Any = IJellyable

# As long as an MD5 digest: more would not make the answer any harder to guess.
_CHALLENGE_BYTES = 16


def challenge() -> bytes:
    """Give bytes that nobody can foresee."""
    return secrets.token_bytes(_CHALLENGE_BYTES)


def respond(challenge: bytes, password: bytes) -> bytes:
    """Answer a challenge.

    Args:
        challenge: What the server has sent.
        password: The password.

    Returns:
        The MD5 digest of the password's MD5 digest and the challenge.
    """
    return _answer(challenge, hashlib.md5(password).digest())


def _answer(challenge: bytes, password_digest: bytes) -> bytes:
    return hashlib.md5(password_digest + challenge).digest()


# The client's side


def log_in(
    root: RemoteReference, username: bytes | str, password: bytes | str, mind: Any
) -> Deferred[RemoteReference]:
    """Log in by name and password.

    Args:
        root: The other side's root.
        username: The name.
        password: The password; it does not go over the wire.
        mind: What the avatar may call here; None for nothing.

    Returns:
        The avatar. It fails with an error that is an ``UnauthorizedLogin``.
    """
    secret = _octets(password)

    def challenged(challenge: tuple[bytes, RemoteReference]) -> Deferred[Any]:
        question, challenger = challenge
        answered: Deferred[Any] = challenger.callRemote(
            "respond", respond(question, secret), mind
        )
        return answered

    asked: Deferred[Any] = root.callRemote("login", _octets(username))
    return asked.addCallback(challenged)


def log_in_anonymously(root: RemoteReference, mind: Any) -> Deferred[RemoteReference]:
    """Log in without a name.

    Args:
        root: The other side's root.
        mind: What the avatar may call here; None for nothing.
    """
    asked: Deferred[RemoteReference] = root.callRemote("loginAnonymous", mind)
    return asked


def _octets(text: bytes | str) -> bytes:
    return text.encode() if isinstance(text, str) else text


# The server's side


@implementer(IPBRoot)
class PortalRoot:
    """Has a login for the root of each connection."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    def rootObject(self, broker: Any) -> LoginRoot:
        """Give the object that a client logs in by."""
        return LoginRoot(self.portal, broker)


class _Entrance(Referenceable):
    """What a login goes on by."""

    def __init__(self, portal: Portal, broker: Any) -> None:
        self.portal = portal
        self.broker = broker

    def let_in(self, credentials: Any, mind: Any, who: str) -> Deferred[Any]:
        """Have the portal give an avatar."""
        entered: Deferred[Any] = self.portal.login(credentials, mind, IPerspective)
        return entered.addCallbacks(self._entered, self._refused, errbackArgs=(who,))

    def _entered(self, login: Login) -> Any:
        _, avatar, logout = login
        if self.broker.disconnected:
            _leave(logout)
            raise PBConnectionLost("the client left before it was logged in")
        if not _jellyable.providedBy(avatar):
            avatar = AsReferenceable(avatar, "perspective")
        try:
            self.broker.call_when_dropped(
                avatar.processUniqueID(), lambda: _leave(logout)
            )
        except TooManyReferences:
            _leave(logout)
            raise
        self.broker.patience.end()
        return avatar

    def _refused(self, failure: Failure, who: str) -> Failure:
        if failure.check(LoginFailed):
            log.msg(
                f"{self.broker.peer} was not let in as {who}",
                logLevel=logging.WARNING,
                failure=failure,
            )
            self.broker.told_already(failure)
        return failure


def _leave(logout: Callable[[], Any]) -> None:
    maybeDeferred(logout).addErrback(log.err, "a logout has failed")


class LoginRoot(_Entrance):
    """The root of a connection by which one may log in."""

    def remote_login(self, username: Any) -> tuple[bytes, Challenger]:
        """Begin to log in by name: give a challenge, and what takes the answer."""
        if isinstance(username, str):
            username = username.encode()
        if not isinstance(username, bytes):
            raise UnauthorizedLogin("a user's name is bytes")
        question = challenge()
        return question, Challenger(self.portal, self.broker, username, question)

    def remote_loginAnonymous(self, mind: Any) -> Deferred[Any]:
        """Log in without a name."""
        return self.let_in(Anonymous(), mind, "anonymous")


@implementer(IUsernameHashedPassword, IUsernameMD5Password)
class Challenger(_Entrance):
    """Takes the answer to one challenge, once.

    Attributes:
        username: Who it is said to be.
        challenge: What was asked.
        response: What was answered; None before.
    """

    def __init__(
        self, portal: Portal, broker: Any, username: bytes, challenge: bytes
    ) -> None:
        super().__init__(portal, broker)
        self.username = username
        self.challenge = challenge
        self.response: bytes | None = None

    def remote_respond(self, response: Any, mind: Any) -> Deferred[Any]:
        """Check the answer, and log the user in."""
        if self.response is not None or not isinstance(response, bytes):
            raise UnauthorizedLogin("a challenge is answered once, by bytes")
        self.response = response
        return self.let_in(self, mind, repr(self.username[:100]))

    def checkPassword(self, password: bytes | str) -> bool:
        """Find out whether the answer was made with this password."""
        return self.checkMD5Password(hashlib.md5(_octets(password)).digest())

    def checkMD5Password(self, md5Password: bytes) -> bool:
        """Find out whether the answer was made with the password of this digest."""
        expected = _answer(self.challenge, md5Password)
        return hmac.compare_digest(self.response or b"", expected)
