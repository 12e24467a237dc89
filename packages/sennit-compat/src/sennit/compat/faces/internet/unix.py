"""``twisted.internet.unix``: the classes of ports and connections, by their names."""

from __future__ import annotations

from sennit.core.engine import (
    ConnectedUNIXDatagramPort as ConnectedDatagramPort,
    UNIXConnection as Client,
    UNIXConnector as Connector,
    UNIXDatagramPort as DatagramPort,
    UNIXPort as Port,
)

__all__ = [
    "Client",
    "ConnectedDatagramPort",
    "Connector",
    "DatagramPort",
    "Port",
    "Server",
]

Server = Client
