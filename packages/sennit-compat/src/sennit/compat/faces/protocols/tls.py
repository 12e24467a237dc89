"""``twisted.protocols.tls``: TLS over any transport."""

from __future__ import annotations

from typing import Any

from zope.interface import directlyProvides, providedBy

from sennit.core import engine
from sennit.core.failure import Failure
from sennit.core.protocol import connectionDone
from sennit.protocols.policies import WrappingFactory

__all__ = ["TLSMemoryBIOFactory", "TLSMemoryBIOProtocol"]


class TLSMemoryBIOProtocol(engine.TLSMemoryBIOProtocol):
    """Below a protocol, above the connection that it speaks TLS with.

    What it does not know itself it asks the connection above for, which the wrapped
    protocol has as its transport.

    Args:
        factory: The factory that made this.
        wrappedProtocol: The protocol that sees plain text.
    """

    factory: Any

    def __init__(self, factory: Any, wrappedProtocol: Any) -> None:
        # Whom it speaks with, the transport says.
        super().__init__(factory, None)
        self.wrappedProtocol: Any = wrappedProtocol

    def makeConnection(self, transport: Any) -> None:
        """Begin the handshake over the transport."""
        # It offers what the connection above does, also to who asks by interface.
        directlyProvides(self, providedBy(self.secure))
        self.factory.registerProtocol(self)
        super().makeConnection(transport)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The transport is closed."""
        self.factory.unregisterProtocol(self)
        super().connectionLost(reason)

    def build(self, connection: engine.Connection, peer: Any) -> Any:
        """The wrapped protocol is there already."""
        return self.wrappedProtocol

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.secure, name)


class TLSMemoryBIOFactory(engine.TLSMemoryBIOFactory, WrappingFactory):
    """Has the protocols of a factory speak TLS, over whatever they are given.

    Attributes:
        protocol: What is called with this factory and a protocol, to wrap it.
        protocols: Those that are connected.
    """

    protocol: Any = TLSMemoryBIOProtocol

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.protocols: dict[Any, int] = {}

    def buildProtocol(self, addr: Any) -> Any:
        """Wrap a protocol of the other factory's; None where it makes none."""
        wrapped = self.wrappedFactory.buildProtocol(addr)
        return None if wrapped is None else self.protocol(self, wrapped)
