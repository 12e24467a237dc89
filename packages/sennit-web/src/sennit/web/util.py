"""Small resources, and pages: other places to go to, and what has failed."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from sennit.core.failure import Failure
from sennit.web.resource import DeferredResource as DeferredResource, Resource
from sennit.web.resource._markup import HTML, traceback_page
from sennit.web.urlpath import URLPath

if TYPE_CHECKING:
    from sennit.web.server import Request

__all__ = [
    "ChildRedirector",
    "DeferredResource",
    "ParentRedirect",
    "Redirect",
    "formatFailure",
    "redirectTo",
]


def redirectTo(URL: bytes, request: Request) -> bytes:
    """Send a client to another place.

    A renderer that does so::

        def render_GET(self, request):
            return redirectTo(b"/elsewhere", request)

    Args:
        URL: That place, quoted.
        request: The request; it is answered with 302 unless its code is set afterwards.

    Returns:
        The body, for clients that do not go there by themselves.

    Raises:
        TypeError: The URL is not bytes.
    """
    if not isinstance(URL, bytes):
        raise TypeError(f"a URL must be bytes, not {URL!r}")
    request.setHeader(b"content-type", HTML)
    request.redirect(URL)
    place = escape(URL.decode("utf-8", "replace"))
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="refresh" content="0;URL={place}"><title>Elsewhere</title>'
        f'</head><body><p><a href="{place}">click here</a></p></body></html>\n'
    ).encode()


class Redirect(Resource):
    """Sends clients to another place, from all paths below it, too.

    Args:
        url: That place, quoted.
    """

    isLeaf: bool = True

    def __init__(self, url: bytes) -> None:
        super().__init__()
        self.url: bytes = url

    def render(self, request: Request) -> bytes:
        """Send the client there."""
        return redirectTo(self.url, request)

    def getChild(self, path: bytes, request: Request) -> Any:
        """Itself, whatever the name."""
        return self


class ChildRedirector(Redirect):
    """Sends clients to the same path below another place.

    Raises:
        ValueError: The place is no whole URL, nor a path from the root: it would lead to
            itself.
    """

    isLeaf: bool = False

    def __init__(self, url: bytes) -> None:
        if not (url.startswith(b"/") or b"://" in url):
            raise ValueError(f"{url!r} would lead to itself")
        super().__init__(url)

    def getChild(self, path: bytes, request: Request) -> ChildRedirector:
        """The same for a name below that place."""
        below = URLPath(path=b"/" + path).path
        return ChildRedirector(self.url.removesuffix(b"/") + below)


class ParentRedirect(Resource):
    """Sends clients to the folder that it is in."""

    isLeaf: bool = True

    def render(self, request: Request) -> bytes:
        """Send the client there."""
        return redirectTo(bytes(URLPath.fromRequest(request).here()), request)

    def getChild(self, path: bytes, request: Request) -> Any:
        """Itself, whatever the name."""
        return self


def formatFailure(myFailure: Failure) -> bytes:
    """A page that shows a failure with its traceback, for programmers.

    It tells of the program's inside: not for the public.
    """
    kind = getattr(myFailure.type, "__name__", str(myFailure.type))
    return traceback_page(kind, myFailure.getErrorMessage(), myFailure.getTraceback())
