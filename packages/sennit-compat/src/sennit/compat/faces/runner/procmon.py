"""``twisted.runner.procmon``: processes that are kept running."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sennit.app import procmon
from sennit.app.procmon import (
    LineLogger as LineLogger,
    LoggingProtocol as LoggingProtocol,
)

__all__ = ["LineLogger", "LoggingProtocol", "ProcessMonitor"]


class ProcessMonitor(procmon.ProcessMonitor):
    """Keeps programs running, and tells which in the form of old programs."""

    @property
    def processes(
        self,
    ) -> dict[
        str, tuple[Sequence[str], int | None, int | None, Mapping[str, str] | None]
    ]:
        """Of each program the command, user, group and environment, by its name."""
        return {
            name: (each.args, each.uid, each.gid, each.env)
            for name, each in self.programs.items()
        }
