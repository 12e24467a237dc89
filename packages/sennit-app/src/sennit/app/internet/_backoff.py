"""How long a client waits before it tries again."""

from __future__ import annotations

import random
from collections.abc import Callable

__all__ = ["backoffPolicy"]


def backoffPolicy(
    initialDelay: float = 1.0,
    maxDelay: float = 60.0,
    factor: float = 1.5,
    jitter: Callable[[], float] = random.random,
) -> Callable[[int], float]:
    """Make a policy of waits that grow from failure to failure, and are spread.

    Args:
        initialDelay: The wait before anything has failed, in seconds.
        maxDelay: The longest wait, in seconds, before it is spread.
        factor: How much longer each wait is than the one before.
        jitter: Gives the seconds that a wait is longer: so the clients of a server that
            went down do not come back all at once.

    Returns:
        Called with the number of failures, it gives the seconds to wait.
    """

    def policy(attempt: int) -> float:
        try:
            delay = min(initialDelay * float(factor) ** attempt, maxDelay)
        except OverflowError:
            delay = maxDelay
        return delay + jitter()

    return policy
