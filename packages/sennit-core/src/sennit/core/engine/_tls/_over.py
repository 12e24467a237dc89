"""TLS over any transport: a child process's pipes, another TLS connection, memory.

A factory is wrapped in another, whose protocols lie between: below, each is the
protocol of whatever transport it is given; above, it is the origin of a
`SecureConnection`, which the wrapped factory's protocol gets as its transport. Between
the two stands the same `TLSLayer` as over sockets, on a transport that is made to look
like a loop's (`_Below`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sennit.core
from sennit.core import log
from sennit.core.engine._stream import Connection
from sennit.core.engine._system import prefixOf
from sennit.core.engine._tls._layer import TLSLayer
from sennit.core.engine._tls._secure import SecureConnection, goOver
from sennit.core.errors import ConnectionDone
from sennit.core.failure import Failure
from sennit.core.protocol import Factory, Protocol, connectionDone
from sennit.core.tls import optionsFor

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress, IProtocolFactory, IReactorTime
    from sennit.core.tls import TLSOptions

__all__ = ["TLSMemoryBIOFactory", "TLSMemoryBIOProtocol"]


class TLSMemoryBIOFactory(Factory):
    """Has the protocols of a factory speak TLS, over whatever they are given.

    Attributes:
        wrappedFactory: Builds the protocols that see plain text.
        isClient: Which side of TLS this is.
        options: What begins TLS.
        clock: What counts the time-outs; None for the transport's own reactor.
    """

    noisy = False

    def __init__(
        self,
        contextFactory: Any,
        isClient: bool,
        wrappedFactory: IProtocolFactory,
        clock: IReactorTime | None = None,
    ) -> None:
        """Wrap a factory.

        Args:
            contextFactory: ``clientOptions`` or ``serverOptions`` of `sennit.core.tls`,
                or an `ssl.SSLContext`.
            isClient: Which side of TLS this is.
            wrappedFactory: Builds the protocols that see plain text, each when its
                handshake is done.
            clock: Counts the time-outs; None for the reactor of the transport, or else
                the global one.

        Raises:
            TypeError: The options are for the other side, or no options.
        """
        self.wrappedFactory = wrappedFactory
        self.isClient = isClient
        self.options: TLSOptions = optionsFor(
            contextFactory, not isClient, None, wrappedFactory
        )
        self.clock = clock

    def doStart(self) -> None:
        """Start the wrapped factory."""
        self.wrappedFactory.doStart()

    def doStop(self) -> None:
        """Stop the wrapped factory."""
        self.wrappedFactory.doStop()

    def buildProtocol(self, addr: IAddress) -> TLSMemoryBIOProtocol:
        """What lies between; the wrapped factory's protocol is built later."""
        return TLSMemoryBIOProtocol(self, addr)

    def logPrefix(self) -> str:
        """``Site (TLS)``."""
        return f"{prefixOf(self.wrappedFactory)} (TLS)"

    def notSecured(self, error: BaseException, peer: IAddress) -> None:
        """A handshake has failed: the log is told; a subclass may say otherwise."""
        log.msg(f"{self.logPrefix()}: no TLS with {peer}: {error}")


class TLSMemoryBIOProtocol(Protocol):
    """Below a protocol, above the connection that it speaks TLS with."""

    expected: Any = None
    tls: None = None

    def __init__(self, factory: TLSMemoryBIOFactory, addr: Any) -> None:
        self.factory: TLSMemoryBIOFactory = factory
        self._peer = addr
        # The transport below says addresses, not sockets' names.
        self.address: Callable[[Any], IAddress] = lambda address: address
        self.secure: SecureConnection = SecureConnection(self)

    @property
    def accepts(self) -> bool:
        """Whether the other side has begun the connection below."""
        return bool(getattr(self.transport, "accepted", False))

    # The protocol of the transport below

    def makeConnection(self, transport: Any) -> None:
        """Begin the handshake over the transport."""
        self.connected = True
        self.transport = transport
        self.binding: Any = _Home(transport, self.factory.clock)
        self._layer = TLSLayer(self.factory.options, self.secure, self.binding.loop)
        self._below = _Below(transport, self._layer, self._peer)
        # The transport may call it past us, as over a socket.
        self.dataReceived = self._layer.data_received  # type: ignore[method-assign]
        self._layer.connection_made(self._below)

    def dataReceived(self, data: bytes) -> None:
        """Bytes came, which are TLS."""
        self._layer.data_received(data)

    def abort(self) -> None:
        """Give the handshake, or the connection, up."""
        self._below.abort()

    def readConnectionLost(self) -> None:
        """The bytes end; the transport is closed unless ours go on."""
        if not self._layer.eof_received():
            self._below.close()

    def writeConnectionLost(self) -> None:
        """It was us who closed that side."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The transport is closed."""
        done = reason.check(ConnectionDone)
        self._layer.connection_lost(None if done else reason.value)

    # The origin of the connection above

    def build(self, connection: Connection, peer: Any) -> Any:
        """The handshake is done: have the wrapped factory build its protocol."""
        return self.factory.wrappedFactory.buildProtocol(peer)

    def made_by(self) -> str:
        """The factory's class."""
        return type(self.factory.wrappedFactory).__qualname__

    def served_by(self, connection: Connection) -> str:
        """``Counter (TLS)``."""
        return f"{prefixOf(connection.protocol)} (TLS)"

    def describe_connection(self, connection: Connection) -> str:
        """``over <EchoProcess …>``."""
        return f"over {self.transport!r}"

    def lost(self, connection: Connection, reason: Failure) -> None:
        """Its protocol knows."""

    def start_tls(self, connection: Connection, given: Any, normal: bool) -> None:
        """TLS in TLS: the sides are as they are in the outer one."""
        goOver(connection, optionsFor(given, self.factory.isClient is not normal))

    def handshake_failed(self, error: BaseException, peername: Any) -> None:
        """There will be no connection above."""
        self.factory.notSecured(error, peername)


