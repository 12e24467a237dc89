"""The contracts of the structured log as zope Interfaces, and what of ours has them.

Imported when one of them is first asked for: the reactor's path is free of zope.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sennit.core._interfaces import Declarations, declare

if TYPE_CHECKING:
    from sennit.core.logger._contracts import (
        ILogFilterPredicate as ILogFilterPredicate,
        ILogObserver as ILogObserver,
    )
else:
    from typing import Protocol

    from zope.interface import Interface

    from sennit.core._interfaces import derive
    from sennit.core.logger import _contracts

    _ROOM = __name__.rpartition(".")[0]
    _made = {Protocol: Interface}
    ILogFilterPredicate = derive(_contracts.ILogFilterPredicate, _ROOM, _made)
    ILogObserver = derive(_contracts.ILogObserver, _ROOM, _made)

__all__ = ["ILogFilterPredicate", "ILogObserver"]

_OBSERVERS = [
    "FileLogObserver",
    "FilteringLogObserver",
    "LegacyLogObserverWrapper",
    "LimitedHistoryLogObserver",
    "LogPublisher",
    "STDLibLogObserver",
]

_PROVIDED: Declarations = [
    *((f"sennit.core.logger.{name}", (ILogObserver,)) for name in _OBSERVERS),
    ("sennit.core.logger.LogLevelFilterPredicate", (ILogFilterPredicate,)),
]

declare(_PROVIDED)
