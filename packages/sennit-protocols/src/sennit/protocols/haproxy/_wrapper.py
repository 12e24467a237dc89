"""A protocol behind a proxy: it is made when the header has told for whom.

Until then nobody has seen the connection. From then on the wrapper is bound past, as
other policies are, and only the addresses are its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sennit.core import log
from sennit.core.failure import Failure
from sennit.core.protocol import connectionDone
from sennit.protocols.haproxy._errors import InvalidProxyHeader, ProxyHeaderTimeout
from sennit.protocols.haproxy._info import ProxyInfo
from sennit.protocols.haproxy._parser import ProxyHeaderParser
from sennit.protocols.policies import ProtocolWrapper, WrappingFactory

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress, IDelayedCall, IReactorTime

__all__ = ["HEADER_TIMEOUT", "HAProxyProtocolWrapper", "HAProxyWrappingFactory"]

# Seconds: a proxy sends its header at once. The specification asks for three at least,
# so that a lost packet can be sent again; this is enough for two in a row.
HEADER_TIMEOUT: Final = 10.0


class HAProxyProtocolWrapper(ProtocolWrapper):
    """Reads the header, then has the real protocol made, and is its transport.

    Attributes:
        proxyInfo: What the header told; None before it was there.
        wrappedProtocol: The real protocol; None before that.
    """

    factory: HAProxyWrappingFactory

    def __init__(
        self, factory: HAProxyWrappingFactory, wrappedProtocol: Any = None
    ) -> None:
        """Begin without a protocol."""
        super().__init__(factory, wrappedProtocol)
        self.proxyInfo: ProxyInfo | None = None
        self._parser: ProxyHeaderParser | None = ProxyHeaderParser()
        self._limit: IDelayedCall | None = None
        # What came right after the header, until the protocol takes it.
        self._rest = b""
        self._paused = False

    def makeConnection(self, transport: Any) -> None:
        """Wait for the header."""
        self.connected = True
        self.transport = transport
        self.factory.registerProtocol(self)
        self._limit = self.factory.callLater(self.factory.timeout, self._too_late)

    def dataReceived(self, data: bytes) -> None:
        """Read the header; hand over what comes after it."""
        if self._parser is None:
            if self.wrappedProtocol is not None:
                self.wrappedProtocol.dataReceived(data)
            return
        try:
            found = self._parser.feed(data)
        except InvalidProxyHeader as error:
            self._refuse(error)
            return
        if found is not None:
            self.proxyInfo, self._rest = found
            self._begin()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Hand over the end, if there is anybody to be told."""
        self._stop_waiting()
        if self.wrappedProtocol is not None:
            super().connectionLost(reason)
        else:
            self.factory.unregisterProtocol(self)

    def _begin(self) -> None:
        self._stop_waiting()
        wrapped = self.factory.wrappedFactory.buildProtocol(self.getPeer())
        if wrapped is None:
            self.abortConnection()
            return
        self.wrappedProtocol = wrapped
        wrapped.makeConnection(self)
        self._deliver_rest()
        if self.wrappedProtocol is wrapped:
            self.dataReceived = wrapped.dataReceived  # type: ignore[method-assign]
            self._take_over(wrapped)
            if getattr(self.transport, "protocol", None) is self:
                # It has found the method of before, and must look again.
                self.transport.protocol = self

    def _deliver_rest(self) -> None:
        if self._rest and not self._paused and not self.disconnecting:
            rest, self._rest = self._rest, b""
            self.wrappedProtocol.dataReceived(rest)

    def _stop_waiting(self) -> None:
        self._parser = None
        if self._limit is not None and self._limit.active():
            self._limit.cancel()

    def _too_late(self) -> None:
        told = f"no PROXY header after {self.factory.timeout} seconds"
        self._refuse(ProxyHeaderTimeout(told))

    def _refuse(self, error: InvalidProxyHeader) -> None:
        self._stop_waiting()
        log.msg(
            format="%(factory)s: %(error)s, from %(peer)s; closing the connection",
            factory=self.factory.logPrefix(),
            error=f"{type(error).__name__}: {error}",
            peer=self.transport.getPeer(),
        )
        self.abortConnection()

    # The transport of the real protocol

    def pauseProducing(self) -> None:
        """Read no more until `resumeProducing`."""
        self._paused = True
        self.transport.pauseProducing()

    def resumeProducing(self) -> None:
        """Read on, first what came with the header."""
        self._paused = False
        self._deliver_rest()
        if not self._paused:
            self.transport.resumeProducing()

    def getPeer(self) -> IAddress:
        """Give the address of the client, or of the proxy if only that is known."""
        if self.proxyInfo is None or self.proxyInfo.source is None:
            return super().getPeer()
        return self.proxyInfo.source

    def getHost(self) -> IAddress:
        """Give what the client has connected to, or our own address."""
        if self.proxyInfo is None or self.proxyInfo.destination is None:
            return super().getHost()
        return self.proxyInfo.destination


class HAProxyWrappingFactory(WrappingFactory):
    """Has the protocols of a factory know the clients behind a proxy.

    Each is built when its header was read, for the address that the header told: so
    that ``LimitConnectionsByPeer``, wrapped in this, limits the clients.

    Attributes:
        timeout: How long a header may take, in seconds.
    """

    protocol: Any = HAProxyProtocolWrapper

    def __init__(
        self,
        wrappedFactory: Any,
        timeout: float = HEADER_TIMEOUT,
        clock: IReactorTime | None = None,
    ) -> None:
        """Wrap a factory.

        Args:
            wrappedFactory: Builds the protocols.
            timeout: How long a header may take, in seconds.
            clock: Counts that; None for the global reactor.
        """
        super().__init__(wrappedFactory)
        self.timeout = timeout
        self.clock = clock

    def buildProtocol(self, addr: Any) -> Any:
        """Make what reads the header; the real protocol is built then."""
        return self.protocol(self)
