"""``twisted.internet.udp``: the classes of ports, by their names."""

from __future__ import annotations

from sennit.core.engine import MulticastPort as MulticastPort, UDPPort as Port

__all__ = ["MulticastPort", "Port"]
