"""To be called when a descriptor is ready: ``add_reader``, mended for uvloop.

uvloop gives a descriptor up at the first error the system reports of it: a reset, or
the refusal of a datagram, ends the watch, and who reads never learns why. There the
descriptor is put into an epoll of its own, and that is watched. An epoll has no errors;
it is readable for as long as what it holds is ready in whatever way.

Descriptors that the system cannot watch, regular files above all, are always ready: with
`watch` there is a call for these in each turn of the loop.
"""

from __future__ import annotations

import asyncio
import os
import select
import stat
import sys
from collections.abc import Callable
from typing import Any, Protocol

if sys.platform != "win32":
    import fcntl

__all__ = ["Readiness", "Watch", "hidesErrors", "pipeMode", "watch"]


def hidesErrors(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether *loop* gives up descriptors with errors, and we can do better."""
    return sys.platform == "linux" and not isinstance(loop, asyncio.BaseEventLoop)


def pipeMode(fd: int) -> int | None:
    """How the end of a pipe was opened (``os.O_WRONLY`` …); None if it is no pipe."""
    if not stat.S_ISFIFO(os.fstat(fd).st_mode):
        return None
    return fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE


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
        # Who reads from a pipe is never told of an error: a descriptor is saved.
        if hidesErrors(loop) and pipeMode(fd) != os.O_RDONLY:
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


class Watch(Protocol):
    """What calls when a descriptor is ready, until it is stopped."""

    def stop(self) -> None:
        """Watch no more."""


class _Always:
    """The watch over a descriptor that is always ready."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        ready: Callable[..., object],
        *args: Any,
    ) -> None:
        self._loop = loop
        self._ready = ready
        self._args = args
        self._turn: asyncio.Handle | None = loop.call_soon(self._again)

    def stop(self) -> None:
        if self._turn is not None:
            self._turn.cancel()
            self._turn = None

    def _again(self) -> None:
        self._ready(*self._args)
        if self._turn is not None:
            self._turn = self._loop.call_soon(self._again)


def watch(
    loop: asyncio.AbstractEventLoop,
    fd: int,
    writing: bool,
    ready: Callable[..., object],
    *args: Any,
) -> Watch:
    """Call ``ready(*args)`` whenever a descriptor is, of whatever kind it may be."""
    try:
        return Readiness(loop, fd, writing, ready, *args)
    except PermissionError:  # the system does not watch what never blocks
        return _Always(loop, ready, *args)
