"""A profile of the whole run."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import redirect_stdout
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

from sennit.app.runner._errors import UsageError

__all__ = ["PROFILERS", "profiled"]

PROFILERS: Final = MappingProxyType({"cprofile": "cProfile", "profile": "profile"})
"""From a name to the module of the standard library."""


def profiled(
    function: Callable[[], object], path: str, profiler: str, *, saveStats: bool
) -> None:
    """Call a function, and write a profile of that, even if it raises.

    Args:
        function: What is called.
        path: Where to write.
        profiler: One of `PROFILERS`.
        saveStats: Write what `pstats` reads, not text.

    Raises:
        UsageError: There is no such profiler.
    """
    if profiler not in PROFILERS:
        raise UsageError(f"there is no profiler {profiler!r}: {', '.join(PROFILERS)}")
    profile: Any = import_module(PROFILERS[profiler]).Profile()
    try:
        profile.runcall(function)
    finally:
        if saveStats:
            profile.dump_stats(path)
        else:
            with open(path, "w", encoding="utf-8") as file, redirect_stdout(file):
                profile.print_stats("cumulative")
