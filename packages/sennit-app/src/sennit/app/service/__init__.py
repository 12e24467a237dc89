"""Services: units that start and stop together, as a tree.

A `Service` is started and stopped. A `MultiService` has others, which start in their
order and stop in the reverse one. An `Application` is the root, which a runner takes.
Starting and stopping may take time: they return a Deferred or are coroutines.

The zope Interfaces of the contracts are here as well, and made when asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.app.service._application import (
    Application as Application,
    Process as Process,
)
from sennit.app.service._load import (
    loadApplication as loadApplication,
    runFile as runFile,
)
from sennit.app.service._maker import ServiceMaker as ServiceMaker
from sennit.app.service._multi import MultiService as MultiService
from sennit.app.service._service import Service as Service

if TYPE_CHECKING:
    from sennit.app.contracts import (
        IProcess as IProcess,
        IService as IService,
        IServiceCollection as IServiceCollection,
        IServiceMaker as IServiceMaker,
    )

__all__ = [
    "Application",
    "IProcess",
    "IService",
    "IServiceCollection",
    "IServiceMaker",
    "MultiService",
    "Process",
    "Service",
    "ServiceMaker",
    "loadApplication",
    "runFile",
]

# The interfaces are made when somebody asks for them: zope is slow to import.
_INTERFACES = ("IProcess", "IService", "IServiceCollection", "IServiceMaker")


def __getattr__(name: str) -> Any:
    if name in _INTERFACES:
        import sennit.app.interfaces as interfaces

        return getattr(interfaces, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
