"""Descriptors that come and go along with boxes, which name them by number."""

from __future__ import annotations

import os
from typing import Any, Final

from sennit.protocols.amp._errors import BudgetExceeded

__all__ = ["Descriptors"]

# Those that have come and were not asked for yet: the box that names one follows at once,
# and there are some hundreds in all for a process.
_MAX: Final = 64


class Descriptors:
    """The descriptors of one connection, counted from 0 in each direction."""

    __slots__ = ("_came", "_sent", "kept")

    def __init__(self) -> None:
        # By number, those that came and are not taken.
        self.kept: dict[int, int] = {}
        self._came = self._sent = 0

    def put(self, descriptor: int) -> None:
        """Keep one that has come.

        Raises:
            BudgetExceeded: Too many are kept; this one is closed.
        """
        if len(self.kept) >= _MAX:
            os.close(descriptor)
            raise BudgetExceeded(f"more than {_MAX} descriptors that no box has named")
        self.kept[self._came] = descriptor
        self._came += 1

    def take(self, number: int) -> int:
        """Give the one that came with this number.

        Raises:
            KeyError: It has not come, or was given already.
        """
        return self.kept.pop(number)

    def send(self, transport: Any, descriptor: int) -> int:
        """Send one along with what is written next; give its number.

        Raises:
            OSError: It is not open.
            TypeError: The connection is not over a UNIX socket.
        """
        send = getattr(transport, "sendFileDescriptor", None)
        if send is None:
            raise TypeError("descriptors are sent over UNIX sockets only")
        send(descriptor)
        self._sent += 1
        return self._sent - 1

    def close(self) -> None:
        """Close those that nobody took."""
        while self.kept:
            os.close(self.kept.popitem()[1])
