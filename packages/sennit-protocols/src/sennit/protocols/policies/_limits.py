"""Limits on the number of connections: of each peer, and of all together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sennit.core import log
from sennit.core.protocol import ServerFactory
from sennit.protocols.policies._wrapping import ProtocolWrapper, WrappingFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from sennit.core.contracts import IAddress
    from sennit.core.protocol import Protocol

__all__ = ["LimitConnectionsByPeer", "LimitTotalConnectionsFactory"]

# As many as a browser opens at once to one host, or nearly.
_PER_PEER: Final = 5


class LimitConnectionsByPeer(WrappingFactory):
    """Limits how many connections a host may have at once.

    Attributes:
        maxConnectionsPerPeer: How many.
        peerConnections: How many there are, by host.
    """

    maxConnectionsPerPeer: int = _PER_PEER

    def __init__(self, wrappedFactory: Any) -> None:
        """Wrap a factory."""
        super().__init__(wrappedFactory)
        self.peerConnections: dict[Any, int] = {}

    def buildProtocol(self, addr: IAddress) -> Any:
        """Wrap a protocol of the other factory's; None where the host has enough."""
        if self.peerConnections.get(_host(addr), 0) >= self.maxConnectionsPerPeer:
            log.msg(
                f"{self.logPrefix()}: refused {addr}: "
                f"{self.maxConnectionsPerPeer} are connected from there"
            )
            return None
        return super().buildProtocol(addr)

    def registerProtocol(self, p: Any) -> None:
        """Count a connection of its host."""
        super().registerProtocol(p)
        host = _host(p.getPeer())
        self.peerConnections[host] = self.peerConnections.get(host, 0) + 1

    def unregisterProtocol(self, p: Any) -> None:
        """Count a connection of its host less."""
        super().unregisterProtocol(p)
        host = _host(p.getPeer())
        self.peerConnections[host] -= 1
        if not self.peerConnections[host]:
            del self.peerConnections[host]


class LimitTotalConnectionsFactory(ServerFactory):
    """Limits how many connections there may be at once.

    Attributes:
        connectionCount: How many there are.
        connectionLimit: How many there may be; None for any number.
        overflowProtocol: Makes the protocols of those that are too many, which may say
            why before they hang up; None to hang up at once.
    """

    connectionCount: int = 0
    connectionLimit: int | None = None
    overflowProtocol: Callable[[], Protocol] | None = None

    def buildProtocol(self, addr: IAddress) -> Any:
        """Make a protocol, if need be one for who is too many."""
        limit = self.connectionLimit
        wrapped: Any
        if limit is None or self.connectionCount < limit:
            wrapped = super().buildProtocol(addr)
        elif self.overflowProtocol is not None:
            wrapped = self.overflowProtocol()
        else:
            log.msg(f"{self.logPrefix()}: refused {addr}: {limit} are connected")
            return None
        if wrapped is None:
            return None
        wrapped.factory = self
        wrapper = ProtocolWrapper(self, wrapped)
        self.connectionCount += 1
        return wrapper

    def registerProtocol(self, p: Any) -> None:
        """It was counted when it was made."""

    def unregisterProtocol(self, p: Any) -> None:
        """Count a connection less."""
        self.connectionCount -= 1


def _host(addr: Any) -> Any:
    """What connections have in common that come from one place."""
    return getattr(addr, "host", addr)
