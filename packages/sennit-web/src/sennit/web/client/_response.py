"""A response: its head, and its body for the one who wants it.

                 deliverBody            the end
    kept   --------------------> delivered -----> over
      |                                            ^
      +--- the end ---> whole ------ deliverBody --+

While nobody has asked for the body, its connection reads no further: no more is kept
than what had come with the head.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sennit.core.failure import Failure
from sennit.web.client._errors import ResponseDone
from sennit.web.client.contracts import UNKNOWN_LENGTH, Length

if TYPE_CHECKING:
    from sennit.core.contracts import IProtocol
    from sennit.web.client._request import Request
    from sennit.web.client.contracts import IResponse
    from sennit.web.headers import Headers

__all__ = ["WHOLE", "Response"]

WHOLE: Final = Failure(ResponseDone("the response is complete"))
"""The reason of the end of a body that is all there."""


class Response:
    """The head of a response, and the way to its body.

    Attributes:
        version: ``(b"HTTP", 1, 1)``.
        code: The status.
        phrase: What the server says of it for people.
        headers: The headers.
        trailers: The headers after the body; None before its end, or if there are none.
        length: How many bytes the body has.
        request: What it answers.
        previousResponse: The response that has led to this one.
    """

    length: Length = UNKNOWN_LENGTH
    request: Request | None = None
    previousResponse: IResponse | None = None
    trailers: Headers | None = None

    def __init__(
        self,
        version: tuple[bytes, int, int],
        code: int,
        phrase: bytes,
        headers: Headers,
        _transport: Any,
    ) -> None:
        """Make a response whose body is to come.

        Args:
            version: The protocol's name and version.
            code: The status.
            phrase: What is said of it.
            headers: The headers.
            _transport: Where the body comes from; is paused and resumed.
        """
        self.version = version
        self.code = code
        self.phrase = phrase
        self.headers = headers
        self._transport = _transport
        # The states are told apart by what is there: a protocol while it is delivered,
        # a reason when it has ended.
        self._protocol: Any = None
        self._kept: list[bytes] = []
        self._reason: Failure | None = None
        self._asked = False

    def deliverBody(self, protocol: IProtocol) -> None:
        """Give a protocol the body; once.

        Its transport can be paused and resumed, and ended. Its ``connectionLost`` is
        told of a `ResponseDone` when all was there, of a `PotentialDataLoss` when the
        end of the connection was that of the body, or of a `ResponseFailed`.

        Raises:
            RuntimeError: It was given already.
        """
        if self._asked:
            raise RuntimeError("the body was delivered already")
        self._asked = True
        self._protocol = protocol
        protocol.makeConnection(self._transport)
        kept, self._kept = self._kept, []
        for data in kept:
            protocol.dataReceived(data)
        if self._reason is not None:
            self._tell()
        elif not getattr(self._transport, "isPaused", False):
            # Who has paused in its ``makeConnection`` goes on by itself.
            self._transport.resumeProducing()

    def setPreviousResponse(self, response: IResponse) -> None:
        """Set the response that has led to this one."""
        self.previousResponse = response

    # What the connection calls

    def whole(self, maxBytes: int | None) -> bytes | None:
        """Give the body if all of it is there and no more than that; once."""
        if self._asked or self._reason is not WHOLE:
            return None
        body = b"".join(self._kept)
        if maxBytes is not None and len(body) > maxBytes:
            return None
        self._asked = True
        self._kept = []
        return body

    @property
    def wanted(self) -> bool:
        """Whether somebody takes the body."""
        return self._asked

    def take(self, data: bytes) -> None:
        """Take some of the body."""
        if self._protocol is not None:
            self._protocol.dataReceived(data)
        else:
            self._kept.append(data)

    def end(self, reason: Failure) -> None:
        """Take note of the end."""
        self._reason = reason
        if self._protocol is not None:
            self._tell()

    def _tell(self) -> None:
        protocol, self._protocol = self._protocol, None
        protocol.connectionLost(self._reason)

    def __repr__(self) -> str:
        return f"<Response {self.code} {self.phrase.decode('latin-1')}>"
