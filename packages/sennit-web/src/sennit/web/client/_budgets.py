"""What a server may cost us, and how long we wait for it."""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["DEFAULT_LIMITS", "ResponseLimits", "Timeouts"]


class ResponseLimits(NamedTuple):
    """The budgets of one response; whoever exceeds one is hung up on.

    Attributes:
        headBytes: Bytes of a head or of all trailers. Cookies of 4 KiB each add up;
            browsers take 256 KiB, and nobody sends the half of this.
        headers: Headers or trailers. Pages with thirty cookies and as many policies
            stay below a hundred; the field's limit is 500.
        interim: Responses 1xx before the one that counts: one or two are usual.
        chunkBytes: Bytes between two chunks, which are the size and its extensions:
            nobody uses those.
        bodyBytes: Bytes of a body that is read into memory, unpacked. It may be any
            length where it is taken piece by piece.
        unpackedRatio: How many times its size a body may unpack to. Text does three to
            ten, the emptiest of logs a hundred; a bomb of gzip has 1,032.
        unpackedFree: Bytes that any body may unpack to, whatever the ratio: a page of
            blanks is no bomb.
    """

    headBytes: int = 64 * 1024
    headers: int = 500
    interim: int = 16
    chunkBytes: int = 4 * 1024
    bodyBytes: int = 256 * 1024 * 1024
    unpackedRatio: int = 200
    unpackedFree: int = 4 * 1024 * 1024


DEFAULT_LIMITS: Final = ResponseLimits()
"""The budgets that hold where none are told."""


class Timeouts(NamedTuple):
    """How many seconds each stage of a request may take; None waits for ever.

    Attributes:
        connect: Until there is a connection: to find the name, connect, and agree on
            TLS or with a proxy.
        headers: From the last byte of the request to the end of the response's head.
        body: Between two pieces of the body, while we take them.
        total: From the first step to the last byte.
    """

    connect: float | None = None
    headers: float | None = None
    body: float | None = None
    total: float | None = None
