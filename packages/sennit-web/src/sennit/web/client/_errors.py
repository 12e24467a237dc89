"""What can go wrong in asking a server, and how far the request had come.

connecting ------> ConnectTimeout, or the endpoint's own error
sending ---------> RequestGenerationFailed (our side), RequestTransmissionFailed
waiting ---------> ResponseNeverReceived, HeadersTimeout; RequestCancelled, TotalTimeout
receiving -------> ResponseFailed, BodyTimeout; PotentialDataLoss
all is there ----> ResponseDone, which tells of no mistake
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sennit.core.defer import CancelledError
from sennit.core.errors import ConnectError, TimeoutError
from sennit.web.error import Error

if TYPE_CHECKING:
    from sennit.core.failure import Failure

__all__ = [
    "BadHeaders",
    "BadResponseVersion",
    "BodyTimeout",
    "BodyTooLong",
    "ConnectTimeout",
    "DecompressionBomb",
    "ExcessWrite",
    "HeadTooLong",
    "HeadersTimeout",
    "ParseError",
    "PartialDownloadError",
    "ProxyRefused",
    "RequestCancelled",
    "RequestGenerationFailed",
    "RequestNotSent",
    "RequestTransmissionFailed",
    "ResponseBudgetExceeded",
    "ResponseDone",
    "ResponseFailed",
    "ResponseNeverReceived",
    "StatusError",
    "TooManyHeaders",
    "TotalTimeout",
    "TruncatedResponse",
    "WrongBodyLength",
]


# Of requests


class BadHeaders(ValueError):
    """A request's headers cannot be sent: they would be read as something else."""


class ExcessWrite(Exception):
    """The producer of a request's body has written more than it said it would."""


class WrongBodyLength(Exception):
    """A request's body is not as long as its producer said it would be."""


class RequestNotSent(Exception):
    """The connection takes no request now: nothing of it was sent."""


class _Wrapper(Exception):
    """Something went wrong for reasons that were told as failures.

    Attributes:
        reasons: Why.
    """

    def __init__(self, reasons: Sequence[Failure]) -> None:
        """Take the reasons."""
        super().__init__(reasons)
        self.reasons: Sequence[Failure] = reasons


class RequestGenerationFailed(_Wrapper):
    """Our side could not make the request: its body or its headers are no good."""


class RequestTransmissionFailed(_Wrapper):
    """The connection was lost while the request was being sent."""


# Of responses


class ParseError(ValueError):
    """What came is no response of HTTP/1.

    Attributes:
        data: Some of what came.
    """

    def __init__(self, reason: str, data: bytes = b"") -> None:
        """Tell what is wrong with it, and show some of it."""
        super().__init__(reason, data)
        self.data: bytes = data

    def __str__(self) -> str:
        return f"{self.args[0]}: {self.data!r}" if self.data else str(self.args[0])


class BadResponseVersion(ParseError):
    """The response is of a version of HTTP that is not spoken here."""


class TruncatedResponse(ParseError):
    """The connection ended before the response was complete."""


class ResponseBudgetExceeded(ParseError):
    """A server sends more than its response may cost us."""


class HeadTooLong(ResponseBudgetExceeded):
    """The head of a response has more bytes than it may have."""


class TooManyHeaders(ResponseBudgetExceeded):
    """A response has more headers, or trailers, than it may have."""


class BodyTooLong(ResponseBudgetExceeded):
    """A body that is kept in memory has more bytes than it may have."""


class DecompressionBomb(ResponseBudgetExceeded):
    """A body unpacks to more bytes than it may."""


class ResponseDone(Exception):
    """The response is complete: the reason of a clean end, no mistake."""


class ResponseFailed(_Wrapper):
    """A response could not be received, or not to its end.

    Attributes:
        response: What is there of it; None before its head has come.
    """

    def __init__(self, reasons: Sequence[Failure], response: Any = None) -> None:
        """Take the reasons, and what is there of the response."""
        super().__init__(reasons)
        self.response: Any = response

    def __str__(self) -> str:
        told = (getattr(reason, "value", reason) for reason in self.reasons)
        return "; ".join(f"{type(each).__name__}: {each}" for each in told)


class ResponseNeverReceived(ResponseFailed):
    """The request was sent, and nothing of a response has come."""


class RequestCancelled(ResponseNeverReceived, CancelledError):
    """Who had asked wants no answer any more.

    It is asyncio's cancellation, too, so that a cancelled task ends as it should.
    """


class PartialDownloadError(Error):
    """A body ended with its connection: whether that was all, nobody can tell.

    Attributes:
        response: What has come of it.
    """


class StatusError(Error):
    """The server has answered with a status of an error.

    Attributes:
        answer: The whole answer.
    """

    answer: Any = None


class ProxyRefused(ConnectError):
    """A proxy does not connect us to where we want to go.

    Attributes:
        status: The status it has answered with.
    """

    sentence = "The proxy has refused"

    def __init__(self, status: int, phrase: bytes) -> None:
        """Take the proxy's answer."""
        super().__init__(status, phrase.decode("latin-1"))
        self.status: int = status


# Of time


class ConnectTimeout(TimeoutError):
    """No connection was made in the time allowed for it."""


class HeadersTimeout(ResponseNeverReceived, builtins.TimeoutError):
    """The request was sent, and no head of a response has come in time."""


class BodyTimeout(ResponseFailed, builtins.TimeoutError):
    """A response has come to a standstill."""


class TotalTimeout(ResponseFailed, builtins.TimeoutError):
    """The answer was not complete in the time allowed for all of it."""
