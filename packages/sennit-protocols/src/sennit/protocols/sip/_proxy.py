"""Messages over UDP, and a proxy that passes them on (RFC 3261 sections 16 and 18)."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import sennit.core
from sennit.core import errors, log
from sennit.core.defer import maybeDeferred
from sennit.core.failure import Failure
from sennit.core.protocol import DatagramProtocol
from sennit.protocols.sip._errors import MalformedMessage, SIPError
from sennit.protocols.sip._messages import Message, Request, Response
from sennit.protocols.sip._parser import MessagesParser
from sennit.protocols.sip._urls import PORT, URL, parseAddress
from sennit.protocols.sip._via import Via, parseViaHeader

if TYPE_CHECKING:
    from sennit.protocols.sip.contracts import ILocator

__all__ = ["Base", "Proxy"]

# What an answer repeats of its request (section 8.2.6.2).
_REPEATED = ("via", "to", "from", "call-id", "cseq")


def _stations(message: Message) -> list[Via]:
    """Return the way of a message, and give each station a header of its own."""
    values = [
        station.strip()
        for value in message.headers.get("via", ())
        for station in value.split(",")
    ]
    if not values:
        raise MalformedMessage("a message without a Via")
    message.headers["via"] = values
    return [parseViaHeader(value) for value in values]


class Base(DatagramProtocol):
    """Takes and sends messages, each in a datagram; to be subclassed.

    Attributes:
        debug: whether each message is logged.
        reactor: whose resolver is asked for the addresses of names; the default one
            unless told.
    """

    PORT: int = PORT
    debug: bool = False
    reactor: Any = None

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.parser: MessagesParser = MessagesParser(self.addMessage)

    def addMessage(self, msg: Message) -> None:
        """A message is whole."""
        self.messages.append(msg)

    def datagramReceived(self, data: bytes, addr: tuple[str, int]) -> None:
        """Read a datagram, and handle what is in it."""
        self.parser.dataReceived(data)
        self.parser.dataDone()
        messages, self.messages[:] = self.messages[:], ()
        for message in messages:
            if self.debug:
                log.msg(f"from {addr}:\n{message.toString()}")
            try:
                if isinstance(message, Request):
                    self._mark_source(message, addr)
                    self.handle_request(message, addr)
                else:
                    self.handle_response(message, addr)
            except MalformedMessage as error:
                log.msg(f"no SIP message from {addr}: {error}")

    def _mark_source(self, message: Request, addr: tuple[str, int]) -> None:
        """Note where a request really came from (sections 18.2.1; RFC 3581 section 4)."""
        via = _stations(message)[0]
        if via.host == addr[0] and not via.rportRequested:
            return
        if via.host != addr[0] or via.rportRequested:
            via.received = addr[0]
        if via.rportRequested:
            via.rport = addr[1]
        message.headers["via"][0] = via.toString()

    def handle_request(self, message: Request, addr: tuple[str, int]) -> Any:
        """Handle a request; to be overridden."""
        raise NotImplementedError(f"{type(self).__name__} must have a handle_request")

    def handle_response(self, message: Message, addr: tuple[str, int]) -> Any:
        """Handle a response; to be overridden."""
        raise NotImplementedError(f"{type(self).__name__} must have a handle_response")

    def responseFromRequest(self, code: int, request: Request) -> Response:
        """Make the answer to a request."""
        response = Response(code)
        for name in _REPEATED:
            if name in request.headers:
                response.headers[name] = request.headers[name][:]
        return response

    def deliverResponse(self, responseMessage: Response) -> None:
        """Send an answer to where its topmost Via says (section 18.2.2)."""
        via = _stations(responseMessage)[0]
        host = via.received or via.host
        self.sendMessage(
            URL(host=host, port=via.rportValue or via.port), responseMessage
        )

    def sendMessage(self, destURL: URL, message: Message) -> None:
        """Send a message to where a URL says.

        Raises:
            SIPError: It says another transport than UDP.
        """
        if destURL.transport not in ("udp", "UDP", None):
            raise SIPError(503, f"no transport {destURL.transport!r}, only UDP")
        if self.debug:
            log.msg(f"to {destURL}:\n{message.toString()}")
        data = message.toString().encode()
        host, port = destURL.maddr or destURL.host, destURL.port or self.PORT
        try:
            self._write(data, host, port)
        except errors.InvalidAddressError:
            # A name. That its address comes later matters to nobody.
            found = (self.reactor or sennit.core.reactor).resolve(host)
            found.addCallback(lambda address: self._write(data, address, port))
            found.addErrback(log.err, f"no address of {host} is known")

    def _write(self, data: bytes, host: str, port: int) -> None:
        if self.transport is not None:
            self.transport.write(data, (host, port))


class Proxy(Base):
    """Passes requests on to where a locator says, and the answers back.

    A method ``handle_METHOD_request(message, addr)`` takes requests of that method in its
    place; one that raises a `SIPError` answers with its code.

    Args:
        host: how others find this proxy; the machine's name unless told.
        port: where.

    Attributes:
        locator: an `ILocator <sennit.protocols.sip.contracts.ILocator>`.
        answersRefused: whether a request that goes in a circle, and one to register
            somebody unknown, get an answer, 482 and 404.
    """

    locator: ILocator | None = None
    answersRefused: bool = True

    def __init__(self, host: str | None = None, port: int = PORT) -> None:
        super().__init__()
        self.host: str = host or socket.getfqdn()
        self.port = port

    def getVia(self) -> Via:
        """Make the station that this proxy is."""
        return Via(host=self.host, port=self.port)

    def _is_ours(self, via: Via) -> bool:
        return (via.host, via.port) == (self.host, self.port)

    def handle_request(self, message: Request, addr: tuple[str, int]) -> None:
        """Call the method for it, and answer with the error that it fails with."""
        way = _stations(message)
        if self._is_ours(way[0]):
            return
        handler = getattr(self, f"handle_{message.method}_request", None)
        handled = maybeDeferred(handler or self.handle_request_default, message, addr)
        handled.addErrback(self._answer_error, message, addr)

    def _answer_error(
        self, failure: Failure, message: Request, addr: tuple[str, int]
    ) -> None:
        code = 500
        if failure.check(SIPError):
            code = failure.value.code
        elif failure.check(MalformedMessage):
            log.msg(f"a SIP request from {addr} that is wrong: {failure.value}")
            code = 400
        else:
            log.err(failure, f"a SIP request from {addr} could not be handled")
        # To an ACK nobody listens for an answer (section 17).
        if message.method != "ACK":
            self.deliverResponse(self.responseFromRequest(code, message))

    def handle_request_default(
        self, message: Request, sourcePeer: tuple[str, int]
    ) -> Any:
        """Pass a request on to where its To is now."""
        if any(self._is_ours(via) for via in _stations(message)):
            if self.answersRefused:
                raise SIPError(482)
            return None
        if self.locator is None:
            raise SIPError(404)
        self._count_down(message)
        to = message.headers.get("to")
        if not to:
            raise MalformedMessage("a request without a To")
        _, url, _ = parseAddress(to[0], clean=True)
        found = self.locator.getAddress(url)
        found.addCallback(self._forward, message)
        found.addErrback(self._not_found)
        return found

    @staticmethod
    def _count_down(message: Request) -> None:
        """A request that goes in circles ends (section 16.3)."""
        left = message.headers.get("max-forwards")
        if not left:
            return
        if not (left[0].isascii() and left[0].isdigit()):
            raise MalformedMessage(f"Max-Forwards is no number: {left[0]!r:.60}")
        if int(left[0][:6]) == 0:
            raise SIPError(483)
        message.headers["max-forwards"] = [str(int(left[0][:6]) - 1)]

    def _forward(self, target: URL, message: Request) -> None:
        message.headers["via"].insert(0, self.getVia().toString())
        try:
            self.sendMessage(target, message)
        except SIPError:
            del message.headers["via"][0]
            raise

    @staticmethod
    def _not_found(failure: Failure) -> None:
        failure.trap(LookupError)
        raise SIPError(404)

    def handle_response(self, message: Message, addr: tuple[str, int]) -> None:
        """Pass an answer back the way its request came."""
        assert isinstance(message, Response)
        if not self._is_ours(_stations(message)[0]):
            log.msg(f"a SIP response from {addr} that is not for this proxy")
            return
        del message.headers["via"][0]
        if message.headers["via"]:
            self.deliverResponse(message)
        else:
            self.gotResponse(message, addr)

    def gotResponse(self, message: Response, addr: tuple[str, int]) -> Any:
        """An answer to a request of this proxy's own; may be overridden."""
