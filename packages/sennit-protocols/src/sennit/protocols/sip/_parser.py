"""From bytes to messages."""

from __future__ import annotations

from collections.abc import Callable

from sennit.core import log
from sennit.protocols.basic import LineReceiver
from sennit.protocols.sip._errors import MalformedMessage
from sennit.protocols.sip._messages import VERSION, Message, Request, Response
from sennit.protocols.sip._urls import number

__all__ = ["MessagesParser"]


class MessagesParser(LineReceiver):
    """Makes messages of what comes, in whatever pieces.

    What is no message is told to `invalidMessage`, and all that follows it is dropped
    until `dataDone` or `reset`: nobody can know where the next one would begin.

    Args:
        messageReceivedCallback: called with each `Request` and `Response`.

    Attributes:
        acceptRequests: whether a request is a message.
        acceptResponses: whether a response is one.
        maxHeaders: of one message. A phone sends some twenty; each proxy on the way
            adds a few, of which there are 70 at most (RFC 3261 section 8.1.1.6).
        maxBody: bytes of a body; no datagram has more.
        state: ``firstline``, ``headers``, ``body`` or ``invalid``.
    """

    version: str = VERSION
    acceptRequests: bool = True
    acceptResponses: bool = True
    maxHeaders: int = 500
    maxBody: int = 65_535
    debug: bool = False

    state: str = "firstline"
    message: Message | None = None

    def __init__(self, messageReceivedCallback: Callable[[Message], object]) -> None:
        self.messageReceived = messageReceivedCallback
        self.reset()

    def reset(self, remainingData: bytes = b"") -> None:
        """Begin anew, with this first."""
        self.state = "firstline"
        self.message = None
        self._header: str | None = None
        self._headers = 0
        self._body = bytearray()
        self.setLineMode(remainingData)

    def dataReceived(self, data: bytes | str) -> None:
        """Take bytes, or text; what is wrong with them is logged."""
        try:
            super().dataReceived(data.encode() if isinstance(data, str) else data)
        except (MalformedMessage, UnicodeDecodeError) as error:
            log.msg(f"no SIP message: {error}")
            self.invalidMessage()

    def dataDone(self) -> None:
        """Nothing more comes: a body of unknown length is whole, what lacks is wrong."""
        self.clearLineBuffer()
        if self.state == "body":
            message = self.message
            assert message is not None
            if message.length is None:
                self._finish(b"")
            else:
                log.msg(
                    f"no SIP message: {len(self._body)} bytes of a body of"
                    f" {message.length}"
                )
                self.invalidMessage()
        self.reset()

    def invalidMessage(self) -> None:
        """Drop what comes; may be overridden to know of it."""
        self.state = "invalid"
        self.setRawMode()

    def lineLengthExceeded(self, line: bytes) -> None:
        """A line that is too long is of no message."""
        log.msg(f"no SIP message: a line of more than {self.MAX_LENGTH} bytes")
        self.invalidMessage()

    def lineReceived(self, line: bytes) -> None:
        """Take a line of the head."""
        text = line.decode()
        if self.state == "headers":
            if not text:
                self._end_headers()
            elif text[0] in " \t":
                self._continue(text)
            else:
                self._next_header(text)
        elif text := text.lstrip("\r\n"):
            # Empty lines before a message keep connections alive (section 7.5).
            self.handleFirstLine(text)
            self.state = "headers"

    def handleFirstLine(self, line: str) -> None:
        """Make the message.

        Raises:
            MalformedMessage: It begins none, or none that is accepted.
        """
        first, _, rest = line.partition(" ")
        second, spaced, third = rest.partition(" ")
        if first == self.version and spaced:
            if not self.acceptResponses:
                raise MalformedMessage("a response, where only requests are taken")
            self.message = Response(number(second, "the status code"), third)
        elif third == self.version:
            if not self.acceptRequests:
                raise MalformedMessage("a request, where only responses are taken")
            self.message = Request(first, second)
        else:
            raise MalformedMessage(f"no first line of {self.version}: {line!r:.60}")

    def _next_header(self, text: str) -> None:
        self._keep_header()
        if ":" not in text:
            raise MalformedMessage(f"a header without a colon: {text!r:.60}")
        self._header = text

    def _continue(self, text: str) -> None:
        """Put a folded line together, with a space in the fold's place (section 7.3.1).

        Before a parameter none is needed (section 25.1, SEMI and COMMA).
        """
        if self._header is None:
            raise MalformedMessage("a continued header, but no header before it")
        if len(self._header) + len(text) > self.MAX_LENGTH:
            raise MalformedMessage(
                f"a folded header of more than {self.MAX_LENGTH} characters"
            )
        more = text.strip()
        space = "" if more.startswith((";", ",")) else " "
        self._header = f"{self._header.rstrip()}{space}{more}"

    def _keep_header(self) -> None:
        if self._header is None:
            return
        self._headers += 1
        if self._headers > self.maxHeaders:
            raise MalformedMessage(f"more than {self.maxHeaders} headers")
        name, _, value = self._header.partition(":")
        assert self.message is not None
        self.message.addHeader(name, value.strip())
        self._header = None

    def _end_headers(self) -> None:
        self._keep_header()
        self.state = "body"
        assert self.message is not None
        length = self.message.length
        if length == 0:
            self._finish(b"")
            return
        if length is not None and length > self.maxBody:
            raise MalformedMessage(f"a body of {length} bytes; {self.maxBody} may be")
        self.setRawMode()

    def rawDataReceived(self, data: bytes) -> None:
        """Take a piece of the body."""
        if self.state == "invalid":
            return
        assert self.message is not None
        self._body += data
        length = self.message.length
        if length is None:
            if len(self._body) > self.maxBody:
                raise MalformedMessage(f"a body of more than {self.maxBody} bytes")
        elif len(self._body) >= length:
            rest = bytes(self._body[length:])
            del self._body[length:]
            self._finish(rest)

    def _finish(self, rest: bytes) -> None:
        message = self.message
        assert message is not None
        message.bodyDataReceived(self._body.decode())
        message.creationFinished()
        self.messageReceived(message)
        self.reset(rest)
