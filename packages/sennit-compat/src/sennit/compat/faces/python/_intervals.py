"""Several clocks, each with an interval of its own, read as one."""

from __future__ import annotations

import heapq
from collections.abc import Iterable

__all__ = ["IntervalDifferential", "IntervalIterator"]


class IntervalDifferential:
    """How long to wait from one instant to the next, for things that come regularly.

    Intervals of 7, 11 and 13 make ``(7, 0) (4, 1) (2, 2) (1, 0) (7, 0) …``: the time to
    wait, and the place in the list of the interval that is then over.

    Args:
        intervals: The intervals, in any unit.
        default: How long to wait where there are none.
    """

    def __init__(self, intervals: Iterable[float], default: float = 60) -> None:
        self.intervals: list[float] = list(intervals)
        self.default = default

    def __iter__(self) -> IntervalIterator:
        return IntervalIterator(self.intervals, self.default)


class IntervalIterator:
    """One walk along the instants, whose intervals may change on the way."""

    def __init__(self, intervals: Iterable[float], default: float) -> None:
        self.default = default
        self.last: float = 0
        # A heap of: when it is over next, the interval, its place in the list.
        self._due: list[tuple[float, float, int]] = []
        for each in intervals:
            self.addInterval(each)

    def __iter__(self) -> IntervalIterator:
        return self

    def __next__(self) -> tuple[float, int | None]:
        if not self._due:
            self.last += self.default
            return self.default, None
        due, interval, place = self._due[0]
        heapq.heapreplace(self._due, (due + interval, interval, place))
        wait = due - self.last
        self.last = due
        return wait, place

    def addInterval(self, i: float) -> None:
        """Add an interval, which begins now, at the end of the list."""
        heapq.heappush(self._due, (self.last + i, i, len(self._due)))

    def removeInterval(self, interval: float) -> None:
        """Take an interval out; those behind it move up by one place.

        Raises:
            ValueError: There is none of that length.
        """
        places = [place for _, each, place in self._due if each == interval]
        if not places:
            raise ValueError(f"there is no interval of {interval}")
        gone = min(places)
        self._due = [
            (due, each, place - (place > gone))
            for due, each, place in self._due
            if place != gone
        ]
        heapq.heapify(self._due)