class _Below:
    """A transport of the field's, with the methods that loops' transports have."""

    def __init__(self, transport: Any, layer: TLSLayer, peer: Any) -> None:
        self._transport = transport
        self._peer = peer
        self._closing = False
        self.write: Callable[[bytes], None] = transport.write
        self._paced = hasattr(transport, "registerProducer")
        if self._paced:
            transport.registerProducer(_Pace(layer), True)

    def close(self) -> None:
        """Close when everything is sent."""
        self._unpace()
        self._transport.loseConnection()

    def abort(self) -> None:
        """Close now."""
        self._unpace()
        abort = getattr(self._transport, "abortConnection", None)
        (abort or self._transport.loseConnection)()

    def _unpace(self) -> None:
        # A producer that is registered would be waited for.
        self._closing = True
        if self._paced:
            self._paced = False
            self._transport.unregisterProducer()

    def is_closing(self) -> bool:
        """Whether it is to be written to no more."""
        return self._closing

    def pause_reading(self) -> None:
        """Read no more."""
        getattr(self._transport, "pauseProducing", _nothing)()

    def resume_reading(self) -> None:
        """Read on."""
        getattr(self._transport, "resumeProducing", _nothing)()

    def get_write_buffer_size(self) -> int:
        """How much waits, a transport of the field does not tell."""
        return 0

    def set_write_buffer_limits(self, high: int | None, low: int | None) -> None:
        """Nor can it be told when to pause."""

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """``peername`` and ``sockname``, as addresses; the socket if there is one."""
        if name == "peername":
            return self._peer or self._transport.getPeer()
        if name == "sockname":
            return self._transport.getHost()
        if name == "socket":
            # Not getHandle(): over another TLS library that is no socket.
            return getattr(self._transport, "socket", default)
        return default


class _Pace:
    """Pauses who writes to a layer while the transport below is full."""

    def __init__(self, layer: TLSLayer) -> None:
        self.pauseProducing = layer.pause_writing
        self.resumeProducing = layer.resume_writing

    def stopProducing(self) -> None:
        """The transport is gone; its protocol will know."""


def _nothing() -> None:
    pass


class _Home:
    """Where a connection lives that no port or connector of a reactor has made.

    Attributes:
        loop: What calls soon, and later.
        live: The connections; whoever has made what is below closes them with it.
        buffer: None: bytes come from the transport below.
    """

    buffer: None = None

    def __init__(self, transport: Any, clock: IReactorTime | None) -> None:
        self.live: set[Any] = set()
        self.loop: Any
        if clock is None and isinstance(transport, Connection):
            self.loop = transport.origin.binding.loop
        else:
            self.loop = _ClockLoop(clock or sennit.core.reactor)


class _ClockLoop:
    """A reactor's clock, with the two methods of a loop that a connection needs."""

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock

    def call_soon(self, f: Callable[..., object], *args: Any) -> Any:
        """Call in the next turn."""
        return self._clock.callLater(0, f, *args)

    def call_later(self, delay: float, f: Callable[..., object], *args: Any) -> Any:
        """Call in so many seconds."""
        return self._clock.callLater(delay, f, *args)
