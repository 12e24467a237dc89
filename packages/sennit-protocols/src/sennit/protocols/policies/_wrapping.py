"""A protocol around a protocol: what all policies are made of.

A `ProtocolWrapper` is the protocol of the transport below it and the transport of the
protocol in it. It answers for both: what it does not know, it asks its transport for.

A wrapper that leaves a direction alone costs that direction next to nothing. When the
connection is made, methods of the wrapped protocol that the wrapper's class does not
override are bound past it: the wrapper's ``dataReceived`` **is** the wrapped protocol's,
and a reactor, which calls what it finds when ``connectionMade`` returns, calls that. What
is written cannot be bound so, for a transport's ``write`` changes when it closes; it
takes one call more.

Half-closing, descriptors and handshakes are told to protocols by methods that a
protocol has or has not. A wrapper has those that the wrapped protocol has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

import sennit.core
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory, Protocol, connectionDone

if TYPE_CHECKING:
    from sennit.core.contracts import (
        IAddress,
        IConnector,
        IDelayedCall,
        IProtocol,
        IPullProducer,
        IPushProducer,
        IReactorTime,
    )

__all__ = ["ProtocolWrapper", "WrappingFactory", "prefixAround"]

# What a transport looks for in its protocol, and does without.
_OPTIONAL: Final = (
    "clearLineBuffer",
    "fileDescriptorReceived",
    "handshakeCompleted",
    "readConnectionLost",
    "writeConnectionLost",
)


class ProtocolWrapper(Protocol):
    """A protocol that is the transport of another, and lets everything through.

    Subclasses override what they want to see or change, and call the base's.

    Attributes:
        factory: The factory that made this.
        wrappedProtocol: The other protocol, until the connection is lost; not to be
            replaced once connected.
        disconnecting: Whether the other protocol has asked for the end.
    """

    disconnecting: bool = False
    transport: Any

    def __init__(self, factory: Any, wrappedProtocol: IProtocol) -> None:
        """Wrap a protocol.

        Args:
            factory: A `WrappingFactory`, or what registers and unregisters as it does.
            wrappedProtocol: The other protocol.
        """
        self.factory: Any = factory
        self.wrappedProtocol: Any = wrappedProtocol

    def logPrefix(self) -> str:
        """Show both in the log: ``Echo (ThrottlingProtocol)``."""
        return prefixAround(self.wrappedProtocol, self)

    # The protocol of the transport below

    def makeConnection(self, transport: Any) -> None:
        """Connect the other protocol with this as its transport."""
        super().makeConnection(transport)
        self.factory.registerProtocol(self)
        wrapped = self.wrappedProtocol
        wrapped.makeConnection(self)
        # It may have closed the connection at once, and been let go of.
        if self.wrappedProtocol is wrapped:
            if type(self).dataReceived is ProtocolWrapper.dataReceived:
                vars(self).setdefault("dataReceived", wrapped.dataReceived)
            self._take_over(wrapped)

    def _take_over(self, wrapped: Any) -> None:
        """Have those of the optional methods that the wrapped protocol has."""
        mine = vars(self)
        for name in _OPTIONAL:
            method = getattr(wrapped, name, None)
            if method is not None and not hasattr(type(self), name):
                mine[name] = method

    def dataReceived(self, data: bytes) -> None:
        """Hand over what was received."""
        self.wrappedProtocol.dataReceived(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Hand over the end, and let go of the other protocol."""
        self.disconnecting = True
        self.factory.unregisterProtocol(self)
        wrapped, self.wrappedProtocol = self.wrappedProtocol, None
        for name in ("dataReceived", *_OPTIONAL):
            vars(self).pop(name, None)
        wrapped.connectionLost(reason)

    # The transport of the protocol above

    def write(self, data: bytes) -> None:
        """Write."""
        self.transport.write(data)

    def writeSequence(self, data: Iterable[bytes]) -> None:
        """Write several pieces."""
        self.transport.writeSequence(data)

    def loseConnection(self) -> None:
        """End once everything is written."""
        self.disconnecting = True
        self.transport.loseConnection()

    def abortConnection(self) -> None:
        """End at once, if the transport can; else once everything is written."""
        self.disconnecting = True
        abort = getattr(self.transport, "abortConnection", None)
        (abort or self.transport.loseConnection)()

    def getPeer(self) -> IAddress:
        """Give the address of the other side."""
        address: IAddress = self.transport.getPeer()
        return address

    def getHost(self) -> IAddress:
        """Give the address of this side."""
        address: IAddress = self.transport.getHost()
        return address

    def registerProducer(
        self, producer: IPushProducer | IPullProducer, streaming: bool
    ) -> None:
        """Let a producer write here."""
        self.transport.registerProducer(producer, streaming)

    def unregisterProducer(self) -> None:
        """The producer is through."""
        self.transport.unregisterProducer()

    def stopConsuming(self) -> None:
        """The producer has died."""
        self.transport.stopConsuming()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.transport, name)

    @property
    def __providedBy__(self) -> Any:
        # Who asks this has zope imported; we need not before.
        from zope.interface import providedBy
        from zope.interface.declarations import ObjectSpecificationDescriptor

        own = ObjectSpecificationDescriptor().__get__(self, type(self))
        return own if self.transport is None else own + providedBy(self.transport)


