"""Which form of a file is sent, and the body: at once, by ``sendfile``, or in pieces."""

from __future__ import annotations

import os
import stat
from typing import IO, TYPE_CHECKING, NamedTuple

from sennit.web.http._codings import preferredCoding
from sennit.web.resource import NOT_DONE_YET, Rendered
from sennit.web.static._answer import Parts, Piece, field
from sennit.web.static._producers import (
    MultipleRangeStaticProducer,
    NoRangeStaticProducer,
    SingleRangeStaticProducer,
    StaticProducer,
    cutShort,
)
from sennit.web.static._sender import SENDFILE_FROM, FileSender

if TYPE_CHECKING:
    from sennit.web.server import Request
    from sennit.web.static._known import Variant
    from sennit.web.static._root import Root

__all__ = ["Opened", "compressed", "deliver", "producer_for", "read"]


class Opened(NamedTuple):
    """A compressed form of a file that was opened.

    Attributes:
        fd: Its descriptor.
        status: Its status.
        coding: Its content coding.
    """

    fd: int
    status: os.stat_result
    coding: bytes


def compressed(
    request: Request, root: Root, variants: tuple[Variant, ...]
) -> Opened | None:
    """Open the compressed form of a file that a client likes best.

    Returns:
        None if it likes the file as it is, or there is no such form any more.
    """
    offered = [variant.coding for variant in variants]
    coding = preferredCoding(field(request, b"accept-encoding"), offered)
    if coding is None:
        return None
    path = variants[offered.index(coding)].path
    try:
        fd = root.open(path)
    except OSError:
        return None
    status = os.fstat(fd)
    if not stat.S_ISREG(status.st_mode):
        os.close(fd)
        return None
    return Opened(fd, status, coding)


def deliver(request: Request, fd: int, parts: Parts) -> Rendered:
    """Send a body, or begin to.

    Args:
        request: The request, whose response has its head.
        fd: The file; it may be closed when this returns.
        parts: What the body is made of.
    """
    if parts.size < SENDFILE_FROM:
        try:
            return b"".join(
                [head + read(fd, size, offset) for head, offset, size in parts.pieces]
            )
        except EOFError as error:
            cutShort(request, error)
            return NOT_DONE_YET
    file = os.fdopen(os.dup(fd), "rb", buffering=0)
    if FileSender.can(request):
        FileSender(request, file, parts.pieces).start()
    else:
        producer_for(request, file, parts).start()
    return NOT_DONE_YET


def producer_for(request: Request, file: IO[bytes], parts: Parts) -> StaticProducer:
    """The producer of a body: its kind tells what was asked for."""
    if parts.asked > 1:
        return MultipleRangeStaticProducer(request, file, parts.pieces)
    if parts.asked:
        piece = parts.pieces[0] if parts.pieces else Piece(b"", 0, 0)
        return SingleRangeStaticProducer(request, file, piece.offset, piece.size)
    producer = NoRangeStaticProducer(request, file)
    producer.size = parts.pieces[0].size
    return producer


def read(fd: int, size: int, offset: int = 0) -> bytes:
    """Read a part of a file: mostly at once.

    Raises:
        EOFError: The file has become shorter.
    """
    data = os.pread(fd, size, offset)
    if len(data) == size:
        return data
    pieces = []
    while data:
        pieces.append(data)
        size -= len(data)
        offset += len(data)
        data = os.pread(fd, size, offset)
    if size:
        raise EOFError(f"the file has ended, {size} bytes too early")
    return b"".join(pieces)
