"""TLS: over TCP, and around any other endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core.defer import Deferred, execute
from sennit.core.endpoints._outgoing import connecting
from sennit.core.engine import TLSMemoryBIOFactory
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory

if TYPE_CHECKING:
    from sennit.core.contracts import (
        IAddress,
        IListeningPort,
        IProtocolFactory,
        IReactorSSL,
        IStreamClientEndpoint,
        IStreamServerEndpoint,
    )

__all__ = [
    "SSL4ClientEndpoint",
    "SSL4ServerEndpoint",
    "wrapClientTLS",
    "wrapServerTLS",
]


class SSL4ServerEndpoint:
    """Listens for TLS on a TCP port."""

    def __init__(
        self,
        reactor: IReactorSSL,
        port: int,
        sslContextFactory: Any,
        backlog: int = 50,
        interface: str = "",
    ) -> None:
        """Describe the port.

        Args:
            reactor: Where to listen.
            port: The port's number; 0 for any free one.
            sslContextFactory: ``serverOptions(…)`` of `sennit.core.tls`, or an
                `ssl.SSLContext`.
            backlog: How many connections the system may hold for us.
            interface: The local IP address; empty for all of IPv4.
        """
        self._reactor = reactor
        self._port = port
        self._context = sslContextFactory
        self._backlog = backlog
        self._interface = interface

    def listen(self, protocolFactory: IProtocolFactory) -> Deferred[IListeningPort]:
        """Listen.

        Returns:
            A Deferred of the port; it fails with `CannotListenError`.
        """
        return execute(
            self._reactor.listenSSL,
            self._port,
            protocolFactory,
            contextFactory=self._context,
            backlog=self._backlog,
            interface=self._interface,
        )


class SSL4ClientEndpoint:
    """Connects to a TCP port and speaks TLS."""

    def __init__(
        self,
        reactor: IReactorSSL,
        host: str,
        port: int,
        sslContextFactory: Any,
        timeout: float = 30,
        bindAddress: tuple[str, int] | None = None,
    ) -> None:
        """Describe the other side.

        Args:
            reactor: What connects.
            host: A name or an IP address.
            port: The port's number.
            sslContextFactory: ``clientOptions(hostname, …)`` of `sennit.core.tls`, or
                an `ssl.SSLContext`.
            timeout: Seconds that connecting may take, the handshake included.
            bindAddress: Our own ``(host, port)``.
        """
        self._reactor = reactor
        self._host = host
        self._port = port
        self._context = sslContextFactory
        self._timeout = timeout
        self._bind_address = bindAddress

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[Any]:
        """Connect, and shake hands.

        Returns:
            A Deferred of the protocol, which is connected; it fails with a
            `VerifyError` or another `ConnectError`. Cancelling gives the attempt up.
        """
        return connecting(
            protocolFactory,
            lambda factory: self._reactor.connectSSL(
                self._host,
                self._port,
                factory,
                self._context,
                timeout=self._timeout,
                bindAddress=self._bind_address,
            ),
        )


def wrapClientTLS(
    connectionCreator: Any, wrappedEndpoint: IStreamClientEndpoint
) -> IStreamClientEndpoint:
    """Speak TLS over what another endpoint connects, whatever it is.

    Args:
        connectionCreator: ``clientOptions(hostname, …)`` of `sennit.core.tls`, or an
            `ssl.SSLContext` that does not check names.
        wrappedEndpoint: Makes the connection below.

    Returns:
        An endpoint whose ``connect`` fires when the handshake is done; it fails as the
        wrapped one's does, or with a `VerifyError` or another `SSLError`.
    """
    return _ClientEndpoint(connectionCreator, wrappedEndpoint)


def wrapServerTLS(
    contextFactory: Any, wrappedEndpoint: IStreamServerEndpoint
) -> IStreamServerEndpoint:
    """Speak TLS with whoever connects to another endpoint.

    Args:
        contextFactory: ``serverOptions(…)`` of `sennit.core.tls`, or an
            `ssl.SSLContext`.
        wrappedEndpoint: Listens for the connections below.
    """
    return _ServerEndpoint(contextFactory, wrappedEndpoint)


class _ServerEndpoint:
    """TLS with who connects to another endpoint."""

    def __init__(self, context: Any, below: IStreamServerEndpoint) -> None:
        self._context = context
        self._below = below

    def listen(self, protocolFactory: IProtocolFactory) -> Deferred[IListeningPort]:
        """Listen as the endpoint below does."""
        return execute(
            TLSMemoryBIOFactory, self._context, False, protocolFactory
        ).addCallback(self._below.listen)

    def __repr__(self) -> str:
        return f"<TLS over {self._below!r}>"


class _ClientEndpoint:
    """TLS over what another endpoint connects."""

    def __init__(self, context: Any, below: IStreamClientEndpoint) -> None:
        self._context = context
        self._below = below

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[Any]:
        """Connect as the endpoint below does, then shake hands."""
        return connecting(
            protocolFactory,
            lambda factory: _Attempt(self._context, self._below, factory),
        )

    def __repr__(self) -> str:
        return f"<TLS over {self._below!r}>"


class _Attempt(TLSMemoryBIOFactory):
    """One attempt to connect: the factory below, and the connector above."""

    def __init__(
        self, context: Any, below: IStreamClientEndpoint, factory: ClientFactory
    ) -> None:
        super().__init__(context, True, factory)
        self._client = factory
        self._below = below
        self._protocol: Any = None
        self._connecting = below.connect(self)
        self._connecting.addCallbacks(self._connected, self._failed)

    def _connected(self, protocol: Any) -> None:
        self._protocol = protocol

    def _failed(self, reason: Failure) -> None:
        self._client.clientConnectionFailed(self, reason)

    def notSecured(self, error: BaseException, peer: IAddress) -> None:
        """The attempt has failed."""
        self._failed(Failure(error))

    # As a connector

    def connect(self) -> None:
        """An attempt is made once.

        Raises:
            RuntimeError: Always.
        """
        raise RuntimeError("an endpoint's attempt to connect is made once")

    def stopConnecting(self) -> None:
        """Give the attempt up, whatever it has come to."""
        if self._protocol is None:
            self._connecting.cancel()
        else:
            self._protocol.abort()

    disconnect = stopConnecting

    def getDestination(self) -> Any:
        """Where the endpoint below leads, as far as it is known."""
        return self._below
