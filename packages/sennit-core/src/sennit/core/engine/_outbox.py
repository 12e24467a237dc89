"""Datagrams that wait until the kernel has room for them."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from typing import Any

from sennit.core import log

__all__ = ["Outbox"]

# More are dropped, as the network would: 256 of the longest are 16 MiB.
_WAITING = 256


class Outbox:
    """What one socket could not send yet.

    Attributes:
        waiting: The datagrams and where they go, in order.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.waiting: deque[tuple[bytes, Any]] = deque()
        self._socket = sock
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
                log.err(error, "a datagram could not be sent")
            self.waiting.popleft()
        assert self._loop is not None
        self._loop.remove_writer(self._socket.fileno())
