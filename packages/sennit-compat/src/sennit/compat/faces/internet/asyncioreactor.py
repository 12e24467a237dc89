"""``twisted.internet.asyncioreactor``: the reactor on an event loop one has."""

from __future__ import annotations

from asyncio import AbstractEventLoop

from sennit.compat.faces.internet.main import installReactor
from sennit.core.engine import Reactor as AsyncioSelectorReactor

__all__ = ["AsyncioSelectorReactor", "install"]


def install(eventloop: AbstractEventLoop | None = None) -> None:
    """Install the reactor on a loop.

    Args:
        eventloop: The loop; the usual one if there is none.
    """
    installReactor(AsyncioSelectorReactor(eventloop))
