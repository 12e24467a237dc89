"""What a client is answered: the response's side of a `Request`.

Headers are an object only if somebody has asked for them; until then they are the lines
that every response has (`Outgoing.stockHeaders`).
"""

from __future__ import annotations

import math

from sennit.core.logger import Logger
from sennit.web.http._cookies import made_cookie
from sennit.web.http._dates import datetimeToString, stringToDatetime
from sennit.web.http._fields import read_fields
from sennit.web.http._headers import Headers
from sennit.web.http._parties import Parties
from sennit.web.http._status import (
    CACHED,
    FOUND,
    NO_BODY_CODES,
    NO_CONTENT,
    NOT_MODIFIED,
    OK,
    PRECONDITION_FAILED,
    RESPONSES,
)

__all__ = ["Outgoing"]

_log = Logger()


class Outgoing(Parties):
    """The head of a response, as it is made.

    Attributes:
        code: The status.
        code_message: Its phrase.
        chunked: Whether the body is sent in chunks.
        defaultContentType: The type of a body whose resource tells none; None for none.
    """

    code: int = OK
    code_message: bytes = b"OK"
    chunked: int = 0
    defaultContentType: bytes | None = None

    # What its Content-Length has promised.
    _promised: int | None = None
    _response_headers: Headers | None = None
    # Headers that were set as lines, while there are none of another kind.
    _own_lines: bytes | None = None
    _cookies: list[bytes] | None = None
    _etag: bytes | None = None
    _last_modified: int | None = None
    # Whether a whole body is answered in the usual way: nothing else was set so far.
    _quick: bool = False

    def stockHeaders(self) -> bytes:
        """Lines that every response has, each with its end; overridden to have some.

        They are asked for once a response. Whoever sets a header of that name replaces
        it.
        """
        return b""

    @property
    def responseHeaders(self) -> Headers:
        """The headers to be sent."""
        if self._response_headers is None:
            lines = self.stockHeaders()
            if self._own_lines is not None:
                lines, self._own_lines = lines + self._own_lines, None
            self._response_headers = (
                Headers._of_wire(read_fields(lines)) if lines else Headers()
            )
        return self._response_headers

    @responseHeaders.setter
    def responseHeaders(self, headers: Headers) -> None:
        self._response_headers = headers

    def setHeaderLines(self, lines: bytes) -> None:
        """Set headers as they are sent: for who sends the same again and again.

        Args:
            lines: Each with its name as it is written on the wire, and its end. They
                are not checked. The type of the body is among them, or it has none.
        """
        if self._response_headers is None:
            self._own_lines = lines
            return
        for name, value in read_fields(lines):
            self._response_headers.setRawHeaders(name, [value])

    @property
    def cookies(self) -> list[bytes]:
        """The values of the ``Set-Cookie`` headers to be sent."""
        if self._cookies is None:
            self._cookies = []
            self._quick = False
        return self._cookies

    @property
    def etag(self) -> bytes | None:
        """The entity tag set by `setETag`."""
        return self._etag

    @etag.setter
    def etag(self, etag: bytes | None) -> None:
        self._etag = etag
        self._quick = False

    @property
    def lastModified(self) -> int | None:
        """The time set by `setLastModified`, in seconds since 1970."""
        return self._last_modified

    @lastModified.setter
    def lastModified(self, when: int | None) -> None:
        self._last_modified = when
        self._quick = False

    def setHeader(self, name: str | bytes, value: str | bytes) -> None:
        """Set a header of the response, in the place of what it was.

        Raises:
            InvalidHeaderName: It is no name.
            InvalidHeaderValue: The value has control bytes other than line breaks.
        """
        self.responseHeaders.setRawHeaders(name, [value])

    def setResponseCode(self, code: int, message: bytes | None = None) -> None:
        """Set the status.

        Args:
            code: The status code.
            message: Its phrase; None for the usual one.

        Raises:
            TypeError: The code is no int, or the phrase is no bytes.
            ValueError: The phrase has control bytes.
        """
        if not isinstance(code, int):
            raise TypeError(f"a status code is an int, not {type(code).__name__}")
        if message is None:
            message = RESPONSES.get(code, b"Unknown Status")
        elif not isinstance(message, bytes):
            raise TypeError(f"a phrase is bytes, not {type(message).__name__}")
        elif any(byte < 0x20 or byte == 0x7F for byte in message):
            # RFC 9112 §4: it would end the status line, or more.
            raise ValueError(f"a phrase has no control bytes: {message[:64]!r}")
        self.code = code
        self.code_message = message
        self._quick = False

    def addCookie(
        self,
        k: str | bytes,
        v: str | bytes,
        expires: str | bytes | None = None,
        domain: str | bytes | None = None,
        path: str | bytes | None = None,
        max_age: str | bytes | int | None = None,
        comment: str | bytes | None = None,
        secure: bool | None = None,
        httpOnly: bool = False,
        sameSite: str | bytes | None = None,
    ) -> None:
        """Set a cookie at the client (RFC 6265).

        Line breaks and semicolons in what is given become spaces.

        Args:
            k: Its name.
            v: Its value.
            expires: When it ends, as a date of HTTP.
            domain: Where else it is sent to.
            path: Below which path it is sent.
            max_age: When it ends, in seconds from now.
            comment: What it is for.
            secure: Whether it is sent over TLS only.
            httpOnly: Whether scripts in pages do not see it.
            sameSite: ``lax``, ``strict`` or ``none``.

        Raises:
            TypeError: Something is neither str nor bytes.
            ValueError: ``sameSite`` is none of these, or ``none`` without ``secure``.
        """
        self.cookies.append(
            made_cookie(
                k,
                v,
                expires=expires,
                domain=domain,
                path=path,
                max_age=max_age,
                comment=comment,
                secure=secure,
                httpOnly=httpOnly,
                sameSite=sameSite,
            )
        )

    def redirect(self, url: str | bytes) -> None:
        """Answer that what is asked for is elsewhere (302), to be finished by you."""
        self.setResponseCode(FOUND)
        self.setHeader(b"location", url)

    def setLastModified(self, when: float) -> str | None:
        """Say when what is asked for was modified last.

        The latest time is kept, when there are several.

        Args:
            when: Seconds since 1970.

        Returns:
            `CACHED` if the client has it as it is: then a 304 is set, and no body is
            to be sent.
        """
        when = math.ceil(when)
        if self.lastModified is None or self.lastModified < when:
            self.lastModified = when
        since = self.getHeader(b"if-modified-since")
        if since is None or self.getHeader(b"if-none-match") is not None:
            # RFC 9110 §13.1.3: a tag counts more than a date.
            return None
        try:
            known = stringToDatetime(since.partition(b";")[0])
        except ValueError:
            return None
        if known < self.lastModified:
            return None
        self.setResponseCode(NOT_MODIFIED)
        return CACHED

    def setETag(self, etag: bytes) -> str | None:
        """Set the entity tag of what is asked for, with its quotes.

        Returns:
            `CACHED` if the client has it as it is: then a 304 is set (412 if the
            request is to change it), and no body is to be sent.
        """
        if etag:
            self.etag = etag
        tags = self.requestHeaders.getRawHeaders(b"if-none-match")
        if not tags:
            return None
        known = b",".join(tags).replace(b",", b" ").split()
        if b"*" not in known and _weak(etag) not in map(_weak, known):
            return None
        reading = self.method in (b"GET", b"HEAD")
        self.setResponseCode(NOT_MODIFIED if reading else PRECONDITION_FAILED)
        return CACHED

    def _prepare(self, headers: Headers) -> None:
        """Complete the headers, now that they are to be sent."""
        code = self.code
        length = headers.getRawHeaders(b"content-length")
        bodiless = code in NO_BODY_CODES
        if bodiless and code == NO_CONTENT:
            # RFC 9110 §8.6: not even a length of nothing.
            headers.removeHeader(b"content-length")
        elif length:
            self._promised = _counted(length[-1])
        elif not bodiless and self.method != b"HEAD":
            if self.clientproto == b"HTTP/1.1":
                headers.setRawHeaders(b"transfer-encoding", [b"chunked"])
                self.chunked = 1
            else:
                # RFC 9112 §6.3 (8): its end is the connection's.
                self.channel.persistent = False
        if self.etag is not None:
            _add(headers, b"etag", self.etag, "etag")
        if self.lastModified is not None:
            modified = datetimeToString(self.lastModified)
            _add(headers, b"last-modified", modified, "lastModified")
        kind = None if bodiless or self._promised == 0 else self.defaultContentType
        if kind is not None and not headers.hasHeader(b"content-type"):
            headers.setRawHeaders(b"content-type", [kind])
        for cookie in self._cookies or ():
            headers.addRawHeader(b"set-cookie", cookie)
        self._agree(headers)

    def _agree(self, headers: Headers) -> None:
        """Have headers and connection say the same of what comes after (RFC 9112 §9.3)."""
        channel = self.channel
        options = b",".join(headers.getRawHeaders(b"connection", ())).lower()
        if b"close" in options:
            channel.persistent = False
        elif self.clientproto == b"HTTP/1.0" and getattr(channel, "persistent", False):
            headers.setRawHeaders(b"connection", [b"keep-alive"])


def _add(headers: Headers, name: bytes, value: bytes, attribute: str) -> None:
    """Add what `Outgoing.setETag` and `Outgoing.setLastModified` have kept."""
    if headers.hasHeader(name):
        _log.warn(
            f"Warning: {name.decode()} specified both in header list and "
            f"{attribute} attribute."
        )
    else:
        headers.setRawHeaders(name, [value])


def _weak(tag: bytes) -> bytes:
    """A tag as it is compared here: weakly (RFC 9110 §8.8.3.2)."""
    return tag.removeprefix(b"W/")


def _counted(length: bytes) -> int | None:
    return int(length) if length.isdigit() else None
