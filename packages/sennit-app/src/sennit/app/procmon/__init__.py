"""Child processes that are kept alive: started in order, logged, started again.

A `ProcessMonitor` is a service. What dies is started again, at once if it has lived
for a while, and ever later if it dies as soon as it is born.
"""

from __future__ import annotations

from sennit.app.procmon._monitor import ProcessMonitor as ProcessMonitor
from sennit.app.procmon._output import (
    LineLogger as LineLogger,
    LoggingProtocol as LoggingProtocol,
)
from sennit.app.procmon._program import Program as Program

__all__ = ["LineLogger", "LoggingProtocol", "ProcessMonitor", "Program"]
