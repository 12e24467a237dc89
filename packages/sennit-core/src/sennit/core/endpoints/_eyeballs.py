"""Happy Eyeballs: which of a host's addresses is tried next, and when (RFC 8305).

A host often has addresses of both families, and often one family does not work: the
packets of a broken IPv6 path vanish, and whoever tries IPv4 only after that has timed
out waits for half a minute. So several attempts run at the same time, each begun a
little after the one before, and the first connection wins.

All rules come down to two things, kept here without I/O and without a clock:

*When* is one number, `due`: no attempt begins before it.

* The first address sets it to now (§3) if it is an IPv6 one; an IPv4 one waits for
  `RESOLUTION_DELAY`, so that an answer which is on its way may bring an IPv6 address.
  That, or the end of the search, sets it to now.
* An attempt that begins sets it an attempt delay further (§5).
* An attempt that fails sets it to now: there is nothing to be patient with.

*Which* is one of two queues. They take turns (§4); a family that has none left lets the
other go on. The first turn is IPv6's, or that of the first address, if both families came
in one answer: the system's own search sorts all it finds by what works best from here
(RFC 6724), so that it begins with IPv6 wherever there is IPv6.

Rejected: to wait for the end of the search, as a slow answer for one family would
hold up the other; to try one family after the other, as all addresses of one may be
broken; to sort again, as the system has done it with the administrator's settings.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from sennit.core.address import IPv4Address, IPv6Address

if TYPE_CHECKING:
    from typing import TypeAlias

    Address: TypeAlias = IPv4Address | IPv6Address

__all__ = ["ATTEMPT_DELAY", "RESOLUTION_DELAY", "Eyeballs"]

# Seconds, both as RFC 8305 §8 recommends: three round trips on most paths; and less
# than anybody notices.
ATTEMPT_DELAY: Final = 0.25
RESOLUTION_DELAY: Final = 0.05

# Seconds. What is told within so little comes from one answer: two from the network
# are further apart, and if they are not, either may be first.
_ONE_ANSWER: Final = 0.001


class Eyeballs:
    """The addresses that have not been tried, and when the next may be.

    Each method is told what has happened and the time at which it did, in seconds.

    Attributes:
        due: When the next attempt may begin; None while there is no address to try.
    """

    def __init__(self, attemptDelay: float = ATTEMPT_DELAY) -> None:
        self._delay = attemptDelay
        self._waiting: dict[type[Address], deque[Address]] = {
            IPv6Address: deque(),
            IPv4Address: deque(),
        }
        # Whose turn it is; None before the first address.
        self._turn: type[Address] | None = None
        self._first_found = 0.0
        self._next = 0.0
        self._tried = 0
        self._running = 0
        self._searching = True

    def found(self, address: Address, now: float) -> None:
        """An address has come."""
        family = IPv6Address if isinstance(address, IPv6Address) else IPv4Address
        self._waiting[family].append(address)
        if self._turn is None:
            self._turn = family
            self._first_found = self._next = now
            if family is IPv4Address and self._searching:
                self._next += RESOLUTION_DELAY
        elif not self._tried and family is IPv6Address:
            self._next = min(self._next, now)
            if now - self._first_found > _ONE_ANSWER:
                self._turn = family

    def searched(self, now: float) -> None:
        """There will be no more addresses."""
        self._searching = False
        if not self._tried:
            self._next = min(self._next, now)

    def failed(self, now: float) -> None:
        """An attempt has failed."""
        self._running -= 1
        self._next = now

    def take(self, now: float) -> Address | None:
        """The address to try now; None if it is not the time, or there is none."""
        due = self.due
        if due is None or now < due:
            return None
        family = self._turn
        assert family is not None
        if not self._waiting[family]:
            family = _other(family)
        self._turn = _other(family)
        self._tried += 1
        self._running += 1
        self._next = now + self._delay
        return self._waiting[family].popleft()

    @property
    def due(self) -> float | None:
        """When the next attempt may begin."""
        return self._next if any(self._waiting.values()) else None

    @property
    def over(self) -> bool:
        """Whether no attempt runs, and none will."""
        return not (self._searching or self._running or any(self._waiting.values()))


def _other(family: type[Address]) -> type[Address]:
    return IPv4Address if family is IPv6Address else IPv6Address
