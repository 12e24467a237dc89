"""Agents that follow redirects.

                       RedirectAgent               BrowserLikeRedirectAgent
    301, 302           GET, HEAD as they are       …, and all others become GET
    303                becomes GET                 becomes GET
    307, 308           GET, HEAD as they are       all as they are, with their bodies

What is meant for one server is not told to another: headers that tell who asks are left
out where scheme, host or port are not the same. (RFC 9110 §15.4)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from sennit.core.defer import Deferred
from sennit.core.failure import Failure
from sennit.web.client._bodies import rewound
from sennit.web.client._errors import ResponseFailed
from sennit.web.client._readers import discard
from sennit.web.client._uri import URI
from sennit.web.error import (
    Error,
    InfiniteRedirection,
    PageRedirect,
    RedirectWithNoLocation,
)

if TYPE_CHECKING:
    from sennit.web.client.contracts import IAgent, IBodyProducer
    from sennit.web.headers import Headers

__all__ = ["BrowserLikeRedirectAgent", "RedirectAgent"]

_SAFE: Final = frozenset((b"GET", b"HEAD"))

# What tells a server who asks, or whom.
_SENSITIVE: Final = (
    b"Authorization",
    b"Cookie",
    b"Cookie2",
    b"Host",
    b"Proxy-Authorization",
    b"WWW-Authenticate",
)

# What tells of a body, and is wrong where there is none any more.
_OF_CONTENT: Final = (
    b"Content-Encoding",
    b"Content-Language",
    b"Content-Length",
    b"Content-Location",
    b"Content-Type",
    b"Transfer-Encoding",
)


class RedirectAgent:
    """Follows redirects, but asks for nothing else than it was told to.

    A redirect of a request that does something is an error (`ResponseFailed` of a
    `PageRedirect`).
    """

    _as_is: frozenset[int] = frozenset((301, 302, 307, 308))
    _by_get: frozenset[int] = frozenset((303,))

    def __init__(
        self,
        agent: IAgent,
        redirectLimit: int = 20,
        sensitiveHeaderNames: Iterable[bytes] = (),
    ) -> None:
        """Put it around another agent.

        Args:
            agent: What sends each request.
            redirectLimit: How many redirects to follow, one after another; browsers
                follow twenty.
            sensitiveHeaderNames: More headers that are for one server only.
        """
        self._agent = agent
        self._limit = redirectLimit
        self._sensitive = (*_SENSITIVE, *sensitiveHeaderNames)

    def request(
        self,
        method: bytes,
        uri: bytes,
        headers: Headers | None = None,
        bodyProducer: IBodyProducer | None = None,
    ) -> Deferred[Any]:
        """Send a request, and what it leads to.

        Returns:
            The last response; ``previousResponse`` leads back to those before. It fails
            with `ResponseFailed` of an `InfiniteRedirection`, a `RedirectWithNoLocation`
            or a `PageRedirect`.
        """
        asked = self._agent.request(method, uri, headers, bodyProducer)
        return asked.addCallback(
            self._answered, method, uri, headers, bodyProducer, self._limit
        )

    def _answered(
        self,
        response: Any,
        method: bytes,
        uri: bytes,
        headers: Headers | None,
        body: IBodyProducer | None,
        left: int,
    ) -> Any:
        code = response.code
        if code in self._by_get:
            if method != b"HEAD":
                method, body, headers = b"GET", None, _without_content(headers)
        elif code not in self._as_is:
            return response
        elif not self._may_be_repeated(method):
            raise _failed(PageRedirect(code, location=uri), response)
        if not left:
            raise _failed(
                InfiniteRedirection(code, b"Too many", location=uri), response
            )
        target = _location(response, uri)
        if body is not None:
            body = _again(body, code, uri, response)
        discard(response)
        if headers is not None and not _same_origin(uri, target):
            headers = headers.copy()
            for name in self._sensitive:
                headers.removeHeader(name)
        asked = self._agent.request(method, target, headers, body)

        def follow(found: Any) -> Any:
            found.setPreviousResponse(response)
            return self._answered(found, method, target, headers, body, left - 1)

        return asked.addCallback(follow)

    def _may_be_repeated(self, method: bytes) -> bool:
        return method in _SAFE


class BrowserLikeRedirectAgent(RedirectAgent):
    """Follows redirects as browsers do: other requests become GET, or are repeated."""

    _as_is = frozenset((307, 308))
    _by_get = frozenset((301, 302, 303))

    def _may_be_repeated(self, method: bytes) -> bool:
        return True


def _failed(error: Error, response: Any) -> ResponseFailed:
    discard(response)
    return ResponseFailed([Failure(error)], response)


def _location(response: Any, uri: bytes) -> bytes:
    """Where a response leads; the fragment is handed down (RFC 9110 §10.2.2)."""
    values = response.headers.getRawHeaders(b"location", [])
    if not values:
        error = RedirectWithNoLocation(response.code, b"No location header field", uri)
        raise _failed(error, response)
    # A location is to be ASCII, and is not always.
    location = b"".join(
        b"%c" % byte if 0x20 < byte < 0x7F else b"%%%02X" % byte
        for byte in values[0].strip()
    )
    try:
        target: bytes = urljoin(uri, location)
        URI.fromBytes(target)
    except ValueError:
        error = RedirectWithNoLocation(response.code, b"No good location", uri)
        raise _failed(error, response) from None
    _, hash_sign, fragment = uri.partition(b"#")
    return target + hash_sign + fragment if b"#" not in target else target


def _again(
    body: IBodyProducer, code: int, uri: bytes, response: Any
) -> IBodyProducer | None:
    try:
        return rewound(body)
    except ValueError:
        raise _failed(PageRedirect(code, location=uri), response) from None


def _same_origin(one: bytes, other: bytes) -> bool:
    return URI.fromBytes(one).origin == URI.fromBytes(other).origin


def _without_content(headers: Headers | None) -> Headers | None:
    if headers is None:
        return None
    headers = headers.copy()
    for name in _OF_CONTENT:
        headers.removeHeader(name)
    return headers
