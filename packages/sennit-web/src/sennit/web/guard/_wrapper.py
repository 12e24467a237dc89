"""The door: who asks is asked who they are, and is given their own resource."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from zope.interface import implementer

from sennit.core import log
from sennit.core.cred.credentials import Anonymous
from sennit.core.cred.error import (
    LoginFailed,
    StaleNonce,
    Unauthorized,
    UnhandledCredentials,
)
from sennit.core.cred.interfaces import IAnonymous
from sennit.core.defer import Deferred
from sennit.core.failure import Failure
from sennit.web.guard._unauthorized import UnauthorizedResource
from sennit.web.interfaces import IResource
from sennit.web.resource import DeferredResource, Rendered

if TYPE_CHECKING:
    from sennit.core.cred.portal import Portal
    from sennit.web.contracts import ICredentialFactory
    from sennit.web.server import Request

__all__ = ["HTTPAuthSessionWrapper"]


@implementer(IResource)
class HTTPAuthSessionWrapper:
    """Stands where a resource is to be that only some may see.

    Each request logs in: by the credentials that it has, or as nobody in particular,
    where the portal has a checker for that (``AllowAnonymousAccess``). The avatar is the
    resource that answers in this place; its logout is called when the request has ended.
    Whoever is not let in is answered with 401, and the challenges of all factories.
    """

    isLeaf: bool = False

    def __init__(
        self, portal: Portal, credentialFactories: Sequence[ICredentialFactory]
    ) -> None:
        """Make the door.

        Args:
            portal: Checks credentials, and makes the avatars, which provide
                `sennit.web.interfaces.IResource`.
            credentialFactories: The ways to log in, the best first.
        """
        self._portal = portal
        self._credentialFactories = credentialFactories

    def render(self, request: Request) -> Rendered:
        """Have the avatar answer."""
        answer: Rendered = self._authorized(request).render(request)
        return answer

    def getChildWithDefault(self, path: bytes, request: Request) -> Any:
        """The avatar, before which the path is as it was before this."""
        request.postpath.insert(0, request.prepath.pop())
        return self._authorized(request)

    def putChild(self, path: bytes, child: object) -> None:
        """Refuse: what is below is below the avatar.

        Raises:
            TypeError: Always.
        """
        raise TypeError("the avatar has the children: put them there")

    def _authorized(self, request: Request) -> Any:
        header = request.getHeader(b"authorization")
        if not header:
            if IAnonymous in self._portal.checkers:
                return self._login(Anonymous(), request)
            return UnauthorizedResource(self._credentialFactories)
        scheme, _, rest = header.partition(b" ")
        stale: Any = None
        why: LoginFailed = LoginFailed("another scheme than was asked for")
        # There may be two of a scheme: digests by different algorithms.
        for factory in self._credentialFactories:
            if factory.scheme.lower() == scheme.lower():
                try:
                    return self._login(factory.decode(rest.strip(), request), request)
                except StaleNonce:
                    stale = factory
                except LoginFailed as error:
                    why = error
        if stale is None:
            _log_refusal(request, why)
        return UnauthorizedResource(self._credentialFactories, stale)

    def _login(self, credentials: Any, request: Request) -> DeferredResource:
        # Asked for now: when the avatar is there, the client may have gone.
        ended = request.notifyFinish().addErrback(lambda reason: None)

        def enter(login: tuple[Any, Any, Callable[[], object]]) -> Any:
            _, avatar, logout = login
            ended.addCallback(lambda _: logout())
            ended.addErrback(log.err, "a logout has failed")
            return avatar

        def refuse(failure: Failure) -> UnauthorizedResource:
            failure.trap(LoginFailed, Unauthorized)
            if failure.check(UnhandledCredentials):
                log.err(failure, "the portal knows no credentials of this kind")
            else:
                _log_refusal(request, failure.value, credentials)
            return UnauthorizedResource(self._credentialFactories)

        login: Deferred[Any] = self._portal.login(credentials, None, IResource)
        return DeferredResource(login.addCallbacks(enter, refuse))


def _log_refusal(request: Request, why: object, credentials: object = None) -> None:
    """Log who was not let in, for whoever counts such: never a password."""
    address = request.getClientAddress()
    name = getattr(credentials, "username", None)
    log.msg(
        f"{getattr(address, 'host', address)} is not let in"
        f"{'' if name is None else f' as {name!r}'}: {type(why).__name__} {why}"
    )
