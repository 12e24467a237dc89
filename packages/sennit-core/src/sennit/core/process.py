"""Child processes: to run a command and have what comes of it, and what they are made of.

The functions here start one by ``reactor.spawnProcess``, give it something to read, and
wait until it has ended and all that it wrote has arrived. Who wants to talk with it
calls ``spawnProcess`` with a `ProcessProtocol` of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import sennit.core
from sennit.core.defer import Deferred, fail
from sennit.core.engine._processes._process import Process as Process
from sennit.core.engine._processes._pty import PTYProcess as PTYProcess
from sennit.core.errors import ProcessExitedAlready
from sennit.core.failure import Failure
from sennit.core.protocol import ProcessProtocol

if TYPE_CHECKING:
    from sennit.core.contracts import IReactorProcess
    from sennit.core.engine._processes._spawn import Environment, Word

__all__ = [
    "PTYProcess",
    "Process",
    "UnexpectedErrorOutput",
    "getProcessOutput",
    "getProcessOutputAndValue",
    "getProcessValue",
]

_NOTHING: Mapping[str, str] = MappingProxyType({})


class UnexpectedErrorOutput(OSError):
    """A command wrote to its standard error, which `getProcessOutput` takes as failure.

    Attributes:
        output: What it wrote there first.
    """

    def __init__(self, output: bytes, command: _Output) -> None:
        """Tell what was written, and by whom."""
        super().__init__(f"got stderr: {output!r}")
        self.output = output
        self._command = command

    @property
    def processEnded(self) -> Deferred[None]:
        """Fails with ``ProcessDone`` or ``ProcessTerminated`` when the child has ended."""
        return self._command.whenEnded()


class _Command(ProcessProtocol):
    """A command that runs; what is asked of it makes the subclasses.

    Attributes:
        answer: Fires with what was asked, when all has ended.
    """

    def __init__(self, given: bytes = b"") -> None:
        self.answer: Deferred[Any] = Deferred(self._cancelled)
        self.out: bytearray = bytearray()
        self.err: bytearray = bytearray()
        self._given = given

    def connectionMade(self) -> None:
        """Give it all that it may read."""
        self.transport.write(self._given)
        self.transport.closeStdin()

    def outReceived(self, data: bytes) -> None:
        """Keep it."""
        self.out += data

    def errReceived(self, data: bytes) -> None:
        """Keep it."""
        self.err += data

    def processEnded(self, reason: Failure) -> None:
        """Answer, unless that was done or nobody waits any more."""
        if not self.answer.called:
            self.answer.callback(self.result(reason.value))

    def result(self, ended: Any) -> Any:
        """What was asked, of a command that has ended in this way."""
        raise NotImplementedError

    def _cancelled(self, answer: Deferred[Any]) -> None:
        with suppress(ProcessExitedAlready):
            self.transport.signalProcess("KILL")
        # Its own children may live on, and hold what we read from.
        self.transport.loseConnection()


class _Output(_Command):
    """What a command writes, as long as it does not complain."""

    def __init__(self) -> None:
        super().__init__()
        self._reason: Failure | None = None
        self._ended: Deferred[None] | None = None

    def errReceived(self, data: bytes) -> None:
        """Fail, and have the command end."""
        if not self.answer.called:
            self.answer.errback(UnexpectedErrorOutput(data, self))
            self.transport.loseConnection()

    def processEnded(self, reason: Failure) -> None:
        """Answer, and tell who waits for the end of one that has failed."""
        super().processEnded(reason)
        self._reason = reason
        if self._ended is not None:
            self._ended.errback(reason)

    def whenEnded(self) -> Deferred[None]:
        """A Deferred, always the same, that fails with the reason of the end."""
        if self._ended is None:
            # Not made before it is asked for: nobody would handle how it fails.
            self._ended = Deferred()
            if self._reason is not None:
                self._ended.errback(self._reason)
        return self._ended

    def result(self, ended: Any) -> bytes:
        return bytes(self.out)


class _AllOutput(_Command):
    """What a command writes, to whichever stream, as it comes."""

    def errReceived(self, data: bytes) -> None:
        """Keep it with the rest."""
        self.out += data

    def result(self, ended: Any) -> bytes:
        return bytes(self.out)


class _Value(_Command):
    """How a command ends."""

    def outReceived(self, data: bytes) -> None:
        """Drop it."""

    errReceived = outReceived

    def result(self, ended: Any) -> int | None:
        exit_code: int | None = ended.exitCode
        return exit_code


class _OutputAndValue(_Command):
    """All that can be said of a command."""

    def result(self, ended: Any) -> Any:
        written = bytes(self.out), bytes(self.err)
        if ended.signal is not None:
            return Failure((*written, ended.signal))
        return (*written, ended.exitCode)


def _run(
    command: _Command,
    executable: Word,
    args: Sequence[Word],
    env: Environment | None,
    path: Word | None,
    reactor: IReactorProcess | None,
) -> Deferred[Any]:
    where: Any = sennit.core.reactor if reactor is None else reactor
    try:
        where.spawnProcess(command, executable, (executable, *args), env, path)
    except Exception:
        return fail()
    return command.answer


def getProcessOutput(
    executable: Word,
    args: Sequence[Word] = (),
    env: Environment | None = _NOTHING,
    path: Word | None = None,
    reactor: IReactorProcess | None = None,
    errortoo: bool = False,
) -> Deferred[bytes]:
    """Run a command and have what it writes.

    Cancelling the Deferred kills the command.

    Args:
        executable: The program's file; a name alone is looked for.
        args: Its arguments, without its name.
        env: Its variables, none unless told; None for ours.
        path: The folder it runs in; None for ours.
        reactor: What runs it; the reactor of the main thread unless told.
        errortoo: Whether what it writes to its standard error belongs to that.

    Returns:
        A Deferred of the bytes, whatever the exit code. It fails with
        `UnexpectedErrorOutput` as soon as something comes by standard error, unless
        that was asked for; with another OSError if the command cannot be started.
    """
    command = _AllOutput() if errortoo else _Output()
    return _run(command, executable, args, env, path, reactor)


def getProcessValue(
    executable: Word,
    args: Sequence[Word] = (),
    env: Environment | None = _NOTHING,
    path: Word | None = None,
    reactor: IReactorProcess | None = None,
) -> Deferred[int | None]:
    """Run a command and have its exit code; what it writes is dropped.

    Cancelling the Deferred kills the command.

    Args:
        executable: The program's file; a name alone is looked for.
        args: Its arguments, without its name.
        env: Its variables, none unless told; None for ours.
        path: The folder it runs in; None for ours.
        reactor: What runs it; the reactor of the main thread unless told.

    Returns:
        A Deferred of the exit code; of None if a signal has ended the command. It fails
        with an OSError if that cannot be started.
    """
    return _run(_Value(), executable, args, env, path, reactor)


def getProcessOutputAndValue(
    executable: Word,
    args: Sequence[Word] = (),
    env: Environment | None = _NOTHING,
    path: Word | None = None,
    reactor: IReactorProcess | None = None,
    stdinBytes: bytes | None = None,
) -> Deferred[tuple[bytes, bytes, int]]:
    """Run a command and have all that it writes, and its exit code.

    Cancelling the Deferred kills the command.

    Args:
        executable: The program's file; a name alone is looked for.
        args: Its arguments, without its name.
        env: Its variables, none unless told; None for ours.
        path: The folder it runs in; None for ours.
        reactor: What runs it; the reactor of the main thread unless told.
        stdinBytes: What it is given to read.

    Returns:
        A Deferred of ``(output, errors, exit code)``. If a signal has ended the command
        it fails, with a Failure whose value is ``(output, errors, signal)``; with an
        OSError if it cannot be started.
    """
    command = _OutputAndValue(stdinBytes or b"")
    return _run(command, executable, args, env, path, reactor)
