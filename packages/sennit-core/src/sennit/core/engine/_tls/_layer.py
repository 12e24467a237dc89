"""TLS between a loop's transport and a connection: both faces of one layer.

To the transport below a `TLSLayer` is the protocol, to the `Connection` above it is the
transport, with the methods that loops' transports have; so a connection needs to know
nothing of TLS, and plain bytes become TLS by putting a layer in between, at any time.
What makes TLS of it is a `TLSCodec`.

    HANDSHAKE --done--> OPEN --close--> CLOSING --they agree, or time is up--> CLOSED
        |                |                                                       ^
        +--failed--------+--what came is no TLS----------------------------------+

The loops have TLS of their own, and we do without: asyncio's costs 1.4 times as much an
echo, uvloop's about the same, they differ in how they fail, neither tells an end that
was agreed on from one that somebody made (truncation), they go over to TLS only some
turns after they are asked, and none works over what is not a transport of theirs.

What the rules are:

* A connection is told to the user when the handshake is done, not before, unless the
  options say so (`TLSOptions`); what fails until then was never a connection, and the
  `Origin` hears of it by a named error.
* The plain text of one chunk is delivered in one piece.
* Closing is a `Farewell`, which waits for the other side; `shutdownTimeout` ends that.
* An end without close_notify is a `ConnectionTruncated`.
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, cast

from sennit.core.engine._tls._codec import TLSCodec
from sennit.core.engine._tls._farewell import Farewell
from sennit.core.errors import (
    ConnectionAborted,
    ConnectionLost,
    ConnectionTruncated,
    SSLError,
    TimeoutError,
)

if TYPE_CHECKING:
    from sennit.core.engine._tls._secure import SecureConnection
    from sennit.core.failure import Failure
    from sennit.core.tls import TLSOptions

__all__ = ["BufferedTLSLayer", "TLSLayer"]

# Bytes written before the handshake is done, from which on the writer is paused: the
# high-water mark of the loops' own buffers.
_BACKLOG: Final = 65536


class _State(enum.Enum):
    """What a layer is doing."""

    HANDSHAKE = enum.auto()
    OPEN = enum.auto()
    CLOSING = enum.auto()
    CLOSED = enum.auto()


_HANDSHAKE, _OPEN, _CLOSING, _CLOSED = _State


class TLSLayer(asyncio.Transport, asyncio.Protocol):
    """One side of TLS on one connection."""

    _codec: TLSCodec
    _farewell: Farewell | None = None
    _deliver: Callable[[bytes], object]

    def __init__(
        self,
        options: TLSOptions,
        connection: SecureConnection,
        loop: asyncio.AbstractEventLoop,
        live: bool = False,
    ) -> None:
        """Stand below a connection.

        Args:
            options: What begins TLS.
            connection: What is above.
            loop: Counts the time.
            live: Whether the connection was there before, and goes over to TLS now.
        """
        self._options = options
        self._connection = connection
        # What has us for its transport: the connection, or a layer on top of us.
        self._above: Any = connection
        self._loop = loop
        # Whether the user knows of the connection. Until then it is us, not it, that
        # is among what a reactor has open.
        self._told = live
        self._open = connection.origin.binding.live
        self._state = _HANDSHAKE
        self._error: BaseException | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._paused = False
        # Whether the buffer below is full, and whether the connection knows.
        self._full = False
        self._writer_paused = False
        # Whether we, and they, have said that no more will come.
        self._our_end = False
        self._their_end = False
        # What was asked for while nothing could be sent yet.
        self._end_when_open = False
        self._close_when_open = False
        self._backlog = bytearray()

    # Below: the protocol of the loop's transport

    def connection_made(self, transport: Any) -> None:
        """The transport below is there: shake hands."""
        self._below = transport
        self._send = transport.write
        if not self._told:
            self._open.add(self)
        patience = self._options.handshakeTimeout
        self._timer = self._loop.call_later(patience, self._too_slow)
        try:
            self._codec = TLSCodec(self._options)
        except SSLError as error:
            self._fail(error)
            return
        if not self._told and getattr(self._options, "tellsEarly", False):
            self._told = True
            self._connection.connection_made(self)
        if self._state is _HANDSHAKE:
            self._shake_hands()

    def data_received(self, data: bytes) -> None:
        """Bytes came: plain text for the connection, or a step of the handshake."""
        self._codec.put(data)
        if self._state is _OPEN:
            self._read()
        elif self._state is _HANDSHAKE:
            self._shake_hands()
        elif self._farewell is not None:
            self._farewell.hear()

    def eof_received(self) -> bool:
        """The bytes end; whether the transport below stays open for ours."""
        return self._state is _OPEN and self._codec.ended

    def connection_lost(self, exc: BaseException | None) -> None:
        """The transport below is closed."""
        self._stop_timer()
        state, self._state = self._state, _CLOSED
        if self._farewell is not None:
            self._farewell.stop()
            self._error = self._error or self._farewell.error
        if state is _HANDSHAKE:
            self._error = self._error or self._hung_up(exc)
        elif state is _OPEN and exc is None and not self._codec.ended:
            self._error = self._error or ConnectionTruncated()
        elif state is _OPEN or self._full:
            self._error = self._error or exc
        if self._told:
            self._above.connection_lost(self._error)
        else:
            self._tell_origin()
        self._backlog.clear()
        # A connection and its layers hold each other, and nothing is left to be told.
        # OpenSSL's memory, tens of KiB, is not to wait for the garbage collector.
        for name in ("_connection", "_above", "_deliver", "_codec", "_farewell"):
            vars(self).pop(name, None)

    def pause_writing(self) -> None:
        """The buffer below is full."""
        self._full = True
        self._pause_writer()

    def resume_writing(self) -> None:
        """There is room below."""
        self._full = False
        if self._backlog:
            self._writer_paused = True
        else:
            self._resume_writer()

    # Above: the transport of the connection

    def write(self, data: bytes) -> None:  # type: ignore[override]
        """Send plain text.

        Raises:
            TypeError: It is no bytes.
        """
        if self._state is _OPEN and data:
            try:
                self._send(self._codec.encrypt(data))
            except SSLError as error:
                if not self._our_end:
                    self._break(error)
        else:
            self._keep(data)

    def writelines(self, pieces: Iterable[bytes]) -> None:  # type: ignore[override]
        """Send pieces of plain text, as if they were joined."""
        self.write(b"".join(pieces))

    def close(self) -> None:
        """Send what is written, then agree with the other side that it is over."""
        if self._state is _OPEN:
            self._shut_down()
        elif self._state is _HANDSHAKE:
            self._close_when_open = True

    def abort(self) -> None:
        """Close now."""
        self._error = self._error or ConnectionAborted()
        self._state = _CLOSED
        self._below.abort()

    def connectionLost(self, reason: Failure) -> None:
        """The reactor ends in the middle of the handshake."""
        self._error = reason.value
        self.abort()

    def can_write_eof(self) -> bool:
        """Each direction ends by its own (RFC 8446 §6.1)."""
        return True

    def write_eof(self) -> None:
        """Say that no more will be written, and read on."""
        if self._state is _HANDSHAKE:
            self._end_when_open = True
        elif self._state is _OPEN and not self._our_end:
            self._our_end = True
            self._codec.end()
            self._flush()

    def is_closing(self) -> bool:
        """Whether nothing can be written any more."""
        return self._state in (_CLOSING, _CLOSED) or bool(self._below.is_closing())

    def pause_reading(self) -> None:
        """Deliver nothing until `resume_reading`."""
        self._paused = True
        if self._state is _OPEN:
            self._below.pause_reading()

    def resume_reading(self) -> None:
        """Deliver again, first what came meanwhile."""
        self._paused = False
        if self._state is _OPEN:
            self._below.resume_reading()
            self._read()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Deliver to the protocol that the connection has now, or to another layer."""
        self._above = protocol
        self._deliver = self._above.data_received

    def get_protocol(self) -> asyncio.BaseProtocol:
        """What is above."""
        return cast(asyncio.BaseProtocol, self._above)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """``ssl_object`` is ours; all else is asked of the transport below."""
        if name == "ssl_object":
            codec = vars(self).get("_codec")  # there is none if it could not begin
            return default if codec is None else codec.ssl
        return self._below.get_extra_info(name, default)

    def get_write_buffer_size(self) -> int:
        """Bytes that have not left yet."""
        waiting: int = self._below.get_write_buffer_size()
        if self._state is _HANDSHAKE:
            # The end is among them, if we are to say it.
            waiting += len(self._backlog) + self._end_when_open
        return waiting

    def set_write_buffer_limits(
        self, high: int | None = None, low: int | None = None
    ) -> None:
        """When to pause the writer, in bytes of the buffer below."""
        self._below.set_write_buffer_limits(high, low)

    # The handshake

    def _shake_hands(self) -> None:
        try:
            done = self._codec.handshake()
        except SSLError as error:
            self._flush()  # the alert that tells them why
            self._fail(error)
            return
        self._flush()
        if not done:
            return
        self._stop_timer()
        self._state = _OPEN
        if self._paused:
            self._below.pause_reading()
        if not self._told:
            self._told = True
            self._open.discard(self)
            self._connection.connection_made(self)
        self._catch_up()
        self._connection.handshake_completed()
        if self._close_when_open:
            self.close()
        elif self._state is _OPEN and self._codec.pending:
            self._read()

    def _too_slow(self) -> None:
        self._timer = None
        patience = self._options.handshakeTimeout
        self._fail(TimeoutError(string=f"no TLS handshake in {patience:g} s"))

    def _fail(self, error: BaseException) -> None:
        """There will be no TLS here."""
        self._stop_timer()
        self._error = error.with_traceback(None)  # its frames hold us
        self._state = _CLOSED
        if not self._told:
            self._tell_origin()
        self._below.close()

    def _hung_up(self, exc: BaseException | None) -> BaseException:
        told = "the other side has hung up in the handshake"
        # Who knows of the connection loses one; for others there never was any.
        gone = ConnectionLost(told) if self._told else SSLError(string=told)
        gone.__cause__ = exc
        return gone

    def _tell_origin(self) -> None:
        assert self._error is not None
        self._told = True
        self._open.discard(self)
        self._connection.handshake_failed(self._error, self._below)

    # Reading and writing

    def _read(self) -> None:
        """Deliver all plain text that has come."""
        if self._paused:
            return
        codec = self._codec
        data = codec.decrypt()
        self._flush()
        if data:
            try:
                self._deliver(data)
            except Exception as raised:
                self._connection.protocol_failed(raised)
                return
        if codec.error is not None:
            self._break(codec.error)
        elif codec.ended:
            self._they_are_through()

    def _they_are_through(self) -> None:
        if self._state is _OPEN and not self._their_end:
            self._their_end = True
            if not self._above.eof_received():
                self.close()

    def _break(self, error: SSLError) -> None:
        """What came is no TLS, or says that they do not like us."""
        if self._state is _OPEN:
            self._flush()
            self._error = error
            self._state = _CLOSED
            self._below.close()

    def _keep(self, data: bytes) -> None:
        """Keep what is written before the handshake is done; drop it after the end."""
        if not isinstance(data, bytes | bytearray | memoryview):
            raise TypeError(f"bytes are written, not {type(data).__name__}")
        if self._state is _HANDSHAKE:
            self._backlog += data
            if len(self._backlog) > _BACKLOG:
                self._pause_writer()

    def _catch_up(self) -> None:
        """Do what was asked for in the handshake."""
        backlog, self._backlog = bytes(self._backlog), bytearray()
        self.write(backlog)
        if self._end_when_open:
            self.write_eof()
        if not self._full and (self._writer_paused or self._end_when_open):
            self._resume_writer()

    def _pause_writer(self) -> None:
        if not self._writer_paused:
            self._writer_paused = True
            self._above.pause_writing()

    def _resume_writer(self) -> None:
        self._writer_paused = False
        self._above.resume_writing()

    def _flush(self) -> None:
        data = self._codec.take()
        if data:
            self._send(data)

    # Closing

    def _shut_down(self) -> None:
        self._state = _CLOSING
        patience = self._options.shutdownTimeout
        self._farewell = Farewell(self._codec, self._below, self._loop, patience)
        self._farewell.say()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class BufferedTLSLayer(TLSLayer, asyncio.BufferedProtocol):
    """A layer on plain asyncio: it receives into the loop's shared buffer."""

    def __init__(self, buffer: memoryview, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self._buffer = buffer

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where the loop may receive into."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """The loop has received."""
        self.data_received(self._buffer[:nbytes])  # type: ignore[arg-type]
