"""Where a request is: its URL, and the links from there to others."""

from __future__ import annotations

from urllib.parse import quote

from sennit.web import http
from sennit.web.urlpath import URLPath

__all__ = ["Links"]

USUAL_PORT = {False: b":80", True: b":443"}


class Links(http.Request):
    """A request that knows its way, and makes links from there.

    Attributes:
        prepath: The segments of the path that led to the resource, not quoted.
        postpath: The segments that are left.
    """

    prepath: list[bytes] = None  # type: ignore[assignment] # until it is processed
    postpath: list[bytes] = None  # type: ignore[assignment]
    appRootURL: bytes | None = None

    # Host and port, if somebody has told them.
    _called: bytes | None = None

    def setHost(self, host: bytes, port: int, ssl: bool | int = 0) -> None:
        """Say as what the client sees us: for a server behind a proxy.

        Args:
            host: The name.
            port: The port.
            ssl: Whether it is over TLS.
        """
        super().setHost(host, port, ssl)
        self._called = b"%s:%d" % (host, port)

    def sibLink(self, name: bytes) -> bytes:
        """A relative link from the page to a resource beside this one."""
        return b"../" * len(self.postpath) + name

    def childLink(self, name: bytes) -> bytes:
        """A relative link from the page to a resource below this one."""
        below = len(self.postpath)
        if below:
            return b"../" * (below - 1) + name
        last = self.prepath[-1] if self.prepath else b""
        return last + b"/" + name if last else name

    def prePathURL(self) -> bytes:
        """The URL of the resource that the request has been led to so far."""
        return self._url_of(self.prepath)

    def URLPath(self) -> URLPath:
        """That URL, to be walked like a path."""
        return URLPath.fromRequest(self)

    def rememberRootURL(self) -> None:
        """Remember the URL of the folder as the one that the program is at."""
        self.appRootURL = self._url_of(self.prepath[:-1])

    def getRootURL(self) -> bytes | None:
        """The URL that was remembered; None if none was."""
        return self.appRootURL

    def _url_of(self, path: list[bytes]) -> bytes:
        # When the answer is complete there is no channel any more.
        secure = self._force_secure or bool(self._wire.isSecure())
        # As the client knows us: in front of us others may listen, on other ports.
        named = self._called or self._authority or self.getHeader(b"host")
        if not named:
            named = b"%s:%d" % (self.getRequestHostname(), self.getHost().port)
        return b"http%s://%s/%s" % (
            b"s" if secure else b"",
            named.removesuffix(USUAL_PORT[secure]),
            b"/".join([quote(each, safe="").encode("ascii") for each in path]),
        )
