"""Site: serves a tree of resources, and keeps the sessions of its clients."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

from sennit.web import http
from sennit.web.pages import errorPage
from sennit.web.resource import getChildForRequest, wantsBodyStream
from sennit.web.server._request import Request
from sennit.web.server._session import Session

if TYPE_CHECKING:
    from sennit.web.contracts import IResource

__all__ = ["Site"]


class Site(http.HTTPFactory):
    """A factory for a server that serves a tree of resources.

    Attributes:
        resource: The root of the tree.
        displayTracebacks: Whether a page that tells of a failure shows where: for
            programmers only, since it tells of the program's inside.
        requestFactory: What makes requests.
        sessionFactory: What makes sessions; called with the site and an identifier.
        sessions: The sessions that have not ended, by identifier.
        maxSessions: How many there may be; when there are more, the oldest ends. Whoever
            sends no cookie begins one, and it costs about a kilobyte.
        maxSegments: How many segments a path may have: each is a call, and there is no
            tree as deep as that. More are answered with 414.
        getContentFile: Makes the file that the body of a request is kept in, which has
            so many bytes, None where that is not known; None for memory or a temporary
            file, by length.
        sessionCookie: The name of the cookie that has a session's identifier.
        secureSessionCookie: The name of that over TLS. Browsers let nobody but this very
            host set a cookie whose name begins so, and only over TLS.
    """

    requestFactory: Any = Request
    sessionFactory: Callable[..., Session] = Session
    displayTracebacks: bool = False
    sessionCookie: bytes = b"SENNIT_SESSION"
    secureSessionCookie: bytes = b"__Host-SENNIT_SESSION"
    getContentFile: Callable[[int | None], BinaryIO] | None = None
    isLeaf: bool = False

    def __init__(
        self,
        resource: IResource,
        requestFactory: Any = None,
        *args: Any,
        parsePOSTFormSubmission: bool = True,
        displayTracebacks: bool | None = None,
        maxSegments: int = 256,
        maxSessions: int = 100_000,
        **kwargs: Any,
    ) -> None:
        """Make a site.

        Args:
            resource: The root of the tree.
            requestFactory: What makes requests; None for `Request`.
            args: For `HTTPFactory <sennit.web.http.HTTPFactory>`: the access log, the
                other budgets, the reactor.
            parsePOSTFormSubmission: Whether forms are read into the ``args`` of requests.
            displayTracebacks: Whether failures are shown to clients.
            maxSegments: How many segments a path may have.
            maxSessions: How many sessions there may be.
            kwargs: For `HTTPFactory <sennit.web.http.HTTPFactory>`, too.
        """
        super().__init__(*args, **kwargs)
        self.resource: IResource = resource
        self.sessions: dict[bytes, Session] = {}
        self.maxSegments: int = maxSegments
        self.maxSessions: int = maxSessions
        if displayTracebacks is not None:
            self.displayTracebacks = displayTracebacks
        if requestFactory is not None:
            self.requestFactory = requestFactory
        if not parsePOSTFormSubmission:
            make = self.requestFactory
            self.requestFactory = partial(make, parsePOSTFormSubmission=False)

    # The tree

    def getResourceFor(self, request: Request) -> Any:
        """The resource that is to render a request."""
        request.site = self
        if len(request.postpath) > self.maxSegments:
            return errorPage(414, "URI Too Long", "The path has too many segments.")
        return getChildForRequest(self.resource, request)

    def wantsBodyStream(self, request: Request, path: Sequence[bytes]) -> bool:
        """Whether a request is to be rendered before its body is there."""
        return wantsBodyStream(self.resource, request, path)

    def getChildWithDefault(self, name: bytes, request: Request) -> Any:
        """The child of the root: a site can be a resource in the tree of another."""
        request.site = self
        return self.resource.getChildWithDefault(name, request)

    def putChild(self, path: bytes, child: IResource) -> None:
        """Put a resource below the root."""
        self.resource.putChild(path, child)

    def render(self, request: Request) -> Any:
        """Have the root answer."""
        request.site = self
        return self.resource.render(request)

    # Sessions

    def makeSession(self) -> Session:
        """Begin a session."""
        while len(self.sessions) >= self.maxSessions:
            self.sessions[next(iter(self.sessions))].expire()
        # 32 bytes of chance: nobody finds the session of another by trying.
        uid = secrets.token_hex(32).encode("ascii")
        session = self.sessions[uid] = self.sessionFactory(self, uid)
        session.startCheckingExpiration()
        return session

    def getSession(self, uid: bytes) -> Session:
        """The session of an identifier.

        Raises:
            KeyError: There is none, or it has ended.
        """
        return self.sessions[uid]

    def has(self, session: Session) -> bool:
        """Whether a session is the site's, and has not ended."""
        return self.sessions.get(session.uid) is session

    def sessionOf(self, request: Request, secure: bool) -> Session:
        """The session of a request's client, begun if it has none.

        Args:
            request: The request; if one is begun, the answer sets the cookie.
            secure: Whether it is one that the client shows over TLS only.

        Raises:
            RuntimeError: It has none, and the answer has begun: a cookie comes too late.
        """
        name = self.secureSessionCookie if secure else self.sessionCookie
        session = self.sessions.get(request.getCookie(name) or b"")
        if session is None:
            if request.startedWriting:
                raise RuntimeError("a session has to begin before the answer does")
            session = self.makeSession()
            request.addCookie(
                name,
                session.uid,
                path=b"/",
                secure=secure,
                httpOnly=True,
                sameSite=b"lax",
            )
        session.touch()
        return session
