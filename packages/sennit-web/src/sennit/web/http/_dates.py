"""Dates as HTTP writes and reads them (RFC 9110 §5.6.7), and as access logs do.

They are written without `email` and `calendar`, whose import costs more than a server's
first thousand dates. The ``Date`` line of responses is made once a second.
"""

from __future__ import annotations

import re
import time
from typing import Final

__all__ = [
    "date_line",
    "datetimeToLogString",
    "datetimeToString",
    "stringToDatetime",
    "timegm",
]

_DAYS: Final = (b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun")
_MONTHS: Final = (
    *(b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun"),
    *(b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"),
)
_MONTH_NUMBERS: Final = {name.lower(): at for at, name in enumerate(_MONTHS, 1)}

# The three forms a recipient has to read: IMF-fixdate, RFC 850's, asctime's.
_FORMS: Final = (
    re.compile(
        rb"(?:[a-z]{3}, *)?(?P<day>\d\d?) (?P<month>[a-z]{3}) (?P<year>\d{4}) "
        rb"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?: gmt)?",
        re.IGNORECASE,
    ),
    re.compile(
        rb"(?:[a-z]{3,9}, *)?(?P<day>\d\d?)-(?P<month>[a-z]{3})-(?P<year>\d{2}|\d{4}) "
        rb"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?: gmt)?",
        re.IGNORECASE,
    ),
    re.compile(
        rb"(?:[a-z]{3} )?(?P<month>[a-z]{3}) +(?P<day>\d\d?) "
        rb"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d) (?P<year>\d{4})",
        re.IGNORECASE,
    ),
)


def timegm(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int:
    """Make a time of its parts, in UTC.

    Returns:
        Seconds since 1970.

    Raises:
        ValueError: The year is before 1970, or there is no such month.
    """
    if year < 1970:
        raise ValueError(f"years begin with 1970 here: {year}")
    if not 1 <= month <= 12:
        raise ValueError(f"there are 12 months: {month}")
    # Years that begin in March have their leap day at the end: days are a formula.
    if month < 3:
        year, month = year - 1, month + 12
    days = 365 * year + year // 4 - year // 100 + year // 400
    days += (153 * month - 457) // 5 + day - 719469
    return ((days * 24 + hour) * 60 + minute) * 60 + second


def datetimeToString(msSinceEpoch: float | None = None) -> bytes:
    """Write a time as HTTP does: ``Sun, 06 Nov 1994 08:49:37 GMT``.

    Args:
        msSinceEpoch: Seconds since 1970 (the name is the field's); None for now.
    """
    at = time.gmtime(msSinceEpoch)
    return b"%b, %02d %b %04d %02d:%02d:%02d GMT" % (
        _DAYS[at.tm_wday],
        at.tm_mday,
        _MONTHS[at.tm_mon - 1],
        *(at.tm_year, at.tm_hour, at.tm_min, at.tm_sec),
    )


def datetimeToLogString(msSinceEpoch: float | None = None) -> str:
    """Write a time as access logs do: ``[06/Nov/1994:08:49:37 +0000]``.

    Args:
        msSinceEpoch: Seconds since 1970 (the name is the field's); None for now.
    """
    at = time.gmtime(msSinceEpoch)
    return "[{:02}/{}/{:04}:{:02}:{:02}:{:02} +0000]".format(
        at.tm_mday,
        _MONTHS[at.tm_mon - 1].decode(),
        *(at.tm_year, at.tm_hour, at.tm_min, at.tm_sec),
    )


def stringToDatetime(dateString: bytes) -> int:
    """Read a time in any of the forms that HTTP has had.

    Args:
        dateString: What a header says.

    Returns:
        Seconds since 1970.

    Raises:
        ValueError: It is no date.
    """
    text = dateString.strip()
    for form in _FORMS:
        if found := form.fullmatch(text):
            break
    else:
        raise ValueError(f"no date of HTTP: {dateString[:64]!r}")
    month = _MONTH_NUMBERS.get(found["month"].lower())
    if month is None:
        raise ValueError(f"no month: {found['month']!r}")
    parts = (int(found[name]) for name in ("day", "hour", "minute", "second"))
    return timegm(_whole(found["year"]), month, *parts)


def _whole(year: bytes) -> int:
    """A year of two digits is at most 50 years ahead (RFC 9110 §5.6.7)."""
    number = int(year)
    if len(year) > 2:
        return number
    now = time.gmtime().tm_year
    number += now - now % 100
    return number - 100 if number > now + 50 else number


# The line of this second, and the times between which it is true; time may go back.
# Changed by date_line only.
_line = b""
_from = _until = 0.0


def date_line() -> bytes:
    """The ``Date`` line of a response that begins now, with its end."""
    global _line, _from, _until
    now = time.time()
    if not _from <= now < _until:
        _from = float(int(now))
        _until = _from + 1
        _line = b"Date: %b\r\n" % datetimeToString(_from)
    return _line
