"""``twisted.internet.udp``: the class of ports, by its name."""

from __future__ import annotations

from sennit.core.engine import UDPPort as Port

__all__ = ["Port"]
