"""Request: what a client has asked for, and what it is answered.

A response whose body is there as a whole goes out in one piece (`Request.respond`):
status line, headers, length, body. Any other is written in pieces, the head with the
first of them, and the last one is followed by its end.
"""

from __future__ import annotations

import warnings
from typing import Any, Final

from sennit.core.defer import Deferred
from sennit.web.http._framing import toChunk
from sennit.web.http._head import Head
from sennit.web.http._lifetime import Lifetime
from sennit.web.http._status import NO_BODY_CODES, NOT_MODIFIED, OK, status_line

__all__ = ["Request"]

# Bytes up to which a body is copied behind its head: that costs less than to hand over
# two pieces.
_JOINED: Final = 16 * 1024

# The most usual response.
_TYPED: Final = b"HTTP/1.1 200 OK\r\n%bContent-Length: %d\r\nContent-Type: %b\r\n\r\n"
_LINED: Final = b"HTTP/1.1 200 OK\r\n%bContent-Length: %d\r\n%b\r\n"

_NOT_GIVEN: Final = object()

# Heads that are kept: as many as a small dictionary has room for.
_KEPT: Final = 1024


class _Heads(dict[tuple[bytes, int, bytes], bytes]):
    """Heads of the most usual response, by the lines it always has, length and type.

    The lines have the date: so what is kept is of use for a second. To look a head up
    costs a third of writing it.
    """

    def __missing__(self, key: tuple[bytes, int, bytes]) -> bytes:
        if len(self) >= _KEPT:
            self.clear()
        head = self[key] = _TYPED % key
        return head


_heads: Final = _Heads()


