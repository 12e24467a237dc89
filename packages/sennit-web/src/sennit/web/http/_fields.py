"""The block of headers after a request line: checked as a whole, and remembered.

`httptools` reads it, and refuses what no header may be (RFC 9112 §5: a space before the
colon, obsolete folding, bare line ends, control bytes). That each line is one field is
counted on top of it: a library that would be lenient one day must not be so here.

What a block says about the message is looked up once. A client sends the same block with
each request of a connection, so the last one that was found good is recognised by
equality; see `sennit.web.http._head`.
"""

from __future__ import annotations

import re
from typing import Final

import httptools

from sennit.web.http._errors import InvalidHead, TooManyHeaders, UnsupportedCoding
from sennit.web.http._headers import Headers

__all__ = ["CHUNKED", "EMPTY", "HOST", "NO_BODY", "Block", "read_fields"]

NO_BODY: Final = 0
CHUNKED: Final = -1

_FIRST_LINE: Final = b"GET / HTTP/1.1\r\n"

# More digits than any length has that is none of an attack (RFC 9110 §8.6).
_MAX_DIGITS: Final = 18

# RFC 9112 §7
_CODING: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9a-z]+(?:[ \t]*;[\t -~]*)?")
_CODINGS: Final = re.compile(
    rb"^transfer-encoding:(.*)\r$", re.IGNORECASE | re.MULTILINE
)

# RFC 9110 §7.2: a host, as it is in a URI (RFC 3986 §3.2.2), and a port.
HOST: Final = re.compile(
    rb"(?:\[[0-9A-Fa-f:.]+\]|\[v[0-9A-Fa-f]+\.[!$&'()*+,;=:\-._~0-9A-Za-z]+\]"
    rb"|(?:[!$&'()*+,;=\-._~0-9A-Za-z]|%[0-9A-Fa-f]{2})*)(?::[0-9]*)?"
)


class _Sink:
    """Takes what the parser finds."""

    __slots__ = ("fields",)

    def __init__(self) -> None:
        self.fields: list[tuple[bytes, bytes]] = []

    def on_header(self, name: bytes, value: bytes) -> None:
        self.fields.append((name, value))


def read_fields(raw: bytes) -> list[tuple[bytes, bytes]]:
    """Read a block of headers, or of trailers.

    Args:
        raw: Its lines, each with its end; without the empty one.

    Raises:
        InvalidHead: It is no such block.
    """
    sink = _Sink()
    try:
        httptools.HttpRequestParser(sink).feed_data(b"%b%b\r\n" % (_FIRST_LINE, raw))
    except httptools.HttpParserUpgrade:
        # It would stop here, for another protocol to go on: what follows is ours.
        pass
    except httptools.HttpParserError as error:
        raise _told(raw, error) from None
    fields = sink.fields
    if not raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r") == len(fields):
        raise InvalidHead("a line of the head is no header")
    return fields


def _told(raw: bytes, error: Exception) -> InvalidHead | UnsupportedCoding:
    """Which of our errors it is: an unknown transfer coding is none of the syntax."""
    codings = b",".join(_CODINGS.findall(raw)).lower().split(b",")
    names = [coding.strip(b" \t") for coding in codings]
    last = names[-1]
    if last != b"chunked" and b"chunked" not in names and _CODING.fullmatch(last):
        return UnsupportedCoding(f"transfer coding {last!r}")
    return InvalidHead(str(error))


