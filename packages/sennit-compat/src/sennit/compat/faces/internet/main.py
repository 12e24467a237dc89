"""``twisted.internet.main``: the two reasons, and the choice of the reactor."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import sennit.core
from sennit.core.errors import (
    CONNECTION_DONE as CONNECTION_DONE,
    CONNECTION_LOST as CONNECTION_LOST,
    ReactorAlreadyInstalledError,
)

__all__ = ["CONNECTION_DONE", "CONNECTION_LOST", "installReactor", "theReactor"]


def installReactor(reactor: object = None) -> None:
    """Make an object the reactor that ``from twisted.internet import reactor`` finds.

    Args:
        reactor: The object; the usual reactor if there is none.

    Raises:
        ReactorAlreadyInstalledError: There is one already.
    """
    name = "twisted.internet.reactor"
    if name in sys.modules:
        raise ReactorAlreadyInstalledError("reactor already installed")
    if reactor is None:
        importlib.import_module(name)
        return
    package = importlib.import_module("twisted.internet")
    vars(package)["reactor"] = reactor
    vars(sennit.core)["reactor"] = reactor
    for each in (name, "sennit.core.reactor"):
        sys.modules[each] = reactor  # type: ignore[assignment]


def theReactor() -> Any:
    """What ``from twisted.internet import reactor`` gives now."""
    importlib.import_module("twisted.internet.reactor")
    # By way of the package, where a program may have put another.
    return importlib.import_module("twisted.internet").reactor
