"""What can be wrong with a PROXY header."""

from __future__ import annotations

__all__ = [
    "InvalidNetworkProtocol",
    "InvalidProxyHeader",
    "MissingAddressData",
    "ProxyHeaderTimeout",
]


class InvalidProxyHeader(ValueError):
    """A connection does not begin with a PROXY header, or with a broken one."""


class InvalidNetworkProtocol(InvalidProxyHeader):
    """A PROXY header is of a network that there is not."""


class MissingAddressData(InvalidProxyHeader):
    """A PROXY header ends before its addresses do."""


class ProxyHeaderTimeout(InvalidProxyHeader, TimeoutError):
    """A PROXY header was not there in time."""
