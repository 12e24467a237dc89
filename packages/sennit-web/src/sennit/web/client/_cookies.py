"""An agent that keeps cookies, by the standard library's rules for them.

`http.cookiejar` asks a request and a response of its own kind, of which it uses a few
methods: two small classes here have those. It is not imported, which would cost a program
without cookies thirty modules: who has a jar has imported it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.web.client._uri import URI
from sennit.web.headers import Headers

if TYPE_CHECKING:
    from http.cookiejar import CookieJar

    from sennit.core.defer import Deferred
    from sennit.web.client.contracts import IAgent, IBodyProducer, IResponse

__all__ = ["CookieAgent"]


class CookieAgent:
    """Sends the cookies of a jar, and keeps there what responses set."""

    def __init__(self, agent: IAgent, cookieJar: CookieJar) -> None:
        """Put it around another agent; inside of one that follows redirects.

        Args:
            agent: What sends each request.
            cookieJar: Where cookies are kept.
        """
        self._agent = agent
        self.cookieJar = cookieJar

    def request(
        self,
        method: bytes,
        uri: bytes,
        headers: Headers | None = None,
        bodyProducer: IBodyProducer | None = None,
    ) -> Deferred[Any]:
        """Send a request with those cookies that are for it.

        A Cookie among *headers* is sent in their place.
        """
        # The jar takes its time to find that it has nothing, or that there is nothing.
        if not _is_empty(self.cookieJar):
            headers = self._with_cookies(uri, headers)
        asked = self._agent.request(method, uri, headers, bodyProducer)
        return asked.addCallback(self._keep, uri, headers)

    def _with_cookies(self, uri: bytes, headers: Headers | None) -> Headers | None:
        asked = _Asked(uri, headers)
        if asked.has_header("Cookie"):
            return headers
        self.cookieJar.add_cookie_header(asked)  # type: ignore[arg-type]
        if asked.cookies is None:
            return headers
        headers = Headers() if headers is None else headers.copy()
        headers.addRawHeader(b"Cookie", asked.cookies.encode("latin-1"))
        return headers

    def _keep(self, response: Any, uri: bytes, headers: Headers | None) -> Any:
        if response.headers.hasHeader(b"Set-Cookie"):
            asked = _Asked(uri, headers)
            self.cookieJar.extract_cookies(_Answered(response), asked)  # type: ignore[arg-type]
        return response


def _is_empty(jar: CookieJar) -> bool:
    return next(iter(jar), None) is None


class _Asked:
    """A request, as a jar wants to see it.

    Attributes:
        cookies: What the jar wants to be sent.
        unverifiable: Whether nobody has asked for it; a jar may refuse cookies then.
    """

    unverifiable = False

    def __init__(self, uri: bytes, headers: Headers | None) -> None:
        parsed = URI.fromBytes(uri)
        self._uri = uri.decode("latin-1")
        self._headers = headers
        self.type = parsed.scheme.decode()
        self.host = parsed.netloc.rpartition(b"@")[2].decode("latin-1")
        self.origin_req_host = parsed.host.decode("latin-1").lower()
        self.cookies: str | None = None

    def get_full_url(self) -> str:
        return self._uri

    def has_header(self, name: str) -> bool:
        return self._headers is not None and self._headers.hasHeader(name)

    def get_header(self, name: str, default: str | None = None) -> str | None:
        values = None if self._headers is None else self._headers.getRawHeaders(name)
        return values[0] if values else default

    def add_unredirected_header(self, name: str, value: str) -> None:
        if name == "Cookie":
            self.cookies = value


class _Answered:
    """A response, as a jar wants to see it."""

    def __init__(self, response: IResponse) -> None:
        self._headers = response.headers

    def info(self) -> _Answered:
        return self

    def get_all(self, name: str, default: Any = None) -> Any:
        values = self._headers.getRawHeaders(name.encode())
        if values is None:
            return default
        return [value.decode("latin-1") for value in values]
