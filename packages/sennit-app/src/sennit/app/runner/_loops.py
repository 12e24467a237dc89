"""Which event loop a name on the command line means.

The names of Twisted's reactors are taken, too, as all that they chose between is the
system call beneath.
"""

from __future__ import annotations

import importlib.util
from types import MappingProxyType
from typing import Final

from sennit.app.runner._errors import UsageError

__all__ = ["LOOPS", "loopNamed"]

LOOPS: Final = MappingProxyType(
    {
        "default": "",
        "asyncio": "asyncio",
        "uvloop": "uvloop",
        "epoll": "",
        "kqueue": "",
        "poll": "",
        "select": "asyncio",
    }
)
"""From a name to a value of ``SENNIT_LOOP``; empty is uvloop where that is installed."""


def loopNamed(name: str) -> str:
    """What ``SENNIT_LOOP`` has to be.

    Args:
        name: One of `LOOPS`, or ``module:factory``.

    Raises:
        UsageError: There is no such loop, or it is not installed.
    """
    if name not in LOOPS and ":" not in name:
        known = ", ".join(LOOPS)
        raise UsageError(f"there is no loop {name!r}: it is {known} or module:factory")
    loop = LOOPS.get(name, name)
    if loop == "uvloop" and importlib.util.find_spec("uvloop") is None:
        raise UsageError("uvloop is not installed: pip install uvloop")
    return loop
