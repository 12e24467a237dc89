"""Timers: calls that wait for their time, in a heap that somebody else drives.

A server makes timers by the hundred thousand and cancels nearly all of them: each
connection has its time-out, moved at each message, and it almost never comes to pass.
So making, moving and cancelling have to be cheap; running and listing may cost more.

The heap holds ``(time, number, call)``, the number counting up so that calls due at the
same time run in the order they were made, and no comparison ever reaches the call. A
call remembers the time of its one valid entry (``_entry``), and what becomes of it is
found out when an entry gets to the top:

- cancelling only marks the call and lets go of what it held; the entry stays behind;
- moving it to later only changes ``time``; its entry is put back when it comes up;
- moving it to earlier pushes a second entry, which makes the first one invalid.

Such entries are dead; they are counted, and swept out as soon as they are more than
half. So a million calls that are made and cancelled leave nothing behind. One timer of
the loop, at the earliest time, serves the whole heap.

Rejected: a timer of the loop for each call (slower than Twisted's), an index of
positions for true removal (every push and pop pays for it), a wheel (time would be
rounded).
"""

from __future__ import annotations

from sennit.core._timers._call import DelayedCall as DelayedCall
from sennit.core._timers._queue import TimerQueue as TimerQueue

__all__ = ["DelayedCall", "TimerQueue"]
