"""What a PROXY header tells."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress

__all__ = ["ProxyInfo", "TLVType"]


class TLVType(IntEnum):
    """The kinds of values that version 2 knows (PROXY protocol, section 2.2)."""

    ALPN = 0x01
    """The protocol agreed on in TLS."""
    AUTHORITY = 0x02
    """The name of the host that the client asked for (SNI), in UTF-8."""
    CRC32C = 0x03
    """The checksum of the header; it was right."""
    NOOP = 0x04
    """Nothing: padding."""
    UNIQUE_ID = 0x05
    """What the proxy calls the connection, at most 128 bytes."""
    SSL = 0x20
    """How TLS went between client and proxy; more values are inside."""
    NETNS = 0x30
    """The name of a network namespace."""


class ProxyInfo(NamedTuple):
    """What a PROXY header tells.

    Attributes:
        header: The header itself, as it came.
        source: Where the client is; None if the proxy does not know, or is the client
            itself (``LOCAL``, a health check).
        destination: What the client has connected to; None as with *source*.
        tlvs: Further values by their type, see `TLVType`, in the order that they came.
    """

    header: bytes
    source: IAddress | None
    destination: IAddress | None
    tlvs: tuple[tuple[int, bytes], ...] = ()

    def tlv(self, type: int) -> bytes | None:
        """Give the first value of a type; None if there is none."""
        return next((value for each, value in self.tlvs if each == type), None)
