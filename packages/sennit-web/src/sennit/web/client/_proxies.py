"""Requests by way of a proxy: named to it whole, or through a tunnel.

``http`` is asked of the proxy itself (absolute-form, RFC 9112 §3.2.2). For ``https`` it is
told to connect us (CONNECT, RFC 9110 §9.3.6), and TLS is spoken with the server: the proxy
sees where to, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core.defer import Deferred
from sennit.core.errors import NoProtocol
from sennit.core.failure import Failure
from sennit.core.protocol import Factory, Protocol, connectionDone
from sennit.web.client._agent import Secured, Sender
from sennit.web.client._budgets import Timeouts
from sennit.web.client._checks import check_method, check_target
from sennit.web.client._errors import ParseError, ProxyRefused
from sennit.web.client._policies import BrowserLikePolicyForHTTPS
from sennit.web.client._reader import Head, ResponseReader
from sennit.web.client._request import Request
from sennit.web.client._uri import URI
from sennit.web.headers import Headers

if TYPE_CHECKING:
    from sennit.core.contracts import IProtocolFactory, IStreamClientEndpoint
    from sennit.web.client._pool import HTTPConnectionPool
    from sennit.web.client._response import Response
    from sennit.web.client.contracts import IBodyProducer, IPolicyForHTTPS

__all__ = ["ProxyAgent", "TunnelEndpoint"]


class ProxyAgent(Sender):
    """Sends requests by way of a proxy."""

    def __init__(
        self,
        endpoint: IStreamClientEndpoint,
        reactor: Any = None,
        pool: HTTPConnectionPool | None = None,
        *,
        contextFactory: IPolicyForHTTPS | None = None,
        proxyHeaders: Headers | None = None,
        timeouts: Timeouts = Sender.timeouts,
    ) -> None:
        """Make an agent.

        Args:
            endpoint: Connects to the proxy.
            reactor: What counts the time; the default reactor if None.
            pool: Keeps connections; without one, each request has its own.
            contextFactory: Whom to trust over TLS; `BrowserLikePolicyForHTTPS` if None.
            proxyHeaders: What only the proxy is told, such as Proxy-Authorization.
            timeouts: How long each stage of a request may take.
        """
        super().__init__(reactor, pool)
        self._endpoint = endpoint
        self._policy = contextFactory or BrowserLikePolicyForHTTPS()
        self._headers = Headers() if proxyHeaders is None else proxyHeaders
        self.timeouts = timeouts

    def request(
        self,
        method: bytes,
        uri: bytes,
        headers: Headers | None = None,
        bodyProducer: IBodyProducer | None = None,
    ) -> Deferred[Response]:
        """Send a request, as `Agent.request` does.

        It fails with `ProxyRefused` if the proxy connects us to nobody.
        """
        check_method(method)
        parsed = URI.fromBytes(check_target(uri.strip()))
        if parsed.scheme == b"https":
            endpoint = TunnelEndpoint(
                self._endpoint, parsed.host, parsed.port, self._headers
            )
            return self._send(
                ("tunnel", self._endpoint, *parsed.origin),
                Secured(self._policy, parsed, endpoint),
                *(method, parsed, headers, bodyProducer),
                parsed.originForm,
            )
        headers = Headers() if headers is None else headers.copy()
        for name, values in self._headers.getAllRawHeaders():
            headers.setRawHeaders(name, values)
        return self._send(
            ("proxy", self._endpoint),
            *(self._endpoint, method, parsed, headers, bodyProducer),
            _absolute_form(parsed),
        )


def _absolute_form(uri: URI) -> bytes:
    """Name what to ask for whole, without name and password, and without fragment."""
    host = uri.netloc.rpartition(b"@")[2]
    return uri.scheme + b"://" + host + uri.originForm


class TunnelEndpoint:
    """Connects to a host and port through a proxy."""

    def __init__(
        self,
        proxy: IStreamClientEndpoint,
        host: bytes,
        port: int,
        headers: Headers | None = None,
    ) -> None:
        """Describe the way.

        Args:
            proxy: Connects to the proxy.
            host: The name or address to be connected to.
            port: Its port.
            headers: What to tell the proxy besides.
        """
        self._proxy = proxy
        self._host = b"[%b]" % host if b":" in host else host
        self._port = port
        self._headers = headers

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[Any]:
        """Connect.

        Returns:
            A Deferred of the protocol, which is connected; it fails as the endpoint of
            the proxy does, or with `ProxyRefused`. Cancelling gives the attempt up.
        """
        headers = Headers() if self._headers is None else self._headers.copy()
        target = b"%b:%d" % (self._host, self._port)
        headers.setRawHeaders(b"Host", [target])
        request = Request(b"CONNECT", target, headers, None, persistent=True)
        asking = _Asking(request.head(), protocolFactory)
        connecting = self._proxy.connect(_AskingFactory(asking))
        return connecting.addCallback(lambda _: asking.tunnelled)

    def __repr__(self) -> str:
        return f"<tunnel to {self._host!r}:{self._port} by {self._proxy!r}>"


class _AskingFactory(Factory):
    """Makes what asks a proxy."""

    noisy = False

    def __init__(self, asking: _Asking) -> None:
        self._asking = asking

    def buildProtocol(self, addr: object) -> _Asking:
        """Make it."""
        self._asking.address = addr
        return self._asking


class _Asking(Protocol):
    """Asks a proxy for a connection, and gives it to the real protocol.

    Attributes:
        tunnelled: Fires with that protocol.
        address: Where the proxy is.
    """

    def __init__(self, head: bytes, factory: IProtocolFactory) -> None:
        self._head = head
        self._factory = factory
        self._reader = ResponseReader()
        self._reader.begin(self, b"CONNECT")
        self._granted = False
        self._protocol: Any = None
        self.tunnelled: Deferred[Any] = Deferred(lambda _: self._abort())
        self.address: Any = None

    def connectionMade(self) -> None:
        """Ask."""
        self.transport.write(self._head)

    def dataReceived(self, data: bytes) -> None:
        """Read the answer; from then on, pass on what comes."""
        if self._protocol is not None:
            self._protocol.dataReceived(data)
            return
        try:
            self._reader.feed(data)
        except ParseError as error:
            self._fail(Failure(error))
        if self._granted and not self.tunnelled.called:
            self._hand_over()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The proxy has ended the connection."""
        if self._protocol is not None:
            self._protocol.connectionLost(reason)
        elif not self.tunnelled.called:
            self.tunnelled.errback(reason)

    def headReceived(self, head: Head) -> None:
        """See whether the proxy connects us."""
        if head.code < 300:
            self._granted = True
        else:
            self._fail(Failure(ProxyRefused(head.code, head.phrase)))

    def bodyReceived(self, data: bytes) -> None:
        """What the proxy says of its refusal is dropped."""

    def bodyEnded(self, trailers: Headers | None) -> None:
        """The answer is complete."""

    def _hand_over(self) -> None:
        try:
            protocol = self._factory.buildProtocol(self.address)
            if protocol is None:
                raise NoProtocol(f"{self._factory!r} built no protocol")
        except Exception:
            self._fail(Failure())
            return
        self._protocol = protocol
        transport: Any = self.transport
        if getattr(transport, "protocol", None) is self:
            transport.protocol = protocol
        protocol.makeConnection(transport)
        if self._reader.rest:
            protocol.dataReceived(self._reader.rest)
        self.tunnelled.callback(protocol)

    def _fail(self, reason: Failure) -> None:
        if not self.tunnelled.called:
            self.tunnelled.errback(reason)
        self._abort()

    def _abort(self) -> None:
        self.transport.abortConnection()  # type: ignore[attr-defined]
