"""Responses on the wire: bytes in, a head, a body and its end out. No transport.

The head is parsed by llhttp (httptools). It is given no byte beyond it: whether there is
a body depends on the request as well (RFC 9112 §6.3), which llhttp cannot be told. So the
end of the head is looked for here, and what follows is taken by one of

    none      HEAD, 1xx, 204, 304, and the answer to a CONNECT that is granted
    counted   Content-Length: passed on as it comes
    chunked   llhttp again, which also reads the trailers
    to close  neither is told: all that comes until the connection ends

What comes after the end is `excess`: then nothing the server says can be relied on.

llhttp is strict: bare line feeds, folded lines, blanks before a colon, both or two
lengths are refused (RFC 9112 §2.2, §5.1, §5.2, §6.3).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, Protocol

import httptools

from sennit.web.client._budgets import DEFAULT_LIMITS, ResponseLimits
from sennit.web.client._errors import (
    BadResponseVersion,
    HeadTooLong,
    ParseError,
    ResponseBudgetExceeded,
    TruncatedResponse,
)
from sennit.web.client._fields import Fields
from sennit.web.headers import Headers

__all__ = ["Head", "ResponseReader", "Sink"]

_VERSIONS: Final = {
    "1.1": (b"HTTP", 1, 1),
    "1.0": (b"HTTP", 1, 0),
}

_END: Final = b"\r\n\r\n"


class Head(NamedTuple):
    """The head of a response.

    Attributes:
        version: ``(b"HTTP", 1, 1)``.
        code: The status.
        phrase: What is said of it.
        headers: The headers.
        length: How many bytes the body has; None if that is not known.
        keepAlive: Whether the server will take another request.
    """

    version: tuple[bytes, int, int]
    code: int
    phrase: bytes
    headers: Headers
    length: int | None
    keepAlive: bool


class Sink(Protocol):
    """Who is told what a response has."""

    def headReceived(self, head: Head) -> None:
        """The head has come: that of the answer, not of one 1xx."""

    def bodyReceived(self, data: bytes) -> None:
        """Some of the body has come."""

    def bodyEnded(self, trailers: Headers | None) -> None:
        """The body is complete."""


class ResponseReader:
    """Reads one response after another.

    Attributes:
        begun: Whether any of it has come.
        complete: Whether all of it has.
        excess: Whether more has come than that; known before the end is told.
        rest: What has come together with a head that is all: by a tunnel, perhaps.
    """

    def __init__(self, limits: ResponseLimits = DEFAULT_LIMITS) -> None:
        """Make one; `begin` says what is to be read.

        Args:
            limits: The budgets of each response.
        """
        self._limits = limits
        self._sink: Any = None
        self._method = b""
        self._take: Callable[[bytes], bytes] = self._take_excess
        self._interim = 0
        self._left = 0
        # How many bytes have come of a head, of trailers, or between two chunks; and
        # the last three of a head that is not complete.
        self._size = 0
        self._tail = b""
        self.begun: bool = False
        self.complete: bool = False
        self.excess: bool = False
        self.rest: bytes = b""

    def begin(self, sink: Sink, method: bytes) -> None:
        """Read a response.

        Args:
            sink: Who is told.
            method: The request's, which says whether there is a body.
        """
        self._sink = sink
        self._method = method
        self._take = self._take_head
        self._size = self._interim = 0
        self._tail = self.rest = b""
        self.begun = self.complete = self.excess = False
        self._new_parser()

    def feed(self, data: bytes) -> None:
        """Take what has come.

        Raises:
            ParseError: It is no response of HTTP/1, or exceeds a budget.
        """
        self.begun = True
        while data:
            data = self._take(data)

    def endOfInput(self) -> None:
        """Take note that nothing more will come.

        Raises:
            TruncatedResponse: There should have been more.
        """
        if self.complete:
            return
        if self._take != self._take_all:
            raise TruncatedResponse("the connection ended before the response did")
        self._end(None)

    def _new_parser(self) -> None:
        self._fields = Fields(self._limits.headers)
        self._parser = httptools.HttpResponseParser(self._fields)

    def _parse(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            return
        except httptools.HttpParserError as error:
            if isinstance(error.__context__, ParseError):
                raise error.__context__ from None
            raise ParseError(str(error), data[:100]) from None

    # The head

    def _take_head(self, data: bytes) -> bytes:
        if not self._size:
            # An empty line before a message is passed over (RFC 9112 §2.2).
            data = data.lstrip(b"\r\n")
        tail = self._tail
        found = (tail + data).find(_END)
        end = len(data) if found < 0 else found + len(_END) - len(tail)
        head = data[:end]
        self._size += end
        if self._size > self._limits.headBytes:
            raise HeadTooLong(f"a head of more than {self._limits.headBytes} bytes")
        try:
            self._parse(head)
        except ParseError:
            # A status without a body ends the message for llhttp, and it refuses to go
            # on where the protocol changes (101).
            if not self._fields.complete:
                raise
        if found < 0:
            self._tail = (tail + head)[-3:]
            return b""
        if not self._fields.headed:
            raise ParseError("the head ends where none does", head[:100])
        rest = data[end:]
        self._head_received(rest)
        return rest

    def _head_received(self, rest: bytes) -> None:
        parser = self._parser
        code = parser.get_status_code()
        version = _VERSIONS.get(parser.get_http_version())
        if version is None:
            raise BadResponseVersion(f"HTTP {parser.get_http_version()} is not spoken")
        if code < 100:
            raise ParseError(f"{code:03} is no status")
        if code < 200 and code != 101:
            self._interim_received()
            return
        headers = Headers._of_wire(self._fields.fields)
        length, alive = self._choose_body(code, version[2] == 1, headers._raw)
        head = Head(version, code, self._fields.phrase, headers, length, alive)
        self._sink.headReceived(head)
        if length == 0:
            self.excess = bool(rest)
            self.rest = rest
            self._end(None)

    def _interim_received(self) -> None:
        """Pass a response 1xx over (RFC 9110 §15.2)."""
        self._interim += 1
        if self._interim > self._limits.interim:
            raise ResponseBudgetExceeded(f"more than {self._limits.interim} times 1xx")
        self._size, self._tail = 0, b""
        self._new_parser()

    def _choose_body(
        self, code: int, modern: bool, headers: dict[bytes, list[bytes]]
    ) -> tuple[int | None, bool]:
        """Choose how the body is read (RFC 9112 §6.3); its length, and keep-alive."""
        alive = modern
        if b"Connection" in headers:
            options = _words(headers[b"Connection"])
            alive = b"close" not in options and (modern or b"keep-alive" in options)
        self._take = self._take_excess
        if code == 101 or (self._method == b"CONNECT" and code < 300):
            return 0, False
        if self._method == b"HEAD" or code in (204, 304):
            return 0, alive
        codings: list[bytes] = []
        if b"Transfer-Encoding" in headers:
            codings = _words(headers[b"Transfer-Encoding"])
        if codings == [b"chunked"]:
            self._take, self._size = self._take_chunks, 0
            self._fields.fields = []
            # A server of HTTP/1.0 does not know what it says (RFC 9112 §6.1).
            return None, alive and modern
        if codings and codings != [b"identity"]:
            raise ParseError("a transfer coding that is not known", codings[0])
        if b"Content-Length" in headers:
            self._left = int(headers[b"Content-Length"][0])
            if self._left:
                self._take = self._take_counted
            return self._left, alive
        self._take = self._take_all
        return None, False

    # The body

    def _take_counted(self, data: bytes) -> bytes:
        left = self._left
        self._left -= len(data)
        if self._left > 0:
            self._sink.bodyReceived(data)
            return b""
        self._take = self._take_excess
        rest = data[left:]
        self.excess = bool(rest)
        self._sink.bodyReceived(data[:left] if rest else data)
        self._end(None)
        return rest

    def _take_chunks(self, data: bytes) -> bytes:
        fields = self._fields
        fields.moved = False
        error: ParseError | None = None
        try:
            self._parse(data)
        except ParseError as caught:
            # What comes after the end may be anything.
            fields.exceeded = fields.complete
            error = caught
        if fields.pieces:
            body = b"".join(fields.pieces)
            fields.pieces.clear()
            self._size = 0
            self._sink.bodyReceived(body)
        elif not (fields.complete or error):
            self._count_between(len(data))
        if error is not None and not fields.complete:
            raise error
        if fields.complete:
            self._take = self._take_excess
            self.excess = fields.exceeded
            self._end(Headers._of_wire(fields.fields) if fields.fields else None)
        return b""

    def _count_between(self, size: int) -> None:
        """Count what comes between two chunks, or of trailers."""
        limit = self._limits.chunkBytes
        if self._fields.fields:
            limit = self._limits.headBytes
        elif self._fields.moved:
            self._size = 0
        self._size += size
        if self._size > limit:
            raise ResponseBudgetExceeded(f"{limit} bytes and no chunk among them")

    def _take_all(self, data: bytes) -> bytes:
        self._sink.bodyReceived(data)
        return b""

    def _take_excess(self, data: bytes) -> bytes:
        self.excess = True
        return b""

    def _end(self, trailers: Headers | None) -> None:
        self.complete = True
        sink, self._sink = self._sink, None
        sink.bodyEnded(trailers)


def _words(values: Sequence[bytes]) -> list[bytes]:
    """The words of a list in headers, in small letters (RFC 9110 §5.6.1)."""
    words = b",".join(values).lower().split(b",")
    return [word for each in words if (word := each.strip())]
