"""Accepting: the loop's own server, opened, paused and closed.

The loop's server accepts in C on uvloop, which nothing of ours could match. But it
knows no way to stop for a while, and what it does where descriptors run out is bad on
either loop: uvloop accepts and hangs up at once, without a word; asyncio logs each
failed accept, a whole backlog of them a second. So we mind the descriptors ourselves:
when the lowest free one comes within `_HEADROOM` of the limit, the server is closed,
which leaves further connections in the system's queue, and opened again when there is
room. What counts is what is accepted, whether or not it gets through its handshake.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from math import inf
from typing import Any

from sennit.core import log
from sennit.core.engine._origin import Origin
from sennit.core.engine._tls._secure import connectionFor

if sys.platform != "win32":
    import resource

__all__ = ["Acceptor"]

# A loop may accept a whole backlog (50 by default) before we see the first of it, and
# the program wants some descriptors for its files: so many are kept back.
_HEADROOM = 64

# To look costs 3 % of a short connection; to do so at each eighth is enough.
_LOOK_EVERY = 8

# Seconds until an acceptor that ran out of descriptors looks again.
_PAUSE = 1.0


def _ceiling() -> float:
    """The descriptor from which on connections make their acceptor pause."""
    if sys.platform == "win32":  # where a process has no such limit
        return inf
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if limit == resource.RLIM_INFINITY:
        return inf
    return max(limit - _HEADROOM, limit // 2)


class Acceptor:
    """Accepts for one port, on a socket that stays the port's."""

    def __init__(
        self, origin: Origin, sock: socket.socket, backlog: int, name: str
    ) -> None:
        self._origin = origin
        self._socket = sock
        self._backlog = backlog
        self._name = name
        self._ceiling = _ceiling()
        self._unseen = 0
        self._make: Callable[[], Any]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: asyncio.Server | None = None
        self._opening: asyncio.Task[None] | None = None
        self._resuming: asyncio.TimerHandle | None = None

    def open(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hand the accepting to the loop."""
        self._loop = loop
        self._opening = loop.create_task(self._serve(loop))

    def cease(self) -> None:
        """Accept no more, but let what was accepted come to its protocol; then `close`.

        asyncio's server, once closed, loses what it has accepted a moment before, and
        does not even hang up on it. That it does not look at its socket any more is
        enough for now. uvloop has none of this, and no reader on that socket.
        """
        server, loop = self._server, self._loop
        if server is not None and loop is not None:
            # Windows' loop has no readers.
            with suppress(NotImplementedError):
                if any(loop.remove_reader(each.fileno()) for each in server.sockets):
                    return
        self.close()

    def close(self) -> None:
        """Accept no more."""
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
        if self._resuming is not None:
            self._resuming.cancel()
            self._resuming = None
        if self._server is not None:
            self._server.close()
            self._server = None

    def _admit(self) -> Any:
        """What serves a connection that comes in; see whether another one may."""
        self._unseen += 1
        if self._unseen >= _LOOK_EVERY:
            self._unseen = 0
            if self._lowest_free() >= self._ceiling:
                assert self._loop is not None
                self._loop.call_soon(self._pause)  # not while the server accepts
        return self._make()

    def _pause(self) -> None:
        if self._server is not None:
            log.msg(
                f"{self._name}: out of file descriptors (below {self._ceiling}); "
                f"it accepts again when some are free"
            )
            self.close()
            self._look_later()

    def _lowest_free(self) -> float:
        try:
            probe = os.dup(self._socket.fileno())
        except OSError:
            return inf
        os.close(probe)
        return probe

    async def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        inet = self._socket.family in (socket.AF_INET, socket.AF_INET6)
        create: Any = loop.create_server if inet else loop.create_unix_server
        # A UNIX socket's file is its port's to remove; from 3.13 on, loops would.
        keep = {} if inet or sys.version_info < (3, 13) else {"cleanup_socket": False}
        # The server closes the socket it is given; ours is needed to open it again.
        own = self._socket.dup()
        self._make = connectionFor(self._origin, inet)
        try:
            self._server = await create(
                self._admit, sock=own, backlog=self._backlog, **keep
            )
        except Exception:
            own.close()
            log.err(None, f"{self._name}: the loop does not serve it")
        except asyncio.CancelledError:
            own.close()
            raise
        self._opening = None

    def _look_later(self) -> None:
        assert self._loop is not None
        self._resuming = self._loop.call_later(_PAUSE, self._look)

    def _look(self) -> None:
        """Open again, if the lowest free descriptor is low enough by now."""
        assert self._loop is not None
        self._resuming = None
        self._ceiling = _ceiling()
        if self._lowest_free() < self._ceiling:
            self.open(self._loop)
        else:
            self._look_later()
