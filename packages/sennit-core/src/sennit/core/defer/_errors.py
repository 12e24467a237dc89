"""What can go wrong with a Deferred itself."""

from __future__ import annotations

import asyncio
import builtins

__all__ = [
    "AlreadyCalledError",
    "AlreadyTryingToLockError",
    "CancelledError",
    "NotACoroutineError",
    "QueueOverflow",
    "QueueUnderflow",
    "TimeoutError",
]


class AlreadyCalledError(Exception):
    """A Deferred was fired twice."""


class CancelledError(Exception, asyncio.CancelledError):
    """A Deferred was cancelled, and its source had nothing better to say.

    It can be caught under asyncio's name as well. Other than that one it is an
    ``Exception``: errors of Deferreds are values, ``except Exception`` around a
    ``yield`` has always caught this one, and programs rely on it.
    """


class TimeoutError(builtins.TimeoutError):
    """A Deferred had no result in the time it was given."""


class NotACoroutineError(TypeError):
    """Something else was given where a coroutine was due."""


class QueueOverflow(Exception):
    """A full `DeferredQueue` was given one more."""


class QueueUnderflow(Exception):
    """A `DeferredQueue` has as many waiting for an item as it allows."""


class AlreadyTryingToLockError(Exception):
    """A lock was asked for again while it was still being waited for."""
