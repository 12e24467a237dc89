"""The PROXY protocol, versions 1 and 2: who is behind HAProxy, or another proxy.

Such a proxy begins each connection with a header that tells of its client. A server on
``proxyEndpoint(endpoint)``, or on ``haproxy:tcp:8080``, has transports whose ``getPeer``
is the client, and whose ``proxyInfo`` is all that the header tells.
"""

from __future__ import annotations

from sennit.protocols.haproxy._endpoint import (
    HAProxyServerEndpoint as HAProxyServerEndpoint,
    HAProxyServerParser as HAProxyServerParser,
    proxyEndpoint as proxyEndpoint,
)
from sennit.protocols.haproxy._errors import (
    InvalidNetworkProtocol as InvalidNetworkProtocol,
    InvalidProxyHeader as InvalidProxyHeader,
    MissingAddressData as MissingAddressData,
    ProxyHeaderTimeout as ProxyHeaderTimeout,
)
from sennit.protocols.haproxy._info import (
    ProxyInfo as ProxyInfo,
    TLVType as TLVType,
)
from sennit.protocols.haproxy._parser import ProxyHeaderParser as ProxyHeaderParser
from sennit.protocols.haproxy._wrapper import (
    HAProxyProtocolWrapper as HAProxyProtocolWrapper,
    HAProxyWrappingFactory as HAProxyWrappingFactory,
)

__all__ = [
    "HAProxyProtocolWrapper",
    "HAProxyServerEndpoint",
    "HAProxyServerParser",
    "HAProxyWrappingFactory",
    "InvalidNetworkProtocol",
    "InvalidProxyHeader",
    "MissingAddressData",
    "ProxyHeaderParser",
    "ProxyHeaderTimeout",
    "ProxyInfo",
    "TLVType",
    "proxyEndpoint",
]
