"""Leaving the terminal: the program goes on in a process that no shell waits for.

The first process stays until the program tells that it has started, or why it has not:
so ``sennit run --daemon`` fails in the shell, with a message and a status, and whoever
reads a success can connect. Only then does the daemon let go of the terminal. It forks
before anything is loaded, as neither loops nor threads survive a fork.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import NoReturn

from sennit.app.runner._errors import CannotPrepare

__all__ = ["News", "daemonize"]


class News:
    """The daemon's line to the process that waits for it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def tell(self, status: int) -> None:
        """Say that it has started (0), or what to exit with; once."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        # Somebody may have ended the process that waited.
        with contextlib.suppress(BrokenPipeError):
            os.write(descriptor, bytes([status & 0xFF]))
        os.close(descriptor)

    def leave(self) -> None:
        """Say that it has started, and let go of the terminal."""
        for stream in (sys.__stdout__, sys.__stderr__):
            if stream is not None:
                stream.flush()
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(null, number)
        if null > 2:
            os.close(null)
        self.tell(0)


def daemonize(program: str) -> News:
    """Go on in another process, of another session.

    Args:
        program: What messages begin with.

    Returns:
        In the daemon; the process that called this waits for news, and exits.

    Raises:
        CannotPrepare: There can be no other process.
    """
    if not hasattr(os, "fork"):
        raise CannotPrepare("this system has no daemons: use a service manager")
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    reading, writing = os.pipe()
    try:
        first = os.fork()
        if first:
            os.close(writing)
            os.waitpid(first, 0)
            _wait(program, reading)
        os.close(reading)
        os.setsid()
        # A second time, so that it leads no session and never gets a terminal.
        if os.fork():
            os._exit(0)
    except OSError as error:
        raise CannotPrepare(f"there can be no daemon: {error.strerror}") from error
    return News(writing)


def _wait(program: str, reading: int) -> NoReturn:
    """Wait for the news, and exit."""
    try:
        news = os.read(reading, 1)
    except KeyboardInterrupt:
        os._exit(130)
    if not news:
        sys.stderr.write(f"{program}: it has ended before it could tell why\n")
        sys.stderr.flush()
    os._exit(news[0] if news else 1)
