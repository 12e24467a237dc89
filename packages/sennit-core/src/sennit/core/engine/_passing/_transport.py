"""A transport that carries descriptors, in the place of a loop's.

Loops' transports read with ``recv``, and what descriptors came along are lost. So a UNIX
connection that is to carry some changes over to this transport, which has the face of a
loop's, on a duplicate of the socket:

* The loop's transport is closed at once, which makes it read no more, send all that it
  has been given, and let go of its own descriptor. The connection goes on by ours.
* Until it is through, everything that is written waits; so the order is kept.
* The kernel may deliver bytes that were sent before a descriptor in one chunk with those
  after it. So descriptors are not late, but may come early.

It is readiness and system calls in Python, some times as dear as a loop's transport. A
connection that carries no descriptors stays on that.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from typing import Any

from sennit.core.engine._passing._intake import Intake
from sennit.core.engine._passing._outlet import Outlet

__all__ = ["PassingTransport"]


class PassingTransport:
    """A UNIX stream socket, as a loop's transport that carries descriptors.

    Its protocol may have, beside what loops call, a ``descriptor_received(fd)``; one
    that has not gets the bytes, and the descriptors are closed.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        predecessor: Any,
        protocol: Any,
        *,
        reading: bool,
        full: bool,
    ) -> None:
        """Take over from a loop's transport.

        Args:
            loop: The loop of both.
            predecessor: The loop's transport; it is closed when all it has is sent.
            protocol: What is told of all.
            reading: Whether to read from the beginning.
            full: Whether the protocol was told that the predecessor's buffer is full.

        Raises:
            OSError: There are no descriptors left.
        """
        fd = predecessor.get_extra_info("socket").fileno()
        sock = self._socket = socket.fromfd(fd, socket.AF_UNIX, socket.SOCK_STREAM)
        sock.setblocking(False)
        names = ("peername", "sockname")
        self._extra = {name: predecessor.get_extra_info(name) for name in names}
        self._extra["socket"] = sock
        self._loop = loop
        self._intake = Intake(loop, sock, self)
        self._outlet = Outlet(loop, sock, self, predecessor, full)
        self.set_protocol(protocol)
        self._closing = False
        self._closed = False
        self._eof = False
        predecessor.set_protocol(_Ending(self))
        predecessor.close()
        if reading:
            self.resume_reading()

    def predecessor_ended(self, error: BaseException | None) -> None:
        """All that was written before has been sent, or it broke."""
        self._outlet.predecessor = None
        if error is not None:
            self.broken(error)
        elif not self._closed:
            self._outlet.send()

    # Writing

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send bytes.

        Raises:
            TypeError: It is no bytes.
        """
        if not isinstance(data, bytes | bytearray | memoryview):
            raise TypeError(f"bytes are written, not {type(data).__name__}")
        if data and not self._closing and not self._eof:
            self._outlet.write(data)

    def writelines(self, pieces: Iterable[bytes]) -> None:
        """Send pieces, as if they were joined."""
        self.write(b"".join(pieces))

    def send_descriptor(self, descriptor: int) -> None:
        """Send a duplicate of a descriptor with the next byte that is written.

        There has to be one by the next turn of the loop: otherwise the connection ends
        with `FileDescriptorOverrun`.

        Raises:
            OSError: It is not open, or there are no descriptors left.
        """
        if not self._closing and not self._eof:
            self._outlet.pass_on(descriptor)

    def write_eof(self) -> None:
        """Send what is written, then tell the other side that no more will come."""
        if self._eof or self._closing or self._outlet.overrun():
            return
        self._eof = True
        if self._outlet.empty:
            self._shut_down()

    def can_write_eof(self) -> bool:
        """It can."""
        return True

    def sent_all(self) -> None:
        """Nothing waits any more to be sent."""
        if self._closing:
            self._end(None)
        elif self._eof:
            self._shut_down()

    def _shut_down(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError as error:
            self.broken(error)

    def pause_writing(self) -> None:
        """Too much waits."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """There is room again."""
        self._protocol.resume_writing()

    def get_write_buffer_size(self) -> int:
        """How many bytes wait to be sent."""
        return self._outlet.size

    def get_write_buffer_limits(self) -> tuple[int, int]:
        """Until how many bytes the protocol is resumed, and from how many it is paused."""
        return self._outlet.limits

    def set_write_buffer_limits(
        self, high: int | None = None, low: int | None = None
    ) -> None:
        """Set these limits, as loops' transports take them."""
        if high is None:
            high = 64 * 1024 if low is None else 4 * low
        self._outlet.limits = (high // 4 if low is None else low, high)

    # Reading

    def pause_reading(self) -> None:
        """Deliver nothing more until `resume_reading`."""
        self._intake.pause()

    def resume_reading(self) -> None:
        """Read on; what came already is delivered first, in the next turn."""
        if not self._closing:
            self._intake.resume()

    def is_reading(self) -> bool:
        """Whether it reads."""
        return self._intake.reading

    def received_end(self) -> None:
        """The other side sends no more: close, unless the protocol goes on."""
        if not self._protocol.eof_received():
            self.close()

    def protocol_failed(self, error: Exception) -> None:
        """The loop is told, as of its own transports' protocols, and this one ends."""
        self._loop.call_exception_handler(
            {
                "message": "a protocol has failed in receiving",
                "exception": error,
                "transport": self,
                "protocol": self._protocol,
            }
        )
        self._end(error)

    # The end

    def close(self) -> None:
        """Read no more, and close once everything written is sent."""
        if self._closing or self._outlet.overrun():
            return
        self._closing = True
        self._intake.close()
        if self._outlet.empty:
            self._end(None)

    def abort(self) -> None:
        """Close now; what is not sent yet is lost."""
        self._end(None)

    def is_closing(self) -> bool:
        """Whether it is closed, or about to be."""
        return self._closing

    def broken(self, error: BaseException) -> None:
        """Close now, because of an error of the connection's."""
        # No protocol has raised it, which a traceback would say.
        self._end(error.with_traceback(None))

    def _end(self, error: BaseException | None) -> None:
        if self._closed:
            return
        self._closing = self._closed = True
        self._intake.close()
        self._outlet.close()
        self._loop.call_soon(self._lose, error)

    def _lose(self, error: BaseException | None) -> None:
        try:
            self._protocol.connection_lost(error)
        finally:
            self._socket.close()

    # What else transports have

    def set_protocol(self, protocol: Any) -> None:
        """Tell another protocol from now on."""
        self._protocol = protocol
        self._intake.data_received = protocol.data_received
        self._intake.descriptor_received = getattr(
            protocol, "descriptor_received", None
        )

    def get_protocol(self) -> Any:
        """The protocol that is told."""
        return self._protocol

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """``"socket"``, ``"peername"`` or ``"sockname"``."""
        return self._extra.get(name, default)


class _Ending(asyncio.Protocol):
    """The protocol of a transport that only sends what it has."""

    def __init__(self, successor: PassingTransport) -> None:
        self._successor = successor

    def connection_lost(self, exc: BaseException | None) -> None:
        self._successor.predecessor_ended(exc)
