"""DateTime: a moment, with the distance of its clock to UTC."""

from __future__ import annotations

import datetime
import re
from typing import Any, Final

from sennit.protocols.amp._arguments import Argument

__all__ = ["DateTime", "utc"]

utc: Final = datetime.UTC
"""The time zone that moments without one want."""

_FORM: Final = re.compile(
    rb"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{6})([+-])(\d\d):(\d\d)"
)


class DateTime(Argument):
    """A `datetime.datetime` that knows its time zone: ``2012-01-23T12:34:56.054321-01:23``.

    On the wire it has a distance to UTC in minutes, not the name of a zone.
    """

    def fromString(self, inString: bytes) -> Any:
        """Read it.

        Raises:
            ValueError: It has another form, or there is no such moment.
        """
        found = _FORM.fullmatch(inString) if isinstance(inString, bytes) else None
        if found is None:
            raise ValueError(f"a DateTime in an unknown form: {inString[:40]!r}")
        *parts, sign, hours, minutes = found.groups()
        distance = datetime.timedelta(hours=int(hours), minutes=int(minutes))
        zone = datetime.timezone(-distance if sign == b"-" else distance)
        year, month, day, hour, minute, second, micro = map(int, parts)
        return datetime.datetime(year, month, day, hour, minute, second, micro, zone)

    def toString(self, inObject: Any) -> bytes:
        """Write it.

        Raises:
            ValueError: It knows no time zone.
        """
        distance = inObject.utcoffset()
        if distance is None:
            raise ValueError(
                f"a DateTime must know its time zone, as amp.utc: {inObject!r}"
            )
        minutes = round(distance.total_seconds() / 60)
        hours, minutes = divmod(abs(minutes), 60)
        sign = "-" if distance < datetime.timedelta(0) else "+"
        moment = inObject.replace(tzinfo=None).isoformat(timespec="microseconds")
        return f"{moment}{sign}{hours:02}:{minutes:02}".encode("ascii")
