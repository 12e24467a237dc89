"""``twisted.web.client``: agents that trust in the terms of ``twisted.internet.ssl``.

`readBody` has no budget, and the classes that Twisted keeps in a private module are here.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from zope.interface import implementer

from sennit.core.defer import Deferred
from sennit.web import client
from sennit.web.client import (
    UNKNOWN_LENGTH as UNKNOWN_LENGTH,
    URI as URI,
    BadHeaders as BadHeaders,
    BadResponseVersion as BadResponseVersion,
    BrowserLikeRedirectAgent as BrowserLikeRedirectAgent,
    ContentDecoderAgent as ContentDecoderAgent,
    CookieAgent as CookieAgent,
    ExcessWrite as ExcessWrite,
    FileBodyProducer as FileBodyProducer,
    GzipDecoder as GzipDecoder,
    HostnameCachingHTTPSPolicy as HostnameCachingHTTPSPolicy,
    HTTP11ClientProtocol as HTTP11ClientProtocol,
    HTTPConnectionPool as HTTPConnectionPool,
    ParseError as ParseError,
    PartialDownloadError as PartialDownloadError,
    PotentialDataLoss as PotentialDataLoss,
    ProxyAgent as ProxyAgent,
    RedirectAgent as RedirectAgent,
    Request as Request,
    RequestGenerationFailed as RequestGenerationFailed,
    RequestNotSent as RequestNotSent,
    RequestTransmissionFailed as RequestTransmissionFailed,
    Response as Response,
    ResponseDone as ResponseDone,
    ResponseFailed as ResponseFailed,
    ResponseNeverReceived as ResponseNeverReceived,
    WrongBodyLength as WrongBodyLength,
)
from sennit.web.client.interfaces import IPolicyForHTTPS

__all__ = [
    "Agent",
    "BadHeaders",
    "BadResponseVersion",
    "BrowserLikePolicyForHTTPS",
    "BrowserLikeRedirectAgent",
    "ContentDecoderAgent",
    "CookieAgent",
    "ExcessWrite",
    "FileBodyProducer",
    "GzipDecoder",
    "HTTP11ClientProtocol",
    "HTTPConnectionPool",
    "HostnameCachingHTTPSPolicy",
    "ParseError",
    "PartialDownloadError",
    "PotentialDataLoss",
    "ProxyAgent",
    "RedirectAgent",
    "Request",
    "RequestGenerationFailed",
    "RequestNotSent",
    "RequestTransmissionFailed",
    "Response",
    "ResponseDone",
    "ResponseFailed",
    "ResponseNeverReceived",
    "UNKNOWN_LENGTH",
    "URI",
    "WrongBodyLength",
    "readBody",
]


@implementer(IPolicyForHTTPS)
class BrowserLikePolicyForHTTPS:
    """Trusts a server whose certificate is good, and is for its name."""

    def __init__(self, trustRoot: Any = None) -> None:
        """Say who vouches for servers.

        Args:
            trustRoot: A ``Certificate`` or what ``trustRootFromCertificates`` gives;
                None for all that the platform trusts.
        """
        self._trust_root = trustRoot

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        """Give what makes connections to a server."""
        try:
            # Here, because it needs pyOpenSSL, which who speaks no TLS need not have.
            from sennit.compat.faces.internet.ssl import optionsForClientTLS
        except ImportError:
            if self._trust_root is not None:
                raise
            return client.BrowserLikePolicyForHTTPS().creatorForNetloc(hostname, port)
        return optionsForClientTLS(hostname.decode("ascii"), trustRoot=self._trust_root)


@implementer(IPolicyForHTTPS)
class _Contexts:
    """Trusts as a factory of contexts does, which is asked by host and port."""

    def __init__(self, factory: Any) -> None:
        self._factory = factory

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        """Give what gives the context."""
        context = self._factory.getContext(hostname, port)
        return SimpleNamespace(getContext=lambda: context)


class Agent(client.Agent):
    """As it is, but for whom it trusts unless it is told."""

    def __init__(
        self,
        reactor: Any,
        contextFactory: Any = None,
        connectTimeout: float | None = None,
        bindAddress: Any = None,
        pool: HTTPConnectionPool | None = None,
    ) -> None:
        policy = contextFactory or BrowserLikePolicyForHTTPS()
        if not hasattr(policy, "creatorForNetloc"):
            policy = _Contexts(policy)
        super().__init__(reactor, policy, connectTimeout, bindAddress, pool)


def readBody(response: Any) -> Deferred[bytes]:
    """Read the body of a response into memory, however large it is."""
    return client.readBody(response, None)
