"""``twisted.protocols.amp``: classic AMP, and the time zones of its own that it has."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Any

from sennit.protocols import amp

__all__ = amp.__all__

globals().update({name: getattr(amp, name) for name in __all__})


class _FixedOffsetTZInfo(tzinfo):
    """A time zone that is so far from UTC, and is called by that."""

    def __init__(self, offset: timedelta) -> None:
        self.offset = offset

    @classmethod
    def fromSignHoursMinutes(
        cls, sign: str, hours: int, minutes: int
    ) -> _FixedOffsetTZInfo:
        """Make a zone.

        Raises:
            ValueError: The sign is neither ``+`` nor ``-``.
        """
        if sign not in ("+", "-"):
            raise ValueError(f"the sign is + or -, not {sign!r}")
        offset = timedelta(hours=hours, minutes=minutes)
        return cls(-offset if sign == "-" else offset)

    def utcoffset(self, dt: datetime | None) -> timedelta:
        """How far it is from UTC."""
        return self.offset

    def dst(self, dt: datetime | None) -> timedelta:
        """There is no summer time."""
        return timedelta(0)

    def tzname(self, dt: datetime | None) -> str:
        """Such as ``+01:30``."""
        minutes = round(self.offset.total_seconds() / 60)
        sign = "-" if minutes < 0 else "+"
        return "{}{:02}:{:02}".format(sign, *divmod(abs(minutes), 60))


class BoxDispatcher(amp.BoxDispatcher):
    """As it is, without big values: a call with one raises `TooLong` at once."""

    maxBigBytes = 0


class AMP(amp.AMP):
    """As it is, without big values: a call with one raises `TooLong` at once."""

    maxBigBytes = 0


utc: tzinfo = _FixedOffsetTZInfo(timedelta(0))


def __getattr__(name: str) -> Any:
    return getattr(amp, name)
