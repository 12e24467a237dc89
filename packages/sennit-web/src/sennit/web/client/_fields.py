"""What llhttp tells of a response: it calls the methods of an object by their names."""

from __future__ import annotations

from sennit.web.client._errors import TooManyHeaders

__all__ = ["Fields"]


class Fields:
    """What llhttp tells of a head, or of chunks and trailers.

    Attributes:
        phrase: What is said of the status.
        fields: Headers; from the end of the head, trailers.
        pieces: Of the body, since they were taken last.
        headed: Whether the head is complete.
        complete: Whether the message is.
        exceeded: Whether another message has begun after it.
        moved: Whether anything was told since this was made False last.
    """

    def __init__(self, maxFields: int) -> None:
        self._max = maxFields
        self.phrase = b""
        self.fields: list[tuple[bytes, bytes]] = []
        self.pieces: list[bytes] = []
        self.on_body = self.pieces.append
        self.headed = False
        self.complete = False
        self.exceeded = False
        self.moved = False

    def on_message_begin(self) -> None:
        self.exceeded = self.complete

    def on_status(self, phrase: bytes) -> None:
        self.phrase += phrase

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.exceeded:
            return
        self.fields.append((name, value.rstrip(b" \t")))
        self.moved = True
        if len(self.fields) > self._max:
            raise TooManyHeaders(f"more than {self._max} headers")

    def on_headers_complete(self) -> None:
        self.headed = True

    def on_chunk_header(self) -> None:
        self.moved = True

    def on_message_complete(self) -> None:
        self.complete = True
