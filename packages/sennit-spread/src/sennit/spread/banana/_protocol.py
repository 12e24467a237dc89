"""Banana over a connection: the two sides agree on a dialect, then send expressions."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sennit.core import log
from sennit.core.protocol import Protocol
from sennit.spread.banana._budgets import BEGINNING, DEFAULT_LIMITS, SIZE_LIMIT, Limits
from sennit.spread.banana._decode import Decoder
from sennit.spread.banana._encode import NO_TOKENS, PB_TOKENS, encode_expression
from sennit.spread.banana._errors import BananaError, Incomplete, MalformedBanana
from sennit.spread.banana._vocabulary import INCOMING, NO_WORDS, OUTGOING, PB, PLAIN

__all__ = ["Banana", "decode", "encode", "setPrefixLimit"]

_prefix_limit = DEFAULT_LIMITS.maxPrefix


def setPrefixLimit(limit: int) -> None:
    """Set how many digits numbers may have on connections that are made from now on."""
    global _prefix_limit
    _prefix_limit = limit


class Banana(Protocol):
    """Sends and receives expressions: bytes, integers, floats, and lists of these.

    The server begins and names the dialects it knows, the client chooses one. Override
    `connectionReady` and `expressionReceived`.

    What is no Banana, or exceeds a limit, is a `BananaError` out of `dataReceived`, which
    ends the connection; the error is logged with the connection's address.

    Attributes:
        isClient: Whether this side chooses the dialect.
        currentDialect: The dialect; None until the sides agree.
        knownDialects: What this side speaks, the best first.
        outgoingVocabulary: The words of the dialect ``pb``, and their numbers.
        incomingVocabulary: The numbers, and their words.
        sizeLimit: Bytes of a string, elements of a list.
        maxDepth: How deep lists may be nested.
        maxItems: Elements of all lists of a message.
        maxBytes: Bytes of a message. What the limits are good for, and why they are what
            they are, is with `Limits`.
        is_held: Whether what comes is kept and not handed over: whoever takes this back
            calls ``dataReceived(b"")``.
        gathers: Whether what is sent while bytes are being received goes out with one
            write, behind them. Who sets it calls `flush` before closing the connection.
    """

    knownDialects: ClassVar[Sequence[bytes]] = [PB, PLAIN]
    outgoingVocabulary: ClassVar[Mapping[bytes, int]] = OUTGOING
    incomingVocabulary: ClassVar[Mapping[int, bytes]] = INCOMING
    sizeLimit: int = SIZE_LIMIT
    maxDepth: int = DEFAULT_LIMITS.maxDepth
    maxItems: int = DEFAULT_LIMITS.maxItems
    maxBytes: int = DEFAULT_LIMITS.maxBytes
    gathers: ClassVar[bool] = False
    is_held: bool = False

    def __init__(self, isClient: bool = True) -> None:
        """Be one side.

        Args:
            isClient: Whether this side chooses the dialect.
        """
        self.isClient = isClient
        self.currentDialect: bytes | None = None
        self.prefixLimit: int = _prefix_limit
        self._banana_decoder = Decoder()
        self._banana_limits: Limits | None = None
        self._banana_receiving = False
        self._banana_collected: list[bytes] = []
        self._banana_broken = False

    def setPrefixLimit(self, limit: int) -> None:
        """Set how many digits numbers may have on this connection."""
        self.prefixLimit = limit
        self._banana_limits = None

    @property
    def limits(self) -> Limits:
        """What a message may cost; asked for once, and kept."""
        limits = self._banana_limits
        if limits is None:
            limits = self._banana_limits = Limits(
                self.sizeLimit,
                self.prefixLimit,
                self.maxDepth,
                self.maxItems,
                self.maxBytes,
            )
        return limits

    # The dialect

    def connectionMade(self) -> None:
        """Offer the dialects, if it is this side that does."""
        if not self.isClient:
            self.sendEncoded(list(self.knownDialects))

    def connectionReady(self) -> None:
        """The dialect is chosen: expressions may be sent. To be overridden."""

    def callExpressionReceived(self, obj: Any) -> None:
        """Take an expression: the dialect, or one for `expressionReceived`."""
        if self.currentDialect is not None:
            self.expressionReceived(obj)
        elif self.isClient:
            self._choose(obj)
        elif obj in self.knownDialects:
            self._speak(obj)
        else:
            self._part(obj)

    def _choose(self, offered: Any) -> None:
        for dialect in offered if isinstance(offered, list) else ():
            if dialect in self.knownDialects:
                self.sendEncoded(dialect)
                self._speak(dialect)
                return
        self._part(offered)

    def _part(self, said: Any) -> None:
        self._banana_broken = True
        log.msg(
            f"{self.transport.getPeer()} knows no dialect that is known here: "
            f"{said!r:.100}",
            logLevel=logging.WARNING,
        )
        self.transport.loseConnection()

    def _speak(self, dialect: bytes) -> None:
        self.currentDialect = dialect
        self.connectionReady()

    # Receiving

    def expressionReceived(self, lst: Any) -> None:
        """Take an expression; to be overridden.

        Args:
            lst: A list, bytes, an integer, or a float.
        """

    def quickly(self, data: bytes, at: int) -> tuple[int, Any] | None:
        """Read a message right out of the chunk, rather than have an expression made.

        It is asked once the dialect is chosen. To be overridden together with
        `messageReceived`; none is read here.

        Args:
            data: A chunk.
            at: Where a message begins in it; it need not be complete.

        Returns:
            The index behind it, and what `messageReceived` is to take; None if it is not
            complete, or had better become an expression.
        """
        return None

    def messageReceived(self, message: Any) -> None:
        """Take what `quickly` has made; to be overridden."""

    def dataReceived(self, data: bytes) -> None:
        """Take bytes, and hand over the expressions that are complete with them.

        Raises:
            BananaError: It is no Banana, or exceeds a limit.
        """
        decoder = self._banana_decoder
        if self._banana_broken:
            return
        if self._banana_receiving:
            decoder.feed(data)
            return
        self._banana_receiving = True
        try:
            self._take(data)
        except BananaError:
            self._banana_broken = True
            raise
        finally:
            self._banana_receiving = False
            self.flush()

    def _take(self, data: bytes) -> None:
        decoder = self._banana_decoder
        if self.currentDialect is None:
            if not self._agree(data):
                return
            data = b""
        decoder.limits = self._banana_limits or self.limits
        is_pb = self.currentDialect == PB
        decoder.words = INCOMING if is_pb else NO_WORDS
        is_quick = type(self).quickly is not Banana.quickly
        if data:
            decoder.feed(data)
        expressions = decoder.expressions(quick=self._quick if is_quick else None)
        # None of them is None.
        while not self.is_held and (expression := next(expressions, None)) is not None:
            if type(expression) is _Message:
                self.messageReceived(expression.content)
            else:
                self.callExpressionReceived(expression)

    def _agree(self, data: bytes) -> bool:
        """Take expressions until the dialect is chosen; whether it is."""
        decoder = self._banana_decoder
        decoder.words, decoder.limits = NO_WORDS, BEGINNING
        for expression in decoder.expressions(data):
            self.callExpressionReceived(expression)
            if self.currentDialect is not None or self._banana_broken:
                break
        return self.currentDialect is not None

    def _quick(self, data: bytes, at: int) -> tuple[int, Any] | None:
        found = self.quickly(data, at)
        return None if found is None else (found[0], _Message(found[1]))

    # Sending

    def sendEncoded(self, obj: Any) -> None:
        """Send an expression.

        Args:
            obj: Bytes, an integer, a float, or a list or tuple of these.

        Raises:
            BananaError: It cannot be sent. Nothing of it is.
        """
        tokens = PB_TOKENS if self.currentDialect == PB else NO_TOKENS
        self.sendBytes(
            encode_expression(obj, tokens, self._banana_limits or self.limits)
        )

    def sendBytes(self, data: bytes) -> None:
        """Send an expression whose bytes were made already, in the current dialect."""
        if self._banana_receiving and self.gathers:
            self._banana_collected.append(data)
        else:
            self.transport.write(data)

    def flush(self) -> None:
        """Send now what was gathered."""
        collected = self._banana_collected
        if collected:
            self._banana_collected = []
            one = len(collected) == 1
            self.transport.write(collected[0] if one else b"".join(collected))


class _Message:
    """What `Banana.quickly` has made, on its way through the decoder."""

    __slots__ = ("content",)

    def __init__(self, content: Any) -> None:
        self.content = content


def encode(lst: Any, *, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Make the bytes of an expression, in the dialect ``none``.

    Args:
        lst: Bytes, an integer, a float, or a list or tuple of these.
        limits: What it may cost.

    Raises:
        BananaError: It cannot be made: `Unsendable`, or it exceeds a limit.
    """
    return encode_expression(lst, NO_TOKENS, limits)


def decode(st: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Any:
    """Make an expression of bytes, in the dialect ``none``.

    Raises:
        Incomplete: The bytes end before the expression does.
        BananaError: It is no Banana, exceeds a limit, or something follows it.
    """
    decoder = Decoder(limits=limits)
    for expression in decoder.expressions(st):
        if decoder.rest:
            raise MalformedBanana(f"{len(decoder.rest)} bytes behind the expression")
        return expression
    raise Incomplete("the bytes end before the expression does")
