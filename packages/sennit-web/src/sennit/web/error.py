"""What can go wrong between a client and a site, and is answered by a status."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sennit.web.http import RESPONSES

__all__ = [
    "Error",
    "InfiniteRedirection",
    "PageRedirect",
    "RedirectWithNoLocation",
    "SchemeNotSupported",
    "UnsupportedMethod",
]


class Error(Exception):
    """A request was, or is to be, answered with a status that tells of an error.

    Attributes:
        status: The status, as digits.
        message: What it says for people; the usual words unless told.
        response: The body of the answer; None if there is none.
    """

    status: bytes
    message: bytes | None
    response: bytes | None

    def __init__(
        self,
        code: int | bytes,
        message: bytes | None = None,
        response: bytes | None = None,
    ) -> None:
        """Make an error.

        Args:
            code: The status, a number or its digits.
            message: What it says for people.
            response: The body of the answer.
        """
        status = b"%d" % code if isinstance(code, int) else code
        if message is None and status.isdigit():
            message = RESPONSES.get(int(status))
        super().__init__(status, message, response)
        self.status = status
        self.message = message
        self.response = response

    def __str__(self) -> str:
        words = [self.status] if self.message is None else [self.status, self.message]
        return b" ".join(words).decode("utf-8", "backslashreplace")


class PageRedirect(Error):
    """A request was answered with another place to go to.

    Attributes:
        location: That place; None if it is not known.
    """

    def __init__(
        self,
        code: int | bytes,
        message: bytes | None = None,
        response: bytes | None = None,
        location: bytes | None = None,
    ) -> None:
        super().__init__(code, message, response)
        if location and self.message:
            self.message: bytes | None = self.message + b" to " + location
        self.location: bytes | None = location


class InfiniteRedirection(PageRedirect):
    """A request was sent from place to place more often than is allowed."""


class RedirectWithNoLocation(Error):
    """A request was answered with another place to go to, but not with which.

    Attributes:
        uri: Where the request went.
    """

    def __init__(self, code: int | bytes, message: bytes | None, uri: bytes) -> None:
        super().__init__(code, message)
        self.message: bytes | None = b"%s to %s" % (
            self.message or self.status,
            uri,
        )
        self.uri: bytes = uri


class UnsupportedMethod(Exception):
    """A resource does not answer a request of that method.

    Attributes:
        allowedMethods: Those that it does answer.
    """

    def __init__(self, allowedMethods: Sequence[bytes], *args: object) -> None:
        """Make an error.

        Args:
            allowedMethods: The methods that the resource answers.
            args: More about it.

        Raises:
            TypeError: The methods are a single text, not a sequence of them.
        """
        given: object = allowedMethods
        if isinstance(given, str | bytes) or not isinstance(given, Iterable):
            raise TypeError(
                f"allowedMethods must be a sequence of methods, not {allowedMethods!r}"
            )
        super().__init__(allowedMethods, *args)
        self.allowedMethods: Sequence[bytes] = allowedMethods

    def __str__(self) -> str:
        known = b", ".join(self.allowedMethods).decode("utf-8", "backslashreplace")
        return f"the resource answers {known or 'no method'} only"


class SchemeNotSupported(Exception):
    """A URL is of a scheme that is not spoken here."""
