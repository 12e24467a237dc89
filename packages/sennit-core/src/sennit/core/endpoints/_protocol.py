"""To connect one protocol, without a factory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sennit.core.defer import Deferred
from sennit.core.protocol import Factory, Protocol

if TYPE_CHECKING:
    from sennit.core.contracts import IStreamClientEndpoint

__all__ = ["connectProtocol"]

P = TypeVar("P", bound=Protocol)


class _OneProtocol(Factory):
    """A factory that knows one protocol."""

    noisy = False

    def __init__(self, protocol: Protocol) -> None:
        self._only = protocol

    def buildProtocol(self, addr: object) -> Protocol:
        """That one."""
        return self._only


def connectProtocol(endpoint: IStreamClientEndpoint, protocol: P) -> Deferred[P]:
    """Connect a protocol by an endpoint.

    Args:
        endpoint: Says where.
        protocol: What to connect; it needs no factory.

    Returns:
        A Deferred of *protocol*, once it is connected; it fails as the endpoint's
        ``connect`` does.
    """
    connecting: Deferred[Any] = endpoint.connect(_OneProtocol(protocol))
    return connecting
