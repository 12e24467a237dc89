"""What can be wrong with a message, or be answered to a request."""

from __future__ import annotations

from sennit.protocols.sip._names import statusCodes

__all__ = ["MalformedMessage", "RegistrationError", "SIPError"]


class MalformedMessage(ValueError):
    """A message, URL or header that is none; the text says what is wrong."""


class SIPError(Exception):
    """The answer to a request is not that it went well.

    Attributes:
        code: the status code, such as 404.
        phrase: the words beside it; those of RFC 3261 unless told.
    """

    def __init__(self, code: int, phrase: str | None = None) -> None:
        if phrase is None:
            phrase = statusCodes.get(code, "")
        super().__init__(f"SIP error ({code}): {phrase}")
        self.code = code
        self.phrase = phrase


class RegistrationError(SIPError):
    """A user cannot be registered."""
