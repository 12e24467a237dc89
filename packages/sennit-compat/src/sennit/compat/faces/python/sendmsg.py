"""``twisted.python.sendmsg``: bytes and descriptors by the socket's own methods."""

from __future__ import annotations

import socket as _socket
from collections.abc import Iterable
from socket import SCM_RIGHTS as SCM_RIGHTS
from typing import NamedTuple

__all__ = ["ReceivedMessage", "SCM_RIGHTS", "getSocketFamily", "recvmsg", "sendmsg"]


class ReceivedMessage(NamedTuple):
    """What has come.

    Attributes:
        data: The bytes.
        ancillary: What came along, as triples of level, type and bytes.
        flags: What the system says of it, such as `socket.MSG_CTRUNC`.
    """

    data: bytes
    ancillary: list[tuple[int, int, bytes]]
    flags: int


def sendmsg(
    socket: _socket.socket,
    data: bytes,
    ancillary: Iterable[tuple[int, int, bytes]] = (),
    flags: int = 0,
) -> int:
    """Send bytes, and what is to go along.

    Returns:
        How many bytes the system took.

    Raises:
        OSError: It took none.
    """
    return socket.sendmsg([data], ancillary, flags)


def recvmsg(
    socket: _socket.socket, maxSize: int = 8192, cmsgSize: int = 4096, flags: int = 0
) -> ReceivedMessage:
    """Receive bytes, and what comes along.

    Args:
        socket: The socket.
        maxSize: The most bytes.
        cmsgSize: How much may come along, in bytes.
        flags: Flags for the system.

    Raises:
        OSError: There is nothing, or never will be.
    """
    room = _socket.CMSG_SPACE(cmsgSize)
    data, ancillary, told, _ = socket.recvmsg(maxSize, room, flags)
    return ReceivedMessage(data, ancillary, told)


def getSocketFamily(socket: _socket.socket) -> int:
    """The address family of a socket."""
    return socket.family
