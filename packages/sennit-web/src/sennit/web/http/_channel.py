"""HTTPChannel: one connection, its requests one after another.

    HEAD --a head--> RESPONDING --the response is complete--> HEAD
      |                ^
      +--a body is to come--> BODY --the body is there--+
      +--whose resource reads it--> STREAMING ----------+
    STREAMING --complete before the body--> UNREAD --the body's end--> HEAD
    any --what came is no HTTP, or the last response is complete--> CLOSING

Requests that come while another is answered wait: answers go out in the order of the
requests (RFC 9112 §9.3.2), and a connection costs one request at a time.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from sennit.core import log
from sennit.core.protocol import Protocol, connectionDone
from sennit.web.http._bodies import Bodies
from sennit.web.http._ending import State
from sennit.web.http._errors import BadRequest
from sennit.web.http._fields import NO_BODY
from sennit.web.http._head import Head, HeadReader
from sennit.web.http._request import Request

if TYPE_CHECKING:
    from sennit.core.contracts import ITransport
    from sennit.core.failure import Failure

__all__ = ["HTTPChannel"]


# Who would see the access log, if it is no file.
_BUS: Final = log.theLogPublisher
_LOGGER: Final = logging.getLogger("sennit")


_HEAD, _RESPONDING, _CLOSING = State.HEAD, State.RESPONDING, State.CLOSING


class HTTPChannel(Bodies, Protocol):
    """A connection of a server: it reads requests, and sends their responses in order.

    To a request it is the transport.

    Attributes:
        requestFactory: What makes requests; called with the channel.
        site: The site that is served; None without one.
        requireHost: Whether HTTP/1.1 needs a Host header (RFC 9112 §3.2).
        persistent: Whether the connection stays open after this response.
    """

    requestFactory: Any = Request
    site: Any = None
    requireHost: bool = True
    persistent: bool | int = True

    # Whether there is something to be asked: as checkPersistence is overridden, mostly.
    _asks: bool = False

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self._state = State.HEAD
        # Whether somebody looks at the access log, while a chunk is looked at.
        self._watched = False
        self._written = None
        self._backlog = None
        self._full = False
        self._begun = self._waited_for = False
        # Whether too many requests wait, and whether nothing is read, for any reason.
        self._crowded = self._paused = False
        # Whether each response is the last one.
        self._draining = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._asks = cls.checkPersistence is not HTTPChannel.checkPersistence

    def makeConnection(self, transport: ITransport) -> None:
        """Attach the transport, and wait for a request."""
        limits = self.limits
        self._reader = HeadReader(limits.maxHead, limits.maxHeaders, self.requireHost)
        self.find_clock()
        super().makeConnection(transport)

    def connectionMade(self) -> None:
        """Have the transport say when it is full, and begin to wait."""
        self._registered = True
        self.transport.registerProducer(self, True)
        self.await_more()

    # What comes in

    def dataReceived(self, data: bytes) -> None:
        """Take bytes that have arrived."""
        state = self._state
        if state is _RESPONDING:
            self._keep(data)
            return
        if state is _CLOSING:
            self._received += len(data)
            if self._received > self.limits.maxUnread:
                self.abortConnection()
            return
        self._written = []
        self._watched = self._is_watched()
        self._since = self.seconds()
        try:
            if state is _HEAD:
                reader = self._reader
                if reader.data:
                    reader.feed(data)
                else:
                    reader.data = data
            else:
                self._take_body(data)
            self._run()
        finally:
            self.flush()

    def _run(self) -> None:
        """Read heads for as long as they are answered at once; then wait."""
        reader = self._reader
        try:
            while self._state is _HEAD:
                head = reader.head()
                if head is None:
                    self._wait(reader)
                    return
                request = self.requestFactory(self)
                self.requests.append(request)
                request.take_head(head)
                if head.usual and not self._asks and request.receives_plainly:
                    self.persistent = True
                    self._state = _RESPONDING
                    request.process()
                else:
                    self._begin(request, head)
                if self._full:
                    return
        except BadRequest as error:
            self.refuse(error)

    def _wait(self, reader: HeadReader) -> None:
        """Wait for a request; or for the rest of a head, if that has begun."""
        if not reader.data:
            self._begun = False
            if self._timer is None:
                self.arm()
        elif not self._begun:
            # It has its time once, however often a piece of it comes.
            self._begun = True
            self._begun_since = self._since
            self.arm()

    def _begin(self, request: Any, head: Head) -> None:
        """Go on with a head that says more than most do."""
        self._begun = False
        self.persistent = head.persists
        if self._draining:
            self.persistent = False
            request.setHeader(b"connection", b"close")
        elif self._asks:
            self.persistent = self.checkPersistence(request, head.version)
        elif not head.persists and head.version == b"HTTP/1.1":
            request.setHeader(b"connection", b"close")
        if head.block.length == NO_BODY:
            self._state = _RESPONDING
            request.requestReceived(head.method, head.uri, head.version)
        else:
            self._expect_body(request, head)

    def checkPersistence(self, request: Request, version: bytes) -> bool | int:
        """Tell whether the connection stays open after a response.

        Args:
            request: The request; its response says so if the connection closes.
            version: The request's version of HTTP.
        """
        options = b",".join(request.requestHeaders.getRawHeaders(b"connection", ()))
        names = [option.strip() for option in options.lower().split(b",")]
        if version == b"HTTP/1.1":
            if b"close" not in names:
                return True
            request.setHeader(b"connection", b"close")
            return False
        return b"keep-alive" in names and b"close" not in names

    def drain(self) -> None:
        """Take no more requests: what has begun is answered, and then it is over.

        A client that sees the end instead of an answer may ask again, elsewhere (RFC
        9112 §9.3.1).
        """
        self._draining = self._asks = True
        if self.requests:
            self.persistent = False
            if not self.requests[0].startedWriting:
                self.requests[0].setHeader(b"connection", b"close")
        elif self._state is _HEAD and not self._reader.data:
            self._hang_up()

    # When a response is complete

    def requestDone(self, request: Any) -> None:
        """Go on: the response to a request is complete.

        Raises:
            TypeError: It is not the one that is being answered.
        """
        if not self.requests or request is not self.requests[0]:
            raise TypeError(f"{request!r} is not being answered")
        del self.requests[0]
        if self._watched if self._written is not None else self._is_watched():
            self.factory.log(request)
        state = self._state
        if state is _CLOSING:
            return
        if not self.persistent or self._waited_for:
            self._hang_up()
        elif state is _RESPONDING:
            self._state = _HEAD
            if self._written is None:
                self._go_on()
        else:
            self._state = State.UNREAD
            self._received = 0
            if self._sated:
                self.resumeBody()

    def _go_on(self) -> None:
        """Look at what has come while a response was made."""
        self._written = []
        self._watched = self._is_watched()
        self._since = self.seconds()
        try:
            self._run()
        finally:
            self.flush()
        if self._crowded and self._state is not _RESPONDING:
            self._crowded = False
            self.pace()

    def _is_watched(self) -> bool:
        """Whether somebody looks at the access log."""
        factory = self.factory
        return factory is not None and (
            factory.logFile is not None
            or _BUS.observed
            or _LOGGER.isEnabledFor(logging.INFO)
        )

    def _keep(self, data: bytes) -> None:
        """Keep what comes while a response is made; read no more if it is a lot."""
        reader = self._reader
        reader.feed(data)
        if len(reader.data) > self.limits.maxWaiting and not self._crowded:
            self._crowded = True
            self.pace()

    def pace(self) -> None:
        """Read, unless there is a reason not to."""
        paused = self._full or self._crowded or self._sated
        if paused == self._paused or self._state is _CLOSING:
            return
        self._paused = paused
        if paused:
            self.transport.pauseProducing()
            return
        self.transport.resumeProducing()
        if self._state is _HEAD and self._written is None and self._reader.data:
            self._go_on()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Tell the request that its client is gone."""
        self._state = _CLOSING
        self._registered = False
        self._grace = None
        self._backlog = None
        self.disarm()
        # The transport tells of it only where it was not cut by us.
        self.stopProducing()
        requests, self.requests = self.requests, []
        for request in requests:
            request.connectionLost(reason)
