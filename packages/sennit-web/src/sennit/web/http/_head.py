"""Requests' heads out of a stream of bytes. No transport, no bodies.

    head = [CRLF] method SP target SP version CRLF block CRLF      (RFC 9112 §2, §3)

A head is mostly in one chunk, and mostly the block of headers in it is, byte for byte,
that of the connection's last request, and was found good then: one comparison stands for
all the checks. Where the whole head is that of the last request, the last `Head` is it.
A block that says more of the body than its length is always read anew.
"""

from __future__ import annotations

import re
from typing import Final

from sennit.web.http._errors import (
    ExpectationFailed,
    HeadTooLarge,
    InvalidHead,
    TargetTooLong,
    UnsupportedVersion,
)
from sennit.web.http._fields import EMPTY, HOST, NO_BODY, Block

__all__ = ["Head", "HeadReader"]

_METHOD: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_TARGET: Final = re.compile(rb"[!-~]+")
_VERSION: Final = re.compile(rb"HTTP/[0-9]\.[0-9]")
# RFC 9112 §3.2: what is no path, for any method.
_ABSOLUTE: Final = re.compile(rb"[A-Za-z][A-Za-z0-9+\-.]*://([^/?]+)(.*)")


class Head:
    """A request line and the headers that came with it.

    Attributes:
        method: As it came: methods mind their case.
        uri: The target, as it came.
        path: The target without scheme, authority and query: what the server looks up.
        query: The query, without its question mark.
        authority: The target's own authority, which counts rather than Host; None of
            a path.
        version: ``HTTP/1.1`` or ``HTTP/1.0``.
        block: The headers.
        persists: Whether another request may follow on the connection.
        quick: Whether it does, in HTTP/1.1, and the response has a body.
        usual: Whether it is quick, and has no body itself.
    """

    __slots__ = (
        "authority",
        "block",
        "method",
        "path",
        "persists",
        "query",
        "quick",
        "uri",
        "usual",
        "version",
    )

    method: bytes
    uri: bytes
    version: bytes
    path: bytes
    query: bytes
    persists: bool
    quick: bool
    usual: bool

    def __init__(self, line: bytes, block: Block, requireHost: bool) -> None:
        """Read a request line.

        Raises:
            InvalidHead: It is none, or does not go with the headers.
            UnsupportedVersion: It is of another version of HTTP.
            ExpectationFailed: The client expects what cannot be.
        """
        self.method, self.uri, self.version = _words(line)
        self.block: Block = block
        self.authority: bytes | None = None
        path = self.uri
        if path[0] != 0x2F:
            path, self.authority = _other_form(self.method, path)
        self.path, _, self.query = path.partition(b"?")
        if self.version == b"HTTP/1.1":
            self.persists = not block.closes
            if block.host is None and requireHost:
                # RFC 9112 §3.2
                raise InvalidHead("no Host header")
            if block.expects not in (None, b"100-continue"):
                raise ExpectationFailed(f"{block.expects!r} is expected")
            self.quick = self.persists and self.method != b"HEAD"
            self.usual = self.quick and block.length == NO_BODY
            return
        self.quick = self.usual = False
        # RFC 9112 §6.1: a coding in 1.0 is taken as it is said, and nothing after it.
        self.persists = block.keeps and not block.closes and not block.coded


def _words(line: bytes) -> tuple[bytes, bytes, bytes]:
    """The parts of a request line: exactly three, with one space between (§3)."""
    parts = line.split(b" ")
    if len(parts) != 3:
        raise InvalidHead(f"no request line: {line[:64]!r}")
    method, uri, version = parts
    if not _METHOD.fullmatch(method):
        raise InvalidHead(f"no method: {method[:64]!r}")
    if not _TARGET.fullmatch(uri) or b"#" in uri:
        # RFC 3986: a URI has visible ASCII only; a fragment is never sent.
        raise InvalidHead(f"no target: {uri[:64]!r}")
    if version == b"HTTP/1.1" or version == b"HTTP/1.0":
        return method, uri, version
    if _VERSION.fullmatch(version):
        # RFC 9110 §2.5 would have 1.2 taken as 1.1; but there is none, and what claims
        # to be of it is no client.
        raise UnsupportedVersion(f"version {version!r}")
    raise InvalidHead(f"no version: {version[:64]!r}")


