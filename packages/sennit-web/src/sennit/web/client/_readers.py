"""Takers of bodies: into memory, piece by piece for ``async for``, or to nowhere."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final

from sennit.core.defer import CancelledError, Deferred, succeed
from sennit.core.failure import Failure
from sennit.core.protocol import Protocol, connectionDone
from sennit.web.client._budgets import DEFAULT_LIMITS
from sennit.web.client._errors import BodyTooLong, PartialDownloadError, ResponseDone
from sennit.web.client._response import Response
from sennit.web.http import PotentialDataLoss

if TYPE_CHECKING:
    from sennit.web.client.contracts import IResponse

__all__ = ["BodyPieces", "Collector", "discard", "readBody"]

# Bytes: to read the rest of a small page costs less than another connection.
_WORTH_READING: Final = 64 * 1024

# Bytes that wait for who takes them before the connection is paused: two full reads.
_HIGH_WATER: Final = 128 * 1024


class Collector(Protocol):
    """Takes a body into memory.

    Attributes:
        whole: Fires with the pieces of it, and the reason of its end.
    """

    def __init__(self, maxBytes: int | None) -> None:
        """Begin with nothing.

        Args:
            maxBytes: How many bytes it may have; None for any number.
        """
        self.whole: Deferred[tuple[bytes, Failure]] = Deferred(self._cancelled)
        self._pieces: list[bytes] = []
        self._size = 0
        self._max = maxBytes

    def dataReceived(self, data: bytes) -> None:
        """Keep a piece."""
        self._size += len(data)
        if self._max is not None and self._size > self._max:
            self._abort()
            if not self.whole.called:
                self.whole.errback(
                    BodyTooLong(f"a body of more than {self._max} bytes")
                )
            return
        self._pieces.append(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The body has ended."""
        if not self.whole.called:
            self.whole.callback((b"".join(self._pieces), reason))

    def _cancelled(self, whole: Deferred[Any]) -> None:
        self._abort()
        whole.errback(CancelledError())

    def _abort(self) -> None:
        self._pieces.clear()
        self.transport.abortConnection()  # type: ignore[attr-defined]


def readBody(
    response: IResponse, maxBytes: int | None = DEFAULT_LIMITS.bodyBytes
) -> Deferred[bytes]:
    """Read the body of a response into memory.

    Args:
        response: The response.
        maxBytes: How many bytes it may have; None for any number.

    Returns:
        The body. It fails with `BodyTooLong`; with `PartialDownloadError` if the end of
        the connection was that of the body; with what else has ended it. Cancelling
        ends the connection.
    """
    if type(response) is Response:
        # Small bodies come with their head: then there is nothing to wait for.
        body = response.whole(maxBytes)
        if body is not None:
            return succeed(body)
    collector = Collector(maxBytes)
    response.deliverBody(collector)

    def judge(outcome: tuple[bytes, Failure]) -> bytes:
        body, reason = outcome
        if reason.check(ResponseDone) is not None:
            return body
        if reason.check(PotentialDataLoss) is not None:
            raise PartialDownloadError(response.code, response.phrase, body)
        reason.raiseException()
        raise AssertionError  # pragma: no cover

    return collector.whole.addCallback(judge)


def discard(response: IResponse) -> None:
    """Read what is left of a small body, and drop it, so that its connection is free.

    The connection of a large one is ended.
    """
    response.deliverBody(_Dropping())


class _Dropping(Protocol):
    """Drops a body."""

    _left = _WORTH_READING

    def dataReceived(self, data: bytes) -> None:
        """Drop a piece."""
        self._left -= len(data)
        if self._left < 0:
            self.transport.loseConnection()


class BodyPieces(Protocol):
    """Gives a body piece by piece to whoever iterates over it; once.

    While the pieces are not taken, the connection is paused.
    """

    def __init__(self) -> None:
        self._pieces: deque[bytes] = deque()
        self._size = 0
        self._paused = False
        self._reason: Failure | None = None
        self._waiting: Deferred[None] | None = None

    def dataReceived(self, data: bytes) -> None:
        """Keep a piece until it is taken."""
        self._pieces.append(data)
        self._size += len(data)
        if self._size > _HIGH_WATER and not self._paused:
            self._paused = True
            self.transport.pauseProducing()  # type: ignore[attr-defined]
        self._wake()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The body has ended."""
        self._reason = reason
        self._wake()

    def __aiter__(self) -> BodyPieces:
        return self

    async def __anext__(self) -> bytes:
        """Give the next piece.

        Raises:
            ResponseFailed: The body ended before its end.
        """
        while not self._pieces:
            if self._reason is not None:
                if self._reason.check(ResponseDone, PotentialDataLoss) is None:
                    self._reason.raiseException()
                raise StopAsyncIteration
            self._waiting = Deferred()
            await self._waiting
        piece = self._pieces.popleft()
        self._size -= len(piece)
        if self._paused and self._size <= _HIGH_WATER // 2:
            self._paused = False
            self.transport.resumeProducing()  # type: ignore[attr-defined]
        return piece

    async def aclose(self) -> None:
        """Want no more of it: unless it has ended, its connection is ended."""
        self.close()

    def close(self) -> None:
        """As `aclose`."""
        self._pieces.clear()
        if self._reason is None:
            self.transport.loseConnection()

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.called:
            waiting.callback(None)
