"""What a request for something of known size and state is answered.

    precondition --> 304, 412: the client has it, or means another
    range        --> 206: parts of it      416: there is nothing of them
    otherwise    --> 200: the whole

This decides, and says so in the response's head; it neither reads nor sends the body.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple

from sennit.core import log
from sennit.web.http._conditional import ifRange, precondition
from sennit.web.http._dates import datetimeToString
from sennit.web.http._ranges import (
    MalformedRange,
    RangeSpec,
    Span,
    contentRange,
    parseRange,
    partEnd,
    partHead,
    satisfiable,
    unsatisfied,
)

if TYPE_CHECKING:
    from sennit.web.server import Request

__all__ = [
    "ASKING",
    "Form",
    "Parts",
    "Piece",
    "announce",
    "conditional",
    "field",
    "headerLines",
]

OK: Final = 200
PARTIAL_CONTENT: Final = 206
NOT_SATISFIABLE: Final = 416

_LISTS: Final = frozenset({b"accept-encoding", b"if-match", b"if-none-match"})

# Bytes of chance: no part has these in it.
_BOUNDARY: Final = 12


ASKING: Final = frozenset(
    {
        b"if-match",
        b"if-modified-since",
        b"if-none-match",
        b"if-unmodified-since",
        b"range",
    }
)
"""The headers of requests that may be answered with less than the whole."""


class Piece(NamedTuple):
    """A part of a body: some bytes, and then a part of the file.

    Attributes:
        head: Bytes to send before it.
        offset: Where the part of the file begins.
        size: How many bytes it has.
    """

    head: bytes
    offset: int
    size: int


class Parts(NamedTuple):
    """What a body is made of.

    Attributes:
        pieces: Its pieces, in order; none where it is empty.
        asked: How many parts were asked for; 0 for the whole.
    """

    pieces: list[Piece]
    asked: int

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return sum(len(piece.head) + piece.size for piece in self.pieces)


class Form(NamedTuple):
    """What is to be sent, in the form that it is sent in.

    Attributes:
        size: Its bytes.
        kind: Its media type; None if that is not told.
        coding: Its content coding; None if it is as it is.
        etag: Its entity tag, with its quotes; None if there is none.
        modified: When it was modified, in seconds since the epoch.
        varies: Whether other clients are sent another form.
    """

    size: int
    kind: bytes | None
    coding: bytes | None = None
    etag: bytes | None = None
    modified: int | None = None
    varies: bool = False

    def of(self, status: os.stat_result) -> Form:
        """The same of a file as it is now.

        Its tag is strong (RFC 9110 §8.8.1): which file it is, how long, and when it was
        modified, to the nanosecond. Its time has whole seconds, rounded down: nothing is
        of a time to come.
        """
        size, inode, modified = status.st_size, status.st_ino, status.st_mtime_ns
        return self._replace(
            size=size,
            etag=b'"%x-%x-%x"' % (inode, size, modified),
            modified=modified // 1_000_000_000,
        )


def field(request: Request, name: bytes) -> bytes | None:
    """A header of the request, by its name in lower case.

    Returns:
        Its lines joined by commas if it is a list; else the last of them. None if there
        is none.
    """
    values = request.requestHeaders.getRawHeaders(name)
    if not values:
        return None
    return b", ".join(values) if name in _LISTS else values[-1]


def conditional(request: Request, form: Form) -> bool:
    """Whether the request is answered by its condition, with 304 or 412: so it is set."""
    code = precondition(
        request.method, lambda name: field(request, name), form.etag, form.modified
    )
    if code is None:
        return False
    request.setResponseCode(code)
    for name, value in _state(form):
        request.setHeader(name, value)
    return True


def announce(request: Request, form: Form) -> Parts:
    """Say in the response's head what is sent: the whole, or the parts asked for.

    Returns:
        What its body is made of.
    """
    specs = _asked(request, form)
    if specs is None:
        request.setResponseCode(OK)
        found = [Piece(b"", 0, form.size)]
        kind = form.kind
    else:
        found, kind = _parts(request, form, satisfiable(specs, form.size))
    for name, value in _headers(form._replace(kind=kind)):
        request.setHeader(name, value)
    parts = Parts(found, 0 if specs is None else len(specs))
    request.setHeader(b"content-length", b"%d" % parts.size)
    return parts


def _asked(request: Request, form: Form) -> list[RangeSpec] | None:
    """The parts that are asked for; None for the whole."""
    # RFC 9110 §14.2: no method but GET knows ranges. Of what is empty there are none.
    value = field(request, b"range") if request.method == b"GET" else None
    if value is None or not form.size:
        return None
    condition = field(request, b"if-range")
    if condition is not None and not ifRange(condition, form.etag, form.modified):
        return None
    try:
        return parseRange(value)
    except MalformedRange:
        log.msg(f"Ignoring malformed Range header {value[:100].decode('latin-1')!r}")
        return None


def _parts(
    request: Request, form: Form, spans: list[Span]
) -> tuple[list[Piece], bytes | None]:
    """The parts there are, and the type of what is sent."""
    if not spans:
        request.setResponseCode(NOT_SATISFIABLE)
        request.setHeader(b"content-range", unsatisfied(form.size))
        return [], form.kind
    request.setResponseCode(PARTIAL_CONTENT)
    if len(spans) == 1:
        request.setHeader(b"content-range", contentRange(spans[0], form.size))
        return [Piece(b"", *spans[0])], form.kind
    boundary = os.urandom(_BOUNDARY).hex().encode()
    kind = form.kind or b"application/octet-stream"
    found = [Piece(partHead(boundary, kind, span, form.size), *span) for span in spans]
    found.append(Piece(partEnd(boundary), 0, 0))
    return found, b'multipart/byteranges; boundary="%b"' % boundary


def headerLines(form: Form) -> bytes:
    """The headers of a response with the whole of it, but for its length, as lines."""
    return b"".join([b"%b: %b\r\n" % field for field in _headers(form)])


def _headers(form: Form) -> list[tuple[bytes, bytes]]:
    found = [(b"Accept-Ranges", b"bytes")]
    if form.kind is not None:
        found.append((b"Content-Type", form.kind))
    if form.coding is not None:
        found.append((b"Content-Encoding", form.coding))
    return found + _state(form)


def _state(form: Form) -> list[tuple[bytes, bytes]]:
    """The headers that tell one state of it from another: a 304 has them, too."""
    found = []
    if form.etag is not None:
        found.append((b"ETag", form.etag))
    if form.modified is not None:
        found.append((b"Last-Modified", datetimeToString(form.modified)))
    if form.varies:
        found.append((b"Vary", b"Accept-Encoding"))
    return found