class Block:
    """A block of headers that was found good.

    Attributes:
        raw: Its bytes.
        fields: Names, as they came, and values.
        length: Bytes of the body; `NO_BODY`, or `CHUNKED` where only its end will tell.
        coded: Whether there is a Transfer-Encoding.
        plain: Whether it may be recognised when it comes again. The length of a body is
            the same then; what is chunked or expected is rare, and read anew.
        closes: Whether the client will send no more requests.
        keeps: Whether an HTTP/1.0 client wants to send more.
        expects: What the client expects, in lower case.
        host: What the Host header says; None if there is none.
    """

    __slots__ = (
        "_names",
        "_type",
        "closes",
        "coded",
        "expects",
        "fields",
        "host",
        "keeps",
        "length",
        "plain",
        "raw",
    )

    coded: bool
    closes: bool
    keeps: bool

    def __init__(self, raw: bytes, maxHeaders: int) -> None:
        """Read it.

        Raises:
            InvalidHead: It is malformed, or contradicts itself.
            TooManyHeaders: There are more than there may be.
            UnsupportedCoding: The body's transfer coding is not known.
        """
        self.raw: bytes = raw
        self.fields: list[tuple[bytes, bytes]] = read_fields(raw) if raw else []
        if len(self.fields) > maxHeaders:
            raise TooManyHeaders(f"more than {maxHeaders} headers")
        self._names: frozenset[bytes] | None = None
        self._type: bytes | None = None
        self.length: int = NO_BODY
        self.coded = self.closes = self.keeps = False
        self.plain: bool = True
        self.expects: bytes | None = None
        self.host: bytes | None = None
        lengths: list[bytes] = []
        codings: list[bytes] = []
        for name, value in self.fields:
            # Few names are of interest, and most of them are told by their length.
            if len(name) not in _LENGTHS:
                continue
            match name.lower():
                case b"host":
                    self._be_for(value)
                case b"connection":
                    self._read_options(value)
                case b"expect":
                    self.expects = value.lower()
                    self.plain = False
                case b"content-length":
                    lengths.append(value)
                case b"transfer-encoding":
                    codings.append(value)
        if lengths or codings:
            self._frame(lengths, codings)

    @property
    def names(self) -> frozenset[bytes]:
        """The names of the headers, in lower case."""
        if self._names is None:
            self._names = frozenset([name.lower() for name, _ in self.fields])
        return self._names

    @property
    def contentType(self) -> bytes:
        """What the first Content-Type says; empty if there is none."""
        if self._type is None:
            kinds = (v for name, v in self.fields if name.lower() == b"content-type")
            self._type = next(kinds, b"")
        return self._type

    def _be_for(self, host: bytes) -> None:
        # RFC 9112 §3.2: more than one Host, or one that is none, is a 400.
        if self.host is not None:
            raise InvalidHead("two Host headers")
        if not HOST.fullmatch(host):
            raise InvalidHead(f"no host: {host[:64]!r}")
        self.host = host

    def _read_options(self, value: bytes) -> None:
        for option in value.lower().split(b","):
            match option.strip(b" \t"):
                case b"close":
                    self.closes = True
                case b"keep-alive":
                    self.keeps = True

    def _frame(self, lengths: list[bytes], codings: list[bytes]) -> None:
        """Find where the body ends (RFC 9112 §6.3)."""
        if codings:
            self.plain = False
            if lengths:
                # §6.1: it is what smuggling is made of; we need not be able to tell.
                raise InvalidHead("both Content-Length and Transfer-Encoding")
            names = [
                each.strip(b" \t") for each in b",".join(codings).lower().split(b",")
            ]
            if names[-1] != b"chunked" or b"chunked" in names[:-1]:
                # §6.3 (4): without chunked at its end, no end can be found.
                raise InvalidHead("the last transfer coding is not chunked")
            if len(names) > 1:
                raise UnsupportedCoding(f"transfer coding {names[0]!r}")
            self.coded = True
            self.length = CHUNKED
            return
        (length, *others) = lengths
        if others or not length.isdigit() or len(length) > _MAX_DIGITS:
            # §6.3 (5); isdigit of bytes knows ASCII digits only, no sign, no space.
            raise InvalidHead(f"no Content-Length: {length[:64]!r}")
        self.length = int(length)

    def headers(self) -> Headers:
        """Make headers of it, which may be changed."""
        return Headers._of_wire(self.fields)


# Of the names that a Block looks at.
_LENGTHS: Final = frozenset(
    map(len, ("host", "expect", "connection", "content-length", "transfer-encoding"))
)

EMPTY: Final = Block(b"", 0)
