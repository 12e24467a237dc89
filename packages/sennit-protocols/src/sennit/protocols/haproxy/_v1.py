r"""Version 1 of the PROXY protocol: a line.

``PROXY TCP4 192.0.2.1 192.0.2.9 56324 443\r\n``, or ``PROXY UNKNOWN``, after which
anything may stand (section 2.1).
"""

from __future__ import annotations

import re
import socket
from typing import Final

from sennit.core.address import IPv4Address, IPv6Address
from sennit.protocols.haproxy._errors import (
    InvalidNetworkProtocol,
    InvalidProxyHeader,
    MissingAddressData,
)
from sennit.protocols.haproxy._info import ProxyInfo

__all__ = ["LINE_LIMIT", "V1_BEGINNING", "parseLine"]

V1_BEGINNING: Final = b"PROXY "
# The longest line of all, with its end (section 2.1).
LINE_LIMIT: Final = 107

_PORT: Final = re.compile(r"0|[1-9][0-9]{0,4}")
_FAMILIES: Final = {"TCP4": socket.AF_INET, "TCP6": socket.AF_INET6}


def parseLine(header: bytes) -> ProxyInfo:
    """Read a line.

    Args:
        header: All of it, with its end.

    Raises:
        InvalidProxyHeader: It is broken.
    """
    try:
        text = header[len(V1_BEGINNING) : -2].decode("ascii")
    except UnicodeDecodeError:
        raise InvalidProxyHeader(f"{header!r} is not all ASCII") from None
    network, *parts = text.split(" ")
    if network == "UNKNOWN":
        return ProxyInfo(header, None, None)
    if network not in _FAMILIES:
        raise InvalidNetworkProtocol(f"there is no network {network!r}: {header!r}")
    if len(parts) < 4:
        raise MissingAddressData(f"two addresses and two ports are not in {header!r}")
    if len(parts) > 4:
        raise InvalidProxyHeader(f"too much is in {header!r}")
    family = _FAMILIES[network]
    source, destination, *ports = parts
    return ProxyInfo(
        header,
        _address(header, family, source, ports[0]),
        _address(header, family, destination, ports[1]),
    )


def _address(
    header: bytes, family: int, host: str, port: str
) -> IPv4Address | IPv6Address:
    try:
        socket.inet_pton(family, host)
    # A NUL in it is a ValueError.
    except (OSError, ValueError):
        raise InvalidProxyHeader(f"{host!r} is no address: {header!r}") from None
    if not _PORT.fullmatch(port) or int(port) > 65535:
        raise InvalidProxyHeader(f"{port!r} is no port: {header!r}")
    kind = IPv4Address if family == socket.AF_INET else IPv6Address
    return kind("TCP", host, int(port))
