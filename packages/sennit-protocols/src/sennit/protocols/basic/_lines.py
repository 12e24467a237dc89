"""Receivers of lines.

The way of a chunk in the plain case is all in `LineOnlyReceiver.dataReceived`: split it
once, call ``lineReceived`` for each line, carry what is left. Everything else that may
happen (raw mode, a pause, data received while lines are being delivered, a new
delimiter, lines that are too long) is left to `_drain`, which takes one thing after
another from the `LineBuffer`. One attribute says which of the two it is:

=========  =================================================================
state      meaning
=========  =================================================================
None       nothing was received yet
idle       lines are awaited; a part of one may be carried
busy       lines are being delivered, in the plain way
upset      busy, and something has happened that the plain way cannot see
held       something is kept: we are paused, in raw mode, or were upset
=========  =================================================================

What the user may change at any time (``delimiter``, ``MAX_LENGTH``) is looked at for
each line. Looking up a default of the class costs four times as much as an attribute of
the instance (Python 3.11), hence both are copied to the instance when the first data
come.

Rejected: taking line after line off the front (``split(delimiter, 1)``), which copies
what is left for each; joining and searching the carried piece with each new byte; a
method of the codec for each chunk (45 ns of the 100 that a dribbled byte may cost).
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from sennit.core.protocol import Protocol
from sennit.protocols.basic._linebuffer import LineBuffer
from sennit.protocols.basic._pausing import PausableProtocol
from sennit.protocols.basic._refuse import closing, refuse

__all__ = ["LineOnlyReceiver", "LineReceiver"]

# From how many bytes on a chunk is taken to hold several lines: to find out would copy
# all that is left after the first.
_SMALL: Final = 2048

_IDLE: Final = "idle"
_BUSY: Final = "busy"
_UPSET: Final = "upset"
_HELD: Final = "held"


class LineOnlyReceiver(Protocol):
    """A protocol of lines: override `lineReceived`.

    After ``transport.loseConnection()`` no more lines are delivered.

    Attributes:
        delimiter: What ends a line, one byte or more.
        MAX_LENGTH: How long a line may be, in bytes without the delimiter; 16 KiB is
            twice what any line protocol in use asks for.
    """

    delimiter: bytes = b"\r\n"
    MAX_LENGTH: int = 16384

    _state: str | None = None
    _buffer: LineBuffer

    def lineReceived(self, line: bytes) -> None:
        """Take a line; to be overridden.

        Args:
            line: Without the delimiter.
        """
        raise NotImplementedError

    def sendLine(self, line: bytes) -> None:
        """Send a line.

        Args:
            line: Without the delimiter.
        """
        self.transport.writeSequence((line, self.delimiter))

    def lineLengthExceeded(self, line: bytes) -> None:
        """Hang up on who sends a line longer than `MAX_LENGTH`; may be overridden.

        Args:
            line: All that was received and not delivered: the line, perhaps not its
                end, perhaps more than the line. Nothing of it is kept.
        """
        refuse(self, f"a line of more than {self.MAX_LENGTH} bytes")

    def dataReceived(self, data: bytes) -> Any:
        """Deliver the lines that end in ``data``."""
        if self._state is not _IDLE:
            return self._hold(data)
        buffer = self._buffer
        delimiter = self.delimiter
        carried = buffer.carried
        if carried:
            carried.append(data)
            buffer.size += len(data)
            if buffer.last not in data and buffer.delimiter is delimiter:
                return self._drain() if buffer.size > self.MAX_LENGTH else None
            data = b"".join(carried)
            carried.clear()
            buffer.size = 0
        if len(data) > _SMALL:
            return self._deliver(data, delimiter)
        line, end, rest = data.partition(delimiter)
        if rest:
            return self._deliver(data, delimiter)
        if not end:
            buffer.carry(data, delimiter)
            return self._drain() if buffer.size > self.MAX_LENGTH else None
        transport: Any = self.transport
        if transport is None or transport.disconnecting or len(line) > self.MAX_LENGTH:
            return self._hold(data)
        self._state = _BUSY
        try:
            self.lineReceived(line)
        except BaseException:
            self._state = _HELD
            raise
        if self._state is not _BUSY:
            return self._drain()
        self._state = _IDLE
        return None

    def _deliver(self, data: bytes, delimiter: bytes) -> Any:
        """Deliver all lines of a chunk, as long as nothing happens meanwhile."""
        lines = data.split(delimiter)
        buffer = self._buffer
        buffer.carry(lines.pop(), delimiter)
        # Whoever clears the buffer takes what is left of the iterator, too.
        buffer.ready = ready = iter(lines)
        # Also if another takes its place: the chunk has come from this one.
        transport: Any = self.transport
        if transport is None:
            return self._drain()
        self._state = _BUSY
        try:
            for line in ready:
                if transport.disconnecting:
                    self._upset()
                elif len(line) > self.MAX_LENGTH:
                    self._upset()
                    self.lineLengthExceeded(line + delimiter + buffer.clear())
                else:
                    self.lineReceived(line)
                    if self.delimiter is not delimiter:
                        self._upset()
        except BaseException:
            self._state = _HELD
            raise
        if self._state is not _BUSY or buffer.size > self.MAX_LENGTH:
            return self._drain()
        self._state = _IDLE
        return None

    def _upset(self) -> None:
        """Have the plain way, if it is being gone, end here."""
        if self._state is _BUSY:
            self._state = _UPSET
            # Its loop sees an iterator without a next line.
            self._buffer.ready = iter([*self._buffer.ready])
        elif self._state is _IDLE:
            self._state = _HELD

    def _hold(self, data: bytes) -> Any:
        """Take data when it is not as simple as `dataReceived` would have it."""
        if self._state is None:
            self._begin()
        if data:
            self._buffer.later.append(data)
        if self._state is _BUSY or self._state is _UPSET:
            self._upset()
            return None
        return self._drain()

    def _begin(self) -> None:
        for name in ("delimiter", "MAX_LENGTH"):
            # A subclass may have made it a property.
            with suppress(AttributeError):
                setattr(self, name, getattr(self, name))
        self._buffer = LineBuffer(self.delimiter)
        self._state = _HELD

    def _drain(self) -> Any:
        """Deliver what is kept, one after another, however it comes."""
        self._state = _UPSET
        try:
            while self._deliver_line():
                pass
        finally:
            self._state = _HELD
        self._settle()

    def _deliver_line(self) -> bool:
        """Deliver a line, or complain of it; whether there was one."""
        if closing(self):
            return False
        buffer = self._buffer
        delimiter = self.delimiter
        if buffer.delimiter is not delimiter:
            buffer.splitBy(delimiter)
        line = buffer.next()
        if line is None:
            if buffer.size < self.MAX_LENGTH + len(delimiter):
                return False
            self.lineLengthExceeded(buffer.clear())
        elif len(line) > self.MAX_LENGTH:
            self.lineLengthExceeded(line + delimiter + buffer.clear())
        else:
            self.lineReceived(line)
        return True

    def _settle(self) -> None:
        """Nothing more can be delivered: await lines, or throw away what is kept."""
        if closing(self):
            self._buffer.clear()
        elif self.transport is not None:
            self._state = _IDLE


class LineReceiver(LineOnlyReceiver, PausableProtocol):
    """A protocol of lines, and of raw data in between.

    Override `lineReceived` and, if you call `setRawMode`, `rawDataReceived`. While it
    is paused nothing is delivered.

    Attributes:
        line_mode: Whether lines are received: 1, or 0 in raw mode.
    """

    line_mode: int = 1

    def rawDataReceived(self, data: bytes) -> Any:
        """Take data in raw mode; to be overridden.

        Args:
            data: All that was received: at least one byte.

        Returns:
            Anything; ``dataReceived`` returns it.
        """
        raise NotImplementedError

    def setRawMode(self) -> None:
        """Receive raw data from now on, beginning with what was received already."""
        self.line_mode = 0
        self._upset()

    def setLineMode(self, extra: bytes = b"") -> Any:
        """Receive lines from now on.

        Args:
            extra: What is left of the raw data: the lines begin there.
        """
        self.line_mode = 1
        if extra:
            return self.dataReceived(extra)
        return None

    def clearLineBuffer(self) -> bytes:
        """What was received and not delivered; it will not be delivered."""
        return self._buffer.clear() if self._state is not None else b""

    def pauseProducing(self) -> None:
        """Deliver nothing, and receive nothing, until `resumeProducing`."""
        self._upset()
        super().pauseProducing()

    def stopProducing(self) -> None:
        """Deliver nothing more, and end the connection."""
        self._upset()
        super().stopProducing()

    def _drain(self) -> Any:
        outcome = None
        self._state = _UPSET
        try:
            while not self.paused:
                if self.line_mode:
                    if not self._deliver_line():
                        break
                elif data := self._buffer.clear():
                    outcome = self.rawDataReceived(data)
                else:
                    break
        finally:
            self._state = _HELD
        if self.line_mode and not self.paused:
            self._settle()
        return outcome
