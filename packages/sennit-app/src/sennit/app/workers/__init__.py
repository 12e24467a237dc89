"""Several processes that serve on the same sockets, and a supervisor of them.

The supervisor, a `WorkerPool`, binds what any of them asks for, and hands it to each: an
address is bound once, and stays so while workers come and go. In a worker a
`SupervisorLink` has the reactor ask.
"""

from __future__ import annotations

from sennit.app.workers._link import SupervisorLink as SupervisorLink
from sennit.app.workers._pool import (
    WorkerFailed as WorkerFailed,
    WorkerPool as WorkerPool,
)

__all__ = ["SupervisorLink", "WorkerFailed", "WorkerPool"]
