"""Data: bytes in memory as a resource."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sennit.web.resource import Resource
from sennit.web.static._answer import Form, announce, conditional

if TYPE_CHECKING:
    from sennit.web.server import Request

__all__ = ["Data"]


class Data(Resource):
    """Some bytes, as a resource. Clients may ask for parts, and for what is new.

    Attributes:
        data: The bytes.
        type: Their media type.
    """

    # The entity tag, and the bytes it is of.
    _etag: bytes | None = None
    _tagged: bytes | None = None

    def __init__(self, data: bytes, type: str) -> None:
        """Make a resource of bytes.

        Args:
            data: The bytes.
            type: Their media type, such as ``"text/plain; charset=utf-8"``.
        """
        super().__init__()
        self.data: bytes = data
        self.type: str = type

    def render_GET(self, request: Request) -> bytes:
        """Send them, or the parts asked for."""
        data = self.data
        form = Form(len(data), self.type.encode("ascii"), etag=self._tag())
        if conditional(request, form):
            return b""
        parts = announce(request, form)
        if request.method == b"HEAD":
            return b""
        return b"".join(
            [head + data[at : at + size] for head, at, size in parts.pieces]
        )

    def _tag(self) -> bytes:
        if self._tagged is not self.data:
            digest = hashlib.blake2b(self.data, digest_size=12).hexdigest()
            self._etag, self._tagged = b'"%b"' % digest.encode(), self.data
        assert self._etag is not None
        return self._etag
