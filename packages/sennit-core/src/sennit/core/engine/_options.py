"""A stream's socket and its options."""

from __future__ import annotations

import socket
import struct
from typing import Any

from sennit.core.engine._sockets import Socket

__all__ = ["SocketOptions"]

# With a linger time of 0 s, close() sends RST: the other side learns of an abort.
_LINGER_0 = struct.pack("ii", 1, 0)


class SocketOptions:
    """What can be asked of, and told to, the socket below a loop's transport.

    Attributes:
        connected: Whether there is one.
    """

    connected: bool = False
    _transport: Any = None

    @property
    def socket(self) -> Socket:
        """The socket, for its options and its descriptor only."""
        found: Socket = self._transport.get_extra_info("socket")
        return found

    def getHandle(self) -> Socket:
        """The socket, under `ISystemHandle`'s name."""
        return self.socket

    def fileno(self) -> int:
        """The socket's descriptor; -1 once it is closed."""
        return self.socket.fileno() if self.connected else -1

    def getTcpNoDelay(self) -> bool:
        """Whether small writes are sent at once (Nagle's algorithm is off)."""
        return bool(self.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    def setTcpNoDelay(self, enabled: bool) -> None:
        """Send small writes at once, or collect them."""
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, bool(enabled))

    def getTcpKeepAlive(self) -> bool:
        """Whether the system probes an idle connection."""
        return bool(self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))

    def setTcpKeepAlive(self, enabled: bool) -> None:
        """Have the system probe an idle connection, or not."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, bool(enabled))

    def _reset_on_close(self) -> None:
        """Have the other side told (RST) that the connection was not ended well."""
        sock = self._transport.get_extra_info("socket")
        if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_0)
