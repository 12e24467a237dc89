"""The short face: ``await client.get(url)``, in one line what agents do in ten.

Client - redirects - cookies - unpacking - Agent or ProxyAgent - pool
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

from sennit import core
from sennit.core.defer import CancelledError, Deferred, ensureDeferred
from sennit.core.failure import Failure
from sennit.web.client._answer import Answer
from sennit.web.client._budgets import DEFAULT_LIMITS, ResponseLimits, Timeouts
from sennit.web.client._content import bodyOf
from sennit.web.client._cookies import CookieAgent
from sennit.web.client._decoders import ContentDecoderAgent
from sennit.web.client._errors import ResponseBudgetExceeded, ResponseFailed
from sennit.web.client._given import (
    DEFAULT_TIMEOUTS,
    HeadersLike,
    Login,
    basic,
    headersOf,
    timeoutsOf,
)
from sennit.web.client._patience import total_over
from sennit.web.client._pool import HTTPConnectionPool
from sennit.web.client._redirects import BrowserLikeRedirectAgent
from sennit.web.client._senders import decodersFor, senderFor
from sennit.web.client._uri import URI
from sennit.web.client._urls import Parameters, target
from sennit.web.headers import Headers

if TYPE_CHECKING:
    from http.cookiejar import CookieJar

    from sennit.web.client.contracts import IAgent, IPolicyForHTTPS

__all__ = ["Client"]

# Connections kept for each place: as many as browsers open to one host.
_KEPT_PER_HOST: Final = 6


class Client:
    """Asks servers, over connections and with cookies that are kept.

    Close it when it is not needed any more; ``async with Client() as client`` does.

    Attributes:
        headers: What each request is sent with.
        timeouts: How long each stage of a request may take.
        limits: What a response may cost.
        pool: The connections that are kept.
        cookies: The cookies that are kept: an `http.cookiejar.CookieJar`.
    """

    def __init__(
        self,
        baseURL: str = "",
        *,
        headers: HeadersLike | None = None,
        params: Parameters | None = None,
        auth: Login | None = None,
        timeout: float | Timeouts | None = DEFAULT_TIMEOUTS,
        redirects: int = 20,
        proxy: str | None = None,
        unixSocket: str | None = None,
        policy: IPolicyForHTTPS | None = None,
        cookies: CookieJar | None = None,
        limits: ResponseLimits = DEFAULT_LIMITS,
        persistent: bool = True,
        reactor: Any = None,
    ) -> None:
        """Make a client.

        Args:
            baseURL: What the URLs of requests are relative to.
            headers: What each request is sent with.
            params: What is added to the query of each request.
            auth: Name and password for the host of *baseURL*; without one, for all.
            timeout: Seconds that a request may take in all, or `Timeouts`.
            redirects: How many redirects to follow, one after another.
            proxy: The URL of a proxy, with name and password if it asks for them.
            unixSocket: A UNIX socket to connect to, whatever the URL says.
            policy: Whom to trust over TLS; `BrowserLikePolicyForHTTPS` if None.
            cookies: The jar where they are kept.
            limits: What a response may cost.
            persistent: Whether connections are kept.
            reactor: What connects; the default reactor if None.

        Raises:
            ValueError: The proxy's URL is none.
        """
        self._reactor = core.reactor if reactor is None else reactor
        self._base = baseURL
        self._params = params
        self._login = auth
        self._redirects = redirects
        self.headers: Headers = headersOf(headers)
        self.timeouts: Timeouts = timeoutsOf(timeout)
        self.limits: ResponseLimits = limits
        self.pool: HTTPConnectionPool = HTTPConnectionPool(self._reactor, persistent)
        self.pool.maxPersistentPerHost = _KEPT_PER_HOST
        self.pool.limits = limits
        self._jar = cookies
        self._last: tuple[Timeouts, int, IAgent] | None = None
        self._sender = senderFor(self._reactor, self.pool, policy, proxy, unixSocket)
        self._decoders = decodersFor(limits)

    @property
    def cookies(self) -> CookieJar:
        """The cookies that are kept."""
        if self._jar is None:
            # Here, because it is thirty modules, which a program may not need.
            from http.cookiejar import CookieJar

            self._jar = CookieJar()
        return self._jar

    def request(
        self,
        method: str,
        url: str | bytes,
        *,
        params: Parameters | None = None,
        headers: HeadersLike | None = None,
        data: Any = None,
        json: Any = None,
        files: Any = None,
        auth: Login | None = None,
        timeout: float | Timeouts | None = None,
        redirects: int | None = None,
        stream: bool = False,
    ) -> Deferred[Answer]:
        """Ask a server.

        Args:
            method: The method.
            url: What to ask for; relative to the base.
            params: What to add to its query.
            headers: What to add to the client's headers, or to send in their place.
            data: The body: bytes, text, the fields of a form as a mapping or as pairs,
                an open file, an iterable of bytes, async or not, an `IBodyProducer`.
            json: What is sent as JSON.
            files: Files of a form by their fields: bytes, an open file, or a tuple of
                file name, content and, if wanted, type.
            auth: Name and password, which are sent to this host only.
            timeout: Seconds that it may take in all, or `Timeouts`.
            redirects: How many redirects to follow; 0 for none: the redirect is the
                answer then.
            stream: Do not read the body: the answer comes with its head.

        Returns:
            The answer. It fails with `ConnectError`, `ResponseFailed` (of which most of
            the others are kinds) or a ``TimeoutError``. Cancelling gives it up.

        Raises:
            TypeError: The body is none.
            ValueError: URL, method or headers are no good, or there are two bodies.
        """
        where = target(url, self._base, self._params)
        if params is not None:
            where = target(where.uri, "", params)._replace(login=where.login)
        body, kind = bodyOf(data, json, files)
        sent = self._headers(headers, kind, auth or where.login, where.uri)
        times = self.timeouts if timeout is None else timeoutsOf(timeout)
        agent = self._agent(times, self._redirects if redirects is None else redirects)
        asked = agent.request(method.upper().encode("ascii"), where.uri, sent, body)
        answer = ensureDeferred(self._answer(asked, stream))
        if times.total is not None:
            answer.addTimeout(times.total, self._reactor, _too_late)
        return answer

    def get(self, url: str | bytes, **options: Any) -> Deferred[Answer]:
        """Ask by GET; as `request`."""
        return self.request("GET", url, **options)

    def head(self, url: str | bytes, **options: Any) -> Deferred[Answer]:
        """Ask by HEAD; as `request`."""
        return self.request("HEAD", url, **options)

    def options(self, url: str | bytes, **options: Any) -> Deferred[Answer]:
        """Ask by OPTIONS; as `request`."""
        return self.request("OPTIONS", url, **options)

    def delete(self, url: str | bytes, **options: Any) -> Deferred[Answer]:
        """Ask by DELETE; as `request`."""
        return self.request("DELETE", url, **options)

    def post(
        self, url: str | bytes, data: Any = None, **options: Any
    ) -> Deferred[Answer]:
        """Ask by POST; as `request`."""
        return self.request("POST", url, data=data, **options)

    def put(
        self, url: str | bytes, data: Any = None, **options: Any
    ) -> Deferred[Answer]:
        """Ask by PUT; as `request`."""
        return self.request("PUT", url, data=data, **options)

    def patch(
        self, url: str | bytes, data: Any = None, **options: Any
    ) -> Deferred[Answer]:
        """Ask by PATCH; as `request`."""
        return self.request("PATCH", url, data=data, **options)

    def close(self) -> Deferred[Any]:
        """End the connections that are kept.

        Returns:
            It fires when they have ended.
        """
        return self.pool.closeCachedConnections()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # Within

    async def _answer(self, asked: Deferred[Any], stream: bool) -> Answer:
        try:
            response = await asked
            uri = response.request.absoluteURI.decode("latin-1")
            answer = Answer(response, uri, self.limits.bodyBytes)
            if not stream:
                await answer.read()
        except ResponseFailed as error:
            for reason in error.reasons:
                if reason.check(ResponseBudgetExceeded) is not None:
                    raise reason.value from None
            raise
        return answer

    def _agent(self, timeouts: Timeouts, redirects: int) -> IAgent:
        """Give the agents of a request; mostly they are those of the one before."""
        if self._last is not None and self._last[:2] == (timeouts, redirects):
            return self._last[2]
        # The total is counted here, over all redirects.
        sender = self._sender.within(timeouts._replace(total=None))
        agent: IAgent = CookieAgent(
            ContentDecoderAgent(sender, self._decoders), self.cookies
        )
        if redirects:
            agent = BrowserLikeRedirectAgent(agent, redirects)
        self._last = (timeouts, redirects, agent)
        return agent

    def _headers(
        self,
        given: HeadersLike | None,
        kind: bytes | None,
        login: Login | None,
        uri: bytes,
    ) -> Headers:
        headers = self.headers.copy()
        if kind is not None:
            headers.setRawHeaders(b"Content-Type", [kind])
        if login is None and self._login is not None and self._is_ours(uri):
            login = self._login
        if login is not None:
            headers.setRawHeaders(b"Authorization", [basic(login)])
        for name, values in headersOf(given).getAllRawHeaders():
            headers.setRawHeaders(name, values)
        return headers

    def _is_ours(self, uri: bytes) -> bool:
        """Whether the client's name and password are for a URI."""
        if not self._base:
            return True
        base = URI.fromBytes(target(self._base).uri)
        return base.origin == URI.fromBytes(uri).origin


def _too_late(outcome: Any, seconds: float) -> Any:
    if isinstance(outcome, Failure) and outcome.check(CancelledError) is not None:
        raise total_over(seconds)
    return outcome
