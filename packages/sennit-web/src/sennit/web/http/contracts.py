"""The contracts of the server: a request as resources see it, and lines of access logs.

Whoever needs them at run time (``implementer``, ``providedBy``) finds them, by the same
names, in `sennit.web.http.interfaces`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress
    from sennit.web.http._headers import Headers

__all__ = ["IAccessLogFormatter", "IRequest"]


class IAccessLogFormatter(Protocol):
    """Makes the lines of an access log."""

    def __call__(self, timestamp: str, request: Any) -> str | None:
        """Make the line of a response that is complete.

        Args:
            timestamp: The time, as it is to stand in the line.
            request: The request, with its response.

        Returns:
            The line, without an end; None for none.
        """


class IRequest(Protocol):
    """A request to a site, and the response to it."""

    @property
    def method(self) -> bytes:
        """The method, as it came."""
        ...

    @property
    def uri(self) -> bytes:
        """The whole target, with its query."""
        ...

    @property
    def path(self) -> bytes:
        """The path, quoted as it came."""
        ...

    @property
    def args(self) -> dict[bytes, list[bytes]]:
        """The values of the query's and the form's arguments, by their names."""
        ...

    @property
    def prepath(self) -> list[bytes]:
        """The segments of the path down to the resource that renders."""
        ...

    @property
    def postpath(self) -> list[bytes]:
        """The segments of the path below it."""
        ...

    @property
    def requestHeaders(self) -> Headers:
        """The headers that came."""
        ...

    @property
    def content(self) -> BinaryIO:
        """The body, as a file."""
        ...

    @property
    def responseHeaders(self) -> Headers:
        """The headers to be sent."""
        ...

    def getHeader(self, key: str | bytes) -> Any:
        """The last value of a header that came; None if there is none."""

    def getCookie(self, key: bytes) -> bytes | None:
        """The value of a cookie that came; None if there is none."""

    def getAllHeaders(self) -> dict[bytes, bytes]:
        """The last value of each header that came, by its name in lower case."""
        ...

    def getRequestHostname(self) -> bytes:
        """The name by which the client calls us, without the port."""
        ...

    def getHost(self) -> IAddress:
        """Our own address."""
        ...

    def getClientAddress(self) -> IAddress:
        """The address of the other side of the connection."""
        ...

    def getClientIP(self) -> str | None:
        """The client's IP address as text; None if the connection is none of IP."""

    def getUser(self) -> bytes:
        """The user of basic authentication; empty if there is none."""
        ...

    def getPassword(self) -> bytes:
        """The password of basic authentication; empty if there is none."""
        ...

    def isSecure(self) -> bool:
        """Whether the request came over TLS, or `setHost` says so."""
        ...

    def getSession(self, sessionInterface: Any = None) -> Any:
        """The client's session, or what it has for an interface."""

    def URLPath(self) -> Any:
        """The URL of the request, to make others of."""

    def prePathURL(self) -> bytes:
        """The URL of the resource that renders."""
        ...

    def rememberRootURL(self) -> None:
        """Take what was walked so far for the root of the application."""

    def getRootURL(self) -> bytes | None:
        """The URL that `rememberRootURL` has kept; None if it was not called."""

    def finish(self) -> None:
        """Say that the response is complete."""

    def write(self, data: bytes) -> None:
        """Write a piece of the body."""

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
    ) -> None:
        """Set a cookie at the client."""

    def setResponseCode(self, code: int, message: bytes | None = None) -> None:
        """Set the status."""

    def setHeader(self, k: str | bytes, v: str | bytes) -> None:
        """Set a header of the response."""

    def redirect(self, url: str | bytes) -> None:
        """Answer that what is asked for is elsewhere."""

    def setLastModified(self, when: float) -> Any:
        """Say when what is asked for was modified last."""

    def setETag(self, etag: bytes) -> Any:
        """Set the entity tag of what is asked for."""

    def setHost(self, host: bytes, port: int, ssl: bool | int = 0) -> None:
        """Say as what the client sees us."""
