"""Gzip: bodies made small for clients that can read them so."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from sennit.web.http import preferredCoding

if TYPE_CHECKING:
    from sennit.web.server._request import Request

__all__ = ["GzipEncoderFactory"]

# zlib's way of saying: with gzip's head and checksum, the largest window.
GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS

# What is encoded so is as small as it gets; a client that asked for it has it.
SMALL: Final = frozenset((b"br", b"compress", b"gzip", b"x-gzip", b"zstd"))

# Without a body, or with a part of one whose bytes are counted as they are.
NO_BODY_OF_ITS_OWN: Final = frozenset((204, 206, 304))


class GzipEncoderFactory:
    """Encodes bodies with gzip, for clients that accept it.

    Attributes:
        compressLevel: From 1, quick, to 9, small. The last levels cost two to five times
            the time of the sixth, and save one or two bytes in a hundred.
        compressedTypes: Beginnings of content types that are left as they are: they are
            compressed by themselves, or are to arrive piece by piece.
    """

    compressLevel: int = 6
    compressedTypes: tuple[bytes, ...] = (
        b"application/gzip",
        b"application/zip",
        b"application/zstd",
        b"audio/",
        b"font/woff",
        b"image/avif",
        b"image/gif",
        b"image/jpeg",
        b"image/png",
        b"image/webp",
        b"text/event-stream",
        b"video/",
    )

    def encoderForRequest(self, request: Request) -> GzipEncoder | None:
        """An encoder for the answer to a request; None where gzip is not accepted.

        Caches are told that the answer depends on what the client accepts.
        """
        accepted = request.requestHeaders.getRawHeaders(b"accept-encoding", [])
        _vary(request)
        if preferredCoding(b",".join(accepted), (b"gzip",)) is None:
            return None
        return GzipEncoder(self.compressLevel, self.compressedTypes, request)


class GzipEncoder:
    """Encodes one body, unless it turns out at its first piece not to be worth it.

    Args:
        level: From 1 to 9.
        compressed: Beginnings of the content types that are left as they are.
        request: The request that is answered.
    """

    def __init__(
        self, level: int, compressed: tuple[bytes, ...], request: Request
    ) -> None:
        self._level = level
        self._compressed = compressed
        self._request: Request | None = request
        self._gzip: zlib._Compress | None = None

    def encode(self, data: bytes) -> bytes:
        """Encode a piece of the body."""
        self._begin()
        return data if self._gzip is None else self._gzip.compress(data)

    def finish(self) -> bytes:
        """The end of the body."""
        self._begin()
        return b"" if self._gzip is None else self._gzip.flush()

    def _begin(self) -> None:
        request, self._request = self._request, None
        if request is None or not self._worth_it(request):
            return
        headers = request.responseHeaders
        already = headers.getRawHeaders(b"content-encoding", [])
        headers.setRawHeaders(b"content-encoding", [b",".join([*already, b"gzip"])])
        headers.removeHeader(b"content-length")
        for tag in headers.getRawHeaders(b"etag", [])[:1]:
            # RFC 9110 §8.8.3.3: a strong tag is of one sequence of bytes only.
            headers.setRawHeaders(b"etag", [b"W/" + tag.removeprefix(b"W/")])
        if request.method != b"HEAD":
            self._gzip = zlib.compressobj(self._level, zlib.DEFLATED, GZIP_WINDOW)

    def _worth_it(self, request: Request) -> bool:
        headers = request.responseHeaders
        kind = headers.getRawHeaders(b"content-type", [b""])[0].lower()
        done = headers.getRawHeaders(b"content-encoding", [b""])[-1]
        return not (
            request.code in NO_BODY_OF_ITS_OWN
            or kind.startswith(self._compressed)
            or done.rpartition(b",")[2].strip().lower() in SMALL
        )


def _vary(request: Request) -> None:
    headers = request.responseHeaders
    known = b",".join(headers.getRawHeaders(b"vary", []))
    names = {each.strip().lower() for each in known.split(b",")}
    if not names & {b"accept-encoding", b"*"}:
        headers.addRawHeader(b"vary", b"Accept-Encoding")
