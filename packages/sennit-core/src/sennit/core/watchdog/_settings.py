"""How long the loop may be held."""

from __future__ import annotations

import os
from math import inf

__all__ = ["BadThreshold", "checked", "thresholdFromEnvironment"]

VARIABLE = "SENNIT_WATCHDOG"

# Seconds. A thread waits up to 5 ms for its turn while another computes, which is the
# time between two looks for this.
_LEAST = 0.01

_TAKES = f"it takes seconds, {_LEAST} or more, such as 0.1"


class BadThreshold(ValueError):
    """What was to be a threshold is no number of seconds that can be watched for."""


def checked(threshold: float) -> float:
    """Give a threshold back if it is one.

    Raises:
        BadThreshold: It is not.
    """
    if isinstance(threshold, int | float) and _LEAST <= threshold < inf:
        return float(threshold)
    raise BadThreshold(f"the threshold is {threshold!r}: {_TAKES}")


def thresholdFromEnvironment() -> float | None:
    """Give the seconds that ``SENNIT_WATCHDOG`` asks for; None if it asks for none.

    Raises:
        BadThreshold: Its value is no number of seconds.
    """
    text = os.environ.get(VARIABLE, "").strip()
    if text in ("", "0"):
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not _LEAST <= seconds < inf:
        raise BadThreshold(f"{VARIABLE} is {text!r}: {_TAKES}, or 0 for no watchdog")
    return seconds
