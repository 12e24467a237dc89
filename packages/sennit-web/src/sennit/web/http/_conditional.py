"""Requests that depend on what the client has already (RFC 9110 §13).

Two things tell one state of a resource from another: its *entity tag*, and when it was
modified. A client that has a copy asks for what is new (If-None-Match,
If-Modified-Since: 304 if nothing is); one that changes something asks that nobody did
meanwhile (If-Match, If-Unmodified-Since: 412 if somebody did); one that has the
beginning asks for the rest, or for the whole if that has changed (If-Range).

Where there is a tag the date is passed over, and what cannot be read never makes the
answer shorter: a tag that is none matches nothing, a date that is none is not there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from sennit.web.http._dates import stringToDatetime

__all__ = ["Field", "ifRange", "parseTags", "precondition", "strong"]

Field: TypeAlias = Callable[[bytes], "bytes | None"]
"""Gives a field of the request by its name in lower case, its lines joined by commas;
None if there is none."""

NOT_MODIFIED: Final = 304
PRECONDITION_FAILED: Final = 412

_TAG: Final = rb'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAGS: Final = re.compile(rb"[ \t,]*%b(?:[ \t]*,[ \t,]*%b)*[ \t,]*\Z" % (_TAG, _TAG))
_EACH: Final = re.compile(_TAG)


def parseTags(value: bytes) -> list[bytes] | None:
    """Read a list of entity tags, quotes and all.

    Returns:
        The tags; none if it is no such list. None for ``*``: whatever there is.
    """
    if value.strip(b" \t") == b"*":
        return None
    return _EACH.findall(value) if _TAGS.match(value) else []


def strong(tag: bytes) -> bool:
    """Whether a tag says that all bytes are the same, not only what they mean."""
    return tag.startswith(b'"')


def _same_meaning(tags: list[bytes], etag: bytes) -> bool:
    """Compare weakly (§8.8.3.2)."""
    plain = etag.removeprefix(b"W/")
    return any(tag.removeprefix(b"W/") == plain for tag in tags)


def precondition(
    method: bytes, field: Field, etag: bytes | None, modified: int | None
) -> int | None:
    """Tell whether a request is to be answered as if it had no conditions (§13.2.2).

    Args:
        method: The request's.
        field: Gives its fields.
        etag: The entity tag of what there is, with its quotes.
        modified: When that was modified, in seconds since the epoch.

    Returns:
        None if it is; else the status to answer with, 304 or 412.
    """
    reading = method in (b"GET", b"HEAD")
    wanted = field(b"if-match")
    if wanted is not None:
        tags = parseTags(wanted)
        if tags is not None and not (etag and strong(etag) and etag in tags):
            return PRECONDITION_FAILED
    elif _later(modified, field(b"if-unmodified-since")):
        return PRECONDITION_FAILED
    known = field(b"if-none-match")
    if known is not None:
        tags = parseTags(known)
        if tags is None or (etag and _same_meaning(tags, etag)):
            return NOT_MODIFIED if reading else PRECONDITION_FAILED
    elif reading and _later(modified, field(b"if-modified-since")) is False:
        return NOT_MODIFIED
    return None


def ifRange(value: bytes, etag: bytes | None, modified: int | None) -> bool:
    """Tell whether parts may be sent to one that has others already (§13.1.5).

    Args:
        value: The request's If-Range.
        etag: The entity tag of what there is, with its quotes.
        modified: When that was modified, in seconds since the epoch.

    Returns:
        Whether it is the same still, to the byte. A date must be equal; one that is
        later comes from somebody who has guessed.
    """
    value = value.strip(b" \t")
    if value.endswith(b'"'):
        return strong(value) and value == etag
    return modified is not None and _seconds(value) == modified


def _later(modified: int | None, date: bytes | None) -> bool | None:
    """Whether it was modified after a date; None if one of them is not there."""
    since = None if modified is None or date is None else _seconds(date)
    return None if since is None or modified is None else modified > since


def _seconds(date: bytes) -> int | None:
    try:
        return stringToDatetime(date)
    except ValueError:
        return None
