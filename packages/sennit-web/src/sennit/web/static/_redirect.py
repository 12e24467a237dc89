"""The path of a folder ends with a slash: who leaves it out is sent there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sennit.web.resource import Resource
from sennit.web.util import redirectTo

if TYPE_CHECKING:
    from sennit.web.server import Request

__all__ = ["Redirect", "addSlash"]


# The parts of a request's target: where it is, the path, and what follows.
_TARGET: Final = re.compile(
    rb"([A-Za-z][A-Za-z0-9+.-]*://[^/?#]*)?([^?#]*)(.*)", re.DOTALL
)


def addSlash(request: Request) -> bytes:
    """The request's own target with a slash at the end of its path.

    A path begins with one slash exactly: two would be another host (RFC 3986 §4.2).
    """
    found = _TARGET.fullmatch(request.uri)
    assert found is not None
    place, path, rest = found.groups()
    middle = path.strip(b"/") + b"/"
    return b"%b/%b%b" % (place or b"", b"" if middle == b"/" else middle, rest)


class Redirect(Resource):
    """Sends a client to the path of a request with a slash at its end.

    Attributes:
        url: That path.
    """

    isLeaf: bool = True

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.url: bytes = addSlash(request)

    def render(self, request: Request) -> bytes:
        """Send the client there."""
        return redirectTo(self.url, request)
