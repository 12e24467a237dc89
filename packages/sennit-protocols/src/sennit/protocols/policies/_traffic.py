"""Everything that goes through a connection, in the log or in files.

For looking at a protocol at work. What is written there may be secret.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TextIO

from sennit.core import log
from sennit.core.failure import Failure
from sennit.core.protocol import connectionDone
from sennit.protocols.policies._wrapping import ProtocolWrapper, WrappingFactory

__all__ = [
    "SpewingFactory",
    "SpewingProtocol",
    "TrafficLoggingFactory",
    "TrafficLoggingProtocol",
]


class SpewingProtocol(ProtocolWrapper):
    """Logs all that is received and written."""

    def dataReceived(self, data: bytes) -> None:
        """Log, and hand over what was received."""
        log.msg(f"Received: {data!r}")
        super().dataReceived(data)

    def write(self, data: bytes) -> None:
        """Log, and write."""
        log.msg(f"Sending: {data!r}")
        super().write(data)

    def writeSequence(self, data: Iterable[bytes]) -> None:
        """Log as one, and write several pieces."""
        pieces = list(data)
        log.msg(f"Sending: {b''.join(pieces)!r}")
        super().writeSequence(pieces)


class SpewingFactory(WrappingFactory):
    """Logs all that its connections receive and write."""

    protocol: Any = SpewingProtocol


class TrafficLoggingProtocol(ProtocolWrapper):
    r"""Writes down all that is received and written.

    ``C 1: b'HELO\r\n'`` was received on the first connection, ``S`` is what was
    written, ``SV`` that in several pieces, ``*`` the beginning (of ``C``) or the wish
    for the end (of ``S``).

    Attributes:
        logfile: Where to.
        lengthLimit: After how many bytes a text is cut; None for all of it.
    """

    def __init__(
        self,
        factory: Any,
        wrappedProtocol: Any,
        logfile: TextIO,
        lengthLimit: int | None = None,
        number: int = 0,
    ) -> None:
        """Wrap a protocol.

        Args:
            factory: The factory.
            wrappedProtocol: The other protocol.
            logfile: Where to.
            lengthLimit: After how many bytes a text is cut; None for all of it.
            number: The number of the connection.
        """
        super().__init__(factory, wrappedProtocol)
        self.logfile: TextIO = logfile
        self.lengthLimit = lengthLimit
        self._number = number

    def _log(self, side: str, what: str) -> None:
        self.logfile.write(f"{side} {self._number}: {what}\n")
        self.logfile.flush()

    def _cut(self, data: bytes) -> bytes:
        limit = self.lengthLimit
        if limit is None or len(data) <= limit:
            return data
        # As much as the mark of the cut is left out besides.
        return data[: max(limit - len(_CUT), 0)] + _CUT

    def connectionMade(self) -> None:
        """Write down the beginning."""
        self._log("C", "*")

    def dataReceived(self, data: bytes) -> None:
        """Write down, and hand over what was received."""
        self._log("C", repr(self._cut(data)))
        super().dataReceived(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Write down why, and hand over the end."""
        self._log("C", ascii(reason))
        super().connectionLost(reason)

    def write(self, data: bytes) -> None:
        """Write down, and write."""
        self._log("S", repr(self._cut(data)))
        super().write(data)

    def writeSequence(self, data: Iterable[bytes]) -> None:
        """Write down, and write several pieces."""
        pieces = list(data)
        self._log("SV", repr([self._cut(each) for each in pieces]))
        super().writeSequence(pieces)

    def loseConnection(self) -> None:
        """Write down that it is to end, and end once everything is written."""
        self._log("S", "*")
        super().loseConnection()


_CUT = b"..."


class TrafficLoggingFactory(WrappingFactory):
    """Writes down all that its connections receive and write, each in a file.

    Attributes:
        logfilePrefix: What the files' names begin with; ``-1`` and so on follow.
        lengthLimit: After how many bytes a text is cut; None for all of it.
    """

    protocol: Any = TrafficLoggingProtocol

    def __init__(
        self, wrappedFactory: Any, logfilePrefix: str, lengthLimit: int | None = None
    ) -> None:
        """Wrap a factory.

        Args:
            wrappedFactory: The other factory.
            logfilePrefix: What the files' names begin with.
            lengthLimit: After how many bytes a text is cut; None for all of it.
        """
        super().__init__(wrappedFactory)
        self.logfilePrefix = logfilePrefix
        self.lengthLimit = lengthLimit
        self._counter = 0
        self._opened: set[TextIO] = set()

    def open(self, name: str) -> TextIO:
        """Open the file of a connection, which is closed with it; may be overridden."""
        logfile = open(name, "w")  # noqa: SIM115 (open as long as the connection)
        self._opened.add(logfile)
        return logfile

    def buildProtocol(self, addr: Any) -> Any:
        """Wrap a protocol of the other factory's; None where it makes none."""
        wrapped = self.wrappedFactory.buildProtocol(addr)
        if wrapped is None:
            return None
        self._counter += 1
        logfile = self.open(f"{self.logfilePrefix}-{self._counter}")
        return self.protocol(self, wrapped, logfile, self.lengthLimit, self._counter)

    def unregisterProtocol(self, p: Any) -> None:
        """Close the file of a connection that is lost."""
        super().unregisterProtocol(p)
        if p.logfile in self._opened:
            self._opened.remove(p.logfile)
            p.logfile.close()

    def resetCounter(self) -> None:
        """Count connections from 1 again."""
        self._counter = 0
