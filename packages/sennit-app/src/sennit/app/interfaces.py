"""The contracts of services as zope Interfaces, for whoever asks at run time.

Type checkers see the Protocols of `sennit.app.contracts`, from which these are made.
That our classes provide them is declared here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sennit.app.contracts import (
        IProcess as IProcess,
        IService as IService,
        IServiceCollection as IServiceCollection,
        IServiceMaker as IServiceMaker,
    )
else:
    from typing import Protocol

    from zope.interface import Interface

    from sennit.app import contracts
    from sennit.core._interfaces import declare, derive

    _made = {Protocol: Interface}
    IProcess = derive(contracts.IProcess, __name__, _made)
    IService = derive(contracts.IService, __name__, _made)
    IServiceCollection = derive(contracts.IServiceCollection, __name__, _made)
    IServiceMaker = derive(contracts.IServiceMaker, __name__, _made)

    declare(
        (
            ("sennit.app.service.MultiService", (IServiceCollection,)),
            ("sennit.app.service.Process", (IProcess,)),
            ("sennit.app.service.Service", (IService,)),
            ("sennit.app.service.ServiceMaker", (IServiceMaker,)),
        )
    )

__all__ = ["IProcess", "IService", "IServiceCollection", "IServiceMaker"]
