"""The small servers that every host once had, on TCP.

They are for trying out networks, and show how small a protocol can be. None answers
more than its client takes.
"""

from __future__ import annotations

import struct
import time
from typing import Any, Final

from sennit.core.protocol import Protocol

__all__ = ["Chargen", "Daytime", "Discard", "Echo", "QOTD", "Time", "Who"]

# From the beginning of 1900 to that of 1970, in seconds (RFC 868).
_UNIX_EPOCH: Final = 2_208_988_800


class Echo(Protocol):
    """Sends back what it receives (RFC 862).

    Who does not take it back is read from no more: the transport is its own producer.
    A subclass that hangs up has it unregistered first.
    """

    def connectionMade(self) -> None:
        """Read only as fast as can be written."""
        transport: Any = self.transport
        transport.registerProducer(transport, True)

    def dataReceived(self, data: bytes) -> None:
        """Send it back."""
        self.transport.write(data)


class Discard(Protocol):
    """Throws away what it receives (RFC 863)."""

    def dataReceived(self, data: bytes) -> None:
        """Throw it away."""


def _rotating_lines() -> bytes:
    """The pattern of RFC 864: 72 characters a line, each begins one further."""
    printable = bytes(range(0x20, 0x7F))
    twice = printable * 2
    return b"".join(twice[at : at + 72] + b"\r\n" for at in range(len(printable)))


class Chargen(Protocol):
    """Sends a pattern of characters until the other side hangs up (RFC 864).

    Attributes:
        noise: The pattern.
    """

    noise: bytes = _rotating_lines()

    def connectionMade(self) -> None:
        """Begin, as fast as the other side takes it."""
        transport: Any = self.transport
        transport.registerProducer(self, False)

    def resumeProducing(self) -> None:
        """Send the pattern once."""
        self.transport.write(self.noise)

    def stopProducing(self) -> None:
        """It was enough."""
        self.transport.loseConnection()


class QOTD(Protocol):
    """Sends a quote, and hangs up (RFC 865)."""

    def connectionMade(self) -> None:
        """Send the quote."""
        self.transport.write(self.getQuote())
        self.transport.loseConnection()

    def getQuote(self) -> bytes:
        """Give a quote, of 512 bytes at most; to be overridden."""
        return b"An apple a day keeps the doctor away.\r\n"


class Who(Protocol):
    """Sends who is logged in, and hangs up (RFC 866)."""

    def connectionMade(self) -> None:
        """Send the users."""
        self.transport.write(self.getUsers())
        self.transport.loseConnection()

    def getUsers(self) -> bytes:
        """Give the users, one a line; to be overridden."""
        return b"root\r\n"


class Daytime(Protocol):
    """Sends the time of day in words, and hangs up (RFC 867)."""

    def connectionMade(self) -> None:
        """Send the time, of Greenwich."""
        self.transport.write(time.asctime(time.gmtime()).encode() + b"\r\n")
        self.transport.loseConnection()


class Time(Protocol):
    """Sends the time as a number, and hangs up (RFC 868)."""

    def connectionMade(self) -> None:
        """Send the seconds since 1900, in 32 bits, which begin again in 2036."""
        seconds = int(time.time()) + _UNIX_EPOCH
        self.transport.write(struct.pack("!I", seconds & 0xFFFFFFFF))
        self.transport.loseConnection()
