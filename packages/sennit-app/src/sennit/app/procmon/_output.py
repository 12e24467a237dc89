"""What a child process writes, line by line into the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sennit.core.logger import Logger
from sennit.core.protocol import ProcessProtocol

if TYPE_CHECKING:
    from sennit.app.procmon._monitor import ProcessMonitor
    from sennit.core.failure import Failure

__all__ = ["LineLogger", "LoggingProtocol"]

_log = Logger("sennit.app.procmon")


class LineLogger:
    """Logs the lines of one stream, with the name of who wrote them.

    Args:
        tag: the name.
        stream: ``stdout`` or ``stderr``, a field of the log's record.
        service: whose log it is; None for that of this module.

    Attributes:
        maxLength: bytes of a line; a longer one is logged in pieces, so that what
            never ends a line is seen, and takes no more memory than that.
    """

    maxLength: int = 16_384

    def __init__(
        self, tag: str, stream: str, service: ProcessMonitor | None = None
    ) -> None:
        self.tag = tag
        self.stream = stream
        self.service = service
        self._kept = b""

    def dataReceived(self, data: bytes) -> None:
        """Take bytes of the stream."""
        *lines, self._kept = (self._kept + data).split(b"\n")
        for line in lines:
            self.lineReceived(line)
        while len(self._kept) > self.maxLength:
            piece, self._kept = (
                self._kept[: self.maxLength],
                self._kept[self.maxLength :],
            )
            self.lineReceived(piece)

    def finish(self) -> None:
        """The stream has ended: what has come of a line is one."""
        line, self._kept = self._kept, b""
        if line:
            self.lineReceived(line)

    def lineReceived(self, line: bytes) -> None:
        """Log a line; what is no UTF-8 in it is shown as bytes are in Python."""
        text = line.rstrip(b"\r").decode(errors="backslashreplace")
        log = _log if self.service is None else self.service.log
        log.info("[{tag}] {line}", tag=self.tag, line=text, stream=self.stream)
        if self.service is not None:
            self.service.lineWritten(self.tag, text)


class LoggingProtocol(ProcessProtocol):
    """One run of a program.

    Attributes:
        service: the monitor that is told of the end.
        name: of the program.
        output: takes what comes from standard output.
        errors: takes what comes from standard error.
    """

    service: ProcessMonitor
    name: str

    def connectionMade(self) -> None:
        """It runs."""
        self.output: LineLogger = LineLogger(self.name, "stdout", self.service)
        self.errors: LineLogger = LineLogger(self.name, "stderr", self.service)

    def logPrefix(self) -> str:
        """How the log calls it."""
        return self.name

    def outReceived(self, data: bytes) -> None:
        """Log what it writes to standard output."""
        self.output.dataReceived(data)

    def errReceived(self, data: bytes) -> None:
        """Log what it writes to standard error."""
        self.errors.dataReceived(data)

    def processEnded(self, reason: Failure) -> None:
        """It has ended, and so has its output."""
        self.output.finish()
        self.errors.finish()
        self.service.processEnded(self.name, reason)
