"""Standard input and output as one connection."""

from __future__ import annotations

import asyncio
import errno
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import sennit.core
from sennit.core import log
from sennit.core.address import PipeAddress as PipeAddress
from sennit.core.engine._borrowed import Borrowed
from sennit.core.engine._ends import ReadEnd, WriteEnd
from sennit.core.engine._system import callInSystem, prefixOf
from sennit.core.errors import ConnectionAborted, ConnectionDone, ConnectionLost
from sennit.core.failure import Failure

if TYPE_CHECKING:
    from sennit.core.contracts import IProtocol, IPullProducer, IPushProducer

__all__ = ["PipeAddress", "StandardIO"]


class StandardIO:
    """Standard input and output, as the transport of a protocol.

    They may be pipes, terminals, sockets or files. They stay the program's: when the
    connection is over they are open, and as they were before. `loseWriteConnection`
    alone ends the output for the other side, too.

    Attributes:
        protocol: The protocol served; may be replaced at any time.
        connected: Whether the connection is not over.
        disconnecting: Whether it was asked to end.
    """

    def __init__(
        self, proto: IProtocol, stdin: int = 0, stdout: int = 1, reactor: Any = None
    ) -> None:
        """Connect a protocol; its ``connectionMade`` is called before this returns.

        Args:
            proto: What is given the bytes that come from *stdin*.
            stdin: The descriptor that is read.
            stdout: The descriptor that is written.
            reactor: What serves it; the reactor of the main thread unless told.

        Raises:
            OSError: One of the descriptors is not open.
            NotImplementedError: On Windows.
        """
        if sys.platform == "win32":
            raise NotImplementedError(
                "StandardIO is not supported on Windows, whose loops can neither read "
                "a console nor a pipe that was not opened for them"
            )
        reactor = sennit.core.reactor if reactor is None else reactor
        self.protocol: Any = proto
        self.connected: bool = True
        self.disconnecting: bool = False
        self._binding = reactor._binding
        self._input = Borrowed(stdin)
        try:
            self._output = Borrowed(stdout)
        except BaseException:
            self._input.give_back()
            raise
        self._reader = ReadEnd(self._input.fd, self._received, self._read_lost)
        self._writer = WriteEnd(self._output.fd, self._write_lost)
        self._reads = self._writes = True
        self._binding.live.add(self)
        self._binding.whenBound(self._start)
        try:
            callInSystem(self.logPrefix, proto.makeConnection, self)
        except BaseException:
            self._close()
            raise

    def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._reader.start(loop)
        self._writer.start(loop)

    # Writing

    def write(self, data: bytes) -> None:
        """Write; what cannot be written at once is kept.

        Raises:
            TypeError: It is no bytes; text has to be encoded first.
        """
        self._writer.write(data)

    def writeSequence(self, data: Iterable[bytes]) -> None:
        """Write pieces, as if they were joined; otherwise as `write`."""
        self._writer.writeSequence(data)

    def registerProducer(
        self, producer: IPushProducer | IPullProducer, streaming: bool
    ) -> None:
        """Let a producer write, with back-pressure.

        Args:
            producer: A push producer (*streaming*) is paused while the buffer is
                full; a pull producer is asked for more while it is not.
            streaming: Which of the two it is.

        Raises:
            RuntimeError: One is registered already.
        """
        self._writer.registerProducer(producer, streaming)

    def unregisterProducer(self) -> None:
        """The producer is through; a close that waited for it goes on."""
        self._writer.unregisterProducer()

    # Reading

    def pauseProducing(self) -> None:
        """Read no more until `resumeProducing`."""
        self._reader.pause()

    def resumeProducing(self) -> None:
        """Read on."""
        self._reader.resume()

    def stopProducing(self) -> None:
        """Whoever consumed what arrives wants no more: close."""
        self.loseConnection()

    stopReading = pauseProducing
    startReading = resumeProducing

    # Closing

    def loseConnection(self) -> None:
        """End once everything is written, and the producer is through."""
        if not self.connected or self.disconnecting:
            return
        self.disconnecting = True
        self._reader.stop()
        if self._writes:
            self._writer.end()
        else:
            self._lose_soon(ConnectionDone())

    def loseWriteConnection(self) -> None:
        """Write what is to be written, then let the other side see the end; read on.

        A pipe is closed for that. Its descriptor then leads to the null device, where
        whatever else writes to it does no harm.
        """
        if self.connected and not self.disconnecting:
            self._writer.end()

    def abortConnection(self) -> None:
        """End at once; what is not written is dropped."""
        if self.connected:
            self.disconnecting = True
            self._reader.stop()
            self._writer.stop()
            self._lose_soon(ConnectionAborted())

    def connectionLost(self, reason: Failure) -> None:
        """It is over: give the descriptors back, and tell the protocol."""
        if self.connected:
            self._close()
            self._tell(self.protocol.connectionLost, reason)

    def getPeer(self) -> PipeAddress:
        """The other side's address."""
        return PipeAddress()

    def getHost(self) -> PipeAddress:
        """Our own address."""
        return PipeAddress()

    def logPrefix(self) -> str:
        """The protocol's name in the log."""
        return prefixOf(self.protocol)

    # What the ends tell

    def _received(self, data: bytes) -> None:
        self._call(self.protocol.dataReceived, data)

    def _read_lost(self, error: OSError | None) -> None:
        self._reads = False
        half = getattr(self.protocol, "readConnectionLost", None)
        # EIO is how Linux says that a terminal has gone.
        hung_up = error is not None and error.errno == errno.EIO
        if error is not None and not (hung_up and self._input.isTerminal):
            self._lose(error)
        elif half is None:
            self.loseConnection()
        else:
            self._call(half)
            self._maybe_lose()

    def _write_lost(self, error: OSError | None) -> None:
        self._writes = False
        half = getattr(self.protocol, "writeConnectionLost", None)
        if self.disconnecting or (error is not None and half is None):
            self._lose(error)
            return
        if error is None:
            self._output.end()
        if half is not None:
            self._call(half)
        self._maybe_lose()

    def _maybe_lose(self) -> None:
        if not self._reads and not self._writes:
            self._lose(None)

    # How it ends

    def _call(self, f: Callable[..., object], *args: Any) -> None:
        """Call the protocol; if it fails, so does the connection."""
        error = self._tell(f, *args)
        if error is not None:
            self.connectionLost(Failure(error))

    def _tell(self, f: Callable[..., object], *args: Any) -> BaseException | None:
        try:
            callInSystem(self.logPrefix, f, *args)
        except Exception as error:
            log.err(None, "a protocol has failed; its connection is closed")
            return error
        return None

    def _lose(self, error: OSError | None) -> None:
        if error is None:
            reason: Exception = ConnectionDone()
        else:
            reason = ConnectionLost(str(error))
            reason.__cause__ = error
        self.connectionLost(Failure(reason))

    def _lose_soon(self, reason: Exception) -> None:
        lost = Failure(reason)
        self._binding.whenBound(lambda loop: loop.call_soon(self.connectionLost, lost))

    def _close(self) -> None:
        self.connected = False
        self.disconnecting = True
        self._binding.live.discard(self)
        self._binding.forget(self._start)
        self._reader.stop()
        self._writer.stop()
        self._input.give_back()
        self._output.give_back()