class Request(Lifetime):
    """One request on a connection, and the response to it: override `process`.

    Attributes:
        startedWriting: Whether the head of the response was sent.
    """

    channel: Any
    method: bytes
    uri: bytes
    clientproto: bytes
    path: bytes
    sentLength: int

    # Whether write and finish are ours, so that a whole response may go past them.
    _direct: bool = True

    def __init__(
        self,
        channel: Any,
        queued: object = _NOT_GIVEN,
        parsePOSTFormSubmission: bool = True,
    ) -> None:
        """Make a request; the connection does it.

        Args:
            channel: The connection.
            queued: Not used: a request is made when its turn has come.
            parsePOSTFormSubmission: Whether forms are read into `args`.
        """
        self.channel = self._wire = channel
        self.startedWriting: int = 0
        self.finished: int = 0
        self._disconnected: bool = False
        self._response_headers = None
        self._content = None
        self._notifications: list[Deferred[None]] | None = None
        self.producer: Any = None
        if not parsePOSTFormSubmission:
            self._read_form = _yes  # type: ignore[method-assign]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = vars(cls)
        if "respond" in own:
            cls._direct = True
        elif "write" in own or "finish" in own:
            cls._direct = False

    def take_head(self, head: Head) -> None:
        """Be the request of a head."""
        self.method = head.method
        self.uri = head.uri
        self.clientproto = head.version
        self.path = head.path
        self._block = head.block
        self._query = head.query
        self._authority = head.authority
        self._quick = head.quick and self._direct

    # The response's body

    def respond(self, body: bytes) -> None:
        """Answer with a whole body: head, body and end in one piece.

        Raises:
            RuntimeError: The response was finished, or its connection was lost.
        """
        if not (self._quick and self._response_headers is None and self.code == OK):
            self._respond_as_told(body)
            return
        self.startedWriting = self.finished = 1
        self.sentLength = size = len(body)
        stock, own, kind = self.stockHeaders(), self._own_lines, self.defaultContentType
        if size < _JOINED and own is None and kind is not None:
            self.channel.write(_heads[stock, size, kind] + body)
        else:
            if own is None:
                own = b"" if kind is None else b"Content-Type: %b\r\n" % kind
            self.channel.writeSequence((_LINED % (stock, size, own), body))
        if self.producer is self._content is self._notifications is None:
            self.channel.requestDone(self)
            self.channel = None
        else:
            self._done()

    def _respond_as_told(self, body: bytes) -> None:
        """Respond with another status than 200, or with headers of its own."""
        channel = self.channel
        if (
            self.startedWriting
            or not self._direct
            or self._disconnected
            or not getattr(channel, "textual", False)
        ):
            self._respond_in_steps(body)
            return
        headers = self.responseHeaders
        if body or not self._tells_nothing():
            headers.setRawHeaders(b"content-length", [b"%d" % len(body)])
        self._prepare(headers)
        self._promised = None
        if self.method == b"HEAD" or self.code in NO_BODY_CODES:
            body = b""
        self.startedWriting = self.finished = 1
        self.sentLength = len(body)
        status = status_line(self.clientproto, self.code, self.code_message)
        channel.writeSequence((status, headers._lines(), b"\r\n", body))
        self._done()

    def _respond_in_steps(self, body: bytes) -> None:
        if not self.startedWriting and (body or not self._tells_nothing()):
            self.responseHeaders.setRawHeaders(b"content-length", [b"%d" % len(body)])
        self.write(body)
        self.finish()

    def _tells_nothing(self) -> bool:
        """Whether an empty body is none of what a GET has, whose length counts here.

        RFC 9110 §8.6: a resource that knows it sets Content-Length by itself.
        """
        return self.method == b"HEAD" or self.code == NOT_MODIFIED

    def write(self, data: bytes) -> None:
        """Write a piece of the body; the head goes before the first one.

        When the client has gone away, it is dropped.

        Raises:
            RuntimeError: The response was finished.
            TypeError: It is no bytes.
        """
        if self.finished:
            raise RuntimeError(
                "Request.write called on a request after Request.finish was called."
            )
        if self._disconnected:
            return
        if not isinstance(data, bytes | bytearray | memoryview):
            raise TypeError(f"a body is bytes, not {type(data).__name__}")
        if self.startedWriting:
            if data and self.method != b"HEAD" and self.code not in NO_BODY_CODES:
                self.sentLength += len(data)
                if self.chunked:
                    self.channel.writeSequence(toChunk(data))
                else:
                    self.channel.write(data)
            return
        self._begin(data)

    def _begin(self, data: bytes) -> None:
        """Write the head, and a first piece with it."""
        self.startedWriting = 1
        self._quick = False
        headers = self.responseHeaders
        self._prepare(headers)
        pieces: tuple[bytes, ...] = ()
        if data and self.method != b"HEAD" and self.code not in NO_BODY_CODES:
            self.sentLength = len(data)
            pieces = toChunk(data) if self.chunked else (data,)
        channel = self.channel
        version, code, phrase = self.clientproto, self.code, self.code_message
        if getattr(channel, "textual", False):
            head = b"%b%b\r\n" % (status_line(version, code, phrase), headers._lines())
            channel.writeSequence((head, *pieces))
            return
        fields = [
            (name, value)
            for name, values in headers.getAllRawHeaders()
            for value in values
        ]
        channel.writeHeaders(version, b"%d" % code, phrase, fields)
        if len(pieces) == 1:
            channel.write(data)
        elif pieces:
            channel.writeSequence(pieces)

    def finish(self) -> None:
        """Say that the response is complete.

        Raises:
            RuntimeError: The client has gone away; `notifyFinish` would have told.
        """
        if self._disconnected:
            raise RuntimeError(
                "Request.finish called on a request after its connection was lost; "
                "use Request.notifyFinish to keep track of this."
            )
        if self.finished:
            warnings.warn("request.finish called twice", stacklevel=2)
            return
        if not self.startedWriting:
            self.write(b"")
        if self.chunked:
            self.channel.write(b"0\r\n\r\n")
        self.finished = 1
        self._done()


def _yes() -> bool:
    return True
