"""``twisted.internet.tcp``: the classes of ports and connections, by their names."""

from __future__ import annotations

from sennit.core.engine import (
    Connection as Connection,
    Port as Port,
    TCPConnector as Connector,
)

__all__ = ["Client", "Connection", "Connector", "Port", "Server"]

Client = Connection
Server = Connection
