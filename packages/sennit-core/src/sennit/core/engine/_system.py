"""The log's *system*, ``[Counter,0,127.0.0.1]``, around calls into the user's code.

A context around each event costs 7 to 10 % of an echo, so it is set only while logging
that shows it has been started.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sennit.core import log

__all__ = ["callInSystem", "prefixOf"]


def callInSystem(prefix: Callable[[], str], f: Callable[..., Any], *args: Any) -> Any:
    """Call ``f(*args)``; while systems are shown, what it logs bears ``prefix()``."""
    if not log.context.showsSystem():
        return f(*args)
    token = log.context.system.set(prefix())
    try:
        return f(*args)
    finally:
        log.context.system.reset(token)


def prefixOf(someone: object) -> str:
    """How a protocol or factory calls itself in the log: its class unless it says."""
    told = getattr(someone, "logPrefix", None)
    return str(told()) if callable(told) else type(someone).__name__
