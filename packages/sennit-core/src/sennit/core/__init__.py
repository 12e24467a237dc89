"""The engine of Sennit: reactor, Deferred, transports, endpoints, tasks, threads.

    from sennit.core import defer, endpoints, log, reactor, task, threads

Each name is imported when it is first asked for. ``reactor`` is the one for the main
thread, made then; the loop it runs on comes later still, with ``run()`` or the loop
that runs already.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sennit.core import (
        address as address,
        contracts as contracts,
        cred as cred,
        defer as defer,
        endpoints as endpoints,
        engine as engine,
        errors as errors,
        failure as failure,
        filepath as filepath,
        inotify as inotify,
        interfaces as interfaces,
        lockfile as lockfile,
        log as log,
        logfile as logfile,
        logger as logger,
        process as process,
        protocol as protocol,
        stdio as stdio,
        task as task,
        testing as testing,
        threadpool as threadpool,
        threads as threads,
        tls as tls,
        watchdog as watchdog,
    )

    reactor: engine.Reactor

__all__ = [
    "address",
    "contracts",
    "cred",
    "defer",
    "endpoints",
    "engine",
    "errors",
    "failure",
    "filepath",
    "inotify",
    "interfaces",
    "lockfile",
    "log",
    "logfile",
    "logger",
    "process",
    "protocol",
    "reactor",
    "stdio",
    "task",
    "testing",
    "threadpool",
    "threads",
    "tls",
    "watchdog",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
