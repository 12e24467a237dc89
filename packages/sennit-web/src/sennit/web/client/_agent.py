"""The agent: from a URI to a connection, and a request over it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Final, Self

from sennit import core
from sennit.core.defer import Deferred, fail
from sennit.core.endpoints import HostnameEndpoint, wrapClientTLS
from sennit.web.client._budgets import Timeouts
from sennit.web.client._checks import check_method, check_target
from sennit.web.client._patience import Patience
from sennit.web.client._policies import BrowserLikePolicyForHTTPS
from sennit.web.client._pool import HTTPConnectionPool
from sennit.web.client._request import Request
from sennit.web.client._uri import URI, host_value
from sennit.web.error import SchemeNotSupported
from sennit.web.headers import Headers

if TYPE_CHECKING:
    from sennit.core.contracts import IProtocolFactory, IStreamClientEndpoint
    from sennit.web.client._response import Response
    from sennit.web.client.contracts import (
        IAgentEndpointFactory,
        IBodyProducer,
        IPolicyForHTTPS,
    )

__all__ = ["Agent", "HostEndpoints", "Secured", "Sender"]

# Endpoints that are remembered: as many hosts as a busy program asks in turn.
_MAX_KNOWN: Final = 512


class HostEndpoints:
    """Connects to the host and port of a URI, over TLS for ``https``."""

    def __init__(
        self,
        reactor: Any,
        policy: IPolicyForHTTPS,
        connectTimeout: float | None,
        bindAddress: Any,
    ) -> None:
        """Say how to connect.

        Args:
            reactor: What connects.
            policy: Whom to trust.
            connectTimeout: Seconds that each attempt may take; 30 if None.
            bindAddress: Our own address.
        """
        self._reactor = reactor
        self._policy = policy
        self._options: dict[str, Any] = {"bindAddress": bindAddress}
        if connectTimeout is not None:
            self._options["timeout"] = connectTimeout
        self._known: dict[tuple[bytes, bytes, int], IStreamClientEndpoint] = {}

    def endpointForURI(self, uri: URI) -> IStreamClientEndpoint:
        """Give an endpoint.

        Raises:
            SchemeNotSupported: The scheme is neither ``http`` nor ``https``.
            ValueError: The host's name is none.
        """
        origin = uri.origin
        found = self._known.get(origin)
        if found is None:
            if uri.scheme not in (b"http", b"https"):
                raise SchemeNotSupported(f"Unsupported scheme: {uri.scheme.decode()!r}")
            found = self._make(uri)
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[origin] = found
        return found

    def _make(self, uri: URI) -> IStreamClientEndpoint:
        host = uri.host.decode("ascii")
        endpoint = HostnameEndpoint(self._reactor, host, uri.port, **self._options)
        if uri.scheme == b"http":
            return endpoint
        return Secured(self._policy, uri, endpoint)


class Secured:
    """Speaks TLS, as the policy wants it when there is a connection to be made."""

    def __init__(
        self, policy: IPolicyForHTTPS, uri: URI, endpoint: IStreamClientEndpoint
    ) -> None:
        self._policy = policy
        self._uri = uri
        self._endpoint = endpoint

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[Any]:
        """Connect, and shake hands."""
        try:
            options = self._policy.creatorForNetloc(self._uri.host, self._uri.port)
        except Exception:
            return fail()
        return wrapClientTLS(options, self._endpoint).connect(protocolFactory)


class Sender:
    """What agents have in common: a pool, and requests over its connections.

    Attributes:
        timeouts: How long each stage of a request may take.
    """

    timeouts: Timeouts = Timeouts()

    def __init__(self, reactor: Any, pool: HTTPConnectionPool | None) -> None:
        self._reactor = core.reactor if reactor is None else reactor
        if pool is None:
            pool = HTTPConnectionPool(self._reactor, False)
        self._pool = pool

    def within(self, timeouts: Timeouts) -> Self:
        """Give the same agent with other time-outs."""
        made = object.__new__(type(self))
        vars(made).update(vars(self), timeouts=timeouts)
        return made

    def _send(
        self,
        key: Hashable,
        endpoint: IStreamClientEndpoint,
        method: bytes,
        uri: URI,
        headers: Headers | None,
        bodyProducer: IBodyProducer | None,
        target: bytes,
    ) -> Deferred[Response]:
        """Send a request over a connection of the pool.

        Args:
            key: The place that the connection leads to.
            endpoint: What makes one.
            method: The method.
            uri: What to ask for.
            headers: What to add to the Host.
            bodyProducer: Writes the body.
            target: How the request names what it asks for.
        """
        headers = Headers() if headers is None else headers
        if not headers.hasHeader(b"Host"):
            own = Headers()
            own.addRawHeader(b"Host", host_value(uri.scheme, uri.host, uri.port))
            # First, as RFC 9110 §7.2 would have it.
            own._raw.update(headers.copy()._raw)
            headers = own
        patience = None
        if self.timeouts is not _NO_TIMEOUTS:
            patience = Patience(self._reactor, self.timeouts)
        request = Request(
            *(method, target, headers, bodyProducer, self._pool.persistent),
            absoluteURI=uri.toBytes(),
            patience=patience,
        )
        connecting = self._pool.getConnection(key, endpoint)
        if patience is not None:
            patience.connecting(connecting)
        return connecting.addCallback(_ask, request)


def _ask(connection: Any, request: Request) -> Deferred[Response]:
    asked: Deferred[Response] = connection.request(request)
    return asked


_NO_TIMEOUTS = Sender.timeouts


class Agent(Sender):
    """Sends requests to where their URIs lead.

    It follows no redirects, keeps no cookies, and unpacks nothing: other agents do, which
    are put around it.
    """

    def __init__(
        self,
        reactor: Any = None,
        contextFactory: IPolicyForHTTPS | None = None,
        connectTimeout: float | None = None,
        bindAddress: tuple[str, int] | str | None = None,
        pool: HTTPConnectionPool | None = None,
        *,
        timeouts: Timeouts = _NO_TIMEOUTS,
    ) -> None:
        """Make an agent.

        Args:
            reactor: What connects; the default reactor if None.
            contextFactory: Whom to trust over TLS; `BrowserLikePolicyForHTTPS` if None.
            connectTimeout: Seconds that each attempt to connect may take.
            bindAddress: Our own address.
            pool: Keeps connections; without one, each request has its own.
            timeouts: How long each stage of a request may take.
        """
        super().__init__(reactor, pool)
        policy = contextFactory or BrowserLikePolicyForHTTPS()
        self._endpoints: IAgentEndpointFactory = HostEndpoints(
            self._reactor, policy, connectTimeout, bindAddress
        )
        self.timeouts = timeouts

    @classmethod
    def usingEndpointFactory(
        cls,
        reactor: Any,
        endpointFactory: IAgentEndpointFactory,
        pool: HTTPConnectionPool | None = None,
        *,
        timeouts: Timeouts = _NO_TIMEOUTS,
    ) -> Self:
        """Make an agent that connects as it is told, wherever a URI leads.

        Args:
            reactor: What counts the time; the default reactor if None.
            endpointFactory: Gives an endpoint for each URI.
            pool: Keeps connections; without one, each request has its own.
            timeouts: How long each stage of a request may take.
        """
        made = object.__new__(cls)
        Sender.__init__(made, reactor, pool)
        made._endpoints = endpointFactory
        made.timeouts = timeouts
        return made

    def request(
        self,
        method: bytes,
        uri: bytes,
        headers: Headers | None = None,
        bodyProducer: IBodyProducer | None = None,
    ) -> Deferred[Response]:
        """Send a request.

        Args:
            method: Its method.
            uri: What to ask for, whole: with scheme and host.
            headers: What to add to the headers that are needed.
            bodyProducer: Writes its body.

        Returns:
            The response, when its head is there. It fails with `SchemeNotSupported`, as
            connecting does, or as `HTTP11ClientProtocol.request` does. Cancelling gives
            the request up.

        Raises:
            TypeError: Method or URI is no bytes.
            ValueError: Method or URI is none.
        """
        check_method(method)
        parsed = URI.fromBytes(check_target(uri.strip()))
        try:
            endpoint = self._endpoints.endpointForURI(parsed)
        except (SchemeNotSupported, ValueError):
            return fail()
        key = parsed.origin
        return self._send(
            key, endpoint, method, parsed, headers, bodyProducer, parsed.originForm
        )
