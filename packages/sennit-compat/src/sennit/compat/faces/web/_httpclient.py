"""The client of one request that Twisted has had since 2001.

`sennit.web.client` is what programs of today use.
"""

from __future__ import annotations

from typing import Any

from sennit.core.failure import Failure
from sennit.core.protocol import connectionDone
from sennit.protocols.basic import LineReceiver

__all__ = ["HTTPClient"]


class HTTPClient(LineReceiver):
    """Sends a request by hand, and is told what is answered, piece by piece.

    Attributes:
        length: Bytes of the body that are to come; None where only its end will tell.
        firstLine: Whether the status line is to come.
    """

    length: int | None = None
    firstLine: bool = True
    # The body so far, while it comes.
    _body: list[bytes] | None = None
    # The header that the next line may continue.
    _header: bytes = b""

    def sendCommand(self, command: bytes, path: bytes) -> None:
        """Send a request line."""
        self.transport.writeSequence([command, b" ", path, b" HTTP/1.0\r\n"])

    def sendHeader(self, name: bytes, value: bytes | int) -> None:
        """Send a header."""
        text = value if isinstance(value, bytes) else str(value).encode("ascii")
        name, text = (b" ".join(each.splitlines()) for each in (name, text))
        self.transport.writeSequence([name, b": ", text, b"\r\n"])

    def endHeaders(self) -> None:
        """Send the end of the head."""
        self.transport.write(b"\r\n")

    def extractHeader(self, header: bytes) -> None:
        """Take a header to pieces."""
        key, _, value = header.partition(b":")
        value = value.lstrip()
        self.handleHeader(key, value)
        if key.lower() == b"content-length":
            self.length = int(value)

    def lineReceived(self, line: bytes) -> None:
        """Take a line of the head."""
        if self.firstLine:
            self.firstLine = False
            version, status, *message = line.split(None, 2)
            self.handleStatus(version, status, message[0] if message else b"")
        elif line[:1] in (b" ", b"\t"):
            self._header += line
        elif line:
            self._extract_kept()
            self._header = line
        else:
            self._extract_kept()
            self._body = []
            self.handleEndHeaders()
            self.setRawMode()

    def _extract_kept(self) -> None:
        header, self._header = self._header, b""
        if header:
            self.extractHeader(header)

    def rawDataReceived(self, data: bytes) -> None:
        """Take bytes of the body."""
        rest = b""
        if self.length is not None:
            data, rest = data[: self.length], data[self.length :]
            self.length -= len(data)
        self.handleResponsePart(data)
        if self.length == 0:
            self.handleResponseEnd()
            self.setLineMode(rest)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The body has ended, if it had no length."""
        self.handleResponseEnd()

    def handleStatus(self, version: bytes, status: bytes, message: bytes) -> None:
        """Take note of the status: to be overridden."""

    def handleHeader(self, key: bytes, val: bytes) -> None:
        """Take note of a header: to be overridden."""

    def handleEndHeaders(self) -> None:
        """Take note of the end of the head: to be overridden."""

    def handleResponsePart(self, data: bytes) -> None:
        """Take a piece of the body: kept, unless overridden."""
        if self._body is not None:
            self._body.append(data)

    def handleResponseEnd(self) -> None:
        """Take note of the end of the body: told to `handleResponse`, once."""
        body, self._body = self._body, None
        if body is not None:
            self.handleResponse(b"".join(body))

    def handleResponse(self, response: Any) -> None:
        """Take the whole body: to be overridden."""
