"""Sockets that systemd has opened for us, before we were started (``sd_listen_fds(3)``).

``LISTEN_FDS`` tells how many there are, from descriptor 3 on, ``LISTEN_FDNAMES`` what
they are called in the socket units, and ``LISTEN_PID`` for which process they are meant.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping, Sequence
from contextlib import suppress
from typing import ClassVar, Self

from sennit.core import log

__all__ = ["ListenFDs"]

# What a Linux process can have at most (fs.nr_open).
_MOST = 1_048_576

_VARIABLES = ("LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES")


class ListenFDs:
    """The descriptors that were handed to this process.

    ``serverFromString(reactor, "systemd:INET:name=web")`` is the short way to them.
    """

    # SD_LISTEN_FDS_START
    _START: ClassVar = 3

    def __init__(self, descriptors: Sequence[int], names: Sequence[str] = ()) -> None:
        """Take descriptors and, in the same order, their names."""
        self._descriptors = list(descriptors)
        self._names = list(names)

    @classmethod
    def fromEnvironment(
        cls, environ: MutableMapping[str, str] | None = None, start: int | None = None
    ) -> Self:
        """Find what the environment tells of, and take it out of there.

        So our children do not see it, and a second call finds nothing. From the real
        environment the descriptors are also set to be closed in children. Numbers that
        are none, and names that are not as many as the descriptors, are logged, and
        nothing is found then; so it is, without a word, where all is meant for another
        process.

        Args:
            environ: Where to look; the environment of this process if None.
            start: The lowest descriptor; 3, as systemd has it, if None.
        """
        real = environ is None
        environ = os.environ if environ is None else environ
        told = {name: environ.pop(name, None) for name in _VARIABLES}
        start = cls._START if start is None else start
        try:
            names = _understood(**told)
        except ValueError:
            log.msg("ignored: " + " ".join(f"{k}={v}" for k, v in told.items()))
            return cls([])
        descriptors = range(start, start + len(names))
        if real:
            for descriptor in descriptors:
                # What is wrong with it shows when it is used.
                with suppress(OSError):
                    os.set_inheritable(descriptor, False)
        return cls(descriptors, [name for name in names if name is not None])

    def inheritedDescriptors(self) -> list[int]:
        """Give the descriptors, in the order of the socket unit."""
        return list(self._descriptors)

    def inheritedNamedDescriptors(self) -> dict[str, int]:
        """Give the descriptors by name; of several with one name, the last."""
        return dict(zip(self._names, self._descriptors, strict=False))


def _understood(
    LISTEN_FDS: str | None, LISTEN_PID: str | None, LISTEN_FDNAMES: str | None
) -> Sequence[str | None]:
    """The name of each descriptor that is meant for us; None where it has none."""
    count = int(LISTEN_FDS or 0)
    if int(LISTEN_PID or 0) != os.getpid():
        return []
    if not 0 <= count <= _MOST:
        raise ValueError
    names = [None] * count if LISTEN_FDNAMES is None else LISTEN_FDNAMES.split(":")
    if count and len(names) != count:
        raise ValueError
    return names if count else []
