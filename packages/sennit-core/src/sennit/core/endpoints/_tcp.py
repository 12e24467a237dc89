"""TCP: where to listen, where to connect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core.defer import Deferred, execute
from sennit.core.endpoints._outgoing import connecting

if TYPE_CHECKING:
    from sennit.core.contracts import IListeningPort, IProtocolFactory, IReactorTCP

__all__ = [
    "TCP4ClientEndpoint",
    "TCP4ServerEndpoint",
    "TCP6ClientEndpoint",
    "TCP6ServerEndpoint",
]


class TCP4ServerEndpoint:
    """Listens on a TCP port of IPv4."""

    def __init__(
        self,
        reactor: IReactorTCP,
        port: int,
        backlog: int = 50,
        interface: str = "",
    ) -> None:
        """Describe the port.

        Args:
            reactor: Where to listen.
            port: The port's number; 0 for any free one.
            backlog: How many connections the system may hold for us.
            interface: The local IP address; empty for all.
        """
        self._reactor = reactor
        self._port = port
        self._backlog = backlog
        self._interface = interface

    def listen(self, protocolFactory: IProtocolFactory) -> Deferred[IListeningPort]:
        """Listen.

        Returns:
            A Deferred of the port; it fails with `CannotListenError`.
        """
        return execute(
            self._reactor.listenTCP,
            self._port,
            protocolFactory,
            backlog=self._backlog,
            interface=self._interface,
        )


class TCP6ServerEndpoint(TCP4ServerEndpoint):
    """Listens on a TCP port of IPv6; mostly of IPv4, too, as the system is set."""

    def __init__(
        self,
        reactor: IReactorTCP,
        port: int,
        backlog: int = 50,
        interface: str = "::",
    ) -> None:
        """Describe the port; see `TCP4ServerEndpoint`."""
        super().__init__(reactor, port, backlog, interface)


class TCP4ClientEndpoint:
    """Connects to a TCP port."""

    def __init__(
        self,
        reactor: IReactorTCP,
        host: str,
        port: int,
        timeout: float = 30,
        bindAddress: tuple[str, int] | None = None,
    ) -> None:
        """Describe the other side.

        Args:
            reactor: What connects.
            host: A name or an IP address.
            port: The port's number.
            timeout: Seconds that connecting may take.
            bindAddress: Our own ``(host, port)``.
        """
        self._reactor = reactor
        self._host = host
        self._port = port
        self._timeout = timeout
        self._bind_address = bindAddress

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[Any]:
        """Connect.

        Returns:
            A Deferred of the protocol, which is connected; it fails with a
            `ConnectError`, or with `DNSLookupError`. Cancelling gives the attempt up.
        """
        return connecting(
            protocolFactory,
            lambda factory: self._reactor.connectTCP(
                self._host,
                self._port,
                factory,
                timeout=self._timeout,
                bindAddress=self._bind_address,
            ),
        )


class TCP6ClientEndpoint(TCP4ClientEndpoint):
    """Connects to a TCP port by IPv6: the host is written as an IPv6 address."""
