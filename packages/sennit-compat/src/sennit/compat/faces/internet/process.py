"""``twisted.internet.process``: the transports of child processes, to know them by."""

from __future__ import annotations

from sennit.core.engine._processes._pipes import (
    ChildReader as ProcessReader,
    ChildWriter as ProcessWriter,
)
from sennit.core.engine._processes._reap import reapLeft as reapAllProcesses
from sennit.core.errors import ProcessExitedAlready as ProcessExitedAlready
from sennit.core.process import Process as Process, PTYProcess as PTYProcess

__all__ = [
    "PTYProcess",
    "Process",
    "ProcessExitedAlready",
    "ProcessReader",
    "ProcessWriter",
    "reapAllProcesses",
]
