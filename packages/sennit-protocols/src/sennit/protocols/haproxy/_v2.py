"""Version 2 of the PROXY protocol: a binary header (section 2.2).

signature (12)  version and command (1)  network (1)  length of the rest (2)
addresses, as many bytes as the network's take     type (1)  length (2)  value  …
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Literal

from sennit.core.address import IPv4Address, IPv6Address, UNIXAddress
from sennit.protocols.haproxy._crc32c import crc32c
from sennit.protocols.haproxy._errors import (
    InvalidNetworkProtocol,
    InvalidProxyHeader,
    MissingAddressData,
)
from sennit.protocols.haproxy._info import ProxyInfo, TLVType

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress

__all__ = ["FIXED", "V2_BEGINNING", "headerLength", "parseHeader"]

V2_BEGINNING: Final = b"\r\n\r\n\0\r\nQUIT\n"
# What every header has, in bytes: after that, it is known how long it is.
FIXED: Final = 16

_LOCAL, _PROXY = 0x20, 0x21
_UNSPECIFIED: Final = 0x00
_INET, _INET6, _UNIX = 1, 2, 3
_KINDS: Final[dict[int, Literal["TCP", "UDP"]]] = {1: "TCP", 2: "UDP"}
# How many bytes both addresses, and both ports, take.
_SIZES: Final = {_INET: 12, _INET6: 36, _UNIX: 216}


def headerLength(fixed: bytes | bytearray) -> int:
    """How long a header is, in bytes, of which the first `FIXED` are given."""
    (rest,) = struct.unpack_from("!H", fixed, 14)
    return FIXED + int(rest)


def parseHeader(header: bytes) -> ProxyInfo:
    """Read a header.

    Args:
        header: All of it.

    Raises:
        InvalidProxyHeader: It is broken, or its checksum is wrong.
    """
    command, network = header[12], header[13]
    if command == _LOCAL:
        return ProxyInfo(header, None, None)
    if command != _PROXY:
        raise InvalidProxyHeader(f"there is no command {command:#04x}")
    if network == _UNSPECIFIED:
        # Nobody knows how long its addresses are, and so where the values begin.
        return ProxyInfo(header, None, None)
    family, kind = network >> 4, network & 0xF
    if family not in _SIZES or kind not in _KINDS:
        raise InvalidNetworkProtocol(f"there is no network {network:#04x}")
    end = FIXED + _SIZES[family]
    if len(header) < end:
        raise MissingAddressData(
            f"addresses of network {network:#04x} take {_SIZES[family]} bytes, "
            f"not {len(header) - FIXED}"
        )
    source, destination = _addresses(header[FIXED:end], family, _KINDS[kind])
    tlvs = tuple(_values(header, end))
    return ProxyInfo(header, source, destination, tlvs)


def _addresses(
    data: bytes, family: int, kind: Literal["TCP", "UDP"]
) -> tuple[IAddress, IAddress]:
    if family == _UNIX:
        return _unix(data[:108]), _unix(data[108:])
    if family == _INET:
        one, other, *ports = struct.unpack("!4s4sHH", data)
        return (
            IPv4Address(kind, socket.inet_ntop(socket.AF_INET, one), ports[0]),
            IPv4Address(kind, socket.inet_ntop(socket.AF_INET, other), ports[1]),
        )
    one, other, *ports = struct.unpack("!16s16sHH", data)
    return (
        IPv6Address(kind, socket.inet_ntop(socket.AF_INET6, one), ports[0]),
        IPv6Address(kind, socket.inet_ntop(socket.AF_INET6, other), ports[1]),
    )


def _unix(name: bytes) -> UNIXAddress:
    # A NUL ends a path, but begins a name of the abstract namespace.
    end = name.find(b"\0", 1)
    path = name if end < 0 else name[:end]
    return UNIXAddress(path if path != b"\0" else None)


def _values(header: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at < len(header):
        if at + 3 > len(header):
            raise InvalidProxyHeader("the header ends within a value's length")
        kind, length = struct.unpack_from("!BH", header, at)
        at += 3
        if at + length > len(header):
            raise InvalidProxyHeader(f"the header ends within a value ({kind:#04x})")
        value = header[at : at + length]
        if kind == TLVType.CRC32C:
            _check(header, at, value)
        yield kind, value
        at += length


def _check(header: bytes, at: int, value: bytes) -> None:
    """The checksum is that of the header with zeros in its place."""
    if len(value) != 4:
        raise InvalidProxyHeader(f"a checksum takes 4 bytes, not {len(value)}")
    found = crc32c(header[:at] + bytes(4) + header[at + 4 :])
    if found != int.from_bytes(value, "big"):
        raise InvalidProxyHeader("the header's checksum is wrong")
