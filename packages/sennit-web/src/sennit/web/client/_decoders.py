"""Agents and responses that unpack bodies (RFC 9110 §8.4)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

from sennit.core.defer import Deferred
from sennit.core.failure import Failure
from sennit.core.protocol import Protocol, connectionDone
from sennit.web.client._budgets import DEFAULT_LIMITS, ResponseLimits
from sennit.web.client._errors import ParseError, ResponseDone, ResponseFailed
from sennit.web.client._unpack import Unpacking
from sennit.web.client.contracts import UNKNOWN_LENGTH, Length
from sennit.web.headers import Headers

if TYPE_CHECKING:
    from sennit.core.contracts import IProtocol
    from sennit.web.client.contracts import IAgent, IBodyProducer, IResponse

__all__ = [
    "BrotliDecoder",
    "ContentDecoderAgent",
    "Decoder",
    "DeflateDecoder",
    "GzipDecoder",
    "ZstdDecoder",
]


# How many times a body may be packed over: nobody does it twice, and each time costs a
# window. What is left is told by the header.
_MAX_LAYERS: Final = 4

_ALIASES: Final = {b"x-gzip": b"gzip"}


class Decoder:
    """A response whose body is unpacked; all else is that of the packed one.

    Attributes:
        coding: What it is packed by.
        limits: How much it may unpack to.
        original: The packed response.
        length: Not known.
    """

    coding: ClassVar[bytes]
    limits: ResponseLimits = DEFAULT_LIMITS
    length: Length = UNKNOWN_LENGTH

    def __init__(self, response: IResponse) -> None:
        """Put it around the packed response."""
        self.original = response

    def deliverBody(self, protocol: IProtocol) -> None:
        """Give a protocol the plain body; once.

        What cannot be unpacked, or unpacks to too much, ends it with `ResponseFailed` of
        a `ParseError` or a `DecompressionBomb`.
        """
        unpacking = Unpacking(self.coding, self.limits)
        self.original.deliverBody(_Between(protocol, unpacking, self))

    def setPreviousResponse(self, response: IResponse) -> None:
        """Set the response that has led to this one."""
        self.original.setPreviousResponse(response)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.original, name)


class GzipDecoder(Decoder):
    """A response that is packed by gzip."""

    coding = b"gzip"


class DeflateDecoder(Decoder):
    """A response that is packed by deflate, with zlib's frame or without."""

    coding = b"deflate"


class BrotliDecoder(Decoder):
    """A response that is packed by br: ``pip install brotli``."""

    coding = b"br"


class ZstdDecoder(Decoder):
    """A response that is packed by zstd: ``pip install zstandard``."""

    coding = b"zstd"


class _Between(Protocol):
    """Takes packed bytes, and gives plain ones; paces the one as the other wants it."""

    def __init__(
        self, protocol: IProtocol, unpacking: Unpacking, response: Decoder
    ) -> None:
        self._protocol: IProtocol | None = protocol
        self._unpacking = unpacking
        self._response = response
        self._packed: deque[bytes] = deque()
        self._pieces: Iterator[bytes] = iter(())
        self._paused = False
        self._giving = False
        self._reason: Failure | None = None

    def connectionMade(self) -> None:
        """Be the transport of the taker."""
        assert self._protocol is not None
        self._protocol.makeConnection(self)

    def dataReceived(self, data: bytes) -> None:
        """Unpack it, as far as somebody takes it."""
        self._packed.append(data)
        self._give()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """There is no more to unpack than what is kept."""
        self._reason = reason
        self._give()

    # What the taker calls

    def pauseProducing(self) -> None:
        """Unpack no more until `resumeProducing`."""
        self._paused = True
        self._transport().pauseProducing()

    def resumeProducing(self) -> None:
        """Unpack on."""
        self._paused = False
        self._give()
        if not self._paused:
            self._transport().resumeProducing()

    def stopProducing(self) -> None:
        """Want no more."""
        self._transport().stopProducing()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.transport, name)

    def _transport(self) -> Any:
        return self.transport

    def _give(self) -> None:
        """Give pieces while they are wanted; then the end, if it has come."""
        if self._giving:
            return
        self._giving = True
        try:
            while not self._paused and self._protocol is not None:
                piece = self._next_piece()
                if piece is None:
                    if self._reason is not None:
                        self._end(self._reason)
                    return
                self._protocol.dataReceived(piece)
        except ParseError as error:
            self._fail(error)
        finally:
            self._giving = False

    def _next_piece(self) -> bytes | None:
        while (piece := next(self._pieces, None)) is None and self._packed:
            self._pieces = self._unpacking.pieces(self._packed.popleft())
        return piece

    def _end(self, reason: Failure) -> None:
        if reason.check(ResponseDone) is not None:
            self._unpacking.end()
        protocol, self._protocol = self._protocol, None
        if protocol is not None:
            protocol.connectionLost(reason)

    def _fail(self, error: ParseError) -> None:
        self._packed.clear()
        protocol, self._protocol = self._protocol, None
        self._transport().abortConnection()
        if protocol is not None:
            failed = ResponseFailed([Failure(error)], self._response)
            protocol.connectionLost(Failure(failed))


class ContentDecoderAgent:
    """Asks for packed bodies, and unpacks them."""

    def __init__(
        self,
        agent: IAgent,
        decoders: Sequence[tuple[bytes, Callable[[IResponse], Any]]],
    ) -> None:
        """Put it around another agent.

        Args:
            agent: What sends each request.
            decoders: What makes plain responses of packed ones, by the names of the
                codings; the best first.
        """
        self._agent = agent
        self._decoders = dict(decoders)
        self._accepted = b",".join(name for name, _ in decoders)

    def request(
        self,
        method: bytes,
        uri: bytes,
        headers: Headers | None = None,
        bodyProducer: IBodyProducer | None = None,
    ) -> Deferred[Any]:
        """Send a request that takes packed bodies.

        Returns:
            The response; its ``Content-Encoding`` has what could not be unpacked.
        """
        headers = Headers() if headers is None else headers.copy()
        headers.addRawHeader(b"Accept-Encoding", self._accepted)
        asked = self._agent.request(method, uri, headers, bodyProducer)
        return asked.addCallback(self._unpack)

    def _unpack(self, response: Any) -> Any:
        told = b",".join(response.headers.getRawHeaders(b"content-encoding", ()))
        codings = [word.strip().lower() for word in told.split(b",") if word.strip()]
        if not codings:
            return response
        headers = response.headers
        for coding in codings[: -_MAX_LAYERS - 1 : -1]:
            decoder = self._decoders.get(_ALIASES.get(coding, coding))
            if decoder is None:
                break
            response = decoder(response)
            codings.pop()
        if codings:
            headers.setRawHeaders(b"content-encoding", [b",".join(codings)])
        else:
            headers.removeHeader(b"content-encoding")
        return response
