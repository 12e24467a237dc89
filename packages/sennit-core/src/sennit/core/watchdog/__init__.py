"""A watchdog for the loop: what holds it up for too long is logged, with its stack.

    from sennit.core import reactor, watchdog

    watchdog.watch(reactor, threshold=0.1)

or, without touching the program, ``SENNIT_WATCHDOG=0.1`` in the environment. While one
callback holds the loop, nothing else is served. If that takes longer than the threshold
(in seconds), a warning says so, with the connection or the call that does it and the
lines it is at; again each time it has lasted twice as long; and once when it is over.
"""

from __future__ import annotations

from sennit.core.watchdog._settings import (
    BadThreshold as BadThreshold,
    thresholdFromEnvironment as thresholdFromEnvironment,
)
from sennit.core.watchdog._watchdog import Watchdog as Watchdog, watch as watch

__all__ = ["BadThreshold", "Watchdog", "thresholdFromEnvironment", "watch"]
