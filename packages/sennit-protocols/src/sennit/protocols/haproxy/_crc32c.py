"""The checksum CRC-32C (Castagnoli; RFC 3720, appendix B.4), which zlib has not."""

from __future__ import annotations

from typing import Final

__all__ = ["crc32c"]

# The polynomial, bits reversed.
_CASTAGNOLI: Final = 0x82F63B78


def _row(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (_CASTAGNOLI if byte & 1 else 0)
    return byte


_TABLE: Final = tuple(map(_row, range(256)))


def crc32c(data: bytes) -> int:
    """Give the checksum of some bytes; some 70 ns a byte."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF
