"""``twisted.internet.fdesc``: reading and writing descriptors without waiting."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable

from sennit.core.errors import (
    CONNECTION_DONE,
    CONNECTION_LOST,
    ConnectionDone,
    ConnectionLost,
)

__all__ = ["readFromFD", "setBlocking", "setNonBlocking", "writeToFD"]

#: As much as one call reads or writes: what a pipe holds.
CHUNK = 65536

# How the system says that it would have to wait.
AGAIN = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR)


def setNonBlocking(fd: int) -> None:
    """Let calls on a descriptor fail rather than wait."""
    os.set_blocking(fd, False)


def setBlocking(fd: int) -> None:
    """Let calls on a descriptor wait."""
    os.set_blocking(fd, True)


def readFromFD(
    fd: int, callback: Callable[[bytes], object]
) -> ConnectionDone | ConnectionLost | None:
    """Hand over what is there to be read.

    Returns:
        None, or why there will be nothing more: `CONNECTION_DONE` at the end,
        `CONNECTION_LOST` on an error.
    """
    try:
        data = os.read(fd, CHUNK)
    except OSError as error:
        return None if error.errno in AGAIN else CONNECTION_LOST
    if not data:
        return CONNECTION_DONE
    callback(data)
    return None


def writeToFD(fd: int, data: bytes) -> int | ConnectionLost:
    """Write as much as can be written now.

    Returns:
        The number of bytes written, or `CONNECTION_LOST` on an error.
    """
    try:
        return os.write(fd, data[:CHUNK])
    except OSError as error:
        return 0 if error.errno in AGAIN else CONNECTION_LOST
