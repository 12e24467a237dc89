"""``twisted.python.runtime``: what the program runs on."""

from __future__ import annotations

import os
import sys
from time import time as seconds

__all__ = [
    "Platform",
    "knownPlatforms",
    "platform",
    "platformType",
    "seconds",
    "shortPythonVersion",
]

#: Kinds of platform by the name of Python's module for the system.
knownPlatforms: dict[str, str] = {
    "ce": "win32",
    "java": "java",
    "nt": "win32",
    "org.python.modules.os": "java",
    "posix": "posix",
}


def shortPythonVersion() -> str:
    """Python's version as in ``3.11.9``."""
    return "{}.{}.{}".format(*sys.version_info[:3])


class Platform:
    """What a platform is, and what it can do.

    Args:
        name: Name of Python's module for the system (``posix``, ``nt``).
        platform: Name of the system (``linux``, ``darwin``, ``win32``).
    """

    @staticmethod
    def seconds() -> float:
        """Give the time of day, in seconds since the epoch."""
        return seconds()

    def __init__(self, name: str | None = None, platform: str | None = None) -> None:
        self.type: str | None = knownPlatforms.get(os.name if name is None else name)
        self._platform = sys.platform if platform is None else platform

    def isKnown(self) -> bool:
        """Whether the kind of platform is one of ours."""
        return self.type is not None

    def getType(self) -> str | None:
        """The kind: ``posix``, ``win32``, or None."""
        return self.type

    def isMacOSX(self) -> bool:
        """Whether the system is macOS."""
        return self._platform == "darwin"

    def isLinux(self) -> bool:
        """Whether the system is Linux."""
        return self._platform.startswith("linux")

    def isWindows(self) -> bool:
        """Whether the system is Windows."""
        return self.type == "win32"

    def isVista(self) -> bool:
        """Whether the system is Windows of version 6."""
        return (
            self.isWindows()
            and sys.platform == "win32"
            and sys.getwindowsversion().major == 6
        )

    def isWinNT(self) -> bool:
        """Whether the system is a Windows of the NT line, as all are now."""
        return self.isWindows()

    def isDocker(self, _initCGroupLocation: str = "/proc/1/cgroup") -> bool:
        """Whether the process runs in a container of Docker."""
        if not self.isLinux():
            return False
        try:
            with open(_initCGroupLocation, encoding="ascii", errors="replace") as file:
                return any(
                    line.rsplit(":", 1)[-1].startswith("/docker/") for line in file
                )
        except OSError:
            return False

    def supportsThreads(self) -> bool:
        """Whether there are threads, as there are everywhere now."""
        return True

    def supportsINotify(self) -> bool:
        """Whether files can be watched through inotify."""
        return self.isLinux()


platform: Platform = Platform()

platformType: str | None = platform.getType()
