"""Noticing that a connection is lost, whoever its protocol is.

A protocol that is handed to the program must be the program's own object, and be told
of data without detour. So the factory's protocol is not wrapped: its `connectionLost`
gets a second part, as an attribute of the object, until the connection is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sennit.core.protocol import connectionDone

if TYPE_CHECKING:
    from sennit.core.contracts import IProtocol, IProtocolFactory
    from sennit.core.failure import Failure

__all__ = ["WatchingFactory"]


class WatchingFactory:
    """A factory that tells when a connection of another factory's protocol is lost."""

    def __init__(
        self,
        wrapped: IProtocolFactory,
        losing: Callable[[IProtocol], object],
        lost: Callable[[IProtocol, Failure], object],
    ) -> None:
        """Watch the protocols that are built by this, and not by others.

        Args:
            wrapped: The factory.
            losing: Called with the protocol, before the protocol itself is told.
            lost: Called with the protocol and the reason, after that.
        """
        self._wrapped = wrapped
        self._losing = losing
        self._lost = lost

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wrapped, name)

    def __repr__(self) -> str:
        return repr(self._wrapped)

    def buildProtocol(self, addr: Any) -> Any:
        """The factory's protocol, which is watched from now on."""
        protocol: Any = self._wrapped.buildProtocol(addr)
        if protocol is None:
            return None

        def connectionLost(reason: Failure = connectionDone) -> None:
            # What the object had before is its class's again.
            del protocol.connectionLost
            self._losing(protocol)
            try:
                protocol.connectionLost(reason)
            finally:
                self._lost(protocol, reason)

        protocol.connectionLost = connectionLost
        return protocol
