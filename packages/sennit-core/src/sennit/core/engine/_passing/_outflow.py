"""What a connection is to send: bytes, and descriptors that go with some of them.

The kernel carries a descriptor with a byte of the stream (``SCM_RIGHTS``). Each of ours
has a byte of its own: the first one written after it that no descriptor before it has.
"""

from __future__ import annotations

import os
import socket
from array import array
from collections import deque

__all__ = ["Outflow"]

# Bytes offered to the kernel at once: more than it takes, less than is dear to copy.
_OFFER = 256 * 1024


class Outflow:
    """The bytes and descriptors of one connection that are not sent yet.

    Attributes:
        passing: The descriptors that wait, each with the place in the stream of the byte
            that it goes with. They are ours, and closed when they are sent.
    """

    def __init__(self) -> None:
        self.passing: deque[tuple[int, int]] = deque()
        self._bytes = bytearray()
        self._sent = 0

    def __len__(self) -> int:
        """How many bytes wait."""
        return len(self._bytes)

    @property
    def lacking(self) -> bool:
        """Whether there are more descriptors than bytes for them."""
        return bool(self.passing) and self.passing[-1][0] >= self._written

    @property
    def _written(self) -> int:
        return self._sent + len(self._bytes)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Let bytes follow."""
        self._bytes += data

    def pass_on(self, descriptor: int) -> None:
        """Let a duplicate of a descriptor go with the next byte that has none.

        Raises:
            OSError: It is not open, or there are no descriptors left.
        """
        place = self._written
        if self.passing:
            place = max(place, self.passing[-1][0] + 1)
        self.passing.append((place, os.dup(descriptor)))

    def send(self, sock: socket.socket) -> bool:
        """Send what the kernel takes.

        Returns:
            Whether no byte is left.

        Raises:
            OSError: The connection is broken.
        """
        while self._bytes:
            try:
                sent = self._send_some(sock)
            except BlockingIOError:
                return False
            del self._bytes[:sent]
            self._sent += sent
        return True

    def _send_some(self, sock: socket.socket) -> int:
        place, descriptor = self.passing[0] if self.passing else (self._written, -1)
        if place > self._sent:
            return self._offer(sock, place - self._sent, [])
        # The bytes after it may come along, as far as to the next one that has its own.
        end = self.passing[1][0] if len(self.passing) > 1 else self._written
        rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", [descriptor]))
        sent = self._offer(sock, end - self._sent, [rights])
        self.passing.popleft()
        os.close(descriptor)
        return sent

    def _offer(
        self,
        sock: socket.socket,
        size: int,
        ancillary: list[tuple[int, int, array[int]]],
    ) -> int:
        end = min(size, _OFFER)
        with memoryview(self._bytes) as all_of_it, all_of_it[:end] as piece:
            return sock.sendmsg([piece], ancillary)

    def close(self) -> None:
        """Drop what waits, and close the descriptors."""
        self._bytes.clear()
        while self.passing:
            os.close(self.passing.popleft()[1])
