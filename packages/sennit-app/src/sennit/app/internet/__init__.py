"""Services that listen, that stay connected, and that do things over time."""

from __future__ import annotations

from sennit.app.internet._backoff import backoffPolicy as backoffPolicy
from sennit.app.internet._client import ClientService as ClientService
from sennit.app.internet._cooperator import CooperatorService as CooperatorService
from sennit.app.internet._endpoint import (
    StreamServerEndpointService as StreamServerEndpointService,
)
from sennit.app.internet._ports import (
    MulticastServer as MulticastServer,
    SSLClient as SSLClient,
    SSLServer as SSLServer,
    TCPClient as TCPClient,
    TCPServer as TCPServer,
    UDPServer as UDPServer,
    UNIXClient as UNIXClient,
    UNIXDatagramClient as UNIXDatagramClient,
    UNIXDatagramServer as UNIXDatagramServer,
    UNIXServer as UNIXServer,
)
from sennit.app.internet._timer import TimerService as TimerService

__all__ = [
    "ClientService",
    "CooperatorService",
    "MulticastServer",
    "SSLClient",
    "SSLServer",
    "StreamServerEndpointService",
    "TCPClient",
    "TCPServer",
    "TimerService",
    "UDPServer",
    "UNIXClient",
    "UNIXDatagramClient",
    "UNIXDatagramServer",
    "UNIXServer",
    "backoffPolicy",
]
