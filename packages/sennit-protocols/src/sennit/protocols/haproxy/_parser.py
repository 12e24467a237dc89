"""Finding the PROXY header at the beginning of a connection, whatever its version."""

from __future__ import annotations

from typing import Final

from sennit.protocols.haproxy._errors import InvalidProxyHeader
from sennit.protocols.haproxy._info import ProxyInfo
from sennit.protocols.haproxy._v1 import LINE_LIMIT, V1_BEGINNING, parseLine
from sennit.protocols.haproxy._v2 import (
    FIXED,
    V2_BEGINNING,
    headerLength,
    parseHeader,
)

__all__ = ["ProxyHeaderParser"]

# As much as HAProxy's own buffer has (tune.bufsize): none longer leaves it.
_LIMIT: Final = 16 * 1024


class ProxyHeaderParser:
    """Takes the bytes of a connection until its header is there; holds no transport."""

    def __init__(self, limit: int = _LIMIT) -> None:
        """Begin.

        Args:
            limit: How long a header of version 2 may be, in bytes; one of version 1 has
                107 at most.
        """
        self._limit = limit
        self._kept = bytearray()

    def feed(self, data: bytes) -> tuple[ProxyInfo, bytes] | None:
        """Take bytes.

        Returns:
            The header and what came after it; None while there is more to come of it.

        Raises:
            InvalidProxyHeader: There is no header, or a broken one. What is none is
                known by its first byte that is wrong.
        """
        self._kept += data
        kept = self._kept
        if kept.startswith(V1_BEGINNING):
            end = self._line_end()
        elif kept.startswith(V2_BEGINNING):
            end = self._header_end()
        elif V1_BEGINNING.startswith(kept) or V2_BEGINNING.startswith(kept):
            return None
        else:
            raise InvalidProxyHeader(
                f"no PROXY header begins with {bytes(kept[:16])!r}"
            )
        if end is None:
            return None
        header, rest = bytes(kept[:end]), bytes(kept[end:])
        kept.clear()
        parse = parseLine if header.startswith(V1_BEGINNING) else parseHeader
        return parse(header), rest

    def _line_end(self) -> int | None:
        end = self._kept.find(b"\r\n", 0, LINE_LIMIT)
        if end >= 0:
            return end + 2
        if len(self._kept) >= LINE_LIMIT:
            raise InvalidProxyHeader(f"the line has not ended after {LINE_LIMIT} bytes")
        return None

    def _header_end(self) -> int | None:
        if len(self._kept) < FIXED:
            return None
        length = headerLength(self._kept)
        if length > self._limit:
            raise InvalidProxyHeader(f"a header of {length} bytes (of {self._limit})")
        return length if len(self._kept) >= length else None
