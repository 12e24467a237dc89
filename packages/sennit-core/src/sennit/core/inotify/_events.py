"""The events that the kernel writes, taken apart: bytes in, events out, no descriptor.

Each is four numbers in the machine's order (watch, mask, cookie, length of the name),
and the name, filled up with zero bytes to that length (inotify(7), "Reading events").
"""

from __future__ import annotations

import struct
from typing import NamedTuple

__all__ = ["Event", "decodeEvents"]

_HEAD = struct.Struct("@iIII")


class Event(NamedTuple):
    """Something that happened to a watched file or folder.

    Attributes:
        watch: The number of the watch; -1 for none in particular.
        mask: What happened.
        cookie: The same for both halves of a move; 0 for all else.
        name: Of the file in the watched folder; empty for that itself.
    """

    watch: int
    mask: int
    cookie: int
    name: bytes


def decodeEvents(data: bytes) -> list[Event]:
    """Take apart what one reading gave; the kernel gives whole events only.

    Raises:
        ValueError: The last one is cut off.
    """
    events = []
    at = 0
    while at < len(data):
        begin = at + _HEAD.size
        if begin > len(data):
            raise ValueError(f"an event's head is cut off after {len(data)} bytes")
        watch, mask, cookie, length = _HEAD.unpack_from(data, at)
        at = begin + length
        if at > len(data):
            raise ValueError(f"an event's name is cut off after {len(data)} bytes")
        name = data[begin:at].partition(b"\0")[0]
        events.append(Event(watch, mask, cookie, name))
    return events
