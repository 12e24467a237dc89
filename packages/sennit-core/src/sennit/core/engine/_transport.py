"""The user's side of a stream: to write, to be paused, to close.

How a connection closes:

    loseConnection --> producer unregisters --> all is sent --> closed
    abortConnection -------------------------------------------> closed
    loseWriteConnection --> producer unregisters --> all is sent --> write side closed
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from sennit.core.engine._flow import Flow
from sennit.core.engine._options import SocketOptions
from sennit.core.errors import ConnectionAborted

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress, IPullProducer, IPushProducer

__all__ = ["StreamTransport"]


class StreamTransport(SocketOptions):
    """A transport of the loop's, as the field knows transports.

    Attributes:
        disconnecting: Whether we have begun to close it.
        disconnected: Whether it is closed.
    """

    # What most connections never need stays in the class until it is set: making a
    # connection is as much of a short one's cost as everything it carries.
    disconnecting: bool = False
    disconnected: bool = False
    _protocol: Any = None
    _peer: IAddress | None = None
    _host: IAddress | None = None
    _flow: Flow | None = None
    _full: bool = False
    _eof: bool = False
    _paused: bool = False
    _write_closed: bool = False
    # The part of a file that is being sent: it is told when the connection is lost.
    _sending: Any = None
    # Why we close the connection, where that is not told by how it ends.
    _reason: BaseException | None = None

    def write(self, data: bytes) -> None:
        """Send bytes; they are buffered as needed, and sent in order.

        While the connection can be written to, each instance has the method of the
        loop's transport in the place of this one, which drops what it is given.

        Raises:
            TypeError: It is no bytes; text has to be encoded first.
        """

    def writeSequence(self, iovec: Iterable[bytes]) -> None:
        """Send pieces, as if they were joined; otherwise as `write`."""

    @property
    @abstractmethod
    def _loop(self) -> asyncio.AbstractEventLoop:
        """The loop it lives on."""

    @abstractmethod
    def _deliver_held(self) -> None:
        """Give the protocol what came although it had paused."""

    @abstractmethod
    def _tell(self, f: Callable[..., object], *args: Any) -> bool:
        """Call the user's code; whether it has not failed."""

    @abstractmethod
    def _address(self, sockname: Any) -> IAddress:
        """A socket's name as an address."""

    def loseConnection(self) -> None:
        """Close once everything written is sent, and the producer is through."""
        if self.disconnecting or not self.connected:
            return
        self.disconnecting = True
        if self._flow is not None and self._flow.producer is not None:
            self._transport.pause_reading()
        else:
            self._close()

    def abortConnection(self) -> None:
        """Close at once: what is not sent yet is lost, the other side is told (RST)."""
        if self.connected and self._reason is None:
            self._reason = ConnectionAborted()
            self._stop_writing()
            self._reset_on_close()
            self._transport.abort()

    def loseWriteConnection(self) -> None:
        """Send what is written, then tell the other side that no more will come."""
        if self._write_closed or self.disconnecting or not self.connected:
            return
        self._write_closed = True
        if self._flow is None or self._flow.producer is None:
            self._close_write_side()

    def pauseProducing(self) -> None:
        """Read no more until `resumeProducing`."""
        if self.connected and not self.disconnecting and not self._eof:
            self._paused = True
            self._transport.pause_reading()

    def resumeProducing(self) -> None:
        """Read on."""
        if self.connected and not self.disconnecting and not self._eof:
            self._paused = False
            self._deliver_held()
            if not self._paused and not self._transport.is_closing():
                self._transport.resume_reading()

    def stopProducing(self) -> None:
        """Whoever consumed what arrives wants no more: close."""
        self.loseConnection()

    stopReading = pauseProducing
    startReading = resumeProducing

    def registerProducer(
        self, producer: IPushProducer | IPullProducer, streaming: bool
    ) -> None:
        """Let a producer write, with back-pressure.

        Args:
            producer: A push producer (*streaming*) is paused while the buffer is
                full; a pull producer is asked for more while it is not.
            streaming: Which of the two it is.

        Raises:
            RuntimeError: One is registered already.
        """
        if not self.connected:
            producer.stopProducing()
            return
        if self._flow is None:
            self._flow = Flow(self._loop, self._full)
        elif self._flow.producer is not None:
            raise RuntimeError(
                f"{producer!r} cannot be registered: "
                f"{self._flow.producer!r} has not been unregistered"
            )
        self._flow.register(producer, streaming)

    def unregisterProducer(self) -> None:
        """The producer is through; a close that waited for it goes on."""
        if self._flow is None:
            return
        self._flow.unregister()
        if not self.connected:
            return
        if self.disconnecting:
            self._close()
        elif self._write_closed:
            self._close_write_side()

    def stopConsuming(self) -> None:
        """The producer has died: close."""
        self.unregisterProducer()
        self.loseConnection()

    def getPeer(self) -> IAddress:
        """The other side's address."""
        assert self._peer is not None
        return self._peer

    def getHost(self) -> IAddress:
        """Our own address."""
        if self._host is None:
            sockname = self._transport.get_extra_info("sockname")
            self._host = self._address(sockname)
        return self._host

    # Closing

    def _stop_writing(self) -> None:
        self.disconnecting = True
        self._drop_writes()

    def _drop_writes(self) -> None:
        mine = self.__dict__
        mine.pop("write", None)
        mine.pop("writeSequence", None)

    def _close(self) -> None:
        self._stop_writing()
        self._transport.close()

    def _close_write_side(self) -> None:
        self._drop_writes()
        transport = self._transport
        transport.write_eof()
        if transport.get_write_buffer_size() == 0:
            self._loop.call_soon(self._write_side_closed)
        else:
            # resume_writing then comes when the last byte has left.
            transport.set_write_buffer_limits(high=0)

    def _write_side_closed(self) -> None:
        if not self.connected or self.disconnecting:
            return
        told = getattr(self._protocol, "writeConnectionLost", None)
        if told is not None:
            self._tell(told)
        if self._eof:
            self.loseConnection()
