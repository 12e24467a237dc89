"""Our ends of a child's pipes, one for each of its descriptors that is not inherited."""

from __future__ import annotations

import asyncio
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from sennit.core import log
from sennit.core.engine._ends import ReadEnd, WriteEnd

if TYPE_CHECKING:
    from sennit.core.contracts import IPullProducer, IPushProducer

__all__ = ["ChildPipe", "ChildReader", "ChildWriter"]


class ChildPipe(ABC):
    """Our end of a pipe to or from a child.

    Attributes:
        childFD: The child's number of it.
    """

    def __init__(
        self, childFD: int, fd: int, lost: Callable[[ChildPipe], object]
    ) -> None:
        """Take our end.

        Args:
            childFD: The child's number of it.
            fd: Ours; closed in the end.
            lost: Is told, with this pipe, when it is closed, unless it was by `close`.
        """
        os.set_blocking(fd, False)
        self.childFD = childFD
        self._fd = fd
        self._tell_lost = lost

    @abstractmethod
    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Read or write from now on."""

    @abstractmethod
    def loseConnection(self) -> None:
        """Close it; a turn later that is told."""

    @abstractmethod
    def _stop(self) -> None:
        """Read or write no more."""

    def close(self) -> None:
        """Close it now."""
        if self._fd != -1:
            self._stop()
            os.close(self._fd)
            self._fd = -1

    def fileno(self) -> int:
        """Our descriptor; -1 once it is closed."""
        return self._fd

    def _lost(self, error: OSError | None) -> None:
        if error is not None and not isinstance(error, BrokenPipeError):
            log.err(error, f"descriptor {self.childFD} of a child has failed")
        self.close()
        self._tell_lost(self)


class ChildReader(ChildPipe):
    """Reads what a child writes to one of its descriptors."""

    def __init__(
        self,
        childFD: int,
        fd: int,
        received: Callable[[int, bytes], bool],
        lost: Callable[[ChildPipe], object],
    ) -> None:
        """Take our end; otherwise as `ChildPipe`.

        Args:
            childFD: The child's number of it.
            fd: Ours.
            received: Is given the child's number and bytes; answers whether it goes on.
            lost: Is told when it is closed.
        """
        super().__init__(childFD, fd, lost)
        self._tell_received = received
        self._end = ReadEnd(fd, self._received, self._lost)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._losing = False

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Read from now on, unless paused."""
        self._loop = loop
        if self._losing:
            self._tell_soon()
        else:
            self._end.start(loop)

    def loseConnection(self) -> None:
        """Read no more, and close."""
        if not self._losing:
            self._losing = True
            self.close()
            if self._loop is not None:
                self._tell_soon()

    def pauseProducing(self) -> None:
        """Read no more until `resumeProducing`: a child that writes on will wait."""
        self._end.pause()

    def resumeProducing(self) -> None:
        """Read on."""
        self._end.resume()

    stopProducing = loseConnection

    def _stop(self) -> None:
        self._end.stop()

    def _received(self, data: bytes) -> None:
        if not self._tell_received(self.childFD, data):
            self.loseConnection()

    def _tell_soon(self) -> None:
        assert self._loop is not None
        self._loop.call_soon(self._tell_lost, self)


class ChildWriter(ChildPipe):
    """Writes what a child reads from one of its descriptors."""

    def __init__(
        self, childFD: int, fd: int, lost: Callable[[ChildPipe], object]
    ) -> None:
        super().__init__(childFD, fd, lost)
        self._end = WriteEnd(fd, self._lost)

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Write from now on; what was written before is sent first."""
        self._end.start(loop)

    def write(self, data: bytes) -> None:
        """Write; see `sennit.core.contracts.ITransport`."""
        self._end.write(data)

    def writeSequence(self, data: Iterable[bytes]) -> None:
        """Write pieces, as if they were joined."""
        self._end.writeSequence(data)

    def loseConnection(self) -> None:
        """Close when everything is written and the producer is through."""
        self._end.end()

    def registerProducer(
        self, producer: IPushProducer | IPullProducer, streaming: bool
    ) -> None:
        """Let a producer write; see `sennit.core.contracts.IConsumer`."""
        self._end.registerProducer(producer, streaming)

    def unregisterProducer(self) -> None:
        """The producer is through."""
        self._end.unregisterProducer()

    def _stop(self) -> None:
        self._end.stop()
