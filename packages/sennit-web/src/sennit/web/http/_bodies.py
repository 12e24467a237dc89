"""The bodies of requests, as a connection receives them.

A body is kept by its request, until all of it is there; or it goes, piece by piece, to
whoever reads it, and the client is as fast as that.
"""

from __future__ import annotations

from typing import Any

from sennit.web.http._ending import Ending, State
from sennit.web.http._errors import BadRequest, BodyTooLarge
from sennit.web.http._fields import CHUNKED
from sennit.web.http._framing import ChunkedBody, CountedBody
from sennit.web.http._head import Head, HeadReader

__all__ = ["Bodies"]


class Bodies(Ending):
    """The bodies that a connection receives."""

    _reader: HeadReader
    # Where the body ends that is being received, and whether the client waits to be told
    # to send it.
    _frame: CountedBody | ChunkedBody | None = None
    _waited_for: bool = False

    def _expect_body(self, request: Any, head: Head) -> None:
        """Make ready for the body that comes after a head."""
        limits = self.limits
        length = head.block.length
        streams = request.wantsBodyStream()
        if length == CHUNKED:
            self._frame = ChunkedBody(
                limits.maxBody,
                limits.maxChunkLine,
                limits.maxChunkExtensions,
                limits.maxTrailers,
                limits.maxHeaders,
            )
        else:
            if limits.maxBody is not None and length > limits.maxBody:
                raise BodyTooLarge(f"a body of {length} bytes")
            if not streams and self._take_whole(request, head, length):
                return
            self._frame = CountedBody(length)
        self._received = 0
        # RFC 9110 §10.1.1: who has sent the body already waits for nothing.
        rest = self._reader.rest()
        self._waited_for = (
            head.block.expects is not None and head.version == b"HTTP/1.1" and not rest
        )
        self._state = State.BODY
        self.await_more()
        self._body_since = self._since
        size = None if length == CHUNKED else length
        if streams:
            self._state = State.STREAMING
            request.begin_stream(size)
            request.requestReceived(head.method, head.uri, head.version)
        else:
            request.gotLength(size)
            self.wantBody()
        if rest:
            self._take_body(rest)

    def _take_whole(self, request: Any, head: Head, length: int) -> bool:
        """Take a body that has come with its head, as most do; whether it has."""
        reader = self._reader
        begin = reader.at
        end = begin + length
        if not length or end > len(reader.data):
            return False
        reader.at = end
        request.gotLength(length)
        request.handleContentChunk(reader.data[begin:end])
        self._state = State.RESPONDING
        request.requestReceived(head.method, head.uri, head.version)
        return True

    def wantBody(self) -> None:
        """Somebody reads the body: tell the client to send it, if it waits for that."""
        if self._waited_for:
            self._waited_for = False
            self.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _take_body(self, data: bytes) -> None:
        """Take bytes of a body, and what comes after it."""
        frame = self._frame
        assert frame is not None
        try:
            piece, rest = frame.feed(data)
        except BadRequest as error:
            self.refuse(error)
            return
        if piece:
            self._received += len(piece)
            if self._state is State.BODY:
                self.requests[0].handleContentChunk(piece)
            elif self._state is State.STREAMING:
                self.requests[0].stream.received_piece(piece)
            elif self._received > self.limits.maxUnread:
                self._hang_up()
                return
        if frame.ended:
            self._frame = None
            if rest:
                self._reader.feed(rest)
            self._body_ended(frame)

    def _body_ended(self, frame: CountedBody | ChunkedBody) -> None:
        state = self._state
        if state is State.UNREAD:
            self._state = State.HEAD
            return
        if state is State.CLOSING:
            return
        request = self.requests[0]
        request.take_trailers(frame.trailers)
        self._state = State.RESPONDING
        if state is State.STREAMING:
            request.stream.end(request.trailers)
        else:
            request.requestReceived(request.method, request.uri, request.clientproto)

    def pauseBody(self) -> None:
        """Who reads the body has enough for now."""
        self._sated = True
        self.pace()

    def resumeBody(self) -> None:
        """Who reads the body wants more."""
        self._sated = False
        # The client was not to send meanwhile: its time begins anew.
        self.await_more()
        self._body_since = self._since - self._received / self.limits.bodyRate
        self.pace()
