"""Child processes with a pipe for each of their descriptors, and the way to start any."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sennit.core.engine._binding import Binding
from sennit.core.engine._processes._child import Child
from sennit.core.engine._processes._pipes import ChildPipe, ChildReader, ChildWriter
from sennit.core.engine._processes._pty import PTYProcess
from sennit.core.engine._processes._reap import reapLeft
from sennit.core.engine._processes._spawn import Program

if TYPE_CHECKING:
    from sennit.core.contracts import IPullProducer, IPushProducer
    from sennit.core.engine._processes._spawn import Word

__all__ = ["Process", "spawned"]

_PIPES: Mapping[int, int | str] = {0: "w", 1: "r", 2: "r"}


def spawned(
    binding: Binding,
    proto: Any,
    program: Program,
    usePTY: bool | tuple[int, int, str],
    childFDs: Mapping[int, int | str] | None,
) -> Process | PTYProcess:
    """Start a program, and connect it with its protocol."""
    if sys.platform == "win32":
        raise NotImplementedError(
            "child processes are not supported on Windows, where a loop can neither "
            "read pipes nor wait for processes as this engine does"
        )
    reapLeft()
    child: Process | PTYProcess
    if not usePTY:
        pipes = _PIPES if childFDs is None else childFDs
        child = Process.started(binding, proto, program, pipes)
    elif childFDs is None:
        child = PTYProcess.started(binding, proto, program, usePTY)
    else:
        raise ValueError("with usePTY the child has its terminal: give no childFDs")
    child.begin()
    return child


class Process(Child):
    """A child process with pipes, and the transport of its protocol.

    Attributes:
        pipes: Our ends that are not closed, by the child's numbers.
    """

    def __init__(
        self,
        binding: Binding,
        proto: Any,
        executable: Word,
        pid: int,
        readers: Mapping[int, int],
        writers: Mapping[int, int],
    ) -> None:
        super().__init__(binding, proto, executable, pid)
        self._writers = {
            childFD: ChildWriter(childFD, fd, self._lost)
            for childFD, fd in writers.items()
        }
        self._readers = {
            childFD: ChildReader(childFD, fd, self._received, self._lost)
            for childFD, fd in readers.items()
        }
        self.pipes: dict[int, ChildPipe] = {**self._writers, **self._readers}

    @classmethod
    def started(
        cls,
        binding: Binding,
        proto: Any,
        program: Program,
        childFDs: Mapping[int, int | str],
    ) -> Process:
        """Start a program with these descriptors."""
        given: dict[int, int] = {}
        readers: dict[int, int] = {}
        writers: dict[int, int] = {}
        theirs: list[int] = []
        try:
            for childFD, kind in childFDs.items():
                if not isinstance(childFD, int) or childFD < 0:
                    raise ValueError(
                        f"childFDs has {childFD!r}, which is no descriptor"
                    )
                if kind == "r":
                    readers[childFD], given[childFD] = os.pipe()
                    theirs.append(given[childFD])
                elif kind == "w":
                    given[childFD], writers[childFD] = os.pipe()
                    theirs.append(given[childFD])
                elif isinstance(kind, int):
                    given[childFD] = kind
                else:
                    raise ValueError(
                        f"childFDs[{childFD!r}] is {kind!r}: it takes 'r', 'w', or the "
                        f"number of a descriptor"
                    )
            pid = program.start(given)
        except BaseException:
            for fd in (*readers.values(), *writers.values()):
                os.close(fd)
            raise
        finally:
            for fd in theirs:
                os.close(fd)
        return cls(binding, proto, program.executable, pid, readers, writers)

    # Writing

    def write(self, data: bytes) -> None:
        """Write to the child's standard input; dropped if that is closed.

        Raises:
            TypeError: It is no bytes; text has to be encoded first.
        """
        if 0 in self._writers:
            self.writeToChild(0, data)

    def writeToChild(self, childFD: int, data: bytes) -> None:
        """Write to a descriptor of the child; dropped once that is closed.

        Raises:
            KeyError: The child has no such descriptor to read from.
            TypeError: It is no bytes; text has to be encoded first.
        """
        self._writers[childFD].write(data)

    def registerProducer(
        self, producer: IPushProducer | IPullProducer, streaming: bool
    ) -> None:
        """Let a producer write to the standard input, with back-pressure.

        Without a standard input the producer is stopped at once.

        Args:
            producer: A push producer (*streaming*) is paused while the buffer is
                full; a pull producer is asked for more while it is not.
            streaming: Which of the two it is.

        Raises:
            RuntimeError: One is registered already.
        """
        if 0 in self._writers:
            self._writers[0].registerProducer(producer, streaming)
        else:
            producer.stopProducing()

    def unregisterProducer(self) -> None:
        """The producer is through; a close that waited for it goes on."""
        if 0 in self._writers:
            self._writers[0].unregisterProducer()

    # Reading

    def pauseProducing(self) -> None:
        """Read nothing more until `resumeProducing`: a child that writes on will wait."""
        for reader in self._readers.values():
            reader.pauseProducing()

    def resumeProducing(self) -> None:
        """Read on."""
        for reader in self._readers.values():
            reader.resumeProducing()

    def stopProducing(self) -> None:
        """Whoever consumed what arrives wants no more: close."""
        self.loseConnection()

    # Closing

    def closeChildFD(self, descriptor: int) -> None:
        """Close our end of one of the child's descriptors, when all is written.

        Args:
            descriptor: The child's number of it; one that is closed stays so.
        """
        if descriptor in self.pipes:
            self.pipes[descriptor].loseConnection()

    def closeStdin(self) -> None:
        """Close the child's standard input, when all is written."""
        self.closeChildFD(0)

    def closeStdout(self) -> None:
        """Close our end of the child's standard output."""
        self.closeChildFD(1)

    def closeStderr(self) -> None:
        """Close our end of the child's standard error."""
        self.closeChildFD(2)

    def loseConnection(self) -> None:
        """Close the three standard streams; the child may go on."""
        self.closeStdin()
        self.closeStdout()
        self.closeStderr()

    # The pipes

    def _open(self, loop: asyncio.AbstractEventLoop) -> None:
        for pipe in self.pipes.values():
            pipe.start(loop)

    def _is_open(self) -> bool:
        return bool(self.pipes)

    def _close_now(self) -> None:
        for pipe in tuple(self.pipes.values()):
            pipe.close()
            self._lost(pipe)

    def _received(self, childFD: int, data: bytes) -> bool:
        return self.tell(self.proto.childDataReceived, childFD, data)

    def _lost(self, pipe: ChildPipe) -> None:
        if self.pipes.pop(pipe.childFD, None) is not None:
            self.tell(self.proto.childConnectionLost, pipe.childFD)
            self._maybe_ended()
