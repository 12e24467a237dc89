"""Waiting for children: to learn that one has ended, how, and to let the system forget it.

Each child is waited for by its own number, never "any child": other parts of the
program (`subprocess`, another loop) have children, too, and wait for theirs. For the
same reason no handler of SIGCHLD is set, of which there can be only one.

On Linux a descriptor stands for the process (``pidfd_open``), and is readable when it
has ended. Elsewhere a thread waits.

A child that outlives its reactor is told to nobody any more. So that it does not stay
a zombie until this program ends, it is looked after whenever another is started.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from contextlib import suppress

__all__ = ["Vigil", "reapLeft"]

# Vigils over children that outlive their reactor. Changed by Vigil.leave and reapLeft.
_left: set[Vigil] = set()


def reapLeft() -> None:
    """Let the system forget the children that have ended since their reactor did."""
    for vigil in tuple(_left):
        vigil.look()
        if vigil.over:
            _left.discard(vigil)


def _nobody(status: int | None) -> None:
    """Who is told of the end of a child that was left."""


def _waited(pid: int, options: int) -> tuple[bool, int | None]:
    """Whether a child has ended, and its status word; None if somebody else has that."""
    try:
        found, status = os.waitpid(pid, options)
    except ChildProcessError:
        return True, None
    return bool(found), status


class Vigil:
    """Waits for one child.

    Attributes:
        over: Whether the child has ended and was waited for: from then on its number
            may be another process's.
    """

    def __init__(self, pid: int, ended: Callable[[int | None], object]) -> None:
        """Wait for a child.

        Args:
            pid: Its number.
            ended: Is told the status word, as ``os.waitpid`` gives it; None if the
                system did not keep it (SIGCHLD is ignored), or gave it to others.
        """
        self.over: bool = False
        self._pid = pid
        self._ended = ended
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pidfd: int | None = None
        self._by_thread = False

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Tell of the end by this loop."""
        self._loop = loop
        if self.over:
            return
        try:
            self._pidfd = os.pidfd_open(self._pid)
        except ProcessLookupError:  # it has ended, and nobody has kept its status
            loop.call_soon(self.look)
        except (AttributeError, OSError):  # no Linux, an old one, or no descriptor left
            self._by_thread = True
            threading.Thread(target=self._wait, name="child", daemon=True).start()
        else:
            loop.add_reader(self._pidfd, self.look)

    def look(self) -> None:
        """See whether the child has ended, and if so tell."""
        if self.over or self._by_thread:
            return
        ended, status = _waited(self._pid, os.WNOHANG)
        if ended:
            self.over = True
            self._close()
            self._ended(status)

    def leave(self) -> None:
        """Wait no more; a child that still lives is on its own."""
        self.look()
        self._ended = _nobody
        if not (self.over or self._by_thread):
            self._close()
            self._loop = None
            _left.add(self)

    def _close(self) -> None:
        if self._pidfd is not None:
            assert self._loop is not None
            if not self._loop.is_closed():
                self._loop.remove_reader(self._pidfd)
            os.close(self._pidfd)
            self._pidfd = None

    def _wait(self) -> None:
        status = _waited(self._pid, 0)[1]
        self.over = True
        assert self._loop is not None
        with suppress(RuntimeError):  # the loop is closed: nobody wants to know
            self._loop.call_soon_threadsafe(self._ended, status)
