"""Endpoints: objects that say where to listen or connect, apart from doing it."""

from __future__ import annotations

from sennit.core.endpoints._adopted import (
    AdoptedStreamServerEndpoint as AdoptedStreamServerEndpoint,
)
from sennit.core.endpoints._from_string import (
    clientFromString as clientFromString,
    serverFromString as serverFromString,
)
from sennit.core.endpoints._hostname import HostnameEndpoint as HostnameEndpoint
from sennit.core.endpoints._process import (
    ProcessConnection as ProcessConnection,
    ProcessEndpoint as ProcessEndpoint,
    StandardErrorBehavior as StandardErrorBehavior,
)
from sennit.core.endpoints._protocol import connectProtocol as connectProtocol
from sennit.core.endpoints._stdio import StandardIOEndpoint as StandardIOEndpoint
from sennit.core.endpoints._strings import quoteStringArgument as quoteStringArgument
from sennit.core.endpoints._tcp import (
    TCP4ClientEndpoint as TCP4ClientEndpoint,
    TCP4ServerEndpoint as TCP4ServerEndpoint,
    TCP6ClientEndpoint as TCP6ClientEndpoint,
    TCP6ServerEndpoint as TCP6ServerEndpoint,
)
from sennit.core.endpoints._tls import (
    SSL4ClientEndpoint as SSL4ClientEndpoint,
    SSL4ServerEndpoint as SSL4ServerEndpoint,
    wrapClientTLS as wrapClientTLS,
    wrapServerTLS as wrapServerTLS,
)
from sennit.core.endpoints._unix import (
    UNIXClientEndpoint as UNIXClientEndpoint,
    UNIXServerEndpoint as UNIXServerEndpoint,
)

__all__ = [
    "AdoptedStreamServerEndpoint",
    "HostnameEndpoint",
    "ProcessConnection",
    "ProcessEndpoint",
    "SSL4ClientEndpoint",
    "SSL4ServerEndpoint",
    "StandardErrorBehavior",
    "StandardIOEndpoint",
    "TCP4ClientEndpoint",
    "TCP4ServerEndpoint",
    "TCP6ClientEndpoint",
    "TCP6ServerEndpoint",
    "UNIXClientEndpoint",
    "UNIXServerEndpoint",
    "clientFromString",
    "connectProtocol",
    "quoteStringArgument",
    "serverFromString",
    "wrapClientTLS",
    "wrapServerTLS",
]
