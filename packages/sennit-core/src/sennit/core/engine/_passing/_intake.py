"""What a connection receives: bytes, and the descriptors that came with them.

Descriptors are delivered before the bytes of the chunk they came with. Each is ours
until the protocol has it: what is not delivered is closed here.
"""

from __future__ import annotations

import asyncio
import os
import socket
from array import array
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol

from sennit.core.engine._readiness import Readiness
from sennit.core.errors import FileDescriptorsTruncated

__all__ = ["Intake"]

# Bytes received at once: what Linux hands over in one go.
_CHUNK = 64 * 1024

# Descriptors that one message may have: as many as the kernel sends with one
# (SCM_MAX_FD of Linux). One with more would arrive cut, and end the connection.
_DESCRIPTORS = 253

# Where the kernel can see to it itself that children inherit none of them.
_CLOSED_IN_CHILDREN = getattr(socket, "MSG_CMSG_CLOEXEC", 0)


class _Owner(Protocol):
    """The transport that receives."""

    def received_end(self) -> None:
        """The other side sends no more."""

    def broken(self, error: BaseException) -> None:
        """The connection is."""

    def protocol_failed(self, error: Exception) -> None:
        """It has raised *error* in taking what came."""


class Intake:
    """The receiving half of a connection that carries descriptors.

    Attributes:
        data_received: Takes bytes.
        descriptor_received: Takes a descriptor; None has it closed.
        reading: Whether it receives and delivers.
    """

    data_received: Callable[[bytes], object]
    descriptor_received: Callable[[int], object] | None

    def __init__(
        self, loop: asyncio.AbstractEventLoop, sock: socket.socket, owner: _Owner
    ) -> None:
        """Receive by *sock*, once `resume` is called."""
        self.reading = False
        self._loop = loop
        self._socket = sock
        self._owner = owner
        self._room = socket.CMSG_SPACE(_DESCRIPTORS * array("i").itemsize)
        # What came and is not delivered: bytes (none are the end), and descriptors.
        self._inbox: deque[bytes | int] = deque()
        self._at_end = False
        self._reader: Readiness | None = None

    def resume(self) -> None:
        """Receive; what came already is delivered first, in the next turn."""
        if self.reading:
            return
        self.reading = True
        if self._inbox:
            self._loop.call_soon(self._deliver)
        if not self._at_end:
            fd = self._socket.fileno()
            self._reader = Readiness(self._loop, fd, False, self._readable)

    def pause(self) -> None:
        """Deliver nothing more until `resume`."""
        self.reading = False
        if self._reader is not None:
            self._reader.stop()
            self._reader = None

    def close(self) -> None:
        """Receive no more, and drop what was not delivered."""
        self.pause()
        while self._inbox:
            came = self._inbox.popleft()
            if isinstance(came, int):
                os.close(came)

    def _readable(self) -> None:
        try:
            data, ancillary, flags, _ = self._socket.recvmsg(
                _CHUNK, self._room, _CLOSED_IN_CHILDREN
            )
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._owner.broken(error)
            return
        self._inbox.extend(_descriptors(ancillary))
        if flags & socket.MSG_CTRUNC:
            self._owner.broken(FileDescriptorsTruncated())
            return
        self._at_end = not data
        self._inbox.append(data)
        self._deliver()

    def _deliver(self) -> None:
        while self._inbox and self.reading:
            came = self._inbox.popleft()
            try:
                if isinstance(came, int):
                    self._hand_over(came)
                elif came:
                    self.data_received(came)
                else:
                    self.pause()
                    self._owner.received_end()
            except Exception as error:
                self._owner.protocol_failed(error)

    def _hand_over(self, descriptor: int) -> None:
        if self.descriptor_received is None:
            os.close(descriptor)
        else:
            self.descriptor_received(descriptor)


def _descriptors(ancillary: Iterable[tuple[int, int, bytes]]) -> Iterable[int]:
    """The descriptors that came along; none of them is inherited by children."""
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            found = array("i")
            found.frombytes(data[: len(data) - len(data) % found.itemsize])
            for descriptor in found:
                if not _CLOSED_IN_CHILDREN:
                    os.set_inheritable(descriptor, False)
                yield descriptor
