"""HTTPFactory: what all connections of a server share: budgets, clock, access log."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final, Unpack

import sennit.core
from sennit.core import log
from sennit.core.protocol import Protocol, ServerFactory
from sennit.web.http._accesslog import AccessLogFormatter, combinedLogFormatter
from sennit.web.http._budgets import Budgets, Limits
from sennit.web.http._channel import HTTPChannel
from sennit.web.http._dates import datetimeToLogString

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress, IReactorTime

__all__ = ["HTTPFactory"]

# Seconds that a connection may rest between two requests: the field's number. A reader
# follows a link in less, or does not mind to connect again.
_IDLE: Final = 60.0


class HTTPFactory(ServerFactory):
    """Makes the connections of an HTTP server.

    Attributes:
        protocol: What makes a connection.
        requestFactory: What makes the requests of connections; None for the channel's.
        timeOut: Seconds that a connection may rest between two requests; None for ever.
        limits: The other budgets.
        requireHost: Whether HTTP/1.1 needs a Host header (RFC 9112 §3.2).
        logPath: The file of the access log, as it was given; None without one.
        logFile: The file, while a port listens and there is one.
    """

    protocol: Any = HTTPChannel
    requestFactory: Any = None
    requireHost: bool = True
    logPath: str | bytes | None = None
    logFile: Any = None

    def __init__(
        self,
        logPath: str | bytes | os.PathLike[str] | None = None,
        timeout: float | None = _IDLE,
        logFormatter: AccessLogFormatter | None = None,
        reactor: IReactorTime | None = None,
        **budgets: Unpack[Budgets],
    ) -> None:
        """Make a factory.

        Args:
            logPath: A file to which each response adds a line. Without one, lines go to
                the program's log, while somebody looks at it.
            timeout: Seconds that a connection may rest between two requests.
            logFormatter: Makes the lines; `combinedLogFormatter` unless given.
            reactor: The clock; the default reactor unless given.
            budgets: The others, each a number of `Limits`.
        """
        self._reactor = reactor
        self.timeOut: float | None = timeout
        self.limits: Limits = Limits(**budgets)
        if logPath is not None:
            self.logPath = os.path.abspath(os.fsdecode(logPath))
        self._formatter = combinedLogFormatter if logFormatter is None else logFormatter
        # The text of a second's time, and the second.
        self._time = ""
        self._second = 0

    @property
    def reactor(self) -> Any:
        """The reactor whose clock it is."""
        return sennit.core.reactor if self._reactor is None else self._reactor

    def buildProtocol(self, addr: IAddress | None) -> Protocol | None:
        """Make a connection, with the budgets and the clock of this factory."""
        made = self.protocol()
        channel: Any = made
        reactor = self.reactor
        channel.factory = self
        channel.callLater = reactor.callLater
        channel.timeOut = self.timeOut
        channel.limits = self.limits
        channel.requireHost = self.requireHost
        channel.site = self
        if self.requestFactory is not None:
            channel.requestFactory = self.requestFactory
        protocol: Protocol = made
        return protocol

    def startFactory(self) -> None:
        """Open the access log, if it is a file."""
        if self.logPath is not None and self.logFile is None:
            # Line by line, so that who follows the file sees what happens.
            self.logFile = open(self.logPath, "ab", 0)  # noqa: SIM115

    def stopFactory(self) -> None:
        """Close the access log."""
        if self.logFile is not None:
            self.logFile.close()
            self.logFile = None

    def logTime(self) -> str:
        """The time of now, as it is to stand in a line of the access log."""
        return datetimeToLogString()

    def log(self, request: Any) -> None:
        """Log a response that is complete: called while somebody looks."""
        second = int(self.reactor.seconds())
        if second != self._second or not self._time:
            self._second, self._time = second, self.logTime()
        line = self._formatter(self._time, request)
        if line is None:
            return
        if self.logFile is not None:
            self.logFile.write(f"{line}\n".encode())
        else:
            log.msg(line)
