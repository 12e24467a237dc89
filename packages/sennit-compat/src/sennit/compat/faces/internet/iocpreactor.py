"""``twisted.internet.iocpreactor``: accepted; the loop beneath is another."""

from __future__ import annotations

from sennit.compat.faces.internet.main import installReactor
from sennit.core.engine import Reactor as IOCPReactor

__all__ = ["IOCPReactor", "install"]


def install() -> None:
    """Install the reactor, whose loop is uvloop's or asyncio's."""
    installReactor(IOCPReactor())
