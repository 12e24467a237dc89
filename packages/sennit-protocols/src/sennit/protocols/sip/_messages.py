"""Requests and responses, as one works with them."""

from __future__ import annotations

from sennit.protocols.sip._errors import MalformedMessage
from sennit.protocols.sip._names import longHeaders, statusCodes
from sennit.protocols.sip._urls import URL, cleanRequestURL, number, parseURL

__all__ = ["VERSION", "Message", "Request", "Response", "dashCapitalize"]

VERSION = "SIP/2.0"

_SPELLED = {
    "cseq": "CSeq",
    "call-id": "Call-ID",
    "www-authenticate": "WWW-Authenticate",
}


def dashCapitalize(s: str) -> str:
    """Begin each word between dashes with a capital letter."""
    return "-".join(word.capitalize() for word in s.split("-"))


class Message:
    """Headers and a body.

    Attributes:
        headers: lists of values by names in lower case, in the order of their coming.
        body: the text after the headers.
        length: as the header Content-Length says; None without one.
        finished: whether the body is whole.
    """

    length: int | None = None

    def __init__(self) -> None:
        self.headers: dict[str, list[str]] = {}
        self.body: str = ""
        self.finished: bool = False

    def addHeader(self, name: str, value: object) -> None:
        """Add a header; a short name is made the long one.

        Raises:
            MalformedMessage: A Content-Length that is no number.
        """
        name = name.strip().lower()
        name = longHeaders.get(name, name)
        if name == "content-length":
            self.length = number(str(value), "the Content-Length")
        self.headers.setdefault(name, []).append(str(value))

    def bodyDataReceived(self, data: str) -> None:
        """Take a piece of the body."""
        self.body += data

    def creationFinished(self) -> None:
        """The body is whole.

        Raises:
            MalformedMessage: It has another length than Content-Length says.
        """
        if self.length is not None and self.length != len(self.body.encode()):
            raise MalformedMessage(
                f"a body of {len(self.body.encode())} bytes"
                f" where Content-Length says {self.length}"
            )
        self.finished = True

    def toString(self) -> str:
        """Write it, as on the wire."""
        lines = [self._first_line()]
        for name, values in self.headers.items():
            shown = _SPELLED.get(name) or dashCapitalize(name)
            lines.extend(f"{shown}: {value}" for value in values)
        return "\r\n".join((*lines, "", self.body))

    def _first_line(self) -> str:
        raise NotImplementedError(f"{type(self).__name__} is no Request or Response")


class Request(Message):
    """A request.

    Args:
        method: such as ``INVITE``.
        uri: to whom; a URL or its text.
        version: accepted for what callers of old give; ``SIP/2.0`` is written.
    """

    def __init__(self, method: str, uri: str | URL, version: str = VERSION) -> None:
        super().__init__()
        self.method = method
        self.uri: URL = parseURL(uri) if isinstance(uri, str) else uri
        cleanRequestURL(self.uri)

    def __repr__(self) -> str:
        return f"<SIP Request {id(self)}:{self.method} {self.uri}>"

    def _first_line(self) -> str:
        return f"{self.method} {self.uri} {VERSION}"


class Response(Message):
    """A response.

    Args:
        code: the status code.
        phrase: the words beside it; those of the specification unless told.
        version: accepted for what callers of old give; ``SIP/2.0`` is written.
    """

    def __init__(
        self, code: int, phrase: str | None = None, version: str = VERSION
    ) -> None:
        super().__init__()
        self.code = code
        self.phrase: str = statusCodes.get(code, "") if phrase is None else phrase

    def __repr__(self) -> str:
        return f"<SIP Response {id(self)}:{self.code}>"

    def _first_line(self) -> str:
        return f"{VERSION} {self.code} {self.phrase}"
