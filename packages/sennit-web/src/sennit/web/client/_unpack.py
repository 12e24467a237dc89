"""Compressed bytes in, plain bytes out, a little at a time, and never without end.

Plain bytes come in pieces of at most `PIECE`, one at a time: whoever takes them can wait
between two of them, and a small body that unpacks to gigabytes fills no memory.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any, Final

from sennit.web.client._budgets import ResponseLimits
from sennit.web.client._errors import DecompressionBomb, ParseError

__all__ = ["PIECE", "Unpacking", "available"]

# Bytes: what transports read at a time.
PIECE: Final = 64 * 1024

# Bytes: brotli gives up to three times as much, as its buffers happen to grow.
_BROTLI_STEP: Final = PIECE // 3

# Bytes of zstandard that are unpacked in one step, which cannot be limited: four of them
# can stand for 128 KiB.
_ZSTD_STEP: Final = 512

# RFC 8878 §3.1.1.1.2 recommends that decoders take windows of up to 8 MiB.
_ZSTD_WINDOW: Final = 8 * 1024 * 1024


def available() -> list[bytes]:
    """The codings that can be unpacked here, the best first.

    br needs ``brotli``; zstd needs ``zstandard``.
    """
    found = [b"gzip", b"deflate"]
    for name, kind in ((b"br", _Brotli), (b"zstd", _Zstandard)):
        try:
            kind()
        except ImportError:
            continue
        found.insert(0, name)
    return found


class Unpacking:
    """Unpacks one body, as far as its budget goes."""

    def __init__(self, coding: bytes, limits: ResponseLimits) -> None:
        """Begin.

        Args:
            coding: What is told by Content-Encoding.
            limits: The budgets.

        Raises:
            ImportError: The library that it needs is not there.
            LookupError: The coding is not known here.
        """
        self._kind: _Zlib | _Brotli | _Zstandard = _KINDS[coding]()
        self._ratio = limits.unpackedRatio
        self._free = limits.unpackedFree
        self._packed = 0
        self._plain = 0

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Unpack some bytes.

        Raises:
            DecompressionBomb: There is more than there may be.
            ParseError: They are no bytes of that coding.
        """
        if not data:
            return
        self._packed += len(data)
        for piece in self._kind.pieces(data):
            self._plain += len(piece)
            if self._plain > self._free + self._ratio * self._packed:
                raise DecompressionBomb(
                    f"{self._packed} bytes have become more than {self._plain}"
                )
            yield piece

    def end(self) -> None:
        """There are no more packed bytes.

        Raises:
            ParseError: There should have been.
        """
        if self._packed and not self._kind.complete:
            raise ParseError("the packed body ends before its end")


class _Zlib:
    """gzip, and deflate in both of the forms that are called so."""

    # zlib's window, and 32 to tell gzip and zlib by their first bytes.
    _EITHER = 32 + zlib.MAX_WBITS

    def __init__(self) -> None:
        self._unpacker: Any = None

    @property
    def complete(self) -> bool:
        """Whether the end has come."""
        return self._unpacker is not None and bool(self._unpacker.eof)

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Unpack some bytes."""
        if self._unpacker is None:
            self._unpacker = self._begin(data)
        while True:
            if self._unpacker.eof:
                # Another member (RFC 1952 §2.2), or the zeros that fill a block up.
                data = data.lstrip(b"\0")
                if not data:
                    return
                self._unpacker = zlib.decompressobj(self._EITHER)
            try:
                piece = self._unpacker.decompress(data, PIECE)
            except zlib.error as error:
                raise ParseError(str(error)) from None
            if piece:
                yield piece
            data = self._unpacker.unconsumed_tail or self._unpacker.unused_data
            # A full piece may have more behind it, although all was taken.
            if not data and len(piece) < PIECE:
                return

    def _begin(self, data: bytes) -> Any:
        return zlib.decompressobj(self._EITHER)


class _Deflate(_Zlib):
    """deflate: zlib as RFC 9110 §8.4.1.2 has it, or without zlib's first two bytes."""

    def _begin(self, data: bytes) -> Any:
        if data[0] & 0x0F == 8 and (
            len(data) < 2 or (data[0] << 8 | data[1]) % 31 == 0
        ):
            return zlib.decompressobj()
        return zlib.decompressobj(-zlib.MAX_WBITS)


class _Brotli:
    """br, by ``brotli``."""

    def __init__(self) -> None:
        try:
            # Here, because a program that asks for no br need not have it.
            import brotli  # type: ignore[import-not-found, import-untyped, unused-ignore]
        except ImportError as error:
            raise ImportError("to unpack br: pip install brotli") from error
        self._unpacker = brotli.Decompressor()
        self._error = brotli.error

    @property
    def complete(self) -> bool:
        """Whether the end has come."""
        return bool(self._unpacker.is_finished())

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Unpack some bytes."""
        unpack = self._unpacker.process
        while True:
            try:
                piece = unpack(data, output_buffer_limit=_BROTLI_STEP)
            except self._error as error:
                raise ParseError(f"brotli: {error}") from None
            if not piece:
                return
            yield piece
            data = b""


class _Zstandard:
    """zstd, by ``zstandard``."""

    def __init__(self) -> None:
        try:
            # Here, because a program that asks for no zstd need not have it.
            import zstandard
        except ImportError as error:
            raise ImportError("to unpack zstd: pip install zstandard") from error
        self._new = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        self._error = zstandard.ZstdError
        self._unpacker: Any = self._new.decompressobj()

    @property
    def complete(self) -> bool:
        """Whether the end has come."""
        return bool(self._unpacker.eof)

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Unpack some bytes."""
        for at in range(0, len(data), _ZSTD_STEP):
            step = data[at : at + _ZSTD_STEP]
            while step:
                if self._unpacker.eof:
                    self._unpacker = self._new.decompressobj()
                try:
                    plain = self._unpacker.decompress(step)
                except self._error as error:
                    raise ParseError(f"zstd: {error}") from None
                for begin in range(0, len(plain), PIECE):
                    yield plain[begin : begin + PIECE]
                step = self._unpacker.unused_data


_KINDS: Final[dict[bytes, Any]] = {
    b"br": _Brotli,
    b"deflate": _Deflate,
    b"gzip": _Zlib,
    b"x-gzip": _Zlib,
    b"zstd": _Zstandard,
}
