"""``twisted.internet.unix``: the classes of ports and connections, by their names."""

from __future__ import annotations

from sennit.core.engine import (
    Connection as Connection,
    UNIXConnector as Connector,
    UNIXPort as Port,
)

__all__ = ["Client", "Connector", "Port", "Server"]

Client = Connection
Server = Connection
