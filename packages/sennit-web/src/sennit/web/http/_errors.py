"""What a peer can do wrong in HTTP, and the status it is answered with.

Each of them ends the connection: where a message ends is not known any more, and what
follows may be anybody's (RFC 9112 §11.2). The log has a line with the peer's address.
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "BadRequest",
    "BodyIncomplete",
    "BodyTooLarge",
    "ExpectationFailed",
    "HeadTooLarge",
    "InvalidHead",
    "MalformedBody",
    "MalformedForm",
    "PotentialDataLoss",
    "RequestTimeout",
    "TargetTooLong",
    "TooManyHeaders",
    "UnsupportedCoding",
    "UnsupportedVersion",
]


class BadRequest(ValueError):
    """What came is no request that could be answered otherwise.

    Attributes:
        code: The status of the answer.
    """

    code: ClassVar[int] = 400


class InvalidHead(BadRequest):
    """The request line or a header is malformed, or says two things at once."""


class MalformedBody(BadRequest):
    """The body is not framed as its coding demands: a chunk or a trailer is malformed."""


class MalformedForm(BadRequest):
    """A form's body is not what its content type says."""


class RequestTimeout(BadRequest, TimeoutError):
    """A request was begun, and did not come to its end in time."""

    code = 408


class BodyTooLarge(BadRequest):
    """A body has more bytes than it may have."""

    code = 413


class TargetTooLong(BadRequest):
    """A request line is longer than it may be."""

    code = 414


class ExpectationFailed(BadRequest):
    """The client expects something other than ``100-continue``."""

    code = 417


class HeadTooLarge(BadRequest):
    """A head has more bytes than it may have."""

    code = 431


class TooManyHeaders(HeadTooLarge):
    """A head, or the trailers of a body, have more fields than they may have."""


class UnsupportedCoding(InvalidHead):
    """A body comes in a transfer coding that is not known here."""

    code = 501


class UnsupportedVersion(BadRequest):
    """A request is of another version of HTTP than 1.0 and 1.1."""

    code = 505


class BodyIncomplete(ConnectionError):
    """A body that is being read as it comes has ended before its end."""


class PotentialDataLoss(Exception):
    """A body has ended with its connection, and may not be whole.

    Nothing in the message has said how long it is.
    """
