"""Receivers of length-prefixed strings: the codecs, with a transport."""

from __future__ import annotations

import struct
from typing import Any

from sennit.core import log
from sennit.core.protocol import Protocol
from sennit.protocols.basic._pausing import PausableProtocol
from sennit.protocols.basic._refuse import closing, refuse
from sennit.protocols.basic._stringcodecs import (
    IntNCodec,
    LengthError,
    NetstringCodec,
    NetstringParseError,
)

__all__ = [
    "Int16StringReceiver",
    "Int32StringReceiver",
    "Int8StringReceiver",
    "IntNStringReceiver",
    "NetstringReceiver",
    "StatefulStringProtocol",
    "StringTooLongError",
]


class StringTooLongError(AssertionError):
    """A string to be sent is longer than its prefix can tell."""


class IntNStringReceiver(PausableProtocol):
    """A protocol of strings, each after its length: override `stringReceived`.

    After ``transport.loseConnection()``, and while it is paused, none is delivered.

    Attributes:
        structFormat: How the length is packed, for `struct`.
        prefixLength: How many bytes that takes.
        MAX_LENGTH: How long a string may be that is received, in bytes; 99999 is the
            field's custom, small enough to be kept for every connection.
    """

    structFormat: str
    prefixLength: int
    MAX_LENGTH: int = 99999

    _codec: IntNCodec | None = None
    _busy = False

    def stringReceived(self, string: bytes) -> None:
        """Take a string; to be overridden.

        Args:
            string: Without its length.
        """
        raise NotImplementedError

    def lengthLimitExceeded(self, length: int) -> None:
        """Hang up on who announces too long a string; may be overridden.

        Args:
            length: The length announced, in bytes. It is still in `recvd`.
        """
        refuse(self, f"a string of {length} bytes (of {self.MAX_LENGTH})")

    def sendString(self, string: bytes) -> None:
        """Send a string, after its length.

        Raises:
            StringTooLongError: The prefix cannot tell such a length.
        """
        if len(string) >= 1 << (8 * self.prefixLength):
            raise StringTooLongError(
                f"{len(string)} bytes do not fit a prefix of {self.prefixLength}"
            )
        prefix = struct.pack(self.structFormat, len(string))
        self.transport.writeSequence((prefix, string))

    @property
    def recvd(self) -> bytes:
        """What was received and not delivered; what is set will be delivered instead."""
        return b"" if self._codec is None else self._codec.rest

    @recvd.setter
    def recvd(self, rest: bytes) -> None:
        self._begun().replace(rest)

    def clearLineBuffer(self) -> bytes:
        """What was received and not delivered; it will not be delivered.

        It has the name of `LineReceiver`'s, by which ``transport.startTLS`` asks.
        """
        return b"" if self._codec is None else self._codec.clear()

    def dataReceived(self, data: bytes) -> None:
        """Deliver the strings that end in ``data``."""
        if self._begun().feed(data) and not self._busy:
            self._busy = True
            try:
                self._drain(self._begun())
            finally:
                self._busy = False

    def _begun(self) -> IntNCodec:
        if self._codec is None:
            self._codec = IntNCodec(self.structFormat, self.prefixLength)
        return self._codec

    def _drain(self, codec: IntNCodec) -> None:
        while not self.paused and not closing(self):
            try:
                string = codec.next(self.MAX_LENGTH)
            except LengthError as error:
                self.lengthLimitExceeded(error.length)
                return
            if string is None:
                return
            self.stringReceived(string)


class Int32StringReceiver(IntNStringReceiver):
    """Strings after their length in 32 bits: to 4 GiB, in network order."""

    structFormat: str = "!I"
    prefixLength: int = struct.calcsize(structFormat)


class Int16StringReceiver(IntNStringReceiver):
    """Strings after their length in 16 bits: to 65535 bytes, in network order."""

    structFormat: str = "!H"
    prefixLength: int = struct.calcsize(structFormat)


class Int8StringReceiver(IntNStringReceiver):
    """Strings after their length in 8 bits: to 255 bytes."""

    structFormat: str = "!B"
    prefixLength: int = struct.calcsize(structFormat)


class NetstringReceiver(Protocol):
    """A protocol of netstrings, ``5:hello,``: override `stringReceived`.

    Who sends what is none is hung up on. After ``transport.loseConnection()`` none is
    delivered.

    Attributes:
        MAX_LENGTH: How long a string may be that is received, in bytes; no longer
            number than this one is read.
        brokenPeer: Whether the other side has sent what is no netstring.
    """

    MAX_LENGTH: int = 99999
    brokenPeer: int = 0

    _codec: NetstringCodec | None = None
    _busy = False

    def stringReceived(self, string: bytes) -> None:
        """Take a string; to be overridden.

        Args:
            string: Without its length.
        """
        raise NotImplementedError

    def sendString(self, string: bytes) -> None:
        """Send a string as a netstring."""
        self.transport.write(b"%d:%b," % (len(string), string))

    def clearLineBuffer(self) -> bytes:
        """What was received and not delivered; it will not be delivered.

        It has the name of `LineReceiver`'s, by which ``transport.startTLS`` asks.
        """
        return b"" if self._codec is None else self._codec.clear()

    def dataReceived(self, data: bytes) -> None:
        """Deliver the strings that end in ``data``."""
        if self.brokenPeer:
            return
        codec = self._codec
        if codec is None:
            codec = self._codec = NetstringCodec()
        if codec.feed(data) and not self._busy:
            self._busy = True
            try:
                self._drain(codec)
            finally:
                self._busy = False

    def _drain(self, codec: NetstringCodec) -> None:
        while not closing(self):
            try:
                string = codec.next(self.MAX_LENGTH)
            except NetstringParseError as error:
                self.brokenPeer = 1
                refuse(self, str(error))
                return
            if string is None:
                return
            self.stringReceived(string)


class StatefulStringProtocol:
    """Delivers strings to a method for each state; to be mixed into a string protocol.

    Attributes:
        state: The state: a string is given to the method ``proto_`` + ``state``, which
            returns the next state. After ``done`` the connection is closed.
    """

    state: str = "init"
    transport: Any

    def stringReceived(self, string: bytes) -> None:
        """Give the string to the method of the state."""
        method = getattr(self, f"proto_{self.state}", None)
        if method is None:
            log.msg(f"{type(self).__name__} has no state {self.state!r}")
            return
        self.state = method(string)
        if self.state == "done":
            self.transport.loseConnection()
