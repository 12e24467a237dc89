"""A request, and how it is written (RFC 9112 §3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sennit.core.defer import Deferred, succeed
from sennit.web.client._checks import check_header_lines, check_method, check_target
from sennit.web.client._errors import BadHeaders
from sennit.web.client._upload import Upload
from sennit.web.client.contracts import UNKNOWN_LENGTH
from sennit.web.headers import Headers

if TYPE_CHECKING:
    from sennit.web.client._patience import Patience
    from sennit.web.client.contracts import IBodyProducer

__all__ = ["Request"]

# What servers expect a body of, so that none has to be told (RFC 9110 §8.6).
_WITH_CONTENT: Final = frozenset((b"POST", b"PUT", b"PATCH"))

# What tells where a message ends is ours to say: said twice, it is an attack.
_FRAMING: Final = (b"Content-Length", b"Transfer-Encoding")


class Request:
    """A request.

    Attributes:
        method: Its method.
        uri: What it names to whom it is sent: mostly a path.
        headers: Its headers; exactly one Host is among them.
        bodyProducer: Writes its body; None if it has none.
        persistent: Whether the connection is to be used again.
        absoluteURI: What it asks for, whole; None if that is not known.
        patience: Counts its time; None if it has all there is.
    """

    __slots__ = (
        "absoluteURI",
        "bodyProducer",
        "headers",
        "method",
        "patience",
        "persistent",
        "uri",
    )

    def __init__(
        self,
        method: bytes,
        uri: bytes,
        headers: Headers,
        bodyProducer: IBodyProducer | None,
        persistent: bool = False,
        absoluteURI: bytes | None = None,
        patience: Patience | None = None,
    ) -> None:
        """Make a request.

        Raises:
            ValueError: The method or the URI is no good.
        """
        self.method: bytes = check_method(method)
        self.uri: bytes = check_target(uri)
        self.headers: Headers = headers
        self.bodyProducer: IBodyProducer | None = bodyProducer
        self.persistent: bool = persistent
        self.absoluteURI: bytes | None = absoluteURI
        self.patience: Patience | None = patience

    def head(self) -> bytes:
        """Make the bytes of its head.

        Raises:
            BadHeaders: There is not exactly one Host, or a value has a line break in it.
            ValueError: The method or the URI is no good.
        """
        raw = self.headers._raw
        if len(raw.get(b"Host", ())) != 1:
            raise BadHeaders("a request has exactly one Host (RFC 9112 §3.2)")
        if raw.keys() & _FRAMING:
            headers = self.headers.copy()
            for name in _FRAMING:
                headers.removeHeader(name)
            raw = headers._raw
        lines = b"".join(
            [
                b"%b: %b\r\n" % (name, value)
                for name, values in raw.items()
                for value in values
            ]
        )
        check_header_lines(lines, sum(map(len, raw.values())))
        return b"".join(
            (
                check_method(self.method),
                b" ",
                check_target(self.uri),
                b" HTTP/1.1\r\n",
                b"" if self.persistent else b"Connection: close\r\n",
                self._framing(),
                lines,
                b"\r\n",
            )
        )

    def writeTo(self, transport: Any) -> Deferred[None]:
        """Write it.

        Args:
            transport: Where to.

        Returns:
            It fires when all is written, or fails as the body's producer does.

        Raises:
            ValueError: Something in its head is no good; nothing was written.
        """
        transport.write(self.head())
        if self.bodyProducer is None:
            return succeed(None)
        return Upload(self.bodyProducer, transport).sent

    def _framing(self) -> bytes:
        if self.bodyProducer is None:
            if self.method in _WITH_CONTENT:
                return b"Content-Length: 0\r\n"
            return b""
        length = self.bodyProducer.length
        if length is UNKNOWN_LENGTH:
            return b"Transfer-Encoding: chunked\r\n"
        return b"Content-Length: %d\r\n" % length

    def __repr__(self) -> str:
        return f"<Request {self.method.decode()} {self.absoluteURI or self.uri!r}>"
