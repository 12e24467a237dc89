"""What is behind the short face: an agent that goes where it is told to, and decoders."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sennit.core.endpoints import HostnameEndpoint, UNIXClientEndpoint, wrapClientTLS
from sennit.web.client._agent import Agent, Secured
from sennit.web.client._decoders import (
    BrotliDecoder,
    Decoder,
    DeflateDecoder,
    GzipDecoder,
    ZstdDecoder,
)
from sennit.web.client._given import basic
from sennit.web.client._policies import BrowserLikePolicyForHTTPS
from sennit.web.client._proxies import ProxyAgent
from sennit.web.client._unpack import available
from sennit.web.client._uri import URI
from sennit.web.client._urls import target
from sennit.web.headers import Headers

if TYPE_CHECKING:
    from sennit.core.contracts import IStreamClientEndpoint
    from sennit.web.client._budgets import ResponseLimits
    from sennit.web.client._pool import HTTPConnectionPool
    from sennit.web.client.contracts import IPolicyForHTTPS

__all__ = ["decodersFor", "senderFor"]

_DECODERS: Final[dict[bytes, type[Decoder]]] = {
    decoder.coding: decoder
    for decoder in (BrotliDecoder, DeflateDecoder, GzipDecoder, ZstdDecoder)
}


def senderFor(
    reactor: Any,
    pool: HTTPConnectionPool,
    policy: IPolicyForHTTPS | None,
    proxy: str | None,
    unixSocket: str | None,
) -> Agent | ProxyAgent:
    """Make the agent of a client.

    Args:
        reactor: What connects.
        pool: Keeps connections.
        policy: Whom to trust over TLS; `BrowserLikePolicyForHTTPS` if None.
        proxy: The URL of a proxy, with name and password if it asks for them.
        unixSocket: A UNIX socket to connect to, whatever a URI says.

    Raises:
        ValueError: The proxy's URL is none.
    """
    policy = policy or BrowserLikePolicyForHTTPS()
    if unixSocket is not None:
        sockets = _UNIXEndpoints(reactor, unixSocket, policy)
        return Agent.usingEndpointFactory(reactor, sockets, pool)
    if proxy is None:
        return Agent(reactor, policy, pool=pool)
    where = target(proxy)
    uri = URI.fromBytes(where.uri)
    if uri.scheme not in (b"http", b"https"):
        raise ValueError(f"{proxy!r} is no URL of a proxy")
    headers = Headers()
    if where.login is not None:
        headers.addRawHeader(b"Proxy-Authorization", basic(where.login))
    endpoint: IStreamClientEndpoint = HostnameEndpoint(
        reactor, uri.host.decode(), uri.port
    )
    if uri.scheme == b"https":
        options = policy.creatorForNetloc(uri.host, uri.port)
        endpoint = wrapClientTLS(options, endpoint)
    return ProxyAgent(
        endpoint, reactor, pool, contextFactory=policy, proxyHeaders=headers
    )


class _UNIXEndpoints:
    """Connects to a UNIX socket, whatever a URI says."""

    def __init__(self, reactor: Any, path: str, policy: IPolicyForHTTPS) -> None:
        self._endpoint = UNIXClientEndpoint(reactor, path)
        self._policy = policy

    def endpointForURI(self, uri: URI) -> IStreamClientEndpoint:
        """Give an endpoint."""
        if uri.scheme == b"https":
            return Secured(self._policy, uri, self._endpoint)
        return self._endpoint


def decodersFor(limits: ResponseLimits) -> list[tuple[bytes, Any]]:
    """Give what unpacks all that can be unpacked here, within limits."""
    return [
        (coding, partial(_decoder, _DECODERS[coding], limits)) for coding in available()
    ]


def _decoder(kind: type[Decoder], limits: ResponseLimits, response: Any) -> Decoder:
    decoder = kind(response)
    decoder.limits = limits
    return decoder
