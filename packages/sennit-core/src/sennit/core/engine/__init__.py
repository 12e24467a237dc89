"""The engine: a reactor as an adapter over the event-loop contract of asyncio."""

from __future__ import annotations

from sennit.core.engine._binding import newLoop as newLoop
from sennit.core.engine._connect import (
    Connector as Connector,
    TCPConnector as TCPConnector,
    UNIXConnector as UNIXConnector,
)
from sennit.core.engine._listen import Port as Port, TCPPort as TCPPort
from sennit.core.engine._phases import Trigger as Trigger
from sennit.core.engine._reactor import Reactor as Reactor
from sennit.core.engine._sockets import (
    isIPAddress as isIPAddress,
    isIPv6Address as isIPv6Address,
)
from sennit.core.engine._stream import Connection as Connection
from sennit.core.engine._udp import UDPPort as UDPPort
from sennit.core.engine._unix import UNIXPort as UNIXPort

__all__ = [
    "Connection",
    "Connector",
    "Port",
    "Reactor",
    "TCPConnector",
    "TCPPort",
    "Trigger",
    "UDPPort",
    "UNIXConnector",
    "UNIXPort",
    "isIPAddress",
    "isIPv6Address",
    "newLoop",
]
