"""One call of a client's: a request, and the answer to it, on a connection of its own.

The factory knows the call and fires its Deferred; the protocol knows HTTP. Both the
request and the answer go through small steps of the protocol, so that a subclass may add a
header, or look at one: `sendHeader`, `handleHeader`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from sennit.core.defer import Deferred
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory, Protocol
from sennit.web.client._errors import ParseError
from sennit.web.client._reader import Head, ResponseReader
from sennit.web.xmlrpc._errors import BadStatus, MessageTooLong
from sennit.web.xmlrpc._incoming import loadResponse
from sennit.web.xmlrpc._limits import LIMITS, Limits
from sennit.web.xmlrpc._outgoing import dumpCall

if TYPE_CHECKING:
    from sennit.web.http import Headers

__all__ = ["CONTENT_TYPE", "QueryFactory", "QueryProtocol", "credentials"]

CONTENT_TYPE: Final = b"text/xml; charset=utf-8"


def credentials(user: bytes, password: bytes | None) -> bytes:
    """The value of an Authorization header. RFC 7617 §2."""
    return b"Basic " + b64encode(user + b":" + (password or b""))


class QueryProtocol(Protocol):
    """Sends one call and reads its answer.

    Attributes:
        factory: What knows the call.
        userAgent: What the server is told who asks.
    """

    userAgent: bytes = b"Sennit/XMLRPC"

    factory: QueryFactory
    transport: Any

    def connectionMade(self) -> None:
        """Send the request."""
        factory = self.factory
        self._pieces: list[bytes] = []
        self._size = 0
        self._reader = ResponseReader()
        self._reader.begin(self, b"POST")
        self._lines: list[bytes] = []
        self.sendCommand(b"POST", factory.path)
        self.sendHeader(b"Host", factory.host)
        self.sendHeader(b"User-Agent", self.userAgent)
        self.sendHeader(b"Content-Type", CONTENT_TYPE)
        self.sendHeader(b"Content-Length", b"%d" % len(factory.payload))
        self.sendHeader(b"Connection", b"close")
        if factory.user:
            value = credentials(factory.user, factory.password)
            self.sendHeader(b"Authorization", value)
        self.endHeaders()

    def dataReceived(self, data: bytes) -> None:
        """Read on in the answer."""
        try:
            self._reader.feed(data)
        except (ParseError, MessageTooLong):
            self._give_up(Failure())

    def connectionLost(self, reason: Failure) -> None:  # type: ignore[override]
        """Give the answer away, now that nothing is left of the call.

        The end of the connection may be that of the answer.
        """
        try:
            if self._reader.begun and self.factory.deferred is not None:
                self._reader.endOfInput()
        except ParseError:
            self.factory.clientConnectionLost(None, Failure())
        else:
            if self._reader.complete:
                self.handleResponse(b"".join(self._pieces))

    # What the reader tells

    def headReceived(self, head: Head) -> None:
        """The head has come: pass it on, step by step."""
        version = b"%b/%d.%d" % head.version
        self.handleStatus(version, b"%d" % head.code, head.phrase)
        for name, values in head.headers.getAllRawHeaders():
            for value in values:
                self.handleHeader(name, value)

    def bodyReceived(self, data: bytes) -> None:
        """Keep a part of the body, up to as much as may be.

        Raises:
            MessageTooLong: It is more.
        """
        self._size += len(data)
        if self._size > self.factory.limits.maxBytes:
            raise MessageTooLong(
                f"a message of more than {self.factory.limits.maxBytes} bytes"
            )
        self._pieces.append(data)

    def bodyEnded(self, trailers: Headers | None) -> None:
        """The body is complete: hang up, at once, as nothing is left to be said."""
        self.transport.abortConnection()

    # Steps that may be overridden

    def sendCommand(self, command: bytes, path: bytes) -> None:
        """Begin the head of the request: its method, and what it is for."""
        self._lines.append(command + b" " + path + b" HTTP/1.1")

    def sendHeader(self, name: bytes, value: bytes) -> None:
        """Add a header to the request.

        Raises:
            ValueError: There is a line break or a zero byte in it.
        """
        line = name + b": " + value
        if b"\n" in line or b"\r" in line or b"\0" in line:
            raise ValueError(f"a header with a line break or a zero byte: {line!r}")
        self._lines.append(line)

    def endHeaders(self) -> None:
        """The head is complete: send it, and the call with it."""
        self._lines += [b"", self.factory.payload]
        self.transport.write(b"\r\n".join(self._lines))

    def handleStatus(self, version: bytes, status: bytes, message: bytes) -> None:
        """Take the status; any but 200 fails the call, and nothing more is read.

        Args:
            version: ``HTTP/1.1``, say.
            status: Its digits.
            message: What the server says of it.
        """
        if status != b"200":
            self.factory.badStatus(status, message)
            self.transport.abortConnection()

    def handleHeader(self, key: bytes, val: bytes) -> None:
        """Take a header. There is nothing to be done with it."""

    def handleResponse(self, contents: bytes) -> None:
        """Take the body, whole."""
        self.factory.parseResponse(contents)

    def _give_up(self, failure: Failure) -> None:
        self.factory.clientConnectionLost(None, failure)
        self.transport.abortConnection()


class QueryFactory(ClientFactory):
    """One call, and the Deferred of its result.

    Attributes:
        deferred: The call's Deferred; None once it has fired, or is about to.
        payload: The call as it is sent.
        limits: How much of the answer is taken.
    """

    noisy = False
    protocol: Callable[[], Protocol] | None = QueryProtocol
    deferred: Deferred[Any] | None

    def __init__(
        self,
        path: bytes,
        host: bytes,
        method: str,
        user: bytes | None = None,
        password: bytes | None = None,
        allowNone: bool = False,
        args: Iterable[Any] = (),
        canceller: Callable[[Deferred[Any]], object] | None = None,
        useDateTime: bool = False,
    ) -> None:
        """Make a call.

        Args:
            path: What to ask for at the server: a path, perhaps with a query.
            host: The server, as the Host header has it.
            method: The name of the procedure.
            user: Who calls; nobody in particular if None.
            password: Their password.
            allowNone: Whether None may be among the arguments.
            args: The arguments.
            canceller: Ends the connection when the Deferred is cancelled.
            useDateTime: Whether dates come as `datetime.datetime`.

        Raises:
            CannotSend: An argument has no form in XML-RPC.
        """
        self.path = path
        self.host = host
        self.user = user
        self.password = password
        self.payload: bytes = self.dumpPayload(method, args, allowNone)
        self.limits: Limits = LIMITS
        self.useDateTime = useDateTime
        self.deferred = Deferred(canceller)

    def dumpPayload(self, method: str, args: Iterable[Any], allowNone: bool) -> bytes:
        """Write the call. May be overridden; the arguments are those of `__init__`."""
        return dumpCall(method, args, allowNone)

    def parseResponse(self, contents: bytes) -> None:
        """Fire the Deferred with what an answer has: a result or a fault.

        Args:
            contents: The answer, whole.
        """
        if self.deferred is None:
            return
        try:
            result = loadResponse(contents, self.limits, self.useDateTime)
        except Exception:
            self._fail(Failure())
        else:
            deferred, self.deferred = self.deferred, None
            deferred.callback(result)

    def badStatus(self, status: bytes, message: bytes) -> None:
        """Fail with a `BadStatus`."""
        self._fail(Failure(BadStatus(status, message)))

    def clientConnectionLost(self, connector: Any, reason: Failure) -> None:
        """Fail, unless there was an answer."""
        self._fail(reason)

    def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:
        """Fail: there was no connection."""
        self._fail(reason)

    def _fail(self, reason: Failure) -> None:
        if self.deferred is not None:
            deferred, self.deferred = self.deferred, None
            deferred.errback(reason)
