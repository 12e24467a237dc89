"""Standard input and output as a connection that has come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core.address import PipeAddress
from sennit.core.defer import Deferred, execute
from sennit.core.errors import NoProtocol
from sennit.core.stdio import StandardIO

if TYPE_CHECKING:
    from sennit.core.contracts import IProtocolFactory

__all__ = ["StandardIOEndpoint"]


class StandardIOEndpoint:
    """Serves one connection: the standard input and output of the program."""

    def __init__(self, reactor: Any) -> None:
        """Describe it.

        Args:
            reactor: What serves.
        """
        self._reactor = reactor

    def listen(self, stdioProtocolFactory: IProtocolFactory) -> Deferred[StandardIO]:
        """Connect a protocol with standard input and output, at once.

        Returns:
            A Deferred of the transport, whose ``loseConnection`` ends it.
        """
        return execute(self._serve, stdioProtocolFactory)

    def _serve(self, factory: IProtocolFactory) -> StandardIO:
        address = PipeAddress()
        protocol = factory.buildProtocol(address)
        if protocol is None:
            raise NoProtocol(f"{factory!r} built no protocol for {address!r}")
        return StandardIO(protocol, reactor=self._reactor)
