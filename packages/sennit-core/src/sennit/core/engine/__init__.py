"""The engine: a reactor as an adapter over the event-loop contract of asyncio."""

from __future__ import annotations

from sennit.core.engine._bindables import (
    Bindable as Bindable,
    InetBindable as InetBindable,
    PathBindable as PathBindable,
)
from sennit.core.engine._binding import newLoop as newLoop
from sennit.core.engine._connect import (
    Connector as Connector,
    TCPConnector as TCPConnector,
    UNIXConnector as UNIXConnector,
)
from sennit.core.engine._datagrams._multicast import MulticastPort as MulticastPort
from sennit.core.engine._datagrams._udp import UDPPort as UDPPort
from sennit.core.engine._datagrams._unix import (
    ConnectedUNIXDatagramPort as ConnectedUNIXDatagramPort,
    UNIXDatagramPort as UNIXDatagramPort,
)
from sennit.core.engine._listen import Port as Port, TCPPort as TCPPort
from sennit.core.engine._names._system import SystemResolver as SystemResolver
from sennit.core.engine._passing._connection import UNIXConnection as UNIXConnection
from sennit.core.engine._phases import Trigger as Trigger
from sennit.core.engine._reactor import Reactor as Reactor
from sennit.core.engine._sendfile import (
    canSendFile as canSendFile,
    sendFile as sendFile,
)
from sennit.core.engine._sockets import (
    isIPAddress as isIPAddress,
    isIPv6Address as isIPv6Address,
)
from sennit.core.engine._stream import Connection as Connection
from sennit.core.engine._tls._over import (
    TLSMemoryBIOFactory as TLSMemoryBIOFactory,
    TLSMemoryBIOProtocol as TLSMemoryBIOProtocol,
)
from sennit.core.engine._tls._secure import SecureConnection as SecureConnection
from sennit.core.engine._unix import UNIXPort as UNIXPort

__all__ = [
    "Bindable",
    "ConnectedUNIXDatagramPort",
    "Connection",
    "Connector",
    "InetBindable",
    "MulticastPort",
    "PathBindable",
    "Port",
    "Reactor",
    "SecureConnection",
    "SystemResolver",
    "TCPConnector",
    "TCPPort",
    "TLSMemoryBIOFactory",
    "TLSMemoryBIOProtocol",
    "Trigger",
    "UDPPort",
    "UNIXConnection",
    "UNIXConnector",
    "UNIXDatagramPort",
    "UNIXPort",
    "canSendFile",
    "isIPAddress",
    "isIPv6Address",
    "newLoop",
    "sendFile",
]
