"""One stream: the joint between a loop's transport and the user's protocol.

To the loop a `Connection` is an asyncio protocol (``connection_made``,
``data_received`` …), to the user's protocol it is the transport (``write``,
``loseConnection`` …). Bytes do not pass through it: they are *bound* past it. Once the
protocol is there, the connection's ``data_received`` **is** ``protocol.dataReceived``,
and its ``write`` **is** the loop transport's ``write``; each event costs one call less
than a wrapper would (7 to 10 % of an echo).

What follows from that:

* After closing, the class's own ``write`` is there again, which drops what it is given.
* Who replaces the protocol (``transport.protocol = other``) binds anew. A
  ``dataReceived`` that is put on the instance after ``connectionMade`` is not seen, and
  a connection made before the log shows systems is shown without until then.
* There is no ``try`` around the user's ``dataReceived``: the loop catches what it
  raises, tells its exception handler (`failed`, by way of `LoopErrors`), and closes
  the connection. Where it does not tell (uvloop keeps quiet about every OSError,
  thinking it its own), `connection_lost` finds the user's frames in the traceback.

Plain asyncio receives each chunk into a fresh 256 KiB buffer; there a
`BufferedConnection` receives into one that all connections of the loop share.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sennit.core import log
from sennit.core.engine._origin import Origin
from sennit.core.engine._system import callInSystem
from sennit.core.engine._transport import StreamTransport
from sennit.core.errors import (
    ConnectionClosed,
    ConnectionDone,
    ConnectionLost,
    SSLError,
)
from sennit.core.failure import Failure

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress

__all__ = ["BufferedConnection", "Connection"]


class Connection(StreamTransport):
    """A stream connection: the transport of a protocol, the protocol of a loop.

    Attributes:
        data_received: What the loop calls with bytes: the protocol's own method.
        session: The number of the connection, counted by its port.
        TLS: Whether it is over TLS.
    """

    data_received: Callable[[bytes], object]
    session: int = 0
    connected: bool = False
    TLS: bool = False
    # What came while it should not: None unless it is being held back.
    _held: bytes | None = None
    # What the protocol raised, and was logged.
    _reported: BaseException | None = None

    def __init__(self, origin: Origin) -> None:
        self._origin = origin

    # The loop's side

    def connection_made(self, transport: Any) -> None:
        """The loop has a transport for us: make and bind the protocol."""
        origin = self._origin
        self._stand_on(transport)
        self.connected = True
        origin.binding.live.add(self)
        peername = transport.get_extra_info("peername")
        if peername is None:
            # The system has no name any more for a peer that is gone already.
            peername = origin.expected
            if peername is None:
                self.abortConnection()
                return
        self._peer = origin.address(peername)
        showing = log.context.showsSystem()
        token = log.context.system.set(origin.made_by()) if showing else None
        try:
            protocol = origin.build(self, self._peer)
            if protocol is None:
                self.abortConnection()
                return
            self._protocol = protocol
            protocol.makeConnection(self)
            self._rebind()
            if self._paused:
                self._hold_back()
        except Exception as error:
            self.protocol_failed(error)
        finally:
            if token is not None:
                log.context.system.reset(token)

    def _stand_on(self, transport: Any) -> None:
        self._transport = transport
        mine = vars(self)
        mine["write"] = transport.write
        mine["writeSequence"] = transport.writelines

    def eof_received(self) -> bool:
        """The other side sends no more: tell, and close unless we may go on."""
        half = getattr(self._protocol, "readConnectionLost", None)
        if half is None:
            self._stop_writing()
            return False
        self._eof = True
        if not self._tell(half):
            return False
        if self._write_closed:
            self._stop_writing()
        return not self._write_closed and not self.disconnecting

    def pause_writing(self) -> None:
        """The loop's buffer is above its high-water mark."""
        self._full = True
        if self._flow is not None:
            self._tell(self._flow.pause)

    def resume_writing(self) -> None:
        """The loop's buffer is below its low-water mark."""
        self._full = False
        if self._write_closed:
            self._write_side_closed()
        if self._flow is not None:
            self._tell(self._flow.resume)

    def connection_lost(self, exc: BaseException | None) -> None:
        """The loop's transport is closed."""
        if not self.connected:
            return
        reason: BaseException
        if self._reason is not None:
            reason = self._reason
        elif exc is None:
            reason = ConnectionDone()
        elif isinstance(exc, ConnectionClosed | SSLError):
            reason = exc
        elif _raised_by_user(exc):
            self.failed(exc)
            reason = exc
        else:
            reason = ConnectionLost(str(exc))
            reason.__cause__ = exc
        self.connectionLost(Failure(reason))

    def connectionLost(self, reason: Failure) -> None:
        """Be lost now: stop the producer, tell the protocol, then the origin."""
        if not self.connected:
            return
        self.connected = False
        self.disconnected = True
        if not self.disconnecting:
            self._stop_writing()
        self._origin.binding.live.discard(self)
        if self._flow is not None:
            self._tell_of_loss(self._flow.stop)
        if self._sending is not None:
            self._tell_of_loss(self._sending.lost, reason)
        if self._protocol is not None:
            self._tell_of_loss(self._protocol.connectionLost, reason)
        if not self._transport.is_closing():
            self._transport.abort()
        self._origin.lost(self, reason)

    def _tell_of_loss(self, f: Callable[..., object], *args: Any) -> None:
        try:
            callInSystem(self._prefix, f, *args)
        except Exception as error:
            self._reported = None
            self.failed(error)

    def failed(self, error: BaseException) -> None:
        """Log what the protocol raised, once, with the connection's system."""
        if error is not self._reported:
            self._reported = error
            why = "a protocol has failed; its connection is closed"
            log.err(Failure(error), why, system=self._prefix())

    def _tell(self, f: Callable[..., object], *args: Any) -> bool:
        try:
            callInSystem(self._prefix, f, *args)
        except Exception as error:
            self.protocol_failed(error)
            return False
        return True

    def protocol_failed(self, error: BaseException) -> None:
        """Log what the protocol raised, and end its connection."""
        self.failed(error)
        self._reason = error
        self._stop_writing()
        self._transport.abort()

    # Going over to TLS

    def startTLS(self, contextFactory: Any, normal: bool = True) -> None:
        """Go over to TLS when everything written so far has been sent.

        What is written from now on is sent when the handshake is done; the protocol's
        ``handshakeCompleted`` is called then, if it has one.

        Args:
            contextFactory: ``clientOptions`` or ``serverOptions`` of `sennit.core.tls`,
                or an `ssl.SSLContext`.
            normal: Whether who has connected is the client in TLS, too.

        Raises:
            TypeError: It is nothing of these, or for the other side.
        """
        self._origin.start_tls(self, contextFactory, normal)

    def take_back(self) -> bytes:
        """Take back what was received and neither delivered nor used."""
        clear = getattr(self._protocol, "clearLineBuffer", None)
        unused: bytes = clear() if clear is not None else b""
        held, self._held = self._held or b"", None
        return unused + held

    def put_on(self, layer: Any) -> None:
        """Put a layer between this connection and its transport."""
        below = self._transport
        if self._paused:
            layer.pause_reading()
        self._stand_on(layer)
        below.set_protocol(layer)
        layer.connection_made(below)
        self._rebind()
        below.resume_reading()

    @property
    def origin(self) -> Origin:
        """Where it comes from."""
        return self._origin

    def _in_context(self, data: bytes) -> None:
        """``data_received`` while systems are logged."""
        token = log.context.system.set(self._prefix())
        try:
            self._protocol.dataReceived(data)
        finally:
            log.context.system.reset(token)

    def _hold_back(self) -> None:
        """See to it that a protocol that paused in being made is not given data.

        uvloop begins to read after ``connection_made``, whatever was said in it.
        """
        self._held = b""
        self.data_received = self._hold
        self._transport.set_protocol(self)
        self._loop.call_soon(self._pause_again)

    def _pause_again(self) -> None:
        if self._paused and not self._transport.is_closing():
            self._transport.pause_reading()

    def _hold(self, data: bytes) -> None:
        self._held = (self._held or b"") + data
        self._pause_again()

    def _deliver_held(self) -> None:
        if self._held is None:
            return
        data, self._held = self._held, None
        self._rebind()
        if data:
            self._tell(self._protocol.dataReceived, data)

    def _rebind(self) -> None:
        """Let the loop call the protocol of now, past us."""
        if log.context.showsSystem():
            self.data_received = self._in_context
        else:
            self.data_received = self._protocol.dataReceived
        # Loops keep the bound method they found: make them look again.
        if not self._transport.is_closing():
            self._transport.set_protocol(self)

    def _prefix(self) -> str:
        return self._origin.served_by(self)

    logPrefix = _prefix

    def _address(self, sockname: Any) -> IAddress:
        return self._origin.address(sockname)

    @property
    def _loop(self) -> asyncio.AbstractEventLoop:
        loop = self._origin.binding.loop
        assert loop is not None
        return loop

    @property
    def accepted(self) -> bool:
        """Whether the other side has begun it."""
        return self._origin.accepts

    @property
    def protocol(self) -> Any:
        """The protocol served; may be replaced at any time."""
        return self._protocol

    @protocol.setter
    def protocol(self, protocol: Any) -> None:
        self._protocol = protocol
        if self._transport is not None and protocol is not None:
            self._rebind()

    def __repr__(self) -> str:
        which = self._origin.describe_connection(self)
        return f"<{type(self._protocol).__name__} {which}>"


class BufferedConnection(Connection, asyncio.BufferedProtocol):
    """A connection on plain asyncio: it receives into the loop's shared buffer."""

    def __init__(self, origin: Origin) -> None:
        super().__init__(origin)
        assert origin.binding.buffer is not None
        self._buffer = origin.binding.buffer

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where the loop may receive into."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """The loop has received; the bytes are ours before the next connection's."""
        try:
            self.data_received(bytes(self._buffer[:nbytes]))
        except Exception as error:
            self.protocol_failed(error)


def _raised_by_user(error: BaseException) -> bool:
    """Whether *error* comes from a protocol, and not from the loop's own reading."""
    tb = error.__traceback__
    if tb is None:
        return False
    while tb.tb_next is not None:
        tb = tb.tb_next
    file = tb.tb_frame.f_code.co_filename
    return not (file.endswith(".pyx") or "asyncio" in file)
