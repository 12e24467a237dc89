"""Endpoints for servers behind a proxy: around another, or by a description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core.endpoints import quoteStringArgument, serverFromString
from sennit.protocols.haproxy._wrapper import HEADER_TIMEOUT, HAProxyWrappingFactory

if TYPE_CHECKING:
    from sennit.core.contracts import (
        IListeningPort,
        IProtocolFactory,
        IReactorTime,
        IStreamServerEndpoint,
    )
    from sennit.core.defer import Deferred

__all__ = ["HAProxyServerEndpoint", "HAProxyServerParser", "proxyEndpoint"]


class HAProxyServerEndpoint:
    """Listens as another endpoint does, for a proxy that tells of its clients.

    Whoever can reach the port can say to be anybody: it must be the proxy alone.
    """

    def __init__(
        self,
        wrappedEndpoint: IStreamServerEndpoint,
        timeout: float = HEADER_TIMEOUT,
        clock: IReactorTime | None = None,
    ) -> None:
        """Wrap an endpoint.

        Args:
            wrappedEndpoint: Where the proxy connects to.
            timeout: How long the header of a connection may take, in seconds.
            clock: Counts that; None for the global reactor.
        """
        self._wrapped = wrappedEndpoint
        self._timeout = timeout
        self._clock = clock

    def listen(self, protocolFactory: IProtocolFactory) -> Deferred[IListeningPort]:
        """Listen as the wrapped endpoint does."""
        return self._wrapped.listen(
            HAProxyWrappingFactory(protocolFactory, self._timeout, self._clock)
        )

    def __repr__(self) -> str:
        return f"<PROXY over {self._wrapped!r}>"


def proxyEndpoint(
    wrappedEndpoint: IStreamServerEndpoint,
    timeout: float = HEADER_TIMEOUT,
    clock: IReactorTime | None = None,
) -> HAProxyServerEndpoint:
    """Make an endpoint for a server behind a proxy that speaks the PROXY protocol.

    Args:
        wrappedEndpoint: Where the proxy connects to, and nobody else can.
        timeout: How long the header of a connection may take, in seconds.
        clock: Counts that; None for the global reactor.
    """
    return HAProxyServerEndpoint(wrappedEndpoint, timeout, clock)


class HAProxyServerParser:
    """Makes ``haproxy:tcp:8080`` an endpoint: the rest is another's description.

    Attributes:
        prefix: The name of the kind.
    """

    prefix: str = "haproxy"

    def parseStreamServer(
        self, reactor: Any, *args: str, **kwargs: str
    ) -> HAProxyServerEndpoint:
        """Make the endpoint.

        Args:
            reactor: Where to listen, and what counts the time.
            *args: The parts of the other description that have no name.
            **kwargs: Those that have one.

        Raises:
            EndpointStringError: The other description cannot be understood.
        """
        parts = [quoteStringArgument(each) for each in args]
        parts += [f"{name}={quoteStringArgument(kwargs[name])}" for name in kwargs]
        return HAProxyServerEndpoint(
            serverFromString(reactor, ":".join(parts)), clock=reactor
        )
