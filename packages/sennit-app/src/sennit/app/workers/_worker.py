"""One worker process, as its supervisor sees it.

::

    STARTING --it says so--> READY --stop--> STOPPING --> GONE
        '-------- it ends ----'----- it ends -----'--------^
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from enum import Enum
from typing import Any

from sennit.app.workers._link import VARIABLE
from sennit.app.workers._messages import (
    BadMessage,
    MessageReader,
    bindableFrom,
    encoded,
)
from sennit.app.workers._sockets import Asked, SharedSockets
from sennit.core import log
from sennit.core.defer import Deferred
from sennit.core.errors import CannotListenError, ProcessExitedAlready
from sennit.core.failure import Failure
from sennit.core.protocol import ProcessProtocol

__all__ = ["State", "Worker"]

# The descriptor that a worker finds its line at: the first after the standard ones.
_LINE = 3


class State(Enum):
    """Where a worker is in its life."""

    STARTING = "starting"
    READY = "ready"
    STOPPING = "stopping"
    GONE = "gone"


class Worker(ProcessProtocol):
    """A worker, from its start to its end.

    Attributes:
        name: for the log.
        pid: of its process; None before it has one.
        state: where it is in its life.
        asked: the sockets that it uses.
        started: when, by the reactor's clock.
        whenReady: fires with None when it serves; fails with the reason of its end if
            it never has.
    """

    def __init__(
        self,
        name: str,
        reactor: Any,
        sockets: SharedSockets,
        write: Callable[[bytes], object],
        gone: Callable[[Worker, Failure], object],
    ) -> None:
        """Make one that does not run yet.

        Args:
            name: for the log.
            reactor: what starts its process.
            sockets: what it is given sockets of.
            write: takes what it writes, line by line.
            gone: called with it and the reason when it has ended.
        """
        self.name = name
        self.pid: int | None = None
        self.state: State = State.STARTING
        self.asked: Asked = Asked()
        self.started: float = reactor.seconds()
        self.whenReady: Deferred[None] = Deferred()
        self._gone = gone
        self._waiting: list[Deferred[None]] = []
        self._reactor = reactor
        self._sockets = sockets
        self._write = write
        self._reader = MessageReader()
        self._line: socket.socket | None = None
        self._killing: Any = None
        self._kept = b""

    def __repr__(self) -> str:
        return self.name if self.pid is None else f"{self.name} (pid {self.pid})"

    def connectionMade(self) -> None:
        """It runs."""
        self.pid = self.transport.pid

    def spawn(
        self, command: Sequence[str], environment: Mapping[str, str], folder: str
    ) -> None:
        """Start the process.

        Raises:
            OSError: It cannot be started.
        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            with theirs:
                self._reactor.spawnProcess(
                    self,
                    command[0],
                    command,
                    env={**environment, VARIABLE: f"{_LINE} {self.name}"},
                    path=folder,
                    childFDs={0: "w", 1: "r", 2: "r", _LINE: theirs.fileno()},
                )
        except BaseException:
            ours.close()
            raise
        self._line = ours
        self._reactor.addReader(self)

    # Ending it

    def ended(self) -> Deferred[None]:
        """A Deferred that fires when it has ended."""
        waiting: Deferred[None] = Deferred()
        if self.state is State.GONE:
            waiting.callback(None)
        else:
            self._waiting.append(waiting)
        return waiting

    def stop(self, patience: float) -> None:
        """Have it finish what it does, and end.

        Args:
            patience: seconds after which it is killed.
        """
        if self.state in (State.STOPPING, State.GONE):
            return
        self.state = State.STOPPING
        self._signal("TERM")
        self._killing = self._reactor.callLater(patience, self._kill, patience)

    def _kill(self, patience: float) -> None:
        self._killing = None
        log.msg(f"{self!r} has not ended in {patience:g} s: it is killed", isError=1)
        self._signal("KILL")

    def _signal(self, name: str) -> None:
        if self.transport is not None:
            with suppress(ProcessExitedAlready):
                self.transport.signalProcess(name)

    def processEnded(self, reason: Failure) -> None:
        """It has ended."""
        self.state = State.GONE
        if self._killing is not None:
            self._killing.cancel()
            self._killing = None
        self._hang_up()
        if self._kept:
            self._write(self._kept + b"\n")
            self._kept = b""
        if not self.whenReady.called:
            self.whenReady.errback(reason)
        self._gone(self, reason)
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            each.callback(None)

    # What it writes is the log's, as it is: it has times and systems of its own.

    def outReceived(self, data: bytes) -> None:
        """Pass on the lines that are whole."""
        *lines, self._kept = (self._kept + data).split(b"\n")
        for line in lines:
            self._write(line + b"\n")
        # What never ends a line is not kept for ever.
        if len(self._kept) > 65_536:
            self._write(self._kept + b"\n")
            self._kept = b""

    errReceived = outReceived

    # The line, as a reader of the reactor

    def fileno(self) -> int:
        """The descriptor of the line; -1 when it is closed."""
        return -1 if self._line is None else self._line.fileno()

    def logPrefix(self) -> str:
        """How the log calls it."""
        return self.name

    def doRead(self) -> None:
        """Take what the worker says."""
        assert self._line is not None
        try:
            data = self._line.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._hang_up()
            return
        try:
            for message in self._reader.feed(data):
                self._heed(message)
        except BadMessage as error:
            log.msg(f"{self!r} says what is no message: {error}", isError=1)
            self._hang_up()
        except OSError:
            # It has died meanwhile, which its process tells, or does not read.
            self._hang_up()

    def connectionLost(self, reason: Any) -> None:
        """The reactor has stopped."""
        self._hang_up()

    def _hang_up(self) -> None:
        if self._line is not None:
            self._reactor.removeReader(self)
            self._line.close()
            self._line = None

    def _heed(self, message: dict[str, Any]) -> None:
        if message.get("ready"):
            if self.state is State.STARTING:
                self.state = State.READY
                if not self.whenReady.called:
                    self.whenReady.callback(None)
        else:
            self._give_socket(message.get("bind"))

    def _give_socket(self, parts: Any) -> None:
        bindable = bindableFrom(parts)
        line = self._line
        assert line is not None
        try:
            sock = self._sockets.get(self.asked.keyOf(bindable), bindable)
        except CannotListenError as error:
            cause = error.socketError
            number = getattr(cause, "errno", None) or 0
            text = getattr(cause, "strerror", None) or str(cause)
            line.sendall(encoded({"errno": number, "strerror": text}))
        else:
            socket.send_fds(line, [encoded({"bound": True})], [sock.fileno()])