def _other_form(method: bytes, uri: bytes) -> tuple[bytes, bytes | None]:
    """Path and authority of a target that is no path."""
    if uri == b"*" and method == b"OPTIONS":
        return uri, None
    if method == b"CONNECT" and uri[-1:].isdigit() and HOST.fullmatch(uri):
        return uri, uri
    found = _ABSOLUTE.fullmatch(uri)
    if found and HOST.fullmatch(found[1]):
        rest = found[2]
        return rest if rest.startswith(b"/") else b"/" + rest, found[1]
    raise InvalidHead(f"no target: {uri[:64]!r}")


class HeadReader:
    """Finds heads in bytes that come in any pieces.

    Attributes:
        data: What was received.
        at: Up to where it was read.
    """

    __slots__ = (
        "_checked",
        "_last",
        "_last_raw",
        "_searched",
        "_skipped",
        "at",
        "data",
        "maxHead",
        "maxHeaders",
        "requireHost",
    )

    def __init__(self, maxHead: int, maxHeaders: int, requireHost: bool) -> None:
        """Begin with nothing.

        Args:
            maxHead: Bytes of a head.
            maxHeaders: Headers of a head.
            requireHost: Whether HTTP/1.1 needs a Host header, as RFC 9112 §3.2 has it.
        """
        self.maxHead = maxHead
        self.maxHeaders = maxHeaders
        self.requireHost = requireHost
        self.data = b""
        self.at = 0
        # How far no end was found, whether the first line was found good, and whether
        # an empty line came before it.
        self._searched = 0
        self._checked = self._skipped = False
        self._last_raw: bytes | None = None
        self._last: Head | None = None

    def feed(self, data: bytes) -> None:
        """Take bytes; `head` looks at them."""
        if self.at < len(self.data):
            self.data = self.data[self.at :] + data
            self._searched -= self.at
            if self._searched < 0:
                self._searched = 0
        else:
            self.data = data
            self._searched = 0
        self.at = 0

    def rest(self) -> bytes:
        """Give what was not read, and forget it."""
        rest = self.data[self.at :] if self.at else self.data
        self.data = b""
        self.at = self._searched = 0
        return rest

    def head(self) -> Head | None:
        """Read the next head.

        Returns:
            The head; None while it is not complete.

        Raises:
            BadRequest: It is none that could be served; the stream is of no use then.
        """
        data, at = self.data, self.at
        if at == len(data):
            # A connection that rests does not keep what it has read.
            self.data = b""
            self.at = self._searched = 0
            return None
        end = data.find(b"\r\n\r\n", self._searched if self._searched > at else at)
        if end < 0:
            self._incomplete()
            return None
        raw = data[at:end]
        if raw == self._last_raw:
            self.at = end + 4
            return self._last
        if end == at or raw.startswith(b"\r\n"):
            # RFC 9112 §2.2: one empty line before a request is none of it.
            if self._skipped:
                raise InvalidHead("empty lines in the place of a request")
            self._skipped = True
            self.at = at + 2
            return self.head()
        if end - at > self.maxHead:
            raise self._too_large()
        self.at = end + 4
        self._checked = self._skipped = False
        head = self._read(raw)
        if head.block.plain:
            self._last_raw, self._last = raw, head
        return head

    def _read(self, raw: bytes) -> Head:
        line, _, fields = raw.partition(b"\r\n")
        last = self._last
        if last is not None and last.block.raw == fields + b"\r\n" and fields:
            block = last.block
        elif fields:
            block = Block(fields + b"\r\n", self.maxHeaders)
        else:
            block = EMPTY
        return Head(line, block, self.requireHost)

    def _incomplete(self) -> None:
        data, at = self.data, self.at
        if len(data) - at > self.maxHead:
            raise self._too_large()
        self._searched = max(at, len(data) - 3)
        if data.count(b"\n", at) != data.count(b"\r\n", at):
            raise InvalidHead("a line ends with a bare LF")
        if not self._checked and (end := data.find(b"\r\n", at)) > at:
            # Who does not speak HTTP is told so before it says more.
            _words(data[at:end])
            self._checked = True

    def _too_large(self) -> HeadTooLarge | TargetTooLong:
        if self.data.find(b"\r\n", self.at, self.at + self.maxHead) < 0:
            return TargetTooLong(f"a request line of more than {self.maxHead} bytes")
        return HeadTooLarge(f"a head of more than {self.maxHead} bytes")
