"""``twisted.internet.default``: the reactor of a platform."""

from __future__ import annotations

from sennit.compat.faces.internet.main import installReactor
from sennit.core.engine import Reactor

__all__ = ["install"]


def install() -> None:
    """Install the reactor, whose loop is uvloop's or asyncio's."""
    installReactor(Reactor())
