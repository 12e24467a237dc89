"""What a connection sends: bytes, and the descriptors that go with them.

When more waits than the marks allow, the owner is told, and told again when there is
room: as loops' transports do, but that descriptors count as well.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any, Protocol

from sennit.core.engine._passing._outflow import Outflow
from sennit.core.engine._readiness import Readiness
from sennit.core.errors import FileDescriptorOverrun

__all__ = ["Outlet"]

# Bytes that wait to be sent: from which on the writer is paused, and until when; the
# marks of the loops' own transports.
_HIGH, _LOW = 64 * 1024, 16 * 1024

# Descriptors that wait, likewise: each is one of our process's, of which there are
# mostly 1024.
_MANY, _FEW = 64, 16


class _Owner(Protocol):
    """The transport that sends."""

    def sent_all(self) -> None:
        """Nothing waits any more."""

    def broken(self, error: BaseException) -> None:
        """The connection is."""

    def pause_writing(self) -> None:
        """Too much waits."""

    def resume_writing(self) -> None:
        """There is room again."""


class Outlet:
    """The sending half of a connection that carries descriptors.

    Attributes:
        predecessor: The transport that sends what was written before; None once it is
            through, and while there is one, everything waits.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        sock: socket.socket,
        owner: _Owner,
        predecessor: Any,
        full: bool,
    ) -> None:
        """Send by *sock*; *full* says whether the owner knows that too much waits."""
        self.predecessor = predecessor
        self._loop = loop
        self._socket = sock
        self._owner = owner
        self._full = full
        self._high, self._low = _HIGH, _LOW
        self._flow = Outflow()
        self._writer: Readiness | None = None
        self._judging = False
        self._closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send bytes."""
        self._flow.write(data)
        if self.predecessor is None and self._writer is None:
            self.send()
        self._look_whether_full()

    def pass_on(self, descriptor: int) -> None:
        """Send a duplicate of a descriptor, with a byte that is written in this turn.

        Raises:
            OSError: It is not open, or there are no descriptors left.
        """
        self._flow.pass_on(descriptor)
        if not self._judging:
            self._judging = True
            self._loop.call_soon(self._judge)
        self._look_whether_full()

    def _judge(self) -> None:
        self._judging = False
        if not self._closed:
            self.overrun()

    def overrun(self) -> bool:
        """Whether there are descriptors without a byte; the connection is broken then."""
        if self._flow.lacking:
            self._owner.broken(FileDescriptorOverrun())
            return True
        return False

    def send(self) -> None:
        """Send what the kernel takes, and the rest when it has room."""
        try:
            through = self._flow.send(self._socket)
        except OSError as error:
            self._owner.broken(error)
            return
        if through:
            self._stop_writer()
            self._owner.sent_all()
            self._look_whether_room()
        elif self._writer is None:
            fd = self._socket.fileno()
            self._writer = Readiness(self._loop, fd, True, self.send)

    def close(self) -> None:
        """Send no more, and drop what waits."""
        self._closed = True
        self._stop_writer()
        self._flow.close()
        if self.predecessor is not None:
            self.predecessor.abort()

    def _stop_writer(self) -> None:
        if self._writer is not None:
            self._writer.stop()
            self._writer = None

    # How much waits

    @property
    def size(self) -> int:
        """How many bytes wait."""
        before = self.predecessor
        return len(self._flow) + (before.get_write_buffer_size() if before else 0)

    @property
    def empty(self) -> bool:
        """Whether nothing waits, and nobody sends before us."""
        return self.predecessor is None and not self._flow

    @property
    def limits(self) -> tuple[int, int]:
        """Until how many bytes the owner is resumed, and from how many it is paused."""
        return (self._low, self._high)

    @limits.setter
    def limits(self, limits: tuple[int, int]) -> None:
        self._low, self._high = limits
        self._look_whether_full()

    def _look_whether_full(self) -> None:
        many = len(self._flow.passing) > _MANY
        if not self._full and not self._closed and (many or self.size > self._high):
            self._full = True
            self._owner.pause_writing()

    def _look_whether_room(self) -> None:
        many = len(self._flow.passing) > _FEW
        if self._full and not self._closed and not many and self.size <= self._low:
            self._full = False
            self._owner.resume_writing()
