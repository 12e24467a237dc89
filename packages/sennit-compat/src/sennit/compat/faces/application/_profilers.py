"""Profiles of a run, by the names of ``twisted.application.app``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from sennit.app.runner import PROFILERS, profiled

__all__ = ["AppProfiler", "CProfileRunner", "ProfileRunner"]


class ProfileRunner:
    """Runs a reactor in the profiler ``profile``.

    Args:
        profileOutput: The path to write to.
        saveStats: Whether to write for `pstats`.
    """

    profiler = "profile"

    def __init__(self, profileOutput: str, saveStats: bool) -> None:
        self.profileOutput = profileOutput
        self.saveStats = saveStats

    def run(self, reactor: Any) -> None:
        """Run the reactor.

        Raises:
            SystemExit: The profiler is not there.
        """
        try:
            profiled(
                reactor.run,
                self.profileOutput,
                self.profiler,
                saveStats=self.saveStats,
            )
        except ImportError as error:
            module = PROFILERS[self.profiler]
            raise SystemExit(
                f"Failed to import module {module}: {error}\n"
                "Without it there is no profile."
            ) from error


class CProfileRunner(ProfileRunner):
    """Runs a reactor in the profiler ``cProfile``."""

    profiler = "cprofile"


class AppProfiler:
    """Runs a reactor in the profiler that options name.

    Args:
        options: ``profile``, ``profiler``, ``savestats``.
    """

    profilers: ClassVar[Mapping[str, type[ProfileRunner]]] = {
        "profile": ProfileRunner,
        "cprofile": CProfileRunner,
    }

    def __init__(self, options: Mapping[str, Any]) -> None:
        output = options.get("profile", None)
        self.run: Callable[[Any], object] | None = None
        self.profiler: str = (options.get("profiler") or "cprofile").lower()
        if self.profiler not in self.profilers:
            raise SystemExit(f"Unsupported profiler name: {self.profiler}")
        if output is not None:
            kind = self.profilers[self.profiler]
            self.run = kind(output, bool(options.get("savestats", False))).run

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.profiler}>"