class WrappingFactory(ClientFactory):
    """A factory that wraps the protocols of another.

    Attributes:
        protocol: What is called with this factory and a protocol, to wrap it.
        clock: Counts the time, where that is needed; None for the global reactor.
        wrappedFactory: The other factory.
        protocols: The wrappers that are connected, in a dictionary of ones.
    """

    noisy: bool = False
    protocol: Any = ProtocolWrapper
    clock: IReactorTime | None = None

    def __init__(self, wrappedFactory: Any) -> None:
        """Wrap a factory.

        Args:
            wrappedFactory: Makes the protocols; for clients, a `ClientFactory`.
        """
        self.wrappedFactory: Any = wrappedFactory
        self.protocols: dict[Any, int] = {}
        # ALPN asks for it, where there is any.
        if hasattr(wrappedFactory, "acceptableProtocols"):
            self.acceptableProtocols: Any = wrappedFactory.acceptableProtocols

    def logPrefix(self) -> str:
        """Show both in the log: ``Site (WrappingFactory)``."""
        return prefixAround(self.wrappedFactory, self)

    def doStart(self) -> None:
        """Start both factories."""
        self.wrappedFactory.doStart()
        super().doStart()

    def doStop(self) -> None:
        """Stop both factories."""
        self.wrappedFactory.doStop()
        super().doStop()

    def startedConnecting(self, connector: IConnector) -> None:
        """Tell the other factory."""
        self.wrappedFactory.startedConnecting(connector)

    def clientConnectionFailed(self, connector: IConnector, reason: Failure) -> None:
        """Tell the other factory."""
        self.wrappedFactory.clientConnectionFailed(connector, reason)

    def clientConnectionLost(self, connector: IConnector, reason: Failure) -> None:
        """Tell the other factory."""
        self.wrappedFactory.clientConnectionLost(connector, reason)

    def buildProtocol(self, addr: Any) -> Any:
        """Wrap a protocol of the other factory's; None where it makes none."""
        wrapped = self.wrappedFactory.buildProtocol(addr)
        return None if wrapped is None else self.protocol(self, wrapped)

    def registerProtocol(self, p: Any) -> None:
        """Take note that a wrapper is connected, before the wrapped protocol is."""
        self.protocols[p] = 1

    def unregisterProtocol(self, p: Any) -> None:
        """Take note that a wrapper is connected no more."""
        del self.protocols[p]

    def callLater(self, period: float, func: Callable[[], object]) -> IDelayedCall:
        """Call later: to be overridden where time is somebody else's."""
        clock = sennit.core.reactor if self.clock is None else self.clock
        return clock.callLater(period, func)

    def disconnectAll(self) -> None:
        """Close every connection, each when all that was written is sent."""
        for each in list(self.protocols):
            each.loseConnection()


def prefixAround(wrapped: object, wrapper: object) -> str:
    """How a wrapper shows itself in the log: behind what it wraps."""
    prefix = getattr(wrapped, "logPrefix", None)
    inner = prefix() if callable(prefix) else type(wrapped).__name__
    return f"{inner} ({type(wrapper).__name__})"
