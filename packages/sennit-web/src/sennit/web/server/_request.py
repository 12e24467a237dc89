"""Request: from the path it asks for, through the site's tree, to what is answered.

A renderer's answer is bytes, mostly: then it is sent at once, and nothing else is made.
Whatever is there later is waited for, and cancelled when the client goes away. What
fails is logged, with the client and what it has asked for; the client gets a page, or,
if the answer has begun, a connection that ends before its end.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_to_bytes

from sennit.core.defer import CancelledError, Deferred, ensureDeferred
from sennit.core.failure import Failure
from sennit.web import http
from sennit.web.error import UnsupportedMethod
from sennit.web.http import date_line
from sennit.web.resource import NOT_DONE_YET
from sennit.web.server import _troubles
from sennit.web.server._components import Componentized
from sennit.web.server._links import Links

if TYPE_CHECKING:
    from sennit.web.resource import Encoder
    from sennit.web.server._session import Session
    from sennit.web.server._site import Site

__all__ = ["Request", "version"]

version: Final = b"Sennit"
"""What the ``Server`` header says: not which version, which is of use to attackers only."""

SERVER_LINE: Final = b"Server: %b\r\n" % version

# The date of this second, and the lines that have it; in one, as threads may share them.
# Changed by Request.stockHeaders only.
_stock = (b"", b"")


class Request(Componentized, Links):
    """A request to a site, and the answer to it.

    Attributes:
        site: The site.
        encoder: What the body goes through on its way to the client; mostly None.
    """

    site: Site
    encoder: Encoder | None = None
    method: bytes
    prepath: list[bytes]
    postpath: list[bytes]
    defaultContentType: bytes | None = b"text/html"

    # The answer that is waited for; whether a GET is rendered for a HEAD; the sessions
    # that were found, over TLS or not.
    _waiting: Deferred[Any] | None = None
    _as_head: bool = False
    _session: Session | None = None
    _secure_session: Session | None = None

    # From the path to the resource

    def wantsBodyStream(self) -> bool:
        """Whether the resource reads the body as it comes: asked when the head is there."""
        site = self.site = self.channel.site
        try:
            return bool(site.wantsBodyStream(self, segments(self.path)))
        except Exception:
            _troubles.log_failure(self, Failure())
            return False

    def gotLength(self, length: int | None) -> None:
        """Make ready for the body, in the site's own file if it has one."""
        if length == 0:
            return
        own = self.channel.site.getContentFile
        if own is None:
            super().gotLength(length)
        else:
            self.content = own(length)

    def process(self) -> None:
        """Have the resource that the path leads to answer."""
        site = self.site = self.channel.site
        path = self.path
        self.prepath = []
        self.postpath = [b""] if path == b"/" else segments(path)
        try:
            if path == b"*":
                self._take(_troubles.server_wide(self), site)
            else:
                self.render(site.getResourceFor(self))
        except Exception:
            self.processingFailed(Failure())

    # From the resource to the answer

    def render(self, resrc: Any) -> None:
        """Answer with what a resource renders.

        Args:
            resrc: The resource.
        """
        try:
            answer = resrc.render(self)
        except UnsupportedMethod as error:
            answer = self._unsupported(resrc, error)
        self._take(answer, resrc)

    def _unsupported(self, resrc: Any, error: UnsupportedMethod) -> Any:
        if self.method == b"HEAD" and b"GET" in error.allowedMethods:
            _troubles.log_head(resrc)
            self._as_head, self.method = True, b"GET"
            try:
                return resrc.render(self)
            finally:
                self.method = b"HEAD"
        return _troubles.not_allowed(self, error.allowedMethods)

    def _take(self, answer: Any, resrc: Any) -> None:
        """Answer with what a resource's renderer has returned."""
        if isinstance(answer, bytes):
            if self.encoder is None:
                self.respond(answer)
            else:
                self.write(answer)
                self.finish()
        elif answer == NOT_DONE_YET:
            return
        elif isinstance(answer, Awaitable):
            waiting = self._waiting = ensureDeferred(answer)
            waiting.addCallback(self._arrived, resrc)
            waiting.addErrback(self._not_arrived, resrc)
        elif hasattr(answer, "render"):
            self.render(answer)
        elif answer is None and self.finished:
            return
        elif answer is None and self.startedWriting:
            self.finish()
        else:
            self.render(_troubles.no_answer(self, resrc, answer))

    # A whole body goes past `write` and `finish`: those are for encoders only.
    if not TYPE_CHECKING:
        respond = http.Request.respond

    def write(self, data: bytes) -> None:
        """Write a piece of the body; the head goes before the first one."""
        if self.encoder is not None:
            data = self.encoder.encode(data)
        super().write(b"" if self._as_head else data)

    def finish(self) -> None:
        """Say that the response is complete."""
        if self.encoder is not None:
            rest = self.encoder.finish()
            self.encoder = None
            if rest:
                super().write(b"" if self._as_head else rest)
        super().finish()

    def stockHeaders(self) -> bytes:
        """The lines ``Server`` and ``Date``: the same object for as long as they are true."""
        global _stock
        date = date_line()
        known, lines = _stock
        if date is not known:
            lines = SERVER_LINE + date
            _stock = (date, lines)
        return lines

    # Answers that are waited for

    def _arrived(self, answer: Any, resrc: Any) -> None:
        self._waiting = None
        if not self._disconnected:
            self._take(answer, resrc)

    def _not_arrived(self, failure: Failure, resrc: Any) -> None:
        self._waiting = None
        if self._disconnected:
            if not failure.check(CancelledError):
                _troubles.log_failure(self, failure)
        elif failure.check(UnsupportedMethod):
            allowed = failure.value.allowedMethods
            self._take(_troubles.not_allowed(self, allowed), resrc)
        else:
            self.processingFailed(failure)

    def connectionLost(self, reason: Failure) -> None:
        """The client has gone away: what is waited for is cancelled."""
        super().connectionLost(reason)
        if self._waiting is not None:
            self._waiting.cancel()

    def processingFailed(self, reason: Failure) -> None:
        """The answer has failed: log it, and tell the client as far as that is possible.

        Args:
            reason: The failure.
        """
        _troubles.log_failure(self, reason)
        if self.finished or self._disconnected:
            return
        if self.startedWriting:
            # There is no other way to tell that what was sent is not all of it.
            self.channel.abortConnection()
            return
        _troubles.forget_answer(self)
        self.respond(_troubles.failure_page(self, reason))

    # Sessions

    def getSession(
        self, sessionInterface: Any = None, forceNotSecure: bool = False
    ) -> Any:
        """The client's session, begun if it has none.

        Args:
            sessionInterface: A class or a zope Interface: then it is what the session
                has for that (`Session.getComponent`).
            forceNotSecure: Over TLS, the session that the client has without, too.

        Raises:
            RuntimeError: It has none, and the answer has begun: a cookie comes too late.
        """
        secure = bool(self.isSecure()) and not forceNotSecure
        session = self._secure_session if secure else self._session
        if session is None or not self.site.has(session):
            session = self.site.sessionOf(self, secure)
            if secure:
                self._secure_session = session
            else:
                self._session = session
        if sessionInterface is None:
            return session
        return session.getComponent(sessionInterface)

    @property
    def session(self) -> Session | None:
        """The session that was asked for already; None if none was.

        Over TLS it is that which the client has over TLS only.
        """
        return self._secure_session if self.isSecure() else self._session


def segments(path: bytes) -> list[bytes]:
    """The segments of a path, not quoted."""
    parts = path[1:].split(b"/")
    return [unquote_to_bytes(each) for each in parts] if b"%" in path else parts
