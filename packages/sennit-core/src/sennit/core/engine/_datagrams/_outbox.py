"""Datagrams that wait until the kernel has room for them.

Whether there is room for a datagram is mostly a matter of our own socket, which tells
it (`Outbox`). Not so for a UNIX socket that sends to many: there it is each receiver
who has room or not, and nobody tells. So we ask again (`PatientOutbox`).
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from typing import Any

from sennit.core import log

__all__ = ["Outbox", "PatientOutbox"]

# More are dropped, as the network would: 256 of the longest are 16 MiB.
_WAITING = 256

# Seconds until a receiver that had no room is asked again. Linux keeps ten datagrams
# for a socket that does not read, so this makes 2,000 a second of them.
_PAUSE = 0.005


class Outbox:
    """What one socket could not send yet.

    Attributes:
        waiting: The datagrams and where they go, in order.
    """

    def __init__(self, sock: socket.socket, failed: Callable[[OSError], None]) -> None:
        """Keep datagrams for *sock*; *failed* is told of those it does not take."""
        self.waiting: deque[tuple[bytes, Any]] = deque()
        self._socket = sock
        self._failed = failed
        self._loop: asyncio.AbstractEventLoop | None = None

    def put(self, datagram: bytes, addr: Any) -> None:
        """Send a datagram after those that wait; without *addr* to the peer."""
        if not self.waiting and self._loop is not None:
            self._loop.add_writer(self._socket.fileno(), self._send)
        if len(self.waiting) < _WAITING:
            self.waiting.append((datagram, addr))

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Send by this loop, also what waits already."""
        self._loop = loop
        if self.waiting:
            loop.add_writer(self._socket.fileno(), self._send)

    def close(self) -> None:
        """Drop what waits."""
        if self.waiting and self._loop is not None:
            self._loop.remove_writer(self._socket.fileno())
        self.waiting.clear()

    def _send(self) -> None:
        while self.waiting:
            datagram, addr = self.waiting[0]
            try:
                if addr is None:
                    self._socket.send(datagram)
                else:
                    self._socket.sendto(datagram, addr)
            except BlockingIOError:
                return
            except OSError as error:
                self._failed(error)
            self.waiting.popleft()
        assert self._loop is not None
        self._loop.remove_writer(self._socket.fileno())


class PatientOutbox:
    """What one UNIX socket could not send yet: a line for each receiver.

    Attributes:
        waiting: The datagrams in their order, by receiver; nobody has an empty line.
    """

    def __init__(self, sock: socket.socket, failed: Callable[[OSError], None]) -> None:
        """Keep datagrams for *sock*; *failed* is told of those it does not take."""
        self.waiting: dict[Any, deque[bytes]] = {}
        self._count = 0
        # Whether it was told that some are dropped, since nothing waited.
        self._dropping = False
        self._socket = sock
        self._failed = failed
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asking: asyncio.TimerHandle | None = None

    def put(self, datagram: bytes, addr: Any) -> None:
        """Send a datagram after those that wait for the same receiver."""
        if self._count == _WAITING:
            if not self._dropping:
                self._dropping = True
                log.msg(f"datagrams for {addr!r} are dropped: {_WAITING} wait already")
            return
        self._count += 1
        self.waiting.setdefault(addr, deque()).append(datagram)
        self._ask_later()

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Send by this loop, also what waits already."""
        self._loop = loop
        self._ask_later()

    def close(self) -> None:
        """Drop what waits."""
        self.waiting.clear()
        self._count = 0
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _ask_later(self) -> None:
        if self.waiting and self._asking is None and self._loop is not None:
            self._asking = self._loop.call_later(_PAUSE, self._ask)

    def _ask(self) -> None:
        self._asking = None
        for addr in list(self.waiting):
            self._send(addr, self.waiting[addr])
        self._dropping = self._dropping and bool(self.waiting)
        self._ask_later()

    def _send(self, addr: Any, line: deque[bytes]) -> None:
        while line:
            try:
                self._socket.sendto(line[0], addr)
            except BlockingIOError:
                return
            except OSError as error:
                self._failed(error)
            self._count -= 1
            line.popleft()
        del self.waiting[addr]
