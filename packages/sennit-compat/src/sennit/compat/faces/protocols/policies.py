"""``twisted.protocols.policies``: a protocol around a protocol, and a time limit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from zope.interface import directlyProvides, providedBy

import sennit.core
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory, Protocol, connectionDone

__all__ = ["ProtocolWrapper", "TimeoutMixin", "WrappingFactory"]


class ProtocolWrapper(Protocol):
    """A protocol that is the transport of another, and lets everything through.

    What it does not know itself it asks its own transport for.

    Args:
        factory: The factory that made this.
        wrappedProtocol: The other protocol.

    Attributes:
        disconnecting: Whether the other protocol has asked for the end.
    """

    disconnecting: bool = False
    transport: Any

    def __init__(self, factory: Any, wrappedProtocol: Any) -> None:
        self.factory: Any = factory
        self.wrappedProtocol: Any = wrappedProtocol

    def logPrefix(self) -> str:
        """What stands for this in the log: both protocols."""
        return _prefix(self.wrappedProtocol, self)

    # Towards the other protocol

    def makeConnection(self, transport: Any) -> None:
        """Connect the other protocol with this as its transport."""
        # It offers what the real one does, also to who asks by interface.
        directlyProvides(self, providedBy(transport))
        super().makeConnection(transport)
        self.factory.registerProtocol(self)
        self.wrappedProtocol.makeConnection(self)

    def dataReceived(self, data: bytes) -> None:
        """Hand over what was received."""
        self.wrappedProtocol.dataReceived(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Hand over the end, and let go of the other protocol."""
        self.factory.unregisterProtocol(self)
        self.wrappedProtocol.connectionLost(reason)
        self.wrappedProtocol = None

    # Towards the transport

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

    def getPeer(self) -> Any:
        """The address of the other side."""
        return self.transport.getPeer()

    def getHost(self) -> Any:
        """The address of this side."""
        return self.transport.getHost()

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Let a producer write here."""
        self.transport.registerProducer(producer, streaming)

    def unregisterProducer(self) -> None:
        """The producer is through."""
        self.transport.unregisterProducer()

    def stopConsuming(self) -> None:
        """Take nothing more."""
        self.transport.stopConsuming()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.transport, name)


class WrappingFactory(ClientFactory):
    """A factory that wraps the protocols of another.

    Args:
        wrappedFactory: The other factory.

    Attributes:
        protocol: What is called with this factory and a protocol to wrap it.
        protocols: The wrappers that are connected.
    """

    protocol: Any = ProtocolWrapper

    def __init__(self, wrappedFactory: Any) -> None:
        self.wrappedFactory: Any = wrappedFactory
        self.protocols: dict[Any, int] = {}

    def logPrefix(self) -> str:
        """What stands for this in the log: both factories."""
        return _prefix(self.wrappedFactory, self)

    def doStart(self) -> None:
        """Start both factories."""
        self.wrappedFactory.doStart()
        super().doStart()

    def doStop(self) -> None:
        """Stop both factories."""
        self.wrappedFactory.doStop()
        super().doStop()

    def startedConnecting(self, connector: Any) -> None:
        """Tell the other factory."""
        self.wrappedFactory.startedConnecting(connector)

    def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:
        """Tell the other factory."""
        self.wrappedFactory.clientConnectionFailed(connector, reason)

    def clientConnectionLost(self, connector: Any, reason: Failure) -> None:
        """Tell the other factory."""
        self.wrappedFactory.clientConnectionLost(connector, reason)

    def buildProtocol(self, addr: Any) -> Any:
        """Wrap a protocol of the other factory's; None where it makes none."""
        wrapped = self.wrappedFactory.buildProtocol(addr)
        return None if wrapped is None else self.protocol(self, wrapped)

    def registerProtocol(self, p: Any) -> None:
        """A wrapper is connected."""
        self.protocols[p] = 1

    def unregisterProtocol(self, p: Any) -> None:
        """A wrapper is connected no more."""
        del self.protocols[p]


def _prefix(wrapped: Any, wrapper: object) -> str:
    """How a wrapper shows itself in the log: behind what it wraps."""
    prefix = getattr(wrapped, "logPrefix", None)
    inner = type(wrapped).__name__ if prefix is None else prefix()
    return f"{inner} ({type(wrapper).__name__})"


class TimeoutMixin:
    """Gives a protocol a time limit, which what it receives may put off.

    Attributes:
        timeOut: Seconds of the limit; None for none.
    """

    timeOut: float | None = None

    _time_out_call: Any = None

    def callLater(self, period: float, func: Callable[[], object]) -> Any:
        """Call later: for tests to replace."""
        return sennit.core.reactor.callLater(period, func)

    def resetTimeout(self) -> None:
        """Let the whole time begin anew, where there is a limit."""
        if self._time_out_call is not None and self.timeOut is not None:
            self._time_out_call.reset(self.timeOut)

    def setTimeout(self, period: float | None) -> float | None:
        """Set the limit, from now on.

        Args:
            period: Seconds; None for no limit.

        Returns:
            The limit there was.
        """
        before, self.timeOut = self.timeOut, period
        if self._time_out_call is not None:
            if period is not None:
                self._time_out_call.reset(period)
            else:
                self._time_out_call.cancel()
                self._time_out_call = None
        elif period is not None:
            self._time_out_call = self.callLater(period, self._time_out)
        return before

    def _time_out(self) -> None:
        self._time_out_call = None
        self.timeoutConnection()

    def timeoutConnection(self) -> None:
        """The time is over: end the connection."""
        transport: Any = getattr(self, "transport")  # noqa: B009 (the other base has it)
        transport.loseConnection()
