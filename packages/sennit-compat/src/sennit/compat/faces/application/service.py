"""``twisted.application.service``: services, and applications kept in files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.app import service
from sennit.app.interfaces import (
    IProcess as IProcess,
    IService as IService,
    IServiceCollection as IServiceCollection,
    IServiceMaker as IServiceMaker,
)
from sennit.app.service import (
    Application as Application,
    MultiService as MultiService,
    Process as Process,
    Service as Service,
    ServiceMaker as ServiceMaker,
)
from sennit.compat.faces.persisted import sob

if not TYPE_CHECKING:
    from zope.interface import classImplements

    from sennit.compat.faces.plugin import IPlugin

    # As a plug-in's module that has only a ServiceMaker is one for twistd.
    classImplements(ServiceMaker, IPlugin)

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
]


def loadApplication(filename: str, kind: str, passphrase: None = None) -> Any:
    """The application of a file.

    Args:
        filename: The file.
        kind: ``python``, ``pickle`` or ``source``.
        passphrase: None: nothing is encrypted.
    """
    if kind == "python":
        return service.loadApplication(filename, kind, passphrase)
    return sob.load(filename, kind)
