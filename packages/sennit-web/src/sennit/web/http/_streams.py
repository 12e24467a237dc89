"""A request's body, read as it comes.

    async for piece in request.stream:
        ...

While nobody reads, no more than a little is kept here, and nothing is read from the
network: the client is as fast as whoever reads its body.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final

from sennit.core.defer import Deferred, fail, succeed
from sennit.core.failure import Failure
from sennit.web.http._errors import BodyIncomplete, BodyTooLarge

if TYPE_CHECKING:
    from sennit.web.http._headers import Headers

__all__ = ["BodyStream"]

# Bytes that wait to be read before the network is paused: one chunk of it.
_ENOUGH: Final = 64 * 1024


class BodyStream:
    """The pieces of a body, in order; for one reader.

    Attributes:
        length: Bytes of the whole body; None where only its end will tell.
        received: Bytes that have come so far.
        trailers: The headers that came after it, at its end.
    """

    def __init__(self, channel: Any, length: int | None) -> None:
        """Begin.

        Args:
            channel: Who is paused (``pauseBody``, ``resumeBody``) and told that somebody
                reads (``wantBody``).
            length: Bytes of the whole body.
        """
        self.length: int | None = length
        self.received: int = 0
        self.trailers: Headers | None = None
        self._channel = channel
        self._pieces: deque[bytes] = deque()
        self._size = 0
        self._paused = False
        self._asked = False
        self._ended: Failure | bool = False
        self._waiting: Deferred[bytes] | None = None

    # The reader's side

    def readPiece(self) -> Deferred[bytes]:
        """Give the next piece.

        Returns:
            A Deferred of bytes; of none when the body has ended. It fails with
            `BodyIncomplete` when the connection has ended before.

        Raises:
            RuntimeError: Somebody waits for a piece already.
        """
        if self._waiting is not None:
            raise RuntimeError("somebody is waiting for a piece of this body already")
        if self._pieces:
            piece = self._pieces.popleft()
            self._size -= len(piece)
            if self._paused and self._size < _ENOUGH // 2:
                self._paused = False
                self._channel.resumeBody()
            return succeed(piece)
        if isinstance(self._ended, Failure):
            return fail(self._ended)
        if self._ended:
            return succeed(b"")
        waiting: Deferred[bytes] = Deferred(self._give_up)
        self._waiting = waiting
        if not self._asked:
            self._asked = True
            self._channel.wantBody()
        return waiting

    def _give_up(self, waiting: Deferred[bytes]) -> None:
        self._waiting = None

    async def readAll(self, maxBytes: int) -> bytes:
        """Give all that is to come, in one piece.

        Args:
            maxBytes: How much it may be.

        Raises:
            BodyTooLarge: It is more.
            BodyIncomplete: The connection has ended before its end.
        """
        pieces: list[bytes] = []
        size = 0
        async for piece in self:
            size += len(piece)
            if size > maxBytes:
                raise BodyTooLarge(f"a body of more than {maxBytes} bytes")
            pieces.append(piece)
        return b"".join(pieces)

    def __aiter__(self) -> BodyStream:
        return self

    async def __anext__(self) -> bytes:
        piece = await self.readPiece()
        if not piece:
            raise StopAsyncIteration
        return piece

    # The channel's side

    def received_piece(self, piece: bytes) -> None:
        """Take what has come."""
        self.received += len(piece)
        waiting = self._waiting
        if waiting is not None:
            self._waiting = None
            waiting.callback(piece)
            return
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size >= _ENOUGH and not self._paused:
            self._paused = True
            self._channel.pauseBody()

    def end(self, trailers: Headers | None) -> None:
        """Nothing more will come: it was all."""
        self.trailers = trailers
        self._ended = True
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.callback(b"")

    def fail(self, reason: Failure) -> None:
        """Nothing more will come, and it was not all."""
        if self._ended:
            return
        error = BodyIncomplete(f"the body has ended after {self.received} bytes")
        error.__cause__ = reason.value
        self._ended = Failure(error)
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.errback(self._ended)
