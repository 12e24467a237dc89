"""What one connection may cost a server: every number, and the reason for it.

All of them are on unless set otherwise: ``HTTPFactory(maxBody=…)``, ``Site(root, …)``.
"""

from __future__ import annotations

from typing import Final, TypedDict

__all__ = ["Budgets", "Limits"]


class Budgets(TypedDict, total=False):
    """The keyword arguments of `Limits`, for who passes them on."""

    maxHead: int
    maxHeaders: int
    maxBody: int | None
    maxInMemory: int
    maxForm: int
    maxFields: int
    maxChunkLine: int
    maxChunkExtensions: int
    maxTrailers: int
    maxWaiting: int
    maxUnread: int
    headTimeout: float | None
    bodyTimeout: float | None
    bodyRate: float
    stallTimeout: float | None
    lingerTimeout: float


# Bytes. Half a dozen common servers stop at 8 to 16 KiB; a browser sends less than 1 KiB
# and its cookies, of which each has 4 KiB at most.
_HEAD: Final = 16 * 1024

# Fields. The field's number; a browser sends about 20.
_HEADERS: Final = 500

# Bytes. An upload of more is rare enough to be asked for; beyond memory it fills the disk.
_BODY: Final = 100 * 1024 * 1024

# Bytes. The field's number: a body that is longer goes to a temporary file.
_IN_MEMORY: Final = 100_000

# Bytes. A form is decoded in memory, in which it is there two or three times for a while.
_FORM: Final = 10 * 1024 * 1024

# Fields of a form. What makes an object costs more than its bytes.
_FIELDS: Final = 1000

# Bytes. The size of a chunk has 16 digits at most; nearly nobody sends extensions.
_CHUNK_LINE: Final = 1024

# Bytes of extensions in a body: chunks of one byte must not carry a kilobyte each.
_CHUNK_EXTENSIONS: Final = 16 * 1024

# Bytes. The field's number; trailers are a checksum or a status.
_TRAILERS: Final = 64 * 1024

# Bytes that may wait while a response is made: pipelined requests. Then nothing is read
# any more. The field's number: a chunk of the network, so that an end is still noticed.
_WAITING: Final = 16 * 1024

# Bytes of a body that nobody wants, read so that the client comes to read its answer.
_UNREAD: Final = 256 * 1024

# Seconds from the first byte of a head to its last, however often bytes come. A head is
# one packet or two; a retransmission over a bad line takes a few seconds.
_HEAD_TIMEOUT: Final = 20.0

# Seconds that a body may take, and bytes a second that put this off: a modem of 1995 is
# faster, and who dribbles is away after five minutes.
_BODY_TIMEOUT: Final = 300.0
_BODY_RATE: Final = 500.0

# Seconds that a client may read nothing of a response that waits to be sent.
_STALL_TIMEOUT: Final = 60.0

# Seconds that are waited for the client's end after an answer that ends the connection:
# a round trip, or two.
_LINGER_TIMEOUT: Final = 5.0


class Limits:
    """The budgets of a server.

    Attributes:
        maxHead: Bytes of a request line and its headers.
        maxHeaders: Headers of a request; fields of trailers.
        maxBody: Bytes of a body; None for any number.
        maxInMemory: Bytes of a body above which it is kept in a temporary file.
        maxForm: Bytes of a body that is decoded as a form.
        maxFields: Fields of a form.
        maxChunkLine: Bytes of the line before a chunk.
        maxChunkExtensions: Bytes of such lines' extensions in a body.
        maxTrailers: Bytes of a body's trailers.
        maxWaiting: Bytes received, and not looked at, while a response is made.
        maxUnread: Bytes read of a body to whose request the response is there already.
        headTimeout: Seconds from the first byte of a head to its last; None for ever.
        bodyTimeout: Seconds for a body, in which it must not rest for longer than a
            connection may; None for ever.
        bodyRate: Bytes a second that put this off.
        stallTimeout: Seconds that a response waits for its client to read on; None for
            ever.
        lingerTimeout: Seconds to wait for the client's end after an answer that ends
            the connection.
    """

    __slots__ = tuple(Budgets.__annotations__)

    def __init__(
        self,
        *,
        maxHead: int = _HEAD,
        maxHeaders: int = _HEADERS,
        maxBody: int | None = _BODY,
        maxInMemory: int = _IN_MEMORY,
        maxForm: int = _FORM,
        maxFields: int = _FIELDS,
        maxChunkLine: int = _CHUNK_LINE,
        maxChunkExtensions: int = _CHUNK_EXTENSIONS,
        maxTrailers: int = _TRAILERS,
        maxWaiting: int = _WAITING,
        maxUnread: int = _UNREAD,
        headTimeout: float | None = _HEAD_TIMEOUT,
        bodyTimeout: float | None = _BODY_TIMEOUT,
        bodyRate: float = _BODY_RATE,
        stallTimeout: float | None = _STALL_TIMEOUT,
        lingerTimeout: float = _LINGER_TIMEOUT,
    ) -> None:
        """Set them; each is described above, and keeps its default unless given."""
        self.maxHead: int = maxHead
        self.maxHeaders: int = maxHeaders
        self.maxBody: int | None = maxBody
        self.maxInMemory: int = maxInMemory
        self.maxForm: int = maxForm
        self.maxFields: int = maxFields
        self.maxChunkLine: int = maxChunkLine
        self.maxChunkExtensions: int = maxChunkExtensions
        self.maxTrailers: int = maxTrailers
        self.maxWaiting: int = maxWaiting
        self.maxUnread: int = maxUnread
        self.headTimeout: float | None = headTimeout
        self.bodyTimeout: float | None = bodyTimeout
        self.bodyRate: float = bodyRate
        self.stallTimeout: float | None = stallTimeout
        self.lingerTimeout: float = lingerTimeout
