"""The short face's response."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Self

from sennit.core.defer import Deferred, succeed
from sennit.web.client._errors import PartialDownloadError, StatusError
from sennit.web.client._readers import BodyPieces, discard, readBody

if TYPE_CHECKING:
    from sennit.core.failure import Failure
    from sennit.web.client.contracts import IResponse
    from sennit.web.headers import Headers

__all__ = ["Answer"]


class Answer:
    """What a server has answered.

    One that was asked for with ``stream=True`` is iterated over, ``async for piece in
    answer``, or `read`, or closed, by ``async with`` for one.

    Attributes:
        response: The response of the agent, for all that is not here.
        url: Where it comes from, after all redirects.
    """

    def __init__(self, response: IResponse, url: str, maxBytes: int) -> None:
        """Put it around a response.

        Args:
            response: The response.
            url: Where it comes from.
            maxBytes: How many bytes of a body are kept in memory.
        """
        self.response: Any = response
        self.url: str = url
        self._max = maxBytes
        self._content: bytes | None = None
        self._pieces: BodyPieces | None = None

    @property
    def status(self) -> int:
        """The status."""
        return int(self.response.code)

    code = status

    @property
    def ok(self) -> bool:
        """Whether the status tells of no error."""
        return self.status < 400

    @property
    def reason(self) -> str:
        """What the server says of the status."""
        return str(self.response.phrase.decode("latin-1"))

    @property
    def headers(self) -> Headers:
        """The headers."""
        headers: Headers = self.response.headers
        return headers

    @property
    def history(self) -> list[Answer]:
        """The redirects that have led here, the first first; their bodies are gone."""
        found: list[Answer] = []
        before = self.response.previousResponse
        while before is not None:
            uri = getattr(before.request, "absoluteURI", None) or b""
            found.insert(0, Answer(before, uri.decode("latin-1"), 0))
            before = before.previousResponse
        return found

    # The body

    @property
    def content(self) -> bytes:
        """The body.

        Raises:
            RuntimeError: It was asked for as a stream, and not read.
        """
        if self._content is None:
            raise RuntimeError("the body is a stream: await answer.read() first")
        return self._content

    def read(self) -> Deferred[bytes]:
        """Read the body into `content`.

        Returns:
            The body; it fails as `readBody` does, but for a body that ends with its
            connection: that is taken for whole, as there is no way to tell.
        """
        if self._content is not None:
            return succeed(self._content)
        return (
            readBody(self.response, self._max)
            .addErrback(_all_there_is)
            .addCallback(self._keep)
        )

    def _keep(self, body: bytes) -> bytes:
        self._content = body
        return body

    def text(self, encoding: str | None = None) -> str:
        """The body as text.

        Args:
            encoding: How it is encoded; None for what the headers say, or UTF-8.
        """
        found = encoding or self.charset or "utf-8-sig"
        try:
            return self.content.decode(found, "replace")
        except LookupError:
            return self.content.decode("utf-8-sig", "replace")

    def json(self) -> Any:
        """The body, which is JSON, as what it means.

        Raises:
            ValueError: It is no JSON.
        """
        return json.loads(self.content)

    @property
    def charset(self) -> str | None:
        """How the headers say that the body is encoded."""
        value = self.headers.getRawHeaders(b"Content-Type", [b""])[0]
        for parameter in value.split(b";")[1:]:
            name, _, given = parameter.partition(b"=")
            if name.strip().lower() == b"charset":
                return given.strip().strip(b"\"'").decode("latin-1") or None
        return None

    def raiseForStatus(self) -> Self:
        """Give this back.

        Raises:
            StatusError: The status tells of an error.
        """
        if self.ok:
            return self
        body = self._content
        error = StatusError(self.status, self.response.phrase or None, body)
        error.answer = self
        raise error

    # As a stream

    def __aiter__(self) -> AsyncIterator[bytes]:
        if self._content is not None:
            return _only(self._content)
        if self._pieces is None:
            self._pieces = BodyPieces()
            self.response.deliverBody(self._pieces)
        return self._pieces

    def close(self) -> None:
        """Want no more of a stream."""
        if self._pieces is not None:
            self._pieces.close()
        elif self._content is None:
            self._content = b""
            discard(self.response)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Answer {self.status} {self.reason} of {self.url}>"


def _all_there_is(reason: Failure) -> bytes:
    reason.trap(PartialDownloadError)
    body: bytes = reason.value.response
    return body


async def _only(content: bytes) -> AsyncIterator[bytes]:
    if content:
        yield content
