"""A child process, as far as pipes and terminals do not differ: its life and its end.

    started --> exited: processExited ----+
        \\                                 +--> all descriptors closed: processEnded
         +----> descriptors closed -------+

A child that has exited may have children of its own that hold its descriptors; what
these write still arrives, and `processEnded` waits for them.
"""

from __future__ import annotations

import os
import signal
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sennit.core import log
from sennit.core.address import ProcessAddress
from sennit.core.engine._binding import Binding
from sennit.core.engine._processes._reap import Vigil
from sennit.core.engine._system import callInSystem, prefixOf
from sennit.core.errors import ProcessDone, ProcessExitedAlready, ProcessTerminated
from sennit.core.failure import Failure

if TYPE_CHECKING:
    import asyncio

    from sennit.core.engine._processes._spawn import Word

__all__ = ["Child"]


class Child(ABC):
    """A child process, and the transport of its `ProcessProtocol`.

    Attributes:
        pid: The process's number; None when it has ended and was waited for.
        proto: The protocol that is told of it.
        status: The status word as ``os.waitpid`` gives it; None before the end.
    """

    def __init__(
        self, binding: Binding, proto: Any, executable: Word, pid: int
    ) -> None:
        self.pid: int | None = pid
        self.proto = proto
        self.status: int | None = None
        self._binding = binding
        self._address = ProcessAddress(executable)
        self._reason: ProcessDone | ProcessTerminated | None = None
        self._vigil = Vigil(pid, self._exited)

    # What kinds of children differ in

    @abstractmethod
    def _open(self, loop: asyncio.AbstractEventLoop) -> None:
        """Read and write by this loop."""

    @abstractmethod
    def _is_open(self) -> bool:
        """Whether a descriptor is not closed yet."""

    @abstractmethod
    def _close_now(self) -> None:
        """Close all descriptors, and tell what has to be told of that."""

    @abstractmethod
    def write(self, data: bytes) -> None:
        """Write to the child's standard input.

        Raises:
            TypeError: It is no bytes; text has to be encoded first.
        """

    # Its life

    def begin(self) -> None:
        """The child runs: connect it with its protocol."""
        self._binding.live.add(self)
        self._binding.whenBound(self._start)
        self.tell(self.proto.makeConnection, self)

    def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._open(loop)
        self._vigil.start(loop)

    def signalProcess(self, signalID: str | int) -> None:
        """Send a signal to the child.

        Args:
            signalID: Its number; or its name, with or without ``SIG``: ``"TERM"``.

        Raises:
            ProcessExitedAlready: The child has ended.
            ValueError: There is no such signal.
        """
        number = _signal_number(signalID)
        if self.pid is not None and not self._vigil.over:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)
                return
        raise ProcessExitedAlready(f"{self!r} has ended")

    def reapProcess(self) -> None:
        """See now whether the child has ended; the reactor does so without being told."""
        self._vigil.look()

    def connectionLost(self, reason: Failure) -> None:
        """The reactor shuts down: close our ends, and leave the child to itself."""
        self._binding.forget(self._start)
        self._binding.live.discard(self)
        self._close_now()
        self._vigil.leave()

    def _exited(self, status: int | None) -> None:
        self.pid = None
        self.status = status
        self._reason = _reason_for(status)
        told = getattr(self.proto, "processExited", None)
        if told is not None:
            self.tell(told, Failure(self._reason))
        self._maybe_ended()

    def _maybe_ended(self) -> None:
        """Tell of the end if that is what it is."""
        if self._reason is not None and not self._is_open():
            reason, self._reason = self._reason, None
            self._binding.live.discard(self)
            self.tell(self.proto.processEnded, Failure(reason))

    def tell(self, f: Callable[..., object], *args: Any) -> bool:
        """Call the protocol; log what it raises; whether it has not."""
        try:
            callInSystem(self.logPrefix, f, *args)
        except Exception:
            log.err(None, f"the protocol of {self!r} has failed")
            return False
        return True

    # As a transport

    def writeSequence(self, data: Iterable[bytes]) -> None:
        """Write pieces, as if they were joined; otherwise as `write`."""
        self.write(b"".join(data))

    def getPeer(self) -> ProcessAddress:
        """Where the child is."""
        return self._address

    getHost = getPeer

    def logPrefix(self) -> str:
        """The protocol's name in the log."""
        return prefixOf(self.proto)

    def __repr__(self) -> str:
        state = "has ended" if self.pid is None else f"pid={self.pid}"
        return f"<{type(self).__name__} {self._address.executable!r} {state}>"


def _reason_for(status: int | None) -> ProcessDone | ProcessTerminated:
    if status is None:
        return ProcessTerminated()
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        return ProcessTerminated(None, -code, status)
    return ProcessTerminated(code, None, status) if code else ProcessDone(status)


def _signal_number(signalID: str | int) -> int:
    if not isinstance(signalID, str):
        return signalID
    name = signalID if signalID.startswith("SIG") else f"SIG{signalID}"
    try:
        return signal.Signals[name]
    except KeyError:
        raise ValueError(f"there is no signal {signalID!r}") from None
