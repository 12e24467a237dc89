"""Endpoints: a place to listen at, or to connect to, as an object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sennit.core.contracts._connections import IListeningPort
    from sennit.core.contracts._protocols import IProtocol, IProtocolFactory
    from sennit.core.defer import Deferred

__all__ = [
    "IStreamClientEndpoint",
    "IStreamClientEndpointStringParserWithReactor",
    "IStreamServerEndpoint",
    "IStreamServerEndpointStringParser",
]


class IStreamServerEndpoint(Protocol):
    """A place to listen at."""

    def listen(self, protocolFactory: IProtocolFactory) -> Deferred[IListeningPort]:
        """Accept connections.

        Args:
            protocolFactory: What makes a protocol for each.

        Returns:
            The port; fails with ``CannotListenError``.
        """
        ...


class IStreamClientEndpoint(Protocol):
    """A place to connect to."""

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[IProtocol]:
        """Connect; cancelling the result gives the attempt up.

        Args:
            protocolFactory: What makes the protocol once connected.

        Returns:
            The protocol, connected; fails with ``ConnectError``, or with
            ``NoProtocol`` when the factory made none.
        """
        ...


class IStreamServerEndpointStringParser(Protocol):
    """Makes server endpoints of one kind from text, for ``serverFromString``."""

    @property
    def prefix(self) -> str:
        """The kind, which is what stands before the first colon: ``"tcp"``."""
        ...

    def parseStreamServer(
        self, reactor: Any, *args: Any, **kwargs: Any
    ) -> IStreamServerEndpoint:
        """Make the endpoint.

        Args:
            reactor: What will listen.
            *args: The parts of the text, as ``80`` in ``tcp:80``.
            **kwargs: The named parts, as ``interface`` in ``tcp:80:interface=::``.

        Raises:
            TypeError: When parts are missing or unknown.
            ValueError: When one of them is no good.
        """
        ...


class IStreamClientEndpointStringParserWithReactor(Protocol):
    """Makes client endpoints of one kind from text, for ``clientFromString``."""

    @property
    def prefix(self) -> str:
        """The kind, which is what stands before the first colon: ``"tcp"``."""
        ...

    def parseStreamClient(
        self, reactor: Any, *args: Any, **kwargs: Any
    ) -> IStreamClientEndpoint:
        """Make the endpoint.

        Args:
            reactor: What will connect.
            *args: The parts of the text.
            **kwargs: The named parts.

        Raises:
            TypeError: When parts are missing or unknown.
            ValueError: When one of them is no good.
        """
        ...
