"""Descriptors of the program's, used for a while and given back as they were.

Standard input and output are not ours alone: ``print`` and the log use them too, and on
a terminal the shell does when the program has ended. That a descriptor does not block
is a property of what is behind it, which all of these share.

* A terminal is opened once more, so that only our own view of it does not block.
* What cannot be opened again (a pipe, a socket) is set not to block, and set back.
* How a terminal is set (echo, lines) is noted, and set back if it was changed.
"""

from __future__ import annotations

import atexit
import os
import socket
import stat
import sys
from contextlib import suppress
from typing import Any

if sys.platform != "win32":
    import fcntl
    import termios

__all__ = ["Borrowed"]


class Borrowed:
    """One descriptor, borrowed.

    Attributes:
        fd: The number to use meanwhile.
        isTerminal: Whether it leads to a terminal.
    """

    def __init__(self, fd: int) -> None:
        """Borrow a descriptor.

        Raises:
            OSError: It is not open.
        """
        self.isTerminal: bool = os.isatty(fd)
        self._given = fd
        self._blocking = os.get_blocking(fd)
        self._settings = termios.tcgetattr(fd) if self.isTerminal else None
        self.fd: int = _opened_again(fd) if self.isTerminal else fd
        os.set_blocking(self.fd, False)
        self._back = False
        # Also where the program ends in a way that closes nothing.
        atexit.register(self.give_back)

    def give_back(self) -> None:
        """Give it back as it was."""
        if self._back:
            return
        self._back = True
        atexit.unregister(self.give_back)
        # Who has closed it meanwhile does not want it back.
        with suppress(OSError, termios.error):
            if self.fd != self._given:
                os.close(self.fd)
            elif self._blocking:
                os.set_blocking(self.fd, True)
            if self._settings is not None:
                _set(self._given, self._settings)

    def end(self) -> None:
        """Tell the other side, where there is one, that nothing more will be written.

        The end of a pipe must be closed for that. Its number leads to the null device
        then: what is printed goes nowhere, and not into the file that is opened next.
        """
        mode = os.fstat(self.fd).st_mode
        if stat.S_ISSOCK(mode):
            with socket.socket(fileno=os.dup(self.fd)) as sock, suppress(OSError):
                sock.shutdown(socket.SHUT_WR)
        elif stat.S_ISFIFO(mode):
            self.give_back()
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fd, os.get_inheritable(self.fd))
            os.close(nowhere)


def _opened_again(fd: int) -> int:
    """A terminal's descriptor of its own; the same one if that cannot be."""
    access = fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE
    try:
        name = os.ttyname(fd)
        if os.path.basename(name) == "ptmx":  # to open that makes another terminal
            return fd
        again = os.open(name, access | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        return fd
    if os.path.sameopenfile(again, fd):
        return again
    os.close(again)
    return fd


def _set(fd: int, settings: list[Any]) -> None:
    # A program in the background would be stopped by setting what is set already.
    if termios.tcgetattr(fd) != settings:
        termios.tcsetattr(fd, termios.TCSANOW, settings)
