"""The messages to the service manager: ``sd_notify(3)``.

A datagram of lines ``NAME=value`` goes to the UNIX socket that ``NOTIFY_SOCKET`` names.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Self

__all__ = ["BadNotifySocket", "Notifier"]


class BadNotifySocket(ValueError):
    """``NOTIFY_SOCKET`` names no socket that could be written to."""


class Notifier:
    """Tells a service manager how its service is.

    Without a manager each method does nothing: a program needs not ask whether it runs
    under one. Nor does a manager that has gone away matter to the service.

    Args:
        path: of the manager's socket; ``@`` begins the name of an abstract one. Empty
            for no manager.
        watchdogInterval: seconds within which it wants to hear that the service is
            alive; None for never.

    Raises:
        BadNotifySocket: The path is neither absolute nor an abstract name.
    """

    def __init__(self, path: str = "", watchdogInterval: float | None = None) -> None:
        if path and path[0] not in "/@":
            raise BadNotifySocket(f"NOTIFY_SOCKET is neither /path nor @name: {path!r}")
        self.path = path
        self.watchdogInterval = watchdogInterval

    @classmethod
    def fromEnvironment(cls, environ: MutableMapping[str, str] | None = None) -> Self:
        """Find the manager, and take what tells of it out of the environment.

        So our children do not speak for us.

        Args:
            environ: Where to look; the environment of this process if None.

        Raises:
            BadNotifySocket: There is a manager, but it cannot be told anything.
        """
        environ = os.environ if environ is None else environ
        path = environ.pop("NOTIFY_SOCKET", "")
        microseconds = environ.pop("WATCHDOG_USEC", "")
        pid = environ.pop("WATCHDOG_PID", "")
        interval: float | None = None
        ours = pid in ("", str(os.getpid()))
        if ours and microseconds.isascii() and microseconds.isdigit():
            interval = int(microseconds) / 1e6 or None
        return cls(path, interval)

    def __bool__(self) -> bool:
        """Whether there is a manager."""
        return bool(self.path)

    def notify(self, **state: str | int) -> None:
        """Send a message.

        Args:
            state: names and values, as in ``sd_notify(3)``: ``READY=1``.

        Raises:
            ValueError: A value has more than one line: it would be another message.
        """
        lines = [f"{name}={value}" for name, value in state.items()]
        if any("\n" in line for line in lines):
            raise ValueError("a value has one line")
        if not self.path:
            return
        address = f"\0{self.path[1:]}" if self.path.startswith("@") else self.path
        # A manager that does not listen is no concern of the service's, nor must it
        # wait for one that does not read.
        with (
            suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender,
        ):
            sender.setblocking(False)
            sender.sendto("\n".join(lines).encode(), address)

    def ready(self, status: str | None = None) -> None:
        """The service has started, or has its new configuration."""
        self.notify(READY=1, **({} if status is None else {"STATUS": status}))

    def reloading(self) -> None:
        """The service reads its configuration anew; `ready` tells when it has it."""
        now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self.notify(RELOADING=1, MONOTONIC_USEC=now)

    def stopping(self) -> None:
        """The service stops."""
        self.notify(STOPPING=1)

    def status(self, text: str) -> None:
        """Tell in a line what the service does; ``systemctl status`` shows it."""
        self.notify(STATUS=text)

    def alive(self) -> None:
        """The service is well."""
        self.notify(WATCHDOG=1)
