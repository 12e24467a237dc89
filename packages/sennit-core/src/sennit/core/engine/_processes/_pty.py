"""Child processes on a terminal of their own: a pseudo-terminal, whose other side we are.

All that the child writes arrives as its descriptor 1, and what we write it reads from
descriptor 0; but both go by one descriptor, so that neither can be closed alone.
"""

from __future__ import annotations

import asyncio
import errno
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from sennit.core import log
from sennit.core.engine._binding import Binding
from sennit.core.engine._ends import ReadEnd, WriteEnd
from sennit.core.engine._processes._child import Child

if TYPE_CHECKING:
    from sennit.core.contracts import IPullProducer, IPushProducer
    from sennit.core.engine._processes._spawn import Program, Word

__all__ = ["PTYProcess"]

_STANDARD = (0, 1, 2)


class PTYProcess(Child):
    """A child process on a terminal, and the transport of its protocol."""

    def __init__(
        self, binding: Binding, proto: Any, executable: Word, pid: int, fd: int
    ) -> None:
        super().__init__(binding, proto, executable, pid)
        os.set_blocking(fd, False)
        self._fd = fd
        self._reading = ReadEnd(fd, self._received, self._lost)
        self._writing = WriteEnd(fd, self._lost)

    @classmethod
    def started(
        cls,
        binding: Binding,
        proto: Any,
        program: Program,
        usePTY: bool | tuple[int, int, str],
    ) -> PTYProcess:
        """Start a program on a new terminal, or on that of ``(master, slave, name)``.

        Of a terminal that is given both descriptors are closed in the end, unless the
        program cannot be started.
        """
        with ExitStack() as failed:
            if isinstance(usePTY, tuple | list):
                master, slave, _ = usePTY
            else:
                master, slave = os.openpty()
                failed.callback(os.close, slave)
                failed.callback(os.close, master)
            given = dict.fromkeys(_STANDARD, slave)
            pid = program.start(given, terminal=True)
            failed.pop_all()
        os.close(slave)
        return cls(binding, proto, program.executable, pid, master)

    def write(self, data: bytes) -> None:
        """Type: what is written the child reads, as the terminal is set.

        Raises:
            TypeError: It is no bytes; text has to be encoded first.
        """
        self._writing.write(data)

    def writeToChild(self, childFD: int, data: bytes) -> None:
        """Write, whichever of its descriptors 0, 1 and 2 is named.

        Raises:
            KeyError: It is none of these.
        """
        if childFD not in _STANDARD:
            raise KeyError(childFD)
        self.write(data)

    def loseConnection(self) -> None:
        """Close the terminal when everything is written: the child gets SIGHUP."""
        self._writing.end()

    def closeChildFD(self, descriptor: int) -> None:
        """Do nothing: the descriptors of a terminal cannot be closed one by one."""

    def closeStdin(self) -> None:
        """Do nothing; see `closeChildFD`. ``write(b"\\4")`` ends what a shell reads."""

    def closeStdout(self) -> None:
        """Do nothing; see `closeChildFD`."""

    def closeStderr(self) -> None:
        """Do nothing; see `closeChildFD`."""

    def pauseProducing(self) -> None:
        """Read no more until `resumeProducing`: a child that writes on will wait."""
        self._reading.pause()

    def resumeProducing(self) -> None:
        """Read on."""
        self._reading.resume()

    stopProducing = loseConnection

    def registerProducer(
        self, producer: IPushProducer | IPullProducer, streaming: bool
    ) -> None:
        """Let a producer write; see `sennit.core.contracts.IConsumer`."""
        self._writing.registerProducer(producer, streaming)

    def unregisterProducer(self) -> None:
        """The producer is through."""
        self._writing.unregisterProducer()

    def fileno(self) -> int:
        """Our side of the terminal, to set its size; -1 once it is closed."""
        return self._fd

    def _open(self, loop: asyncio.AbstractEventLoop) -> None:
        self._reading.start(loop)
        self._writing.start(loop)

    def _is_open(self) -> bool:
        return self._fd != -1

    def _close_now(self) -> None:
        if self._fd != -1:
            self._reading.stop()
            self._writing.stop()
            os.close(self._fd)
            self._fd = -1

    def _received(self, data: bytes) -> None:
        if not self.tell(self.proto.childDataReceived, 1, data):
            self.loseConnection()

    def _lost(self, error: OSError | None) -> None:
        # EIO is how Linux says that nobody has the other side open any more.
        if error is not None and error.errno != errno.EIO:
            log.err(error, f"the terminal of {self!r} has failed")
        self._close_now()
        self._maybe_ended()
