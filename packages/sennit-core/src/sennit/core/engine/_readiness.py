"""To be called when a descriptor is ready: ``add_reader``, mended for uvloop.

uvloop gives a descriptor up at the first error the system reports of it: a reset, or
the refusal of a datagram, ends the watch, and who reads never learns why. There the
descriptor is put into an epoll of its own, and that is watched. An epoll has no errors;
it is readable for as long as what it holds is ready in whatever way.
"""

from __future__ import annotations

import asyncio
import select
import sys
from collections.abc import Callable
from typing import Any

__all__ = ["Readiness", "hidesErrors"]


def hidesErrors(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether *loop* gives up descriptors with errors, and we can do better."""
    return sys.platform == "linux" and not isinstance(loop, asyncio.BaseEventLoop)


class Readiness:
    """The watch over one descriptor in one direction, until it is stopped."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        fd: int,
        writing: bool,
        ready: Callable[..., object],
        *args: Any,
    ) -> None:
        """Watch from now on.

        Raises:
            PermissionError: The system cannot watch it: it is a regular file.
        """
        self._loop = loop
        self._fd = fd
        self._writing = writing
        self._epoll: select.epoll | None = None
        if hidesErrors(loop):
            self._epoll = select.epoll()
            try:
                self._epoll.register(fd, select.EPOLLOUT if writing else select.EPOLLIN)
            except OSError:
                self._epoll.close()
                raise
            loop.add_reader(self._epoll.fileno(), ready, *args)
        elif writing:
            loop.add_writer(fd, ready, *args)
        else:
            loop.add_reader(fd, ready, *args)

    def stop(self) -> None:
        """Watch no more."""
        if self._loop.is_closed():
            if self._epoll is not None:
                self._epoll.close()
        elif self._epoll is not None:
            self._loop.remove_reader(self._epoll.fileno())
            self._epoll.close()
        elif self._writing:
            self._loop.remove_writer(self._fd)
        else:
            self._loop.remove_reader(self._fd)
